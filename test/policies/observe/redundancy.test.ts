import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
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

function expression(operator: string, values: Value): Value {
  return { key: "app", operator, values };
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
      "volume data of Deployment prod-omendb and 4 more names no claim that this program declares in namespace omendb-prod of that cluster, or one that is not known before deployment",
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

  it("takes what is mounted below the folders for a part of the data", () => {
    const volumes = "spec.template.spec.volumes[3]";
    const below = (volume: Record<string, Value>, readOnly: boolean) => {
      const name = "extra";
      const parts = edit(healthy(), "deployment", volumes, { name, ...volume });
      return edit(parts, "deployment", `${mounts}[3]`, { name, mountPath: "/var/lib/omendb/data/segments", readOnly });
    };
    expect(losses(below({ emptyDir: {} }, false))[0]).toHaveProperty("unbounded");
    expect(redundancy(below({ hostPath: { path: "/x" } }, false)).survives).toBe("process");
    expect(redundancy(below({ hostPath: { path: "/x" } }, true)).survives).toBe("zone");
  });

  it("finds the file by the path that the environment says, by its key, and nowhere else", () => {
    const environment = "spec.template.spec.containers[0].env[2]";
    const at = (value: Value) => edit(healthy(), "deployment", environment, { name: "OMENDB_CONFIG", value });
    const mounted = (path: string) => edit(at(path), "deployment", `${mounts}[2].mountPath`, "/settings");
    expect(losses(at("/etc/omendb/omendb.toml"))).toEqual([0]);
    expect(losses(mounted("/settings/omendb.toml"))).toEqual([0]);
    const renamed = (key: string) =>
      edit(mounted("/settings/db.toml"), "deployment", "spec.template.spec.volumes[2].configMap.items", [
        { key, path: "db.toml" },
      ]);
    expect(losses(renamed("omendb.toml"))).toEqual([0]);
    for (const parts of [at("/other/omendb.toml"), at(UNKNOWN), at("$(DIR)/omendb.toml"), renamed("other.toml")]) {
      expect(losses(parts)).toEqual([{ unknown: expect.any(String) }]);
    }
  });

  it("does not know a data folder that comes from elsewhere", () => {
    const container = "spec.template.spec.containers[0]";
    const dataDir = (variable: Value) => edit(healthy(), "deployment", `${container}.env[2]`, variable);
    const name = "OMENDB_DATA_DIR";
    expect(losses(dataDir({ name, value: "/var/lib/omendb/data/" }))).toEqual([0]);
    for (const parts of [
      dataDir({ name, value: UNKNOWN }),
      dataDir({ name, valueFrom: { configMapKeyRef: { name: "other", key: "dir" } } }),
      dataDir({ name: UNKNOWN, value: "/x" }),
      edit(healthy(), "deployment", `${container}.envFrom`, [{ configMapRef: { name: "other" } }]),
    ]) {
      expect(losses(parts)).toEqual([{ unknown: expect.any(String) }]);
    }
  });

  it("notes a Lease that its container does not name", () => {
    const container = "spec.template.spec.containers[0]";
    const parts = edit(healthy(), "deployment", `${container}.env[1].value`, "other");
    const message =
      "Deployment prod-omendb says that its serving pod holds Lease prod-omendb, but no environment value";
    expect(messages(parts)).toEqual([`${message} or argument of its container names that Lease`]);
    expect(messages(edit(parts, "deployment", `${container}.args`, ["--lease=prod-omendb"]))).toEqual([]);
    expect(messages(edit(parts, "deployment", `${container}.args`, ["--lease=prod-omendb-2"]))).toHaveLength(1);
    expect(messages(edit(healthy(), "deployment", `${container}.env[1].value`, UNKNOWN))[0]).toMatch(/not known/);
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

  it.each<[string, boolean, Value]>([
    ["a label", true, { matchLabels: { app: "omendb" } }],
    ["an expression of one label", true, { matchExpressions: [expression("In", ["omendb"])] }],
    ["both", true, { matchLabels: { app: "omendb" }, matchExpressions: [expression("In", ["omendb"])] }],
    ["an expression of another label", false, { matchExpressions: [expression("In", ["web"])] }],
    [
      "a label and an expression of another",
      false,
      {
        matchLabels: { app: "omendb" },
        matchExpressions: [expression("In", ["web"])],
      },
    ],
    ["an expression of several labels", false, { matchExpressions: [expression("In", ["omendb", "web"])] }],
    ["any other operator", false, { matchExpressions: [expression("NotIn", ["omendb"])] }],
    ["an expression that is not known", false, { matchExpressions: UNKNOWN }],
    ["values that are not known", false, { matchExpressions: [expression("In", UNKNOWN)] }],
    ["nothing", false, {}],
  ])("forces pods apart by an anti-affinity that selects by %s: %s", (_, forced, labelSelector) => {
    let parts = edit(healthy(), "deployment", 'metadata.annotations["holdfast.dev/lease"]', undefined);
    for (const claim of ["data", "wal"]) {
      parts = edit(edit(parts, claim, "spec.storageClassName", "ebs"), claim, "spec.accessModes", ["ReadWriteOnce"]);
    }
    parts = edit(parts, "deployment", "spec.template.spec.topologySpreadConstraints", undefined);
    const path = "spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution";
    parts = edit(parts, "deployment", path, [{ topologyKey: "kubernetes.io/hostname", labelSelector }]);
    expect(messages(parts)).toHaveLength(forced ? 0 : 1);
  });

  it("notes a Lease that does not exist in its namespace", () => {
    const message =
      "holdfast.dev/lease of Deployment prod-omendb names no Lease of its namespace in this program, or one that is not known before deployment";
    expect(messages(without(healthy(), "lease"))).toContain(message);
    expect(messages(edit(healthy(), "lease", "metadata.namespace", "other"))).toContain(message);
    const named = (lease: Value) => edit(healthy(), "deployment", 'metadata.annotations["holdfast.dev/lease"]', lease);
    expect(messages(named("elsewhere"))).toContain(message);
    expect(read(named(UNKNOWN))).toEqual(read(named("elsewhere")));
  });

  it("cannot prove what a pod keeps whose volumes are not known", () => {
    const parts = edit(healthy(), "deployment", "spec.template.spec.volumes", UNKNOWN);
    expect(redundancy(parts).survives).toHaveProperty("unknown");
    expect(read(parts).problems.some(({ cannotProve }) => cannotProve)).toBe(true);
  });
});
