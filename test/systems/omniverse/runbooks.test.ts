import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { documentedAlerts, runbookPages } from "../../../systems/omniverse/runbooks/pages";
import { declaredGraph } from "../../support/declaredGraph";
import { cronJobs, metadataOf, ofSystem } from "../declared";

const root = join(__dirname, "../../..");
const folder = join(root, "docs/runbooks/omniverse");
const pages = runbookPages();
const files = pages.map(({ file }) => file);
let jobs: string[] = [];
/** Every alert that production declares, with the page its link names. */
let alerts: { alert: string; runbook: string }[] = [];

beforeAll(async () => {
  const own = ofSystem((await declaredGraph("prod")).resources, "omniverse");
  jobs = cronJobs(own).map((one) => metadataOf(one).name ?? "");
  const rules = own
    .filter(({ type }) => type.endsWith(":PrometheusRule"))
    .flatMap(({ props }) => {
      const { groups } = props.spec as unknown as {
        groups: { rules: { alert: string; annotations: { runbook_url: string } }[] }[];
      };
      return groups.flatMap(({ rules }) => rules);
    })
    .filter(({ alert }) => alert !== undefined)
    .map(({ alert, annotations }) => ({ alert, runbook: annotations.runbook_url }));
  const alarms = own
    .filter(({ type }) => type.endsWith(":MetricAlarm"))
    .map(({ props }) => ({
      alert: String(props.name),
      runbook: (props.tags as Record<string, string>)["holdfast.dev/runbook"] ?? "",
    }));
  alerts = [...rules, ...alarms];
});

describe("Omniverse's runbooks", () => {
  test("are what the data says: run npx tsx systems/runbooks/write.ts", () => {
    expect(readdirSync(folder).sort()).toEqual([...files].sort());
    for (const { file, text } of pages) expect(readFileSync(join(folder, file), "utf8")).toBe(text);
  });

  test("have a page for every alert that production declares, where its link leads", () => {
    const known = documentedAlerts().map(({ alert }) => alert);
    expect(alerts.length).toBeGreaterThan(15);
    expect(alerts.filter(({ alert }) => !known.includes(alert))).toEqual([]);
    expect(alerts.filter(({ runbook }) => !files.includes(runbook.split("/").at(-1) ?? ""))).toEqual([]);
  });

  test("start only jobs that production declares, and every job of a recovery", () => {
    const started = pages.flatMap(({ text }) => [
      ...[...text.matchAll(/--from=cronjob\/([a-z0-9-]+)/g)].map(([, job]) => job ?? ""),
    ]);
    expect(started.filter((job) => !jobs.includes(job))).toEqual([]);
    const steps = jobs.filter((job) => /^omniverse-(assets|database)-in-|^omniverse-promote-/.test(job));
    expect(steps.length).toBeGreaterThan(20);
    expect(steps.filter((job) => !started.includes(job))).toEqual([]);
  });

  test("link only to pages that are there", () => {
    const links = pages.flatMap(({ text }) => [...text.matchAll(/\]\(([^)]+\.md)\)/g)].map(([, to]) => to ?? ""));
    expect(links.filter((to) => !files.includes(to))).toEqual([]);
  });
});
