import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../policies/graph";
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

  const size = "spec.resources.requests.storage";
  it.each([
    ["100Gi", 100 * 2 ** 30],
    ["1.5T", 1.5e12],
    ["512", 512],
    [512, 512],
  ])("reads the size %s", (text, bytes) => {
    expect(stores(edit(healthy(), "data", size, text))[0]?.size).toBe(bytes);
  });

  it("does not know a size that is unknown, ignored or no quantity", () => {
    expect(stores(edit(healthy(), "data", size, UNKNOWN))[0]?.size).toHaveProperty("unknown");
    expect(stores(ignore(healthy(), "data", size))[0]?.size).toHaveProperty("unknown");
    expect(stores(edit(healthy(), "data", size, "SECRET"))[0]?.size).toEqual({
      unknown: 'spec.resources.requests.storage of PersistentVolumeClaim omendb-data is not a quantity such as "100Gi"',
    });
  });
});
