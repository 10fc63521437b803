import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { edit, healthy, ignore, kubernetes, messages, type Parts, read, resource } from "./program";

describe("rehearsals", () => {
  it("reads verifications and drills with their schedules", () => {
    expect(
      read(healthy()).plan.rehearsals.map(({ name, role, asset, suspended, run }) => [
        name,
        role,
        asset,
        suspended,
        run.value,
      ]),
    ).toEqual([
      ["omendb-drill", "drill", "omendb/data", false, 120],
      ["omendb-verify", "verification", "omendb/data", false, 120],
    ]);
  });

  it("notes one that reaches neither the restore points nor the data", () => {
    const pod = "spec.jobTemplate.spec.template.spec";
    const blind = edit(edit(healthy(), "drill", `${pod}.containers[0].env`, []), "drill", `${pod}.volumes`, []);
    expect(messages(blind)).toEqual([
      "CronJob omendb-drill says that it rehearses omendb/data, but it names no bucket and mounts no volume of it",
    ]);
  });

  it("does not know whether one is suspended when the engine ignores it", () => {
    const drill = (parts: Parts) => read(parts).plan.rehearsals.find(({ role }) => role === "drill");
    expect(drill(ignore(healthy(), "drill", "spec.suspend"))?.suspended).toHaveProperty("unknown");
    expect(drill(edit(healthy(), "drill", "spec.schedule", UNKNOWN))?.schedule).toHaveProperty("unknown");
  });
});

