import { describe, expect, it } from "vitest";
import { isCloudStore } from "../../../policies/observe/resources/cloudStore";
import { azureStorage, type Fact, type Path, type Replica, spanFrom } from "../../../recovery";
import { asset, native, promised, tags } from "../../policies/observe/azure/parts";
import { edit, messages, type Parts, read, resource } from "../../policies/observe/program";
import { against, day } from "../answers";
import { path, source, step, term, there } from "../build";

const replicated = (lag: Fact): Replica => ({
  kind: "replica",
  id: "replica",
  asset: "s/data",
  label: "second region",
  at: there,
  lag: { name: "lag", ...spanFrom(lag, source("account")), grade: spanFrom(lag).grade ?? "guaranteed" },
  carries: "data",
  source: source("account"),
});

const kept = (days: number) => ({ enabled: true, days });

/** An account that keeps deleted blobs for 30 days, and moments to go back to for so many. */
function account(restorable: number): Parts {
  return {
    ...promised(),
    account: native("storage:StorageAccount", "lake", { accountName: "lake", sku: { name: "Standard_ZRS" }, tags }),
    service: native("storage:BlobServiceProperties", "service", {
      accountName: "lake",
      isVersioningEnabled: true,
      changeFeed: { enabled: true },
      deleteRetentionPolicy: kept(30),
      containerDeleteRetentionPolicy: kept(30),
      restorePolicy: kept(restorable),
    }),
  };
}

function reachOf(parts: Parts) {
  const found = read(parts).plan.protections.find(({ id }) => id === `${asset}/point-in-time`);
  return found?.kind === "versions" ? found.keptFor.value : undefined;
}

describe("group 7: Azure", () => {
  it("restorePolicy.days must be less than deleteRetentionPolicy.days: a day less is, as many are refused and reach nowhere", () => {
    expect(azureStorage.restoreWithinSoftDelete.standing).toBe("design");
    expect(reachOf(account(29))).toBe(29 * day);
    for (const days of [30, 31]) {
      expect(reachOf(account(days))).toEqual({
        unknown: expect.stringContaining(`must be less than deleteRetentionPolicy.days, got ${days} and 30`),
      });
    }
  });

  it.each([
    ["versions", "isVersioningEnabled", true],
    ["moments to go back to", "restorePolicy.enabled", true],
    ["the change feed, without which objects are not replicated,", "changeFeed.enabled", true],
    ["none of them", undefined, false],
  ] as const)("a hierarchical namespace has no %s", (_, property, refused) => {
    const all = ["isVersioningEnabled", "restorePolicy.enabled", "changeFeed.enabled"];
    const off = all
      .filter((one) => one !== property)
      .reduce((parts, one) => edit(parts, "service", one, false), account(7));
    const said = messages(edit(off, "account", "isHnsEnabled", true)).filter((one) => one.includes("Azure refuses it"));
    expect(said).toHaveLength(refused ? 1 : 0);
    if (property !== undefined) expect(said[0]).toContain(`${property} of`);
    expect(reachOf(edit(account(7), "account", "isHnsEnabled", true))).toHaveProperty("unknown");
    expect(messages(off).filter((one) => one.includes("hierarchical"))).toEqual([]);
  });

  it("an account that failed over is locally redundant: the next loss has no bound, and this one is told apart", () => {
    const failover = (edit: Partial<Path>) => {
      const paths = [path({ protection: "replica", steps: [step("fail over", "1h")], ...edit })];
      return against("region", replicated(azureStorage.priorityLag), { paths });
    };
    const said = failover({ reprotect: [term("geo-redundant again, and synced", "30d")] });
    expect(said.chosen?.reprotect?.total).toBe(30 * day);
    expect(said.verdict).toBe(failover({}).verdict);
    // Nobody says when: then nothing may be printed that looks like an answer.
    expect(failover({}).chosen).not.toHaveProperty("reprotect");
    expect(azureStorage.geoIsLocalAfter.standing).toBe("design");
  });

  it("a type that carries the version of its API is the same kind of store as one that does not", () => {
    const isStore = (type: string) => isCloudStore(resource(type, "store", {}));
    expect(isStore("azure-native:storage:StorageAccount")).toBe(true);
    expect(isStore("azure-native:storage/v20250601:StorageAccount")).toBe(true);
    expect(isStore("azure-native:storage/v20250601:BlobContainer")).toBe(false);
  });

  it("geo priority replication bounds the lag by contract, so nothing is proven by it", () => {
    expect(against("region", replicated(azureStorage.priorityLag), {}, ["15m", "8h"])).toMatchObject({
      verdict: "assumed",
      chosen: { rpo: [{ total: 900 }, { total: 900 }] },
    });
  });

  it("geo priority replication promises nothing to an account that moves more than 1 Gbit/s: then nothing bounds the lag", () => {
    expect(azureStorage.priorityThroughput).toMatchObject({ value: 1e9 / 8, unit: "bytes per second" });
    expect(against("region", replicated(azureStorage.geoLag))).toMatchObject({
      verdict: "missed",
      chosen: { rpo: [{ total: { unbounded: expect.any(String) } }, { total: { unbounded: expect.any(String) } }] },
    });
  });
});
