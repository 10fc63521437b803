import { beforeAll, describe, expect, it } from "vitest";
import { type ResourceGraph, UNKNOWN } from "../../../../policies/graph";
import { add, ignore, set, unset, without } from "../../mutate";
import { logsGraph, vaultGraph, watchedGraph, workspacesGraph } from "./servicesProgram";
import { findingsOf, stopped, type Weakness } from "./shop";

const vault = "orders-vault";
const days = "properties.softDeleteRetentionInDays";
const weakerVault: Weakness[] = [
  ["deleted keys kept for 29 days", set(vault, days, 29), "restore-points-are-kept", ["30d", "29d"]],
  ["deleted keys kept for 6 days", set(vault, days, 6), "restore-points-are-kept", ["7 to 90", "6"]],
  ["deleted keys kept for 91 days", set(vault, days, 91), "restore-points-are-kept", ["7 to 90", "91"]],
  ["deleted keys kept nobody knows how long", set(vault, days, UNKNOWN), "restore-points-are-kept", ["not known"]],
  [
    "soft delete off",
    set(vault, "properties.enableSoftDelete", false),
    "restore-points-are-kept",
    ["enableSoftDelete"],
  ],
  ["no purge protection", unset(vault, "properties.enablePurgeProtection"), "links-resolve", ["enablePurgeProtection"]],
  ["purge protection off", set(vault, "properties.enablePurgeProtection", false), "rpo-is-met", ["compromise"]],
  [
    "purge protection nobody knows",
    set(vault, "properties.enablePurgeProtection", UNKNOWN),
    "rpo-is-met",
    ["compromise"],
  ],
  ["purge protection that is ignored", ignore(vault, "properties"), "links-resolve", ["ignoreChanges"]],
  ["a region without zones", set(vault, "location", "westus"), "rpo-is-met", ["zone"]],
  ["a second vault", add(vault, "another", {}), "links-resolve", ["both hold"]],
];

const workspace = "orders-workspace";
const table = "orders-Placed_CL";
const replication = "properties.replication";
const weakerLogs: Weakness[] = [
  ["lines kept for 29 days", set(table, "totalRetentionInDays", 29), "restore-points-are-kept", ["30d", "29d"]],
  ["lines kept for 4,384 days", set(table, "totalRetentionInDays", 4_384), "restore-points-are-kept", ["4 to 4383"]],
  ["lines kept for 3 days", set(table, "totalRetentionInDays", 3), "restore-points-are-kept", ["4 to 4383", "3"]],
  ["a workspace of 731 days", set(workspace, "properties.retentionInDays", 731), "restore-points-are-kept", ["730"]],
  [
    "lines kept nobody knows how long",
    set(table, "totalRetentionInDays", UNKNOWN),
    "restore-points-are-kept",
    ["not known"],
  ],
  ["no replication", unset(workspace, replication), "rpo-is-met", ["region"]],
  ["replication off", set(workspace, `${replication}.enabled`, false), "rpo-is-met", ["region"]],
  ["an API that knows none", set(workspace, "apiVersion", "2023-09-01"), "rpo-is-met", ["region", "2025-02-01"]],
  [
    "replication in the same region",
    set(workspace, `${replication}.location`, "westeurope"),
    "rpo-is-met",
    ["region", "same region"],
  ],
  ["replication to nowhere", unset(workspace, `${replication}.location`), "links-resolve", ["replication.location"]],
  ["a second workspace", add(workspace, "another", { resourceName: "b" }), "links-resolve", ["both hold"]],
];

