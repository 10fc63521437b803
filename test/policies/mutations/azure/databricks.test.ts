import { beforeAll, describe, expect, it } from "vitest";
import { type ResourceGraph, UNKNOWN } from "../../../../policies/graph";
import { judge } from "../../../../policies/judge";
import { asOf } from "../../../recovery/build";
import { all, ignore, set, unset, without } from "../../mutate";
import { databricksGraph } from "./databricksProgram";
import { findingsOf, protects, stopped, type Weakness } from "./shop";

const clone = "orders-clone-job";
const locked = "orders-lock-job";
const vacuum = "orders-vacuum-job";
const table = "placed-table";
const files = 'properties["delta.deletedFileRetentionDuration"]';
const log = 'properties["delta.logRetentionDuration"]';

/** What a job gives its clones for a history. */
const given = "parameters[0].default";

/** The assumption of how much is written, by its place in the register. */
const written = "assumptions[8]";

/** The one of how long a cluster takes to start, by its place. */
const starts = "assumptions[6]";

/** As many as the guide of the example has. */
const petabytes = 2_300_000_000_000_000;

const weaker: Weakness[] = [
  ["clones once a day", set(clone, "schedule.quartzCronExpression", "0 0 2 * * ?"), "rpo-is-met", ["region", "48h"]],
  ["clones every hour", set(clone, "schedule.quartzCronExpression", "0 0 * * * ?"), "rpo-is-met", ["region", "2h"]],
  ["clones at no time", set(clone, "schedule.quartzCronExpression", "0 0 0 30 2 ?"), "rpo-is-met", ["region"]],
  ["words that are no schedule", set(clone, "schedule.quartzCronExpression", "*/15 * * * *"), "schedules-run", []],
  [
    "a schedule that nobody knows",
    set(clone, "schedule.quartzCronExpression", UNKNOWN),
    "rpo-is-met",
    ["region", "not known"],
  ],
  ["a schedule that is ignored", ignore(clone, "schedule"), "rpo-is-met", ["region", "ignoreChanges"]],
  ["no schedule", unset(clone, "schedule"), "rpo-is-met", ["region", "no schedule"]],
  ["a schedule with a condition", set(clone, "schedule.sqlCondition", {}), "rpo-is-met", ["region", "sqlCondition"]],
  [
    "a time zone that is none",
    set(clone, "schedule.timezoneId", "Europe/Nowhere"),
    "rpo-is-met",
    ["region", "Nowhere"],
  ],
  ["no time zone", unset(clone, "schedule.timezoneId"), "rpo-is-met", ["region", "timezoneId"]],
  ["a schedule that is paused", set(clone, "schedule.pauseStatus", "PAUSED"), "rpo-is-met", ["region", "suspended"]],
  ["a pause nobody knows", set(clone, "schedule.pauseStatus", UNKNOWN), "schedules-run", ["not known"]],
  ["a pause that is none", set(clone, "schedule.pauseStatus", "NEVER"), "schedules-run", ["NEVER"]],
  ["no run at a time", set(clone, "maxConcurrentRuns", 0), "rpo-is-met", ["region", "suspended"]],
  ["two runs at a time", set(clone, "maxConcurrentRuns", 2), "runs-do-not-overlap", ["allow"]],
  ["a run that is never stopped", unset(clone, "timeoutSeconds"), "runs-are-bounded", ["timeoutSeconds"]],
  ["a run that is stopped after nothing", set(clone, "timeoutSeconds", 0), "rpo-is-met", ["region", "timeoutSeconds"]],
  ["a run of an hour", set(clone, "timeoutSeconds", 3_600), "rpo-is-met", ["region"]],
  ["a run whose end nobody knows", set(clone, "timeoutSeconds", UNKNOWN), "runs-are-bounded", ["not known"]],
  [
    "more to copy than a run has time for",
    set("register", `${written}.bytesPerSecond`, 40_000_000),
    "runs-are-bounded",
    ["what is written in 33m takes 13m 12s to copy", "copied nothing"],
  ],
  [
    "more than a run has time for that starts late and waits for its cluster",
    set("register", `${written}.bytesPerSecond`, 27_500_000),
    "runs-are-bounded",
    ["what is written in 33m takes 9m 5s to copy", "its cluster takes 1m"],
  ],
  [
    "nobody knows how long a cluster takes",
    set("register", `${starts}.term`, "undrilled"),
    "runs-are-bounded",
    ["cluster-start"],
  ],
  [
    "so much that nothing is copied",
    set("register", `${written}.bytesPerSecond`, 40_000_000),
    "rpo-is-met",
    ["region"],
  ],
  ["nobody knows how much", set("register", `${written}.term`, "undrilled"), "runs-are-bounded", ["write-rate"]],
  ["clones for nobody", unset(clone, "tags.holdfast_protects"), "links-resolve", ["holdfast_protects"]],
  ["clones of something else", set(clone, "tags.holdfast_protects", "shop/other"), "links-resolve", ["shop/other"]],
  ["a role that is none", set(clone, "tags.holdfast_role", "sometimes"), "links-resolve", ["holdfast_role"]],
  ["clones to nowhere", unset(clone, "tags.holdfast_copies_to"), "links-resolve", ["copies_to"]],
  ["clones to the lake itself", set(clone, "tags.holdfast_copies_to", "shoporders/tables"), "rpo-is-met", ["region"]],
  [
    "clones that are to be moved",
    all(set("orders", "asset.bytes", petabytes), unset(clone, "tags.holdfast_read")),
    "restores-fit-their-deadline",
    ["must end in"],
  ],
  ["no clones", without(clone), "rpo-is-met", ["region"]],
  ["a capture that is none", set(locked, "tags.holdfast_capture", "now"), "links-resolve", ["holdfast_capture"]],
  [
    "VACUUM as the guide runs it",
    set(vacuum, "parameters[0].default", "168"),
    "restore-points-are-kept",
    ["30d", "7d"],
  ],
  ["VACUUM of 719 hours", set(vacuum, "parameters[0].default", "719"), "restore-points-are-kept", ["30d", "29d 23h"]],
  ["VACUUM without hours", unset(vacuum, "parameters"), "restore-points-are-kept", ["retain_hours"]],
  [
    "VACUUM of hours nobody knows",
    set(vacuum, "parameters[0].default", UNKNOWN),
    "restore-points-are-kept",
    ["not known"],
  ],
  ["clones of a day", set(locked, given, "interval 1 days"), "restore-points-are-kept", ["30d", "kept 24h"]],
  ["clones of words", set(locked, given, "long"), "restore-points-are-kept", ["parameter history", "interval 30 days"]],
  ["clones of a history nobody knows", set(locked, given, UNKNOWN), "restore-points-are-kept", ["not known"]],
  ["files of 7 days", unset(table, files), "restore-points-are-kept", ["30d", "7d"]],
  ["files of 29 days", set(table, files, "interval 29 days"), "restore-points-are-kept", ["30d", "29d"]],
  ["a log of a week", set(table, log, "interval 1 week"), "restore-points-are-kept", ["30d", "7d"]],
  ["a log of words", set(table, log, "a month"), "restore-points-are-kept", ["interval 30 days"]],
  ["a log nobody knows", set(table, log, UNKNOWN), "restore-points-are-kept", ["not known"]],
  ["no table that says anything", without(table), "rpo-is-met", ["corruption"]],
];

