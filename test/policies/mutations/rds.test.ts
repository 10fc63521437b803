import { beforeAll, describe, expect, it } from "vitest";
import { type ResourceGraph, UNKNOWN } from "../../../policies/graph";
import { blocking, judge } from "../../../policies/judge";
import { asOf } from "../../recovery/build";
import { all, ignore, type Mutation, region, set, unset, without } from "../mutate";
import { rdsGraph } from "./rdsProgram";

const database = "orders-instance";
const replica = "orders-replica";
const copies = "orders-backups";
const parameters = "orders-parameters";

/** What weakens the database, the rule that must stop it, and what its finding must say. */
const weaker: [title: string, mutation: Mutation, rule: string, says: string[]][] = [
  ["a retention of 0", set(database, "backupRetentionPeriod", 0), "restore-points-are-kept", ["30d", "0s"]],
  ["a retention of 0 for bad writes", set(database, "backupRetentionPeriod", 0), "rpo-is-met", ["corruption"]],
  [
    "a retention of 0, elsewhere",
    set(database, "backupRetentionPeriod", 0),
    "restore-points-are-kept",
    ["in another region", "0s"],
  ],
  ["no retention", unset(database, "backupRetentionPeriod"), "rpo-is-met", ["corruption", "backupRetentionPeriod"]],
  ["a retention of 29 days", set(database, "backupRetentionPeriod", 29), "restore-points-are-kept", ["30d", "29d"]],
  [
    "a retention that is not known",
    set(database, "backupRetentionPeriod", UNKNOWN),
    "restore-points-are-kept",
    ["not known"],
  ],
  [
    "a retention that is ignored",
    ignore(database, "backupRetentionPeriod"),
    "restore-points-are-kept",
    ["ignoreChanges"],
  ],
  ["copies kept for 29 days", set(copies, "retentionPeriod", 29), "restore-points-are-kept", ["30d", "29d"]],
  [
    "copies of which nobody says how long they are kept",
    unset(copies, "retentionPeriod"),
    "restore-points-are-kept",
    ["7d"],
  ],
  ["no standby", set(database, "multiAz", false), "rpo-is-met", ["zone", "RPO is 0s"]],
  ["a standby that nobody asks for", unset(database, "multiAz"), "rpo-is-met", ["zone", "RPO is 0s"]],
  ["a standby that is not known", set(database, "multiAz", UNKNOWN), "rpo-is-met", ["zone", "multiAz", "not known"]],
  ["a standby that is ignored", ignore(database, "multiAz"), "rpo-is-met", ["zone", "ignoreChanges"]],
  ["copies in the same region", region("far", "eu-west-1"), "rpo-is-met", ["region", "in the same region, eu-west-1"]],
  [
    "copies in the same region, by their own word",
    set(copies, "region", "eu-west-1"),
    "a-copy-is-outside-the-region",
    ["eu-west-1"],
  ],
  ["no copies", without(copies), "rpo-is-met", ["region"]],
  [
    "a provider that may lead to any account",
    set("far", "allowedAccountIds", undefined),
    "a-copy-is-outside-the-region",
    ["allowedAccountIds"],
  ],
  ...[database, replica].flatMap((name): [string, Mutation, string, string[]][] => [
    [
      `${name} without deletion protection`,
      set(name, "deletionProtection", false),
      "links-resolve",
      ["deletionProtection", name],
    ],
    [
      `${name} with deletion protection left out`,
      unset(name, "deletionProtection"),
      "links-resolve",
      ["deletionProtection", name],
    ],
    [
      `backups that go with ${name}`,
      set(name, "deleteAutomatedBackups", true),
      "links-resolve",
      ["deleteAutomatedBackups", name],
    ],
    [
      `backups that go with ${name} by default`,
      unset(name, "deleteAutomatedBackups"),
      "links-resolve",
      ["deleteAutomatedBackups", name],
    ],
    [`changes of ${name} that wait`, unset(name, "applyImmediately"), "links-resolve", ["applyImmediately", name]],
  ]),
  ...[database, replica].flatMap((name): [string, Mutation, string, string[]][] => [
    [`${name} on the internet`, set(name, "publiclyAccessible", true), "links-resolve", ["publiclyAccessible", name]],
    [`${name} in clear`, set(name, "storageEncrypted", false), "links-resolve", ["storageEncrypted", name]],
    [
      `no time for AWS to work on ${name}`,
      unset(name, "maintenanceWindow"),
      "links-resolve",
      ["maintenanceWindow", name],
    ],
    [`no time for the backups of ${name}`, unset(name, "backupWindow"), "links-resolve", ["backupWindow", name]],
  ]),
  ["no word on encryption", unset(database, "storageEncrypted"), "links-resolve", ["storageEncrypted", "got nothing"]],
  ["no last snapshot", set(database, "skipFinalSnapshot", true), "links-resolve", ["skipFinalSnapshot"]],
  ["no parameters", without(parameters), "links-resolve", ["rds.force_ssl", database, "none that this program"]],
  [
    "clients without TLS",
    set(parameters, "parameters", [{ name: "rds.force_ssl", value: "0" }]),
    "links-resolve",
    ["rds.force_ssl", database],
  ],
  [
    "clients without TLS once the replica serves",
    set("orders-replica-parameters", "parameters", [{ name: "rds.force_ssl", value: "0" }]),
    "links-resolve",
    ["rds.force_ssl", replica],
  ],
  ["another major version", set(database, "engineVersion", "16.4"), "links-resolve", ["postgres16", "postgres15"]],
  [
    "both instances worked on at once",
    set(replica, "maintenanceWindow", "sun:05:00-sun:06:00"),
    "runs-do-not-overlap",
    ["maintenanceWindow", database, replica],
  ],
  [
    "backups during maintenance",
    set(database, "backupWindow", "02:30-03:00"),
    "links-resolve",
    ["backupWindow", "maintenanceWindow"],
  ],
  ["a replica without backups", set(replica, "backupRetentionPeriod", 0), "links-resolve", [replica, "promoted"]],
  [
    "commits acknowledged before they are durable",
    set(parameters, "parameters", [{ name: "synchronous_commit", value: "off" }]),
    "rpo-is-met",
    ["zone", "synchronous_commit"],
  ],
  [
    "storage that cannot grow to its data",
    set(database, "maxAllocatedStorage", 10),
    "volumes-hold-their-data",
    [database, "GB"],
  ],
  ["another engine", set(database, "engine", "mysql"), "rpo-is-met", ["zone", "mysql"]],
];

