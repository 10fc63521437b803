import { beforeAll, describe, expect, it } from "vitest";
import { type ResourceGraph, UNKNOWN } from "../../../../policies/graph";
import { add, ignore, set, unset, without } from "../../mutate";
import { findingsOf, stopped, type Weakness } from "./shop";
import { storageGraph } from "./storageProgram";

const lake = "orders-written-account";
const service = "orders-written-service";
const locked = "locked-account";
const lockedService = "locked-service";
const lifecycle = "locked-lifecycle";
const policy = "immutableStorageWithVersioning.immutabilityPolicy";
const expiry = "policy.rules[0].definition.actions.baseBlob.delete.daysAfterModificationGreaterThan";

const subscription = "00000000-0000-0000-0000-000000000001";
const deleting = { definition: { actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 90 } } } } };

const weaker: Weakness[] = [
  ["one zone", set(lake, "sku.name", "Standard_LRS"), "rpo-is-met", ["zone"]],
  ["geo-redundancy in one zone", set(lake, "sku.name", "Standard_GRS"), "rpo-is-met", ["zone"]],
  ["a sku that is none", set(lake, "sku.name", "Standard_XRS"), "rpo-is-met", ["zone", "Standard_XRS"]],
  ["no sku", unset(lake, "sku"), "rpo-is-met", ["zone", "sku.name"]],
  ["a sku that is not known", set(lake, "sku.name", UNKNOWN), "rpo-is-met", ["zone", "not known"]],
  ["a sku that is ignored", ignore(lake, "sku.name"), "rpo-is-met", ["zone", "ignoreChanges"]],
  ["a region without zones", set(lake, "location", "northcentralus"), "links-resolve", ["has no zones"]],
  ["a region without zones, for its zone", set(lake, "location", "westus"), "rpo-is-met", ["zone", "has no zones"]],
  ["soft delete off", set(service, "deleteRetentionPolicy.enabled", false), "links-resolve", ["0s", "30d"]],
  ["soft delete left out", unset(service, "deleteRetentionPolicy"), "links-resolve", ["0s", "30d"]],
  ["no blob service", without(service), "links-resolve", ["0s", "30d"]],
  ["soft delete of 29 days", set(service, "deleteRetentionPolicy.days", 29), "links-resolve", ["29d", "30d"]],
  ["soft delete of 366 days", set(service, "deleteRetentionPolicy.days", 366), "links-resolve", ["1 to 365", "366"]],
  ["soft delete of no day", set(service, "deleteRetentionPolicy.days", 0), "links-resolve", ["1 to 365"]],
  [
    "soft delete of days nobody knows",
    set(service, "deleteRetentionPolicy.days", UNKNOWN),
    "links-resolve",
    ["not known"],
  ],
  ["soft delete that is ignored", ignore(service, "deleteRetentionPolicy"), "links-resolve", ["ignoreChanges"]],
  ["containers not soft-deleted", unset(service, "containerDeleteRetentionPolicy"), "links-resolve", ["0s"]],
  ["containers for 29 days", set(service, "containerDeleteRetentionPolicy.days", 29), "links-resolve", ["29d"]],
  [
    "deletion for good",
    set(service, "deleteRetentionPolicy.allowPermanentDelete", true),
    "links-resolve",
    ["allowPermanentDelete"],
  ],
  ["versions in a hierarchy", set(service, "isVersioningEnabled", true), "links-resolve", ["hierarchical", "refuses"]],
  ["a change feed in a hierarchy", set(service, "changeFeed", { enabled: true }), "links-resolve", ["changeFeed"]],
  [
    "a point in time in a hierarchy",
    set(service, "restorePolicy", { enabled: true, days: 7 }),
    "links-resolve",
    ["restorePolicy", "hierarchical"],
  ],
  [
    "locked versions in a hierarchy",
    set(lake, "immutableStorageWithVersioning", { enabled: true }),
    "links-resolve",
    ["immutableStorageWithVersioning"],
  ],
  ["two blob services", add(service, "another", {}), "links-resolve", ["another", "applied last"]],
  [
    "a rule that deletes the data",
    add(lifecycle, "rule", { accountName: "shoporders", policy: { rules: [deleting] } }),
    "links-resolve",
    ["deletes current blobs"],
  ],
  ["an unlocked lock", set(locked, `${policy}.state`, "Unlocked"), "rpo-is-met", ["compromise", "governance"]],
  ["a disabled lock", set(locked, `${policy}.state`, "Disabled"), "rpo-is-met", ["compromise", "no lock"]],
  ["a lock that is not known", set(locked, `${policy}.state`, UNKNOWN), "rpo-is-met", ["compromise", "not known"]],
  ["no lock", unset(locked, "immutableStorageWithVersioning"), "a-copy-cannot-be-deleted", ["compromise"]],
  ["locks off", set(locked, "immutableStorageWithVersioning.enabled", false), "rpo-is-met", ["compromise", "no lock"]],
  [
    "a lock of an hour's retention",
    set(locked, `${policy}.immutabilityPeriodSinceCreationInDays`, 0),
    "rpo-is-met",
    ["compromise"],
  ],
  [
    "a lock of nothing, for versions are off",
    set(lockedService, "isVersioningEnabled", false),
    "rpo-is-met",
    ["compromise", "no lock"],
  ],
  ["a lock in a hierarchy", set(locked, "isHnsEnabled", true), "rpo-is-met", ["compromise", "hierarchical"]],
  ["copies that expire too soon", set(lifecycle, expiry, 29), "restore-points-are-kept", ["30d"]],
  [
    "copies that are archived too soon",
    set(lifecycle, "policy.rules[0].definition.actions.baseBlob.tierToArchive", {
      daysAfterModificationGreaterThan: 5,
    }),
    "restore-points-are-kept",
    ["30d", "5d"],
  ],
  [
    "copies whose rules nobody knows",
    set(lifecycle, "policy.rules", UNKNOWN),
    "restore-points-are-kept",
    ["not known"],
  ],
  ["copies in the same region", set(locked, "location", "westeurope"), "a-copy-is-outside-the-region", ["westeurope"]],
  ["copies in a place nobody knows", set(locked, "location", UNKNOWN), "rpo-is-met", ["region"]],
  [
    "copies under a key that can be deleted",
    set(locked, "encryption", { keySource: "Microsoft.Keyvault" }),
    "rpo-is-met",
    ["compromise", "its key"],
  ],
  [
    "a clean room that this program reaches",
    set("register", "sites[2].account", subscription),
    "rpo-is-met",
    ["compromise"],
  ],
  ["no kit for the clean room", without("kit-blob"), "links-resolve", ["holdfast.dev/kit"]],
  [
    "a kit that a rule deletes",
    unset(lifecycle, "policy.rules[0].definition.filters.prefixMatch"),
    "links-resolve",
    ["recovery kit", "deletes it"],
  ],
  ["a kit in another container", set("kit-blob", "containerName", "others"), "links-resolve", ["holdfast.dev/kit"]],
  [
    "a kit without a job",
    set("kit-blob", "metadata.holdfast_jobs", "orders-clean-restore"),
    "links-resolve",
    ["holdfast_jobs"],
  ],
  ["a kit nobody knows", set("kit-blob", "metadata", UNKNOWN), "links-resolve", ["holdfast_jobs"]],
  ["no container for the copies", without("locked-orders"), "links-resolve", ["copies-to"]],
  [
    "a subscription nobody names",
    set("far", "subscriptionId", undefined),
    "a-copy-is-outside-the-region",
    ["subscriptionId"],
  ],
];

let graph: ResourceGraph;

beforeAll(async () => {
  graph = await storageGraph();
});

describe("a lake of our component, with copies under a lock", () => {
  it("keeps every promise but what takes more: alerts, and rehearsals", () => {
    expect(findingsOf(graph)).toEqual([
      "rto-is-met region",
      "each-objective-has-an-alert",
      "each-objective-has-an-alert",
      "recovery-is-rehearsed",
      "recovery-is-rehearsed",
    ]);
  });
});

describe("a weaker lake is stopped by a mandatory finding", () => {
  it.each(weaker)("%s", (_, mutation, rule, says) => {
    expect(stopped(graph, mutation, rule, says)).toBe("said");
  });
});
