import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../policies/graph";
import type { Redundancy } from "../../../recovery/plan";
import { edit, healthy, ignore, messages, type Parts, read, without } from "./program";

function redundancy(parts: Parts): Redundancy {
  const found = read(parts).plan.protections.find((one) => one.kind === "redundancy");
  if (found?.kind !== "redundancy") throw new Error("no redundancy");
  return found;
}

function losses(parts: Parts) {
  return redundancy(parts).loss.map(({ value }) => value);
}

function configured(change: (toml: string) => string): Parts {
  const data = healthy().config?.props.data as { "omendb.toml": string };
  return edit(healthy(), "config", 'data["omendb.toml"]', change(data["omendb.toml"]));
}

const mounts = "spec.template.spec.containers[0].volumeMounts";

describe("redundancy", () => {
  it("survives what the least of its volumes survives, and loses nothing that was acknowledged", () => {
    expect(redundancy(healthy())).toMatchObject({ survives: "zone", loss: [{ value: 0, grade: "guaranteed" }] });
    expect(redundancy(edit(healthy(), "wal", "spec.storageClassName", "ebs")).survives).toBe("node");
  });

  it.each([
    ["a claim without a storage class", edit(healthy(), "data", "spec.storageClassName", undefined)],
    ["a storage class that no site describes", edit(healthy(), "data", "spec.storageClassName", "magic")],
    ["an unknown storage class", edit(healthy(), "data", "spec.storageClassName", UNKNOWN)],
    ["an ignored storage class", ignore(healthy(), "data", "spec.storageClassName")],
    ["a claim that does not exist", without(healthy(), "data")],
  ])("does not know what %s survives", (_what, parts) => {
    expect(redundancy(parts).survives).toHaveProperty("unknown");
  });

  it("notes a claim that does not exist, and one that will never be bound", () => {
    expect(messages(without(healthy(), "data"))).toContain(
      "Deployment prod-omendb mounts claim omendb-data, which this program does not declare in its namespace",
    );
    expect(messages(edit(healthy(), "data", "spec.storageClassName", "ebs"))).toContain(
      "PersistentVolumeClaim omendb-data asks for ReadWriteMany, which its storage class does not offer: it will never be bound",
    );
  });

  it("survives a process only on a folder of its node", () => {
    const parts = edit(healthy(), "deployment", "spec.template.spec.volumes[0]", {
      name: "data",
      hostPath: { path: "/data" },
    });
    expect(redundancy(parts).survives).toBe("process");
  });

  it("loses everything with its pod on scratch, and on no volume at all", () => {
    const scratch = edit(healthy(), "deployment", "spec.template.spec.volumes[0]", { name: "data", emptyDir: {} });
    expect(losses(scratch)).toEqual([{ unbounded: "what Deployment prod-omendb writes lives and dies with its pod" }]);
    const nowhere = edit(healthy(), "deployment", `${mounts}[0].mountPath`, "/elsewhere");
    expect(losses(nowhere)).toEqual([
      { unbounded: "the data directory of Deployment prod-omendb is on no volume: it lives and dies with its pod" },
    ]);
  });

  it("loses without bound when the log is not on a persistent volume", () => {
    expect(losses(edit(healthy(), "deployment", `${mounts}[1].mountPath`, "/elsewhere"))).toEqual([
      { unbounded: "the log is not on a persistent volume" },
    ]);
  });

  it("finds data and log on one volume above both", () => {
    const parts = edit(
      edit(healthy(), "deployment", `${mounts}[0].mountPath`, "/var/lib/omendb/"),
      "deployment",
      `${mounts}[1]`,
      {
        name: "config",
        mountPath: "/config",
      },
    );
    expect(losses(parts)).toEqual([0]);
  });

  it("loses the sync interval, rounded up, when writes are not synced one by one", () => {
    expect(losses(configured((toml) => toml.replace("sync_on_write = true", "sync_on_write = false")))).toEqual([6]);
  });

  it("loses without bound when the log is off", () => {
    expect(losses(configured((toml) => toml.replace("enabled = true", "enabled = false")))).toEqual([
      { unbounded: "the write-ahead log is off (wal.enabled is false)" },
    ]);
  });

  it.each([
    ["the file does not say", configured((toml) => toml.replace("sync_on_write = true", ""))],
    ["the file is not TOML", configured(() => "[[[")],
    ["the file is of the wrong type", configured((toml) => toml.replace("= true", '= "yes"'))],
    ["no file is mounted", without(healthy(), "config")],
    ["the file is not known", edit(healthy(), "config", "data", UNKNOWN)],
    ["the file is ignored", ignore(healthy(), "config", "data")],
    [
      "the environment names another folder",
      edit(healthy(), "deployment", "spec.template.spec.containers[0].env[0]", {
        name: "OMENDB_DATA_DIR",
        value: "/x",
      }),
    ],
  ])("does not know the loss when %s", (_what, parts) => {
    expect(losses(parts)).toEqual([{ unknown: expect.any(String) }]);
  });

  it("does not prove one writer at a time without a Lease", () => {
    const parts = edit(healthy(), "deployment", 'metadata.annotations["holdfast.dev/lease"]', undefined);
    const message = "nothing stops two pods of Deployment prod-omendb from writing to one volume: it names no Lease";
    expect(messages(parts)).toEqual([message]);
    expect(losses(parts)).toEqual([{ unknown: message }, 0]);
    expect(messages(edit(parts, "deployment", "spec.replicas", 1))).toEqual([]);
  });

  it("needs no Lease where an exclusive volume and pods that are forced apart leave one that runs", () => {
    let parts = edit(healthy(), "deployment", 'metadata.annotations["holdfast.dev/lease"]', undefined);
    for (const claim of ["data", "wal"]) {
      parts = edit(edit(parts, claim, "spec.storageClassName", "ebs"), claim, "spec.accessModes", ["ReadWriteOnce"]);
    }
    expect(messages(parts)).toEqual([]);
    const together = edit(parts, "deployment", "spec.template.spec.topologySpreadConstraints", undefined);
    expect(messages(together)).toHaveLength(1);
  });

  it("notes a Lease that does not exist in its namespace", () => {
    const message =
      "Deployment prod-omendb names Lease prod-omendb, which this program does not declare in its namespace";
    expect(messages(without(healthy(), "lease"))).toContain(message);
    expect(messages(edit(healthy(), "lease", "metadata.namespace", "other"))).toContain(message);
  });

  it("cannot prove what a pod keeps whose volumes are not known", () => {
    const parts = edit(healthy(), "deployment", "spec.template.spec.volumes", UNKNOWN);
    expect(redundancy(parts).survives).toHaveProperty("unknown");
    expect(read(parts).problems.some(({ cannotProve }) => cannotProve)).toBe(true);
  });
});