let graph: ResourceGraph;

beforeAll(async () => {
  graph = await databricksGraph();
});

describe("a lake of Delta tables that jobs of Databricks clone", () => {
  it("keeps every promise but what takes more: alerts, and rehearsals", () => {
    expect(findingsOf(graph)).toEqual([
      "rto-is-met region",
      "each-objective-has-an-alert",
      "each-objective-has-an-alert",
      "each-objective-has-an-alert",
      "recovery-is-rehearsed",
      "recovery-is-rehearsed",
    ]);
  });
});

describe("what a job writes as files of its own", () => {
  const ofClone = (mutated: ResourceGraph) =>
    judge(mutated, asOf).plan.protections.flatMap((one) =>
      one.kind === "restore-points" && one.source.name.includes(clone) ? [one] : [],
    );
  const inFiles = set(clone, "tags.holdfast_writes", "files");

  it("stays until its container lets it go, whatever tables remember", () => {
    const [points] = ofClone(all(inFiles, without(table))(graph));
    expect(points).toMatchObject({ id: `${protects}/exports`, label: "exports in shopordersfar/tables" });
    expect(points?.copies).toMatchObject([{ keptFor: { value: { unbounded: "no lifecycle rule deletes them" } } }]);
    const [tables] = ofClone(without(table)(graph));
    expect(tables?.copies).toMatchObject([{ keptFor: { value: { unknown: expect.stringContaining("no table") } } }]);
  });

  it("is named so by the path that restores it", () => {
    const says = ["orders repointed: the protection it uses does not exist"];
    expect(stopped(graph, inFiles, "rpo-is-met", says)).toBe("said");
  });
});

describe("weaker clones, tables and jobs are stopped by a mandatory finding", () => {
  it.each(weaker)("%s", (_, mutation, rule, says) => {
    expect(stopped(graph, mutation, rule, says)).toBe("said");
  });
});
