import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { documentedRules, runbookPages } from "../../../systems/platform/runbooks/pages";
import { declaredGraph } from "../../support/declaredGraph";
import { cronJobs, metadataOf, ofSystem } from "../declared";

const folder = join(__dirname, "../../../docs/runbooks/platform");
const pages = runbookPages();
let jobs: string[] = [];
let alerts: { alert: string; runbook: string }[] = [];

beforeAll(async () => {
  const { resources } = await declaredGraph("prod");
  const own = ofSystem(resources, "platform");
  jobs = cronJobs(own).map((one) => metadataOf(one).name ?? "");
  alerts = own
    .filter(({ type }) => type.endsWith(":PrometheusRule"))
    .flatMap(({ props }) => {
      const { groups } = props.spec as unknown as {
        groups: { rules: { alert: string; annotations: { runbook_url: string } }[] }[];
      };
      return groups.flatMap(({ rules }) => rules);
    })
    .map(({ alert, annotations }) => ({ alert, runbook: annotations.runbook_url }));
});

describe("the platform's runbooks", () => {
  test("are what the data says: run npx tsx systems/runbooks/write.ts", () => {
    expect(readdirSync(folder).sort()).toEqual(pages.map(({ file }) => file).sort());
    for (const { file, text } of pages) expect(readFileSync(join(folder, file), "utf8")).toBe(text);
  });

  test("have a page for every alert that production declares, where its link leads", () => {
    const known = documentedRules().map((rule) => rule.alert);
    expect(alerts.filter(({ alert }) => !known.includes(alert))).toEqual([]);
    const files = pages.map(({ file }) => file);
    expect(alerts.filter(({ runbook }) => !files.includes(runbook.split("/").at(-1) ?? ""))).toEqual([]);
  });

  test("start only jobs that production declares, and every job of a recovery", () => {
    const started = pages.flatMap(({ text }) =>
      [...text.matchAll(/--from=cronjob\/([a-z0-9-]+)/g)].map(([, job]) => job ?? ""),
    );
    expect(started.filter((job) => !jobs.includes(job))).toEqual([]);
    const steps = jobs.filter((job) => /^platform-(restore|rebuild)-/.test(job));
    expect(steps.filter((job) => !started.includes(job))).toEqual([]);
  });

  test.each(["restore-in-place.md", "restore-in-secondary.md", "rebuild-in-clean-room.md"])(
    "say in %s whose incident it is before the first step, and remove it after the last",
    (file) => {
      const text = pages.find((one) => one.file === file)?.text ?? "";
      const commands = text.split("\n").filter((line) => /^kubectl /.test(line));
      expect(commands[0]).toMatch(
        /create configmap platform-incident --from-literal=INCIDENT=\S+ --from-literal=INCIDENT_WRITTEN=\$\(date -u/,
      );
      const others = commands.filter((line) => !line.includes("sealed"));
      expect(others.at(-1)).toBe("kubectl -n platform delete configmap platform-incident");
    },
  );

  test("link only to pages that are there", () => {
    const files = pages.map(({ file }) => file);
    const links = pages.flatMap(({ text }) => [...text.matchAll(/\]\(([^)]+\.md)\)/g)].map(([, to]) => to ?? ""));
    expect(links.filter((to) => !files.includes(to))).toEqual([]);
  });
});
