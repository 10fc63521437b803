import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../../policies/graph";
import { gradeOf } from "../../../../recovery/facts";
import { answering, way, ways } from "../nucleus";
import { assumption, edit, messages, type Parts, read, registered } from "../program";
import { asset, native, promised, raw, tags } from "./parts";

const account = (props: Record<string, Value>) =>
  native("storage:StorageAccount", "lake", { accountName: "lake", sku: { name: "Standard_ZRS" }, tags, ...props });
const service = (props: Record<string, Value>) =>
  native("storage:BlobServiceProperties", "service", { accountName: "lake", ...props });
const kept = (days: number) => ({ enabled: true, days });

/** An account in which everything is said and agrees. */
function flat(more: Record<string, Value> = {}): Parts {
  return {
    ...promised(),
    account: account(more),
    service: service({
      isVersioningEnabled: true,
      changeFeed: { enabled: true },
      deleteRetentionPolicy: kept(30),
      containerDeleteRetentionPolicy: kept(30),
      restorePolicy: kept(14),
    }),
  };
}

function protection(parts: Parts, name: string) {
  return read(parts).plan.protections.find(({ id }) => id === `${asset}/${name}`);
}

describe("an account of Azure Storage", () => {
  it("is where its provider says, unless it says itself, and is named by its own type in any version", () => {
    expect(messages(flat())).toEqual([]);
    expect(read(flat()).plan.assets[0]?.at).toMatchObject({ cloud: "azure", region: "westeurope", deployed: true });
    const at = (parts: Parts) => read(parts).plan.assets[0]?.at;
    expect(at(edit(flat(), "account", "location", "North Europe"))).toMatchObject({ region: "northeurope" });
    for (const type of [
      "azure-native:storage/v20230101:StorageAccount",
      "azure-native_storage_v20250601:storage:StorageAccount",
    ]) {
      const typed = { ...flat().account, type } as NonNullable<Parts["account"]>;
      expect(at({ ...flat(), account: typed })).toMatchObject({ region: "westeurope" });
    }
  });

  it.each<[string, Value, unknown]>([
    ["Standard_LRS", "Standard_LRS", "node"],
    ["Premium_LRS", "Premium_LRS", "node"],
    ["Standard_ZRS", "Standard_ZRS", "zone"],
    ["Standard_GRS", "Standard_GRS", "node"],
    ["Standard_RAGZRS", "Standard_RAGZRS", "zone"],
    ["something else", "Standard", { unknown: expect.stringContaining("must end with one of") }],
    ["what is not known", UNKNOWN, { unknown: expect.stringContaining("not known") }],
  ])("survives by %s", (_, name, survives) => {
    expect(protection(edit(flat(), "account", "sku.name", name), "redundancy")).toMatchObject({ survives });
  });

  it.each<[string, string, string]>([
    ["zones where there are none", "westus", "has no zones"],
    ["a region that no list names", "atlantis", "is in no list"],
  ])("is refused with %s", (_, location, why) => {
    expect(messages(edit(flat(), "account", "location", location)).join()).toContain(why);
  });

  it("is refused with a second region where Azure pairs none", () => {
    const parts = edit(edit(flat(), "account", "sku.name", "Standard_GZRS"), "account", "location", "italynorth");
    expect(messages(parts).join()).toContain("italynorth is paired with no region: Azure refuses Standard_GZRS there");
  });
});