const lag = "alerts-SecondRegionBehind";
const silent = "alerts-SecondRegionSilent";
const group = "alerts-group";
const each = "each-objective-has-an-alert";
const weakerAlerts: Weakness[] = [
  ["no alert on the lag", without(lag), each, ["behind"]],
  ["an alert that is off", set(lag, "enabled", false), each, ["not enabled"]],
  ["an alert on the average", set(lag, "criteria.allOf[0].timeAggregation", "Average"), each, ["Maximum"]],
  ["an alert on what is young", set(lag, "criteria.allOf[0].operator", "LessThan"), each, ["too old"]],
  ["an alert on something else", set(lag, "criteria.allOf[0].metricName", "IncomingBytes"), each, ["IncomingBytes"]],
  [
    "an alert on something else's",
    set(lag, "scopes", ["/namespaces/shop-two"]),
    each,
    ["no alert notices how far behind"],
  ],
  ["a threshold nobody knows", set(lag, "criteria.allOf[0].threshold", UNKNOWN), each, ["not known"]],
  ["an alert that says nothing", unset(lag, "description"), each, ["without a severity"]],
  ["an alert without a runbook", unset(lag, "tags.holdfast_runbook"), each, ["without a severity"]],
  ["an alert that wakes nobody", set(lag, "severity", 3), each, ["critical"]],
  ["a severity that is none", set(lag, "severity", 7), each, ["without a severity"]],
  ["an alert that tells nobody", set(lag, "actions", []), each, ["no actions"]],
  ["a group that is off", set(group, "enabled", false), each, ["not enabled"]],
  ["a group of nobody", set(group, "webhookReceivers", []), each, ["no receiver"]],
  ["an alert that names no asset", unset(lag, "tags.holdfast_asset"), "links-resolve", ["holdfast_asset"]],
  ["no alert on silence", without(silent), each, ["absent"]],
  ["silence that counts lines", set(silent, "criteria.allOf[0].timeAggregation", "Maximum"), each, ["absent"]],
  ["silence of five lines", set(silent, "criteria.allOf[0].threshold", 5), each, ["absent"]],
  ["silence of another query", set(silent, "criteria.allOf[0].query", "Heartbeat"), each, ["absent"]],
  ["silence by dimension", set(silent, "criteria.allOf[0].dimensions", [{}]), each, ["absent"]],
];

const primary = "orders-workspace";
const weakerWorkspaces: Weakness[] = [
  ["a region without zones", set(primary, "location", "westus"), "rpo-is-met", ["zone"]],
  ["a region nobody knows", set(primary, "location", UNKNOWN), "rpo-is-met", ["zone", "not known"]],
  ["two workspaces at once", unset("orders-standby", "tags.holdfast_role"), "links-resolve", ["standby"]],
  ["a failover nobody answers for", set("register", "assumptions[4].term", "redirect"), "rpo-is-met", ["zone"]],
];

/** What takes restore points elsewhere, and a lock. */
const elsewhere = ["a-copy-is-outside-the-region region", "a-copy-cannot-be-deleted compromise"];

const programs: [string, () => Promise<ResourceGraph>, Weakness[], string[]][] = [
  ["a vault", vaultGraph, weakerVault, ["rto-is-met region", ...elsewhere, each, "recovery-is-rehearsed"]],
  [
    "a workspace of logs",
    logsGraph,
    weakerLogs,
    ["rpo-is-met corruption", "rpo-is-met compromise", "rto-is-met region", ...elsewhere, each, each],
  ],
  [
    "watched topics",
    watchedGraph,
    weakerAlerts,
    ["rpo-is-met corruption", "rpo-is-met compromise", "rto-is-met region", ...elsewhere, each],
  ],
  [
    "workspaces of Databricks",
    workspacesGraph,
    weakerWorkspaces,
    ["rpo-is-met region", "rpo-is-met corruption", "rpo-is-met compromise", ...elsewhere, each],
  ],
];

describe.each(programs)("%s of our component", (_, program, weaker, expected) => {
  let graph: ResourceGraph;

  beforeAll(async () => {
    graph = await program();
  });

  it("keeps what it can keep by itself", () => {
    expect(findingsOf(graph)).toEqual(expected);
  });

  it.each(weaker)("is stopped by a mandatory finding with %s", (__, mutation, rule, says) => {
    expect(stopped(graph, mutation, rule, says)).toBe("said");
  });
});