let graph: ResourceGraph;

beforeAll(async () => {
  graph = await rdsGraph();
});

describe("a database of our component", () => {
  it("keeps every promise but what takes more: a copy under a lock, alerts, and rehearsals", () => {
    const findings = judge(graph, asOf).findings.map(({ rule, disruption }) =>
      [rule, disruption ?? ""].join(" ").trim(),
    );
    expect(findings).toEqual([
      "rpo-is-met compromise",
      "rto-is-met region",
      "a-copy-cannot-be-deleted compromise",
      "each-objective-has-an-alert",
      "each-objective-has-an-alert",
      "each-objective-has-an-alert",
      "recovery-is-rehearsed",
      "recovery-is-rehearsed",
    ]);
  });
});

describe("a weaker database is stopped by a mandatory finding", () => {
  it.each(weaker)("%s", (_, mutation, rule, says) => {
    const before = new Set(judge(graph, asOf).findings.map((one) => JSON.stringify(one)));
    const found = blocking(judge(all(mutation)(graph), asOf)).filter((one) => !before.has(JSON.stringify(one)));
    const texts = found.filter((one) => one.rule === rule).map((one) => JSON.stringify(one));
    expect(texts.some((text) => says.every((word) => text.includes(word))) ? "said" : found).toBe("said");
  });
});
