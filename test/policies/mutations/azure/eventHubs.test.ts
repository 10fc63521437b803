import { beforeAll, describe, expect, it } from "vitest";
import { type ResourceGraph, UNKNOWN } from "../../../../policies/graph";
import { add, ignore, set, unset, without } from "../../mutate";
import { eventHubsGraph } from "./eventHubsProgram";
import { findingsOf, stopped, type Weakness } from "./shop";

const namespace = "orders-shop-two";
const topic = "orders-shop-two-placed";
const locked = "locked-account";
const geo = "properties.geoDataReplication";
const lag = `${geo}.maxReplicationLagDurationInSeconds`;
const kept = "retentionDescription.retentionTimeInHours";
const window = "captureDescription.intervalInSeconds";
const location = (name: string, roleType: string) => ({ locationName: name, roleType });

const weaker: Weakness[] = [
  ["one of its namespaces not replicated", unset(namespace, geo), "rpo-is-met", ["region", "is not replicated"]],
  [
    "a namespace of one location",
    set(namespace, `${geo}.locations`, [location("westeurope", "Primary")]),
    "rpo-is-met",
    ["region", "is not replicated"],
  ],
  ["a lag of two hours", set(namespace, lag, 7_200), "rpo-is-met", ["region", "2h"]],
  ["a lag of 299 s", set(namespace, lag, 299), "rpo-is-met", ["region", "300 to 86400", "299"]],
  ["a lag of 86,401 s", set(namespace, lag, 86_401), "links-resolve", ["300 to 86400", "86401"]],
  ["a lag that nobody says", unset(namespace, lag), "rpo-is-met", ["region", "got nothing"]],
  ["a lag that is not known", set(namespace, lag, UNKNOWN), "rpo-is-met", ["region", "not known"]],
  ["a lag that is ignored", ignore(namespace, lag), "rpo-is-met", ["region", "ignoreChanges"]],
  ["the tier Standard", set(namespace, "sku.name", "Standard"), "rpo-is-met", ["region", "Premium and Dedicated only"]],
  ["a tier that is none", set(namespace, "sku.name", "Gold"), "links-resolve", ["Gold", "must be one of"]],
  ["no tier", unset(namespace, "sku"), "rpo-is-met", ["region", "sku.name"]],
  [
    "a cluster for one end alone",
    set(namespace, "properties.clusterArmId", "/clusters/a"),
    "rpo-is-met",
    ["clusterArmId"],
  ],
  ["an API that knows no replication", set(namespace, "apiVersion", "2024-01-01"), "rpo-is-met", ["2026-01-01"]],
  ["an API that is not known", set(namespace, "apiVersion", UNKNOWN), "rpo-is-met", ["region", "not known"]],
  [
    "a second region that is the first",
    set(namespace, `${geo}.locations[1].locationName`, "West Europe"),
    "rpo-is-met",
    ["region", "in northeurope and in westeurope"],
  ],
  [
    "a primary that is elsewhere",
    set(namespace, `${geo}.locations[0].locationName`, "uksouth"),
    "rpo-is-met",
    ["region", "primary location", "uksouth"],
  ],
  [
    "a second region that nobody knows",
    set(namespace, `${geo}.locations[1].locationName`, UNKNOWN),
    "rpo-is-met",
    ["region"],
  ],
  ["zones given up", set(namespace, "properties.zoneRedundant", false), "rpo-is-met", ["zone"]],
  ["zones that nobody knows", set(namespace, "properties.zoneRedundant", UNKNOWN), "rpo-is-met", ["zone", "not known"]],
  ["a region without zones", set(namespace, "location", "westus"), "rpo-is-met", ["zone"]],
  [
    "an alias beside the replication",
    add(
      topic,
      "alias",
      { namespaceName: "shop-two", partnerNamespace: "shop-one" },
      "azure-native:eventhub:DisasterRecoveryConfig",
    ),
    "links-resolve",
    ["one of both"],
  ],
  ["events kept for 29 days", set(topic, kept, 29 * 24), "restore-points-are-kept", ["30d", "29d"]],
  ["events kept longer than the tier can", set(topic, kept, 91 * 24), "restore-points-are-kept", ["90 days at most"]],
  ["events kept nobody knows how long", set(topic, kept, UNKNOWN), "restore-points-are-kept", ["not known"]],
  [
    "events of which nobody says how long they are kept",
    unset(topic, "retentionDescription"),
    "restore-points-are-kept",
    ["does not say"],
  ],
  [
    "events that are compacted",
    set(topic, "retentionDescription.cleanupPolicy", "Compact"),
    "restore-points-are-kept",
    ["0s"],
  ],
  ["two words for how long", set(topic, "messageRetentionInDays", 7), "restore-points-are-kept", ["keep one of them"]],
  ["no Capture", unset(topic, "captureDescription"), "rpo-is-met", ["compromise", "captures nothing"]],
  ["Capture off", set(topic, "captureDescription.enabled", false), "links-resolve", ["captures nothing"]],
  ["Capture that nobody knows", set(topic, "captureDescription.enabled", UNKNOWN), "rpo-is-met", ["compromise"]],
  ["Capture every 901 s", set(topic, window, 901), "rpo-is-met", ["compromise", "60 to 900"]],
  ["Capture every 59 s", set(topic, window, 59), "links-resolve", ["60 to 900", "59"]],
  [
    "files of a gigabyte",
    set(topic, "captureDescription.sizeLimitInBytes", 600_000_000),
    "links-resolve",
    ["524288000"],
  ],
  [
    "Capture to a container of nobody",
    set(topic, "captureDescription.destination.blobContainer", "others"),
    "links-resolve",
    ["does not declare"],
  ],
  ["Capture to Premium storage", set(locked, "sku.name", "Premium_ZRS"), "links-resolve", ["Premium storage"]],
  [
    "captured files without a lock",
    unset(locked, "immutableStorageWithVersioning"),
    "rpo-is-met",
    ["compromise", "no lock"],
  ],
  [
    "captured files in the same region",
    set(locked, "location", "westeurope"),
    "a-copy-is-outside-the-region",
    ["westeurope"],
  ],
  ["no kit for the clean room", without("kit-blob"), "links-resolve", ["holdfast.dev/kit"]],
  ["no container", without("locked-orders"), "rpo-is-met", ["compromise"]],
];

let graph: ResourceGraph;

beforeAll(async () => {
  graph = await eventHubsGraph();
});

describe("topics of our component, replicated and captured", () => {
  it("keep every promise but what takes more: alerts, and rehearsals", () => {
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

describe("weaker topics are stopped by a mandatory finding", () => {
  it.each(weaker)("%s", (_, mutation, rule, says) => {
    expect(stopped(graph, mutation, rule, says)).toBe("said");
  });
});
