import { describe, expect, it } from "vitest";
import { isCloudStore } from "../../../policies/observe/resources/cloudStore";
import { azureStorage, type Fact, type Path, type Replica, spanFrom } from "../../../recovery";
import { resource } from "../../policies/observe/program";
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

// Two cases are for the reader of storage accounts, which is to come: restorePolicy.days against deleteRetentionPolicy.days
// (fact azure-storage.restore-within-soft-delete), and versions, restores to a point in time or object replication asked
// for beside a hierarchical namespace (azure-storage.hierarchical-namespace).
describe("group 7: Azure", () => {
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
