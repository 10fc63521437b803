import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../policies/graph";
import { edit, healthy, ignore, kubernetes, messages, read, resource, without } from "./program";

const objectives = { region: { rpo: "under 15m", rto: "1h", owner: "me", reason: "because" } };

describe("assets", () => {
  it("reads objectives, retention and size that a component promises", () => {
    const [asset] = read(healthy()).plan.assets;
    expect(asset).toMatchObject({ id: "omendb/data", system: "omendb", kind: "database", bytes: 10_000_000_000 });
    expect(asset?.objectives.region).toEqual({
      rpo: { seconds: 900, strict: true },
      rto: { seconds: 3600, strict: true },
      owner: "database team",
      reason: "the guide",
    });
    expect(asset?.retention).toEqual({ atLeast: 30 * 86_400 });
  });

  it("reads objectives that a workload of somebody else promises in annotations", () => {
    const annotations = { asset: "shop/db", objectives: JSON.stringify(objectives), retention: '{"atLeast":"7d"}' };
    const shop = kubernetes("apps/v1:StatefulSet", "shop", annotations, { spec: {} });
    const asset = read({ ...healthy(), shop }).plan.assets.find(({ id }) => id === "shop/db");
    expect(asset).toMatchObject({ system: "shop", retention: { atLeast: 604_800 } });
    expect(asset?.objectives.region?.rpo).toEqual({ seconds: 900, strict: true });
  });

  it("reads the size that a workload promises, and notes one that is no whole bytes without showing it", () => {
    const promised = { asset: "shop/db", objectives: JSON.stringify(objectives) };
    const shop = (bytes: string) =>
      kubernetes("apps/v1:StatefulSet", "shop", { ...promised, bytes }, { spec: { replicas: 1 } });
    expect(read({ shop: shop("20000000000") }).plan.assets[0]?.bytes).toBe(20e9);
    for (const wrong of ["20Gi", "-1", "1.5", "1e9", "99999999999999999999"]) {
      expect(messages({ shop: shop(wrong) })).toEqual([
        'StatefulSet shop: holdfast.dev/bytes must be whole bytes such as "10000000000"',
      ]);
      expect(read({ shop: shop(wrong) }).plan.assets[0]).not.toHaveProperty("bytes");
    }
  });

  it("does not show what stands in an annotation that is not JSON", () => {
    const shop = kubernetes("apps/v1:StatefulSet", "shop", { asset: "shop/db", objectives: "SECRET" }, { spec: {} });
    expect(messages({ shop })).toContain("StatefulSet shop: holdfast.dev/objectives must be JSON");
  });

  it("notes an objective that is no limit, and a disruption that is none", () => {
    const wrong = edit(healthy(), "database", "asset.objectives.region.rpo", "15 minutes");
    expect(messages(wrong)).toEqual([
      'omendb/data: objectives.region.rpo must be a duration such as "15m" or "under 15m", got "15 minutes"',
    ]);
    expect(read(wrong).plan.assets[0]?.objectives.region).toBeUndefined();
    expect(messages(edit(healthy(), "database", "asset.objectives.flood", {}))[0]).toMatch(/has no disruption flood/);
  });

  it.each(["asset.objectives", "asset.objectives.region.rto", "asset.retention.atLeast", "asset.bytes", "asset.id"])(
    "cannot prove anything when %s is not known before deployment",
    (path) => {
      const { problems } = read(edit(healthy(), "database", path, UNKNOWN));
      expect(problems.some(({ cannotProve }) => cannotProve)).toBe(true);
    },
  );

  it("notes a workload that serves what nobody promises", () => {
    expect(messages(without(healthy(), "database"))).toContain(
      "Deployment prod-omendb serves omendb/data, for which nothing promises objectives",
    );
  });

  it("notes an asset that two promise", () => {
    const database = healthy().database;
    const again = resource("holdfast:database:LeasedDatabase", "again", database?.props ?? {});
    expect(messages({ ...healthy(), again })).toEqual([
      "omendb/data is promised here and by LeasedDatabase again: keep one of them",
    ]);
  });

  it("does not know where an asset is that no workload serves, or only one without replicas", () => {
    expect(read(without(healthy(), "deployment", "standby")).plan.assets[0]?.at).toEqual({
      unknown: "no workload says that it serves omendb/data",
    });
    expect(read(edit(healthy(), "deployment", "spec.replicas", 0)).plan.assets[0]?.at).toEqual({
      unknown: "every workload that serves omendb/data has 0 replicas",
    });
  });

  it("lets a standby of 0 replicas wait elsewhere, and notes a second workload that serves", () => {
    const standby = {
      ...healthy(),
      again: kubernetes("apps/v1:Deployment", "a-standby", { asset: "omendb/data" }, { spec: { replicas: 0 } }),
    };
    expect(messages(standby)).toEqual([]);
    expect(read(standby).plan.assets[0]?.at).toMatchObject({ region: "eu-central-1" });
    expect(messages(edit(standby, "again", "spec.replicas", 1))).toContain(
      "Deployment prod-omendb and Deployment a-standby both serve omendb/data: a standby must have 0 replicas",
    );
  });

  it("cannot prove whom a workload serves when the engine ignores changes of its annotations", () => {
    const { problems, plan } = read(ignore(healthy(), "deployment", "metadata.annotations"));
    expect(problems.filter(({ cannotProve }) => cannotProve)).not.toEqual([]);
    expect(plan.protections.some(({ kind }) => kind === "redundancy")).toBe(false);
  });

  it("does not care about ignored annotations of a workload that says nothing", () => {
    const other = {
      ...kubernetes("apps/v1:Deployment", "web", {}, { spec: {} }),
      ignoreChanges: ["metadata.annotations"],
    };
    expect(messages({ ...healthy(), other })).toEqual([]);
  });
});
