import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import type { Disruption } from "../../../recovery/objective";
import type { Path } from "../../../recovery/plan";
import { edit, forgotten, healthy, ignore, type Parts, read, registered } from "./program";

function takeover(parts: Parts, disruption: Disruption): Path {
  const path = read(parts).plan.paths.find(
    (one) => one.label === "lease takeover" && one.disruptions.includes(disruption),
  );
  if (path === undefined) throw new Error(`no takeover from ${disruption}`);
  return path;
}

const values = (terms: Path["detect"]) => terms.map(({ value }) => value);
const pod = "spec.template.spec";
const drill = {
  id: "d1",
  asset: "omendb/data",
  path: "takeover",
  date: "2026-11-01",
  took: "1m",
  bytes: 1,
  verified: true,
};

describe("takeover", () => {
  it("waits for the Lease to run out and for the standby to look, then starts", () => {
    const path = takeover(healthy(), "node");
    expect(values(path.detect)).toEqual([15, 6]);
    expect(path.steps.map(({ name, bound }) => [name, bound.value])).toEqual([["start", 45]]);
    expect(values(path.redirect)).toEqual([5]);
    expect([path.decide, path.needs, path.excluded]).toEqual([[], [], {}]);
  });

  it("notices a hung process first, and gives it time to end", () => {
    expect(values(takeover(healthy(), "process").detect)).toEqual([17, 20, 15, 6]);
  });

  it("is possible again at once with a third pod, and with two once the lost one is back", () => {
    const pods = (replicas: number) => edit(healthy(), "deployment", "spec.replicas", replicas);
    expect(takeover(pods(3), "node").reprotect).toEqual([]);
    expect(values(takeover(pods(2), "node").reprotect ?? [])).toEqual([50, 30, 0, 40, 45]);
    expect(values(takeover(pods(2), "zone").reprotect ?? [])).toEqual([
      { unbounded: "evictions may stop when most nodes of a zone are lost" },
    ]);
  });

  it("counts what Kubernetes does where a probe says nothing", () => {
    const parts = edit(
      edit(healthy(), "deployment", `${pod}.containers[0].livenessProbe`, { exec: {} }),
      "deployment",
      `${pod}.terminationGracePeriodSeconds`,
      undefined,
    );
    expect(values(takeover(parts, "process").detect)).toEqual([31, 30, 15, 6]);
  });

  it("never notices a hung process without a liveness probe", () => {
    const parts = edit(healthy(), "deployment", `${pod}.containers[0].livenessProbe`, undefined);
    expect(takeover(parts, "process").detect[0]?.value).toEqual({
      unbounded: "no livenessProbe: a hung process is never noticed",
    });
  });

  it.each([
    ["leaseDurationSeconds", "spec.leaseDurationSeconds"],
    ["start-deadline", 'metadata.annotations["holdfast.dev/start-deadline"]'],
  ])("has no bound without %s, and is unknown when that is", (_what, path) => {
    const total = (parts: Parts) => {
      const found = takeover(parts, "node");
      return [...values(found.detect), ...found.steps.map(({ bound }) => bound.value)];
    };
    expect(total(edit(healthy(), "lease", path, undefined))).toContainEqual({ unbounded: expect.any(String) });
    expect(total(edit(healthy(), "lease", path, UNKNOWN))).toContainEqual({ unknown: expect.any(String) });
    expect(total(ignore(healthy(), "lease", path))).toContainEqual({ unknown: expect.any(String) });
  });

  it("does not exist with a single replica, and is unknown when their number is", () => {
    expect(() => takeover(edit(healthy(), "deployment", "spec.replicas", 1), "node")).toThrow("no takeover");
    expect(() => takeover(edit(healthy(), "deployment", "spec.replicas", undefined), "node")).toThrow("no takeover");
    expect(values(takeover(ignore(healthy(), "deployment", "spec.replicas"), "node").detect)[0]).toHaveProperty(
      "unknown",
    );
  });

  it.each([
    [
      "soft",
      "topologySpreadConstraints[0].whenUnsatisfiable",
      "ScheduleAnyway",
      "the spread over each zone is soft (whenUnsatisfiable is not DoNotSchedule)",
    ],
    ["as wide as all replicas", "topologySpreadConstraints[0].maxSkew", 3, "maxSkew allows all 3 on one zone"],
    [
      "of other pods",
      "topologySpreadConstraints[0].labelSelector.matchLabels.app",
      "web",
      "its labelSelector does not select the pods",
    ],
    [
      "over something else",
      "topologySpreadConstraints[0].topologyKey",
      "rack",
      "no constraint with topologyKey topology.kubernetes.io/zone spreads them",
    ],
  ])("is excluded for a zone when the spread is %s", (_what, path, value, reason) => {
    const { excluded } = takeover(edit(healthy(), "deployment", `${pod}.${path}`, value), "zone");
    expect(excluded).toEqual({ zone: `all its pods may be on one zone: ${reason}` });
  });

  it("is excluded for node and zone without any spread, and needs none for a process", () => {
    const parts = edit(healthy(), "deployment", `${pod}.topologySpreadConstraints`, undefined);
    expect(Object.keys(takeover(parts, "node").excluded)).toEqual(["node", "zone"]);
    expect(takeover(parts, "process").excluded).toEqual({});
  });

  it("takes a spread over zones for one over nodes", () => {
    const parts = edit(healthy(), "deployment", `${pod}.topologySpreadConstraints[1]`, { topologyKey: "rack" });
    expect(takeover(parts, "node").excluded).toEqual({});
  });

  it("takes a required anti-affinity for a spread", () => {
    const term = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "omendb" } } };
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    const parts = edit(
      edit(healthy(), "deployment", `${pod}.topologySpreadConstraints`, undefined),
      "deployment",
      `${pod}.affinity`,
      affinity,
    );
    expect(Object.keys(takeover(parts, "node").excluded)).toEqual(["zone"]);
  });

  it("says what it relies on where minDomains does not force a second zone", () => {
    const parts = edit(healthy(), "deployment", `${pod}.topologySpreadConstraints[0].minDomains`, undefined);
    expect(takeover(parts, "zone").detect[0]).toMatchObject({
      name: "a standby waits on another zone; relies on nodes in two of the 3 zones of site primary, as minDomains is not set",
      value: 0,
    });
    const narrow = edit(parts, "register", "sites[0].zones", ["eu-central-1a"]);
    expect(takeover(narrow, "zone").excluded.zone).toBe("minDomains is not set and site primary has one zone");
  });

  it("is excluded where the spread is not known or may be changed behind the program", () => {
    expect(
      takeover(edit(healthy(), "deployment", `${pod}.topologySpreadConstraints`, UNKNOWN), "zone").excluded.zone,
    ).toMatch(/not known/);
    expect(takeover(ignore(healthy(), "deployment", `${pod}.topologySpreadConstraints`), "zone").excluded.zone).toMatch(
      /ignoreChanges/,
    );
  });

  it("is excluded where the standby cannot mount the volume, or the volume dies with what is lost", () => {
    let parts = healthy();
    for (const claim of ["data", "wal"]) {
      parts = edit(edit(parts, claim, "spec.storageClassName", "ebs"), claim, "spec.accessModes", ["ReadWriteOnce"]);
    }
    expect(takeover(parts, "node").excluded.node).toBe(
      "a standby on another node cannot mount the volume: it is not shared",
    );
    const zonal = edit(healthy(), "register", "sites[0].storageClasses.efs.survives", "node");
    expect(takeover(zonal, "zone").excluded).toEqual({ zone: "its storage survives the loss of a node at most" });
  });

  it("cannot be proven where nobody knows whether a standby may mount the volume", () => {
    for (const parts of [
      edit(healthy(), "data", "spec.accessModes", UNKNOWN),
      ignore(healthy(), "data", "spec.accessModes"),
    ]) {
      const { detect, excluded } = takeover(parts, "zone");
      expect(detect[0]).toMatchObject({ name: "a standby mounts the volume", value: { unknown: expect.any(String) } });
      expect(excluded).toEqual({});
    }
  });

  it("starts without the data where each pod has a folder of its own", () => {
    const mount = `${pod}.containers[0].volumeMounts[0].subPathExpr`;
    const reason = "each pod has a volume or folder of its own: a standby starts without the data";
    expect(takeover(edit(healthy(), "deployment", mount, "$(POD_NAME)"), "node").excluded.node).toBe(reason);
    expect(takeover(edit(healthy(), "deployment", mount, "$(LEASE)"), "node").excluded).toEqual({});
  });

  it("has no bound with a Lease that no pod takes", () => {
    const lasts = (duration: number) =>
      values(takeover(edit(healthy(), "lease", "spec.leaseDurationSeconds", duration), "node").detect)[0];
    expect(lasts(2)).toHaveProperty("unbounded");
    expect(lasts(3)).toBe(3);
  });

  it("notices a process that hung as it started after the delay of its probe, or its start-up probe has given up", () => {
    const container = `${pod}.containers[0]`;
    const noticed = (path: string, value: Value) =>
      values(takeover(edit(healthy(), "deployment", `${container}.${path}`, value), "process").detect).slice(0, 2);
    expect(noticed("livenessProbe.initialDelaySeconds", 60)).toEqual([77, 20]);
    expect(noticed("livenessProbe.timeoutSeconds", 20)).toEqual([80, 20]);
    expect(noticed("livenessProbe.periodSeconds", 0)).toEqual([32, 20]);
    expect(noticed("startupProbe.failureThreshold", 60)).toEqual([61, 20]);
    expect(noticed("startupProbe.failureThreshold", UNKNOWN)).toEqual([{ unknown: expect.any(String) }, 20]);
    expect(noticed("startupProbe", undefined)).toEqual([17, 20]);
    expect(noticed("livenessProbe.terminationGracePeriodSeconds", 90)).toEqual([17, 90]);
    expect(noticed("livenessProbe.terminationGracePeriodSeconds", UNKNOWN)[1]).toHaveProperty("unknown");
  });

  it("is measured after a verified drill within its bound, else assumed with the entry for paths nobody rehearsed", () => {
    const grade = (parts: Parts) => takeover(parts, "node").steps.map(({ bound }) => [bound.grade, bound.assumption]);
    expect(grade(healthy())).toEqual([["assumed", "omendb-undrilled"]]);
    expect(grade(forgotten(healthy(), "undrilled"))).toEqual([["assumed", undefined]]);
    expect(grade(registered(healthy(), "drills", drill))).toEqual([["measured", undefined]]);
    for (const weaker of [
      { verified: false },
      { date: "2026-08-01" },
      { took: "2m" },
      { path: "reschedule" },
      { asset: "x" },
    ]) {
      expect(grade(registered(healthy(), "drills", { ...drill, ...weaker }))).toEqual([
        ["assumed", "omendb-undrilled"],
      ]);
    }
  });

  it("does not know how long clients take when nobody declared it", () => {
    expect(values(takeover(forgotten(healthy(), "redirect"), "node").redirect)[0]).toHaveProperty("unknown");
  });
});