describe("the second region of an account", () => {
  const geo = (more: Record<string, Value> = {}) => ({ ...flat({ sku: { name: "Standard_GZRS" }, ...more }) });

  it("is the pair of the first, and as far behind as somebody answers for, since nobody bounds it", () => {
    expect(protection(geo(), "geo-replica")).toMatchObject({
      at: { region: "northeurope", zones: ["a zone of northeurope"] },
    });
    expect(way(geo(), "region", "account-failover")?.rpo[1].total).toHaveProperty("unknown");
    const answered = { ...geo(), register: answering({ "managed-service": "5m", "replica-lag": "40m" }) };
    expect(way(answered, "region", "account-failover")?.rpo[1]).toMatchObject({
      total: 2_400,
      terms: [{ grade: "assumed", facts: ["azure-storage.geo-lag"] }],
    });
    expect(protection(flat(), "geo-replica")).toBeUndefined();
  });

  it("is reached by a failover whose time a register entry of its own answers for", () => {
    const failover = (parts: Parts) => read(parts).plan.paths.find(({ id }) => id === `${asset}/account-failover`);
    expect(failover(geo())?.steps[0]?.bound.value).toHaveProperty("unbounded");
    const entry = assumption("managed-service", "2h", {
      id: "failover",
      assets: ["nucleus/*"],
      path: "account-failover",
    });
    expect(failover(registered(geo(), "assumptions", entry))?.steps[0]?.bound).toMatchObject({
      value: 7_200,
      grade: "assumed",
    });
    expect(failover(geo())?.reprotect?.[0]).toMatchObject({
      value: { unbounded: expect.stringContaining("locally redundant") },
      facts: ["azure-storage.geo-is-local-after"],
    });
  });

  it("is reached by no failover under a hierarchical namespace, which is a preview", () => {
    const reason = (parts: Parts) => ways(parts, "region").dropped.map((one) => one.reason);
    expect(reason(geo({ isHnsEnabled: true })).join()).toContain("is a preview");
    expect(reason(geo()).join()).not.toContain("is a preview");
  });

  const priority = (
    apiVersion: string,
    more: Record<string, Value> = {},
    properties: Record<string, Value> = {},
  ): Parts => ({
    ...flat(),
    account: raw("Microsoft.Storage/storageAccounts", "lake", apiVersion, {
      sku: { name: "Standard_GZRS" },
      tags: { ...tags, holdfast_bytes_per_second: "125000000" },
      properties: { geoPriorityReplicationStatus: { isBlobEnabled: true }, ...properties },
      ...more,
    }),
  });
  const lag = (parts: Parts) => {
    const replica = protection(parts, "geo-replica");
    return replica?.kind === "replica" ? replica.lag : undefined;
  };

  it("is 15 minutes behind by a contract with priority replication, as long as it moves little", () => {
    expect(gradeOf({ standing: "contract" })).toBe("contractual");
    expect(lag(priority("2025-06-01"))).toMatchObject({
      value: 900,
      grade: "contractual",
      facts: ["azure-storage.priority-lag"],
    });
    expect(messages(priority("2025-06-01"))).toEqual([]);
  });

  it.each<[string, Parts, string]>([
    ["an older API", priority("2024-01-01"), "knows no geo priority replication"],
    ["an API that is not known", edit(priority("2025-06-01"), "account", "apiVersion", UNKNOWN), "not known"],
    [
      "4.2 GB a second",
      priority("2025-06-01", { tags: { ...tags, holdfast_bytes_per_second: "4200000000" } }),
      "above 125000000 it promises nothing",
    ],
    ["nobody who says how much it moves", priority("2025-06-01", { tags }), "says in no tag"],
    ["no second region", priority("2025-06-01", { sku: { name: "Standard_ZRS" } }), "keeps nothing in a second region"],
    [
      "a type of the SDK, which is older",
      flat({ sku: { name: "Standard_GRS" }, geoPriorityReplicationStatus: { isBlobEnabled: true } }),
      "knows no geo priority replication",
    ],
  ])("is promised nothing by priority replication with %s", (_, parts, why) => {
    expect(messages(parts).join()).toContain(why);
    expect(lag(parts)?.grade ?? "assumed").toBe("assumed");
  });
});