describe("stores", () => {
  const stores = (parts: Parts) => read(parts).plan.stores;

  it("finds the asset of each volume and bucket, and the bytes it must hold", () => {
    expect(stores(healthy()).map(({ name, asset, size, needed }) => [name, asset, size, needed])).toEqual([
      ["PersistentVolumeClaim omendb-data", "omendb/data", 100 * 2 ** 30, 1e10],
      ["PersistentVolumeClaim omendb-wal", "omendb/data", 100 * 2 ** 30, 1e9],
      ["PersistentVolumeClaim omendb-data", "omendb/data", 100 * 2 ** 30, 1e10],
      ["PersistentVolumeClaim omendb-wal", "omendb/data", 100 * 2 ** 30, 1e9],
      ["Bucket Bucket", "omendb/data", undefined, undefined],
    ]);
  });

  it("adds up what data and log need on one volume", () => {
    const mounts = "spec.template.spec.containers[0].volumeMounts";
    const one = edit(
      edit(healthy(), "deployment", `${mounts}[0].mountPath`, "/var/lib/omendb"),
      "deployment",
      `${mounts}[1].mountPath`,
      "/old",
    );
    expect(stores(one)[0]?.needed).toBe(1.1e10);
  });

  it("has no asset for a volume that nobody's workload mounts, nor for a bucket that nobody copies to", () => {
    const parts = {
      ...healthy(),
      stray: kubernetes("core/v1:PersistentVolumeClaim", "stray", {}, { spec: {} }),
      spare: resource("aws:s3/bucket:Bucket", "spare", { bucket: "spare" }),
    };
    const strays = stores(parts).filter(({ asset }) => asset === undefined);
    expect(strays.map(({ name }) => name)).toEqual(["PersistentVolumeClaim stray", "Bucket spare"]);
    expect(strays[0]?.size).toEqual({ unknown: "it asks for no size" });
  });

  describe("of an engine that is not OmenDB", () => {
    const objectives = JSON.stringify({ region: { rpo: "1h", rto: "1h", owner: "me", reason: "because" } });
    const shop = (volumes: Value, templates: Value = []) => ({
      shop: kubernetes(
        "apps/v1:StatefulSet",
        "shop",
        { asset: "shop/db", objectives, bytes: "20000000000" },
        { spec: { template: { spec: { containers: [], volumes } }, volumeClaimTemplates: templates } },
      ),
      claim: kubernetes("core/v1:PersistentVolumeClaim", "shop-data", {}, { spec: {} }),
    });
    const volume = (name: string) => ({ name, persistentVolumeClaim: { claimName: name } });
    const needs = (parts: Parts) => stores(parts).map(({ name, needed }) => [name, needed]);

    it("needs the whole promised size on its one persistent volume", () => {
      expect(needs(shop([volume("shop-data"), { name: "scratch", emptyDir: {} }]))).toEqual([
        ["PersistentVolumeClaim shop-data", 20e9],
      ]);
      expect(needs(shop([], [{ metadata: { name: "data" }, spec: {} }]))).toContainEqual([
        "claim template data of StatefulSet shop",
        20e9,
      ]);
    });

    it("needs nobody knows how much of it on each of several", () => {
      expect(needs(shop([volume("shop-data"), volume("shop-log")]))).toEqual([
        ["PersistentVolumeClaim shop-data", undefined],
      ]);
    });

    it("needs nothing of it on the volume of another workload", () => {
      const { shop: served, claim } = shop([]);
      const spec = { template: { spec: { containers: [], volumes: [volume("shop-data")] } } };
      const web = kubernetes("apps/v1:Deployment", "web", {}, { spec });
      expect(needs({ served, claim, web })).toEqual([["PersistentVolumeClaim shop-data", undefined]]);
    });
  });

  it("takes the larger of what a claim says that it needs and what its asset gives", () => {
    const needs = 'metadata.annotations["holdfast.dev/needs"]';
    const needed = (value: string) => stores(edit(healthy(), "data", needs, value))[0]?.needed;
    expect([needed("20000000000"), needed("1"), needed("20Gi")]).toEqual([20e9, 1e10, 1e10]);
    expect(messages(edit(healthy(), "data", needs, "20Gi"))).toEqual([
      'PersistentVolumeClaim omendb-data: holdfast.dev/needs must be whole bytes such as "10000000000"',
    ]);
    const unread = read(edit(healthy(), "data", needs, UNKNOWN)).problems;
    expect(unread).toMatchObject([{ source: { property: needs }, cannotProve: true }]);
  });

  it("needs what a claim says where only a job that protects the asset mounts it", () => {
    const claim = kubernetes("core/v1:PersistentVolumeClaim", "backups", { needs: "5000" }, { spec: {} });
    const volumes = "spec.jobTemplate.spec.template.spec.volumes[3]";
    const parts = edit({ ...healthy(), claim }, "full", volumes, {
      name: "backups",
      persistentVolumeClaim: { claimName: "backups" },
    });
    expect(stores(parts)).toContainEqual(
      expect.objectContaining({ name: "PersistentVolumeClaim backups", asset: "omendb/data", needed: 5000 }),
    );
  });

  const size = "spec.resources.requests.storage";
  it.each([
    ["100Gi", 100 * 2 ** 30],
    ["1.5T", 1.5e12],
    ["512", 512],
    [512, 512],
    ["500e9", 5e11],
    ["1Ei", 2 ** 60],
    ["1500m", 1],
  ])("reads the size %s", (text, bytes) => {
    expect(stores(edit(healthy(), "data", size, text))[0]?.size).toBe(bytes);
  });

  it("does not know a size that is unknown, ignored or no quantity", () => {
    expect(stores(edit(healthy(), "data", size, UNKNOWN))[0]?.size).toHaveProperty("unknown");
    expect(stores(ignore(healthy(), "data", size))[0]?.size).toHaveProperty("unknown");
    expect(stores(edit(healthy(), "data", size, [UNKNOWN]))[0]?.size).toHaveProperty("unknown");
    expect(stores(edit(healthy(), "data", size, "SECRET"))[0]?.size).toEqual({
      unknown: 'spec.resources.requests.storage of PersistentVolumeClaim omendb-data is not a quantity such as "100Gi"',
    });
  });
});
