import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Resource } from "../../../policies/graph";
import { formatSeconds } from "../../../recovery/duration";
import { LAKE_ACCOUNTS } from "../../../systems/analytics/data/lake";
import { type PathName, pathNames, recoveryPaths } from "../../../systems/analytics/recovery/recoverySteps";
import { documentedAlerts } from "../../../systems/analytics/runbooks/alertPages";
import { runbookPages } from "../../../systems/analytics/runbooks/pages";
import { answersTo, pathPages } from "../../../systems/analytics/runbooks/recoveries/pathPages";
import { unusedTexts } from "../../../systems/analytics/runbooks/recoveries/stepTexts";
import { endsAfter, lasts } from "../../../systems/analytics/runbooks/recoveries/times";
import { declaredGraph } from "../../support/declaredGraph";
import { containerOf, cronJobs, metadataOf, ofSystem } from "../declared";

const root = join(__dirname, "../../..");
const folder = join(root, "docs/runbooks/analytics");
const pages = new Map(runbookPages().map(({ file, text }) => [file, text]));
const ofPath = new Map(pathPages().map(({ file, text }) => [file, text]));
let own: Resource[];
/** CronJobs of production by name, each with its annotations. */
let jobs: Map<string, Record<string, string>>;

beforeAll(async () => {
  own = ofSystem((await declaredGraph("prod")).resources, "analytics");
  jobs = new Map(
    cronJobs(own)
      .map(metadataOf)
      .map(({ name = "", annotations }) => [name, (annotations ?? {}) as Record<string, string>]),
  );
});

const started = (text: string) => [...text.matchAll(/--from=cronjob\/([a-z0-9-]+)/g)].map(([, job = ""]) => job);
const textOf = (path: string) => ofPath.get(`${path}.md`) ?? "";

describe("the runbooks of analytics", () => {
  it("are what the data says: run npx tsx systems/runbooks/write.ts", () => {
    expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
    for (const [file, text] of pages) expect(readFileSync(join(folder, file), "utf8"), file).toBe(text);
  });

  it("start only jobs that production declares, and link only to pages that are there", () => {
    const all = [...pages.values()].join("\n");
    expect(started(all).filter((job) => !jobs.has(job))).toEqual([]);
    const links = [...all.matchAll(/\]\(([^)]+\.md)\)/g)].map(([, to = ""]) => to);
    expect(links.filter((to) => !pages.has(to))).toEqual([]);
    expect(all).not.toContain("undefined");
  });

  it("start every job that waits for people: each step, the way back to the first region, drills and verifications", () => {
    const all = new Set(started([...pages.values()].join("\n")));
    const byHand = [...jobs].filter(
      ([name, { "holdfast.dev/role": role = "" }]) =>
        ["recovery", "verification"].includes(role) || /^analytics-(fail-back-|replay)/.test(name),
    );
    expect(byHand.length).toBeGreaterThan(60);
    expect(byHand.map(([name]) => name).filter((name) => !all.has(name))).toEqual([]);
    const drills = [...jobs].filter(([, { "holdfast.dev/role": role }]) => role === "drill");
    expect(drills).toHaveLength(7);
    expect(pages.get("drills.md")).toContain("--from=cronjob/analytics-drill-lake");
  });

  it("open by their names the accounts that a fail-back needs, and no other", () => {
    for (const account of LAKE_ACCOUNTS)
      expect(
        own.filter(({ name }) => name === account).map(({ type }) => type),
        account,
      ).toEqual(["azure-native:storage:StorageAccount"]);
    const targets = [...(pages.get("fail-back.md") ?? "").matchAll(/--target '\*\*::([^']+)'/g)].map(([, one]) => one);
    expect(targets).toEqual([...LAKE_ACCOUNTS]);
  });
});

describe("the pages of the ways back", () => {
  it("are one for each way back that production declares", () => {
    const declared = new Set([...jobs.values()].flatMap(({ "holdfast.dev/path": path }) => path ?? []));
    expect([...declared].sort()).toEqual([...pathNames].sort());
    expect([...ofPath.keys()].sort()).toEqual(pathNames.map((path) => `${path}.md`).sort());
  });

  it.each(pathNames)(
    "start the steps of %s in their order, each with its deadline and what its failure means",
    (path) => {
      const text = textOf(path);
      const steps = Object.entries(recoveryPaths[path].steps);
      expect(started(text).filter((job) => job.startsWith(`analytics-${path}-`))).toEqual(
        steps.map(([step]) => `analytics-${path}-${step}`),
      );
      for (const [step, { deadline }] of steps) expect(text).toContain(`### ${step} (at most ${deadline})`);
      expect(text.match(/^Fails: /gm)).toHaveLength(steps.length);
      for (const part of [
        "## Before",
        "## Over",
        "## The way back from it",
        "## Afterwards",
        "## When to stop, who to call",
      ])
        expect(text).toContain(part);
    },
  );

  it("ask for every word that a first step refuses to go on without", () => {
    for (const path of pathNames) {
      const { way } = recoveryPaths[path];
      const words = {
        secondary: [],
        place: ["RESTORE_BEFORE"],
        room: ["RESTORE_BEFORE", "ROOM_SUBSCRIPTION", "ROOM_GROUP"],
      };
      const [first = ""] = Object.keys(recoveryPaths[path].steps);
      const needs = environment(`analytics-${path}-${first}`).ROOM_NEEDS?.split(" ") ?? [];
      expect(needs.length > 0).toBe(way === "room");
      for (const word of [...words[way], ...needs]) expect(textOf(path), `${path} ${word}`).toContain(`\\"${word}\\":`);
    }
  });

  it("are told by an alert each, and the page of that alert leads to them", () => {
    const alerts = documentedAlerts().map(({ alert }) => alert);
    const told = (path: PathName) => alerts.filter((alert) => answersTo(alert).includes(path));
    expect(pathNames.filter((path) => told(path).length === 0)).toEqual([]);
    for (const path of pathNames)
      for (const alert of told(path)) {
        expect(pages.get(`${alert}.md`), alert).toContain(`[${path}](${path}.md)`);
        expect(textOf(path), path).toContain(`[${alert}](${alert}.md)`);
      }
    // Not one more than those: an alert that is gone must not be named.
    const named = [...ofPath.values()].flatMap((text) =>
      [...text.matchAll(/\bAnalytics[A-Z]\w+/g)].map(([name]) => name),
    );
    expect([...new Set(named)].filter((name) => !alerts.includes(name))).toEqual([]);
  });

  it("say when the last is over where all are begun at once", () => {
    expect(formatSeconds(lasts("databricks-in-secondary"))).toBe("40m");
    expect(formatSeconds(endsAfter("databricks-in-secondary"))).toBe("1h 15m");
    // Power BI waits for verify of Databricks, and not for its resume.
    expect(formatSeconds(endsAfter("powerbi-in-secondary"))).toBe("2h 20m");
    expect(textOf("powerbi-in-secondary")).toContain("2h 20m with what they wait for");
  });

  it("have no text of a step that no way back has", () => {
    expect(unusedTexts()).toEqual([]);
  });
});

function environment(job: string): Record<string, string> {
  const found = cronJobs(own).find((one) => metadataOf(one).name === job);
  if (!found) throw new Error(`no CronJob ${job}`);
  return Object.fromEntries(containerOf(found).env);
}