describe("earlier versions, deleted blobs and moments of a flat namespace", () => {
  it.each<[string, string, string[], unknown]>([
    ["soft delete", "soft-delete", ["delete"], 30 * 86_400],
    ["versions", "object-versions", ["overwrite", "delete"], { unbounded: "no lifecycle rule deletes them" }],
    ["any moment", "point-in-time", ["overwrite", "delete"], 14 * 86_400],
  ])("undo by %s", (_, name, undoes, value) => {
    expect(protection(flat(), name)).toMatchObject({ undoes, keptFor: { value } });
  });

  it("keep overwritten blobs by soft delete where there are no versions", () => {
    const parts = edit(edit(flat(), "service", "isVersioningEnabled", false), "service", "restorePolicy", undefined);
    expect(protection(parts, "soft-delete")).toMatchObject({ undoes: ["overwrite", "delete"] });
    expect(protection(parts, "object-versions")).toBeUndefined();
  });

  it.each<[string, string, Value, string]>([
    ["no versions", "isVersioningEnabled", false, "needs isVersioningEnabled"],
    ["no change feed", "changeFeed.enabled", false, "needs isVersioningEnabled and changeFeed.enabled"],
    ["as many days as soft delete", "restorePolicy.days", 30, "less than deleteRetentionPolicy.days, got 30 and 30"],
    ["soft delete off", "deleteRetentionPolicy.enabled", false, "got 14 and none"],
    ["days nobody knows", "restorePolicy.days", UNKNOWN, "not known"],
  ])("bring back no moment with %s", (_, path, value, why) => {
    expect(protection(edit(flat(), "service", path, value), "point-in-time")).toMatchObject({
      keptFor: { value: { unknown: expect.stringContaining(why) } },
    });
  });

  const rule = (definition: Value, more: Record<string, Value> = {}) =>
    native("storage:ManagementPolicy", "rules", {
      accountName: "lake",
      policy: { rules: [{ name: "a", type: "Lifecycle", definition, ...more }] },
    });
  const version = { actions: { version: { delete: { daysAfterCreationGreaterThan: 20 } } } };

  it.each<[string, Value, Record<string, Value>, unknown]>([
    ["20 days by a rule", version, {}, 20 * 86_400],
    ["without end by a rule that is off", version, { enabled: false }, { unbounded: expect.anything() }],
    ["nobody knows how long by a rule nobody knows", UNKNOWN, {}, { unknown: expect.anything() }],
    [
      "nobody knows how long by a rule without an age",
      { actions: { version: { delete: {} } } },
      {},
      { unknown: expect.anything() },
    ],
    [
      "5 days by a rule that moves to the archive",
      { actions: { version: { tierToArchive: { daysAfterCreationGreaterThan: 5 } } } },
      {},
      5 * 86_400,
    ],
  ])("keep versions %s", (_, definition, more, value) => {
    expect(protection({ ...flat(), rules: rule(definition, more) }, "object-versions")).toMatchObject({
      keptFor: { value },
    });
  });

  it("say that a rule deletes what is current, unless it names what", () => {
    const deleting = { actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 90 } } } };
    expect(messages({ ...flat(), rules: rule(deleting) }).join()).toContain("deletes current blobs");
    const named = { ...deleting, filters: { prefixMatch: ["scratch/"] } };
    expect(messages({ ...flat(), rules: rule(named) })).toEqual([]);
  });

  it("say that a setting may be that of any account, and that two are of one", () => {
    expect(messages(edit(flat(), "service", "accountName", UNKNOWN)).join()).toContain("may settle any account");
    const other = { ...flat().service, name: "other", urn: "urn:other" } as NonNullable<Parts["service"]>;
    expect(messages({ ...flat(), other }).join()).toContain("the one applied last wins");
  });
});

describe("an asset in Azure Storage", () => {
  it("is one account, and kept by nothing else", () => {
    const second = native("storage:StorageAccount", "second", {
      accountName: "second",
      sku: { name: "Standard_ZRS" },
      tags,
    });
    expect(messages({ ...flat(), second }).join()).toContain("both hold nucleus/lake");
    const hubs = native("eventhub:Namespace", "hubs", { namespaceName: "hubs", sku: { name: "Premium" }, tags });
    expect(messages({ ...flat(), hubs }).join()).toContain("is kept by Namespace hubs and by StorageAccount lake");
  });
});
