import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import type { Disruption } from "../../../recovery/objective";
import type { Path } from "../../../recovery/plan";
import {
  assumption,
  edit,
  forgotten,
  healthy,
  ignore,
  messages,
  type Parts,
  read,
  registered,
  without,
} from "./program";

function restore(parts: Parts, disruption: Disruption): Path {
  const path = read(parts).plan.paths.find(
    ({ id, disruptions }) => id.startsWith("omendb/data/restore-in-secondary") && disruptions.includes(disruption),
  );
  if (path === undefined) throw new Error(`no restore after ${disruption}`);
  return path;
}

const link = (key: string) => `metadata.annotations["holdfast.dev/${key}"]`;
const values = (terms: Path["detect"]) => terms.map(({ value }) => value);
const deadline = "spec.jobTemplate.spec.activeDeadlineSeconds";

describe("restore", () => {
  it("has a step for each suspended CronJob, bounded by its deadline", () => {
    const path = restore(healthy(), "region");
    expect(path.steps.map(({ name, after, restores, bound }) => [name, after, restores, bound.value])).toEqual([
      ["dns", ["restore"], undefined, 120],
      ["restore", [], true, 120],
    ]);
    expect(path).toMatchObject({
      protection: "omendb/data/restore-points",
      label: "restore in secondary",
      runsAt: { region: "eu-west-1" },
    });
  });

  it("has no bound for a step without a deadline, and is unknown when that is", () => {
    const bound = (parts: Parts) => restore(parts, "region").steps.find(({ name }) => name === "restore")?.bound.value;
    expect(bound(edit(healthy(), "restore", deadline, undefined))).toHaveProperty("unbounded");
    expect(bound(edit(healthy(), "restore", deadline, UNKNOWN))).toHaveProperty("unknown");
    expect(bound(ignore(healthy(), "restore", deadline))).toHaveProperty("unknown");
  });

  it("is noticed by the alert that outlives the region, and acknowledged and decided by people", () => {
    const path = restore(healthy(), "region");
    expect(values(path.detect)).toEqual([10, 5, 15, 30, 10]);
    expect(path.decide.map(({ value, grade, assumption }) => [value, grade, assumption])).toEqual([
      [300, "assumed", "omendb-acknowledge"],
      [600, "assumed", "omendb-decide"],
    ]);
  });

  it("is protected again when the register says so of that disruption, and else nobody knows", () => {
    expect(restore(healthy(), "region").reprotect).toBeUndefined();
    const entry = { ...assumption("protected-again", "14d"), disruptions: ["region"] };
    const parts = registered(healthy(), "assumptions", entry);
    expect(restore(parts, "region").reprotect).toEqual([
      {
        name: "copies are as they were",
        value: 14 * 86_400,
        grade: "assumed",
        assumption: "omendb-protected-again",
        source: expect.anything(),
      },
    ]);
    expect(restore(parts, "compromise").reprotect).toBeUndefined();
  });

  it("is never noticed when no alert guards it, or only one that is lost with it", () => {
    const detect = (parts: Parts) => restore(parts, "region").detect.map(({ value }) => value);
    expect(detect(without(healthy(), "farRules"))).toEqual([{ unbounded: "no alert notices it" }]);
    const near = edit(
      without(healthy(), "farRules"),
      "rules",
      "spec.groups[0].rules[0].annotations.holdfast_disruptions",
      "region",
    );
    expect(detect(near)).toEqual([{ unbounded: "every alert that notices it is lost with it" }]);
    expect(detect(edit(healthy(), "register", "sites[1].context", "other"))).toEqual([{ unknown: expect.any(String) }]);
  });

  it("takes the fastest of the alerts that outlive it", () => {
    const group = {
      name: "fast",
      interval: "5s",
      rules: [
        {
          alert: "Fast",
          expr: 'up{job="omendb"} == 0 or absent(up{job="omendb"})',
          labels: { severity: "critical", namespace: "omendb-prod" },
          annotations: { holdfast_asset: "omendb/data", holdfast_guards: "detection", holdfast_disruptions: "region" },
        },
      ],
    };
    expect(values(restore(edit(healthy(), "farRules", "spec.groups[1]", group), "region").detect)).toEqual([
      10, 5, 5, 0, 10,
    ]);
  });

  it("is noticed as somebody declared when the data is damaged", () => {
    expect(restore(healthy(), "compromise").detect).toMatchObject([{ value: 3600, assumption: "omendb-detection" }]);
    expect(values(restore(forgotten(healthy(), "detection"), "compromise").detect)[0]).toHaveProperty("unknown");
  });

  it.each(["acknowledge", "decide"])("does not know how long people take when nobody declared %s", (term) => {
    expect(restore(forgotten(healthy(), term), "region").decide.map(({ value }) => value)).toContainEqual({
      unknown: `nobody declared it: Register has no assumption ${term} for omendb/data`,
    });
  });

  it("prefers the entry that says most exactly what is meant, and among equals the larger", () => {
    const entry = (id: string, value: string, more: object) => ({
      id,
      term: "decide",
      assets: ["omendb/*"],
      value,
      owner: "a",
      reason: "b",
      drill: "c",
      expires: "2027-01-01",
      ...more,
    });
    const decided = (parts: Parts) => restore(parts, "region").decide[1]?.assumption;
    const exact = registered(healthy(), "assumptions", entry("exact", "1m", { assets: ["omendb/data"] }));
    expect(decided(exact)).toBe("exact");
    expect(decided(registered(healthy(), "assumptions", entry("region", "1m", { disruptions: ["region"] })))).toBe(
      "region",
    );
    expect(decided(registered(healthy(), "assumptions", entry("zone", "1m", { disruptions: ["zone"] })))).toBe(
      "omendb-decide",
    );
    expect(decided(registered(healthy(), "assumptions", entry("longer", "20m", {})))).toBe("longer");
    expect(decided(registered(healthy(), "assumptions", entry("other", "20m", { assets: ["objectio/*"] })))).toBe(
      "omendb-decide",
    );
    expect(decided(registered(healthy(), "assumptions", entry("path", "20m", { path: "restore-in-place" })))).toBe(
      "omendb-decide",
    );
  });

  it("waits for the DNS record and then for clients", () => {
    expect(values(restore(healthy(), "region").redirect)).toEqual([60, 30]);
    expect(values(restore(edit(healthy(), "record", "name", "OMENDB.example.com."), "region").redirect)).toEqual([
      60, 30,
    ]);
    const silent = edit(healthy(), "dns", link("redirects"), undefined);
    expect(restore(silent, "region").redirect).toEqual([]);
  });

  it.each([
    ["has no TTL", edit(healthy(), "record", "ttl", undefined)],
    ["has an unknown one", edit(healthy(), "record", "ttl", UNKNOWN)],
    ["has an ignored one", ignore(healthy(), "record", "ttl")],
    ["is an alias", edit(healthy(), "record", "aliases", [{ name: "x" }])],
    ["does not exist", without(healthy(), "record")],
  ])("does not know how long a record lives on that %s", (_what, parts) => {
    expect(values(restore(parts, "region").redirect)[0]).toHaveProperty("unknown");
  });

  it("notes a record that does not exist and a job that does not know it", () => {
    expect(messages(without(healthy(), "record"))).toEqual([
      "holdfast.dev/redirects of CronJob omendb-restore-dns names no Record of this program, or one that is not known before deployment",
    ]);
    const job = "spec.jobTemplate.spec.template.spec.containers[0].env[1].value";
    const named = (name: Value) => edit(healthy(), "dns", link("redirects"), name);
    expect(read(named(UNKNOWN))).toEqual(read(edit(named("elsewhere"), "dns", job, "elsewhere")));
    expect(messages(edit(healthy(), "dns", job, "other"))).toEqual([
      "CronJob omendb-restore-dns says that it repoints omendb.example.com, but no environment value of it names it",
    ]);
  });

  it("needs points that restore, images, keys and DNS, and capacity when a region is lost", () => {
    const needs = (disruption: Disruption, parts = healthy()) =>
      restore(parts, disruption).needs.map(({ what, assumption }) => [what, assumption]);
    expect(needs("region")).toEqual([
      ["restorable", "omendb-need:restorable"],
      ["images", "omendb-need:images"],
      ["keys", "omendb-need:keys"],
      ["dns", "omendb-need:dns"],
      ["capacity", "omendb-need:capacity"],
    ]);
    expect(needs("compromise").map(([what]) => what)).toEqual(["restorable", "images", "keys", "dns"]);
    const missing = restore(forgotten(healthy(), "need:keys"), "region").needs[2];
    expect(missing).toMatchObject({
      what: "keys",
      at: { unknown: "Register has no assumption need:keys for omendb/data" },
    });
    expect(missing?.assumption).toBeUndefined();
  });

  it("runs at the site that its steps name, and only if all name the same", () => {
    const both = edit(edit(healthy(), "restore", link("runs-at"), "clean-room"), "dns", link("runs-at"), "clean-room");
    expect(restore(both, "region").runsAt).toMatchObject({ region: "eu-north-1", deployed: false });
    const one = edit(healthy(), "restore", link("runs-at"), "clean-room");
    expect(restore(one, "region").runsAt).toHaveProperty("unknown");
    expect(messages(one)).toEqual(["the steps of path restore-in-secondary run at different places"]);
    const runsAt = (site: Value) => read(edit(both, "dns", link("runs-at"), site));
    expect(runsAt(UNKNOWN)).toEqual(runsAt("moon"));
    expect(messages(edit(both, "dns", link("runs-at"), "moon"))).toEqual([
      "holdfast.dev/runs-at of CronJob omendb-restore-dns names no site of Register, or one that is not known before deployment",
    ]);
  });

  it("notes a recovery that runs by itself, or may", () => {
    const message =
      "CronJob omendb-restore-restore is a step of a recovery: spec.suspend must be true, or it runs by itself";
    expect(messages(edit(healthy(), "restore", "spec.suspend", false))).toEqual([message]);
    expect(messages(edit(healthy(), "restore", "spec.suspend", undefined))).toEqual([message]);
    expect(read(edit(healthy(), "restore", "spec.suspend", UNKNOWN)).problems).toMatchObject([{ cannotProve: true }]);
    expect(read(ignore(healthy(), "restore", "spec.suspend")).problems).toMatchObject([{ cannotProve: true }]);
  });

  it("notes steps that wait for nothing that exists, or for each other, and knows no bound for them", () => {
    const missing = edit(healthy(), "dns", link("after"), "verify");
    expect(messages(missing)).toEqual(["step dns waits for step verify, which its path does not have"]);
    expect(restore(missing, "region").steps.map(({ bound }) => typeof bound.value)).toEqual(["object", "number"]);
    const circle = edit(healthy(), "restore", link("after"), "dns");
    expect(messages(circle)).toEqual(["steps dns, restore wait for each other in a circle"]);
    expect(
      restore(circle, "region").steps.every(
        ({ bound, after }) => typeof bound.value === "object" && after.length === 0,
      ),
    ).toBe(true);
  });

  it("notes two steps of one name, and a step without one, without a path or for no disruption", () => {
    expect(messages(edit(healthy(), "dns", link("step"), "restore"))).toContain(
      "CronJob omendb-restore-restore and CronJob omendb-restore-dns are both step restore of one path",
    );
    expect(messages(edit(healthy(), "dns", link("step"), undefined))).toEqual([
      "CronJob omendb-restore-dns is a step of a recovery and must name its holdfast.dev/step",
    ]);
    expect(messages(edit(healthy(), "dns", link("path"), undefined))).toContain(
      "CronJob omendb-restore-dns is a step of a recovery and must name its holdfast.dev/path",
    );
    expect(messages(edit(healthy(), "dns", link("disruptions"), "flood"))[0]).toMatch(/must be among process, node/);
    expect(messages(edit(healthy(), "dns", link("effect"), "heals"))).toEqual([
      "CronJob omendb-restore-dns: holdfast.dev/effect must be among restores, stops-writes, verifies",
    ]);
  });

  it("covers only the disruptions that all its steps name", () => {
    const parts = edit(healthy(), "dns", link("disruptions"), "region");
    expect(() => restore(parts, "compromise")).toThrow("no restore");
    expect(messages(parts)).toEqual([
      "the steps of path restore-in-secondary name different disruptions: only what all name counts",
    ]);
  });

  it("restores nothing where nothing takes restore points", () => {
    const parts = without(healthy(), "full", "incremental");
    expect(messages(parts)).toContain(
      "path restore-in-secondary restores nothing: no CronJob takes restore points of omendb/data",
    );
  });

  it("is measured when a verified drill of the whole path stayed within its deadlines", () => {
    const drill = {
      id: "d1",
      asset: "omendb/data",
      path: "restore-in-secondary",
      date: "2026-11-01",
      took: "4m",
      bytes: 10_000_000_000,
      verified: true,
    };
    const grades = (took: string) =>
      restore(registered(healthy(), "drills", { ...drill, took }), "region").steps.map(({ bound }) => bound.grade);
    expect(grades("4m")).toEqual(["measured", "measured"]);
    expect(grades("4m1s")).toEqual(["assumed", "assumed"]);
    const smaller = (bytes: number, took: string) =>
      restore(registered(healthy(), "drills", { ...drill, bytes, took }), "region").steps[0]?.bound.grade;
    expect(smaller(1_000_000_000, "24s")).toBe("measured");
    expect(smaller(1_000_000_000, "25s")).toBe("assumed");
    expect(smaller(999_999_999, "1s")).toBe("assumed");
    const failed = registered(healthy(), "drills", { ...drill, id: "d2", date: "2026-11-02", verified: false });
    expect(restore(registered(failed, "drills", drill), "region").steps[0]?.bound.grade).toBe("assumed");
  });

  it("restores from the bucket that its restore points are in", () => {
    const bucket = "spec.jobTemplate.spec.template.spec.containers[0].env[0].value";
    expect(messages(edit(healthy(), "restore", bucket, "s3://another/chain"))).toEqual([
      "CronJob omendb-restore-restore restores omendb/data, whose restore points are in bucket omendb-copies, but no environment value of it names that bucket",
    ]);
    expect(messages(edit(healthy(), "dns", bucket, "s3://another/chain"))).toEqual([]);
  });

  it("runs where its provider leads, whatever site with a context it names", () => {
    const named = (site: string) =>
      edit(edit(healthy(), "restore", link("runs-at"), site), "dns", link("runs-at"), site);
    expect(messages(named("secondary"))).toEqual([]);
    expect(messages(named("primary"))).toEqual([
      "CronJob omendb-restore-dns says that it runs at site primary, but its provider puts it elsewhere",
    ]);
    expect(restore(named("primary"), "region").runsAt).toHaveProperty("unknown");
  });

  it.each([
    ["suspend", true, "is true"],
    ["parallelism", 0, "is 0"],
    ["completions", 0, "is 0"],
    ["activeDeadlineSeconds", 0, "is 0"],
    ["managedBy", "example.com/x", "names another controller"],
  ])("does nothing with %s %s", (property, value, fact) => {
    const path = `spec.jobTemplate.spec.${property}`;
    expect(messages(edit(healthy(), "restore", path, value))).toContain(
      `CronJob omendb-restore-restore: ${path} ${fact}, so no run ever does anything`,
    );
    expect(read(edit(healthy(), "incremental", path, UNKNOWN)).problems.every((one) => one.cannotProve)).toBe(true);
  });
});
