import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import type { Disruption } from "../../../recovery/objective";
import type { Path } from "../../../recovery/plan";
import { edit, forgotten, healthy, ignore, type Parts, read } from "./program";

function reschedule(parts: Parts, disruption: Disruption): Path {
  const path = read(parts).plan.paths.find(
    ({ id, disruptions }) => id.startsWith("omendb/data/reschedule") && disruptions.includes(disruption),
  );
  if (path === undefined) throw new Error(`no way to reschedule after ${disruption}`);
  return path;
}

const values = (terms: Path["detect"]) => terms.map(({ value }) => value);
const steps = (path: Path) => path.steps.map(({ name, bound }) => [name, bound.value]);
const pod = "spec.template.spec";

function unleased(): Parts {
  return edit(
    edit(healthy(), "deployment", 'metadata.annotations["holdfast.dev/lease"]', undefined),
    "deployment",
    "spec.replicas",
    1,
  );
}

function tolerating(...tolerations: Value[]): Parts {
  return edit(healthy(), "deployment", `${pod}.tolerations`, tolerations);
}

const exclusive = edit(edit(unleased(), "data", "spec.storageClassName", "ebs"), "data", "spec.accessModes", [
  "ReadWriteOnce",
]);

describe("reschedule", () => {
  it("waits for the node to count as lost and the pod to be evicted, then pulls and starts, one after the other", () => {
    const path = reschedule(healthy(), "node");
    expect(values(path.detect)).toEqual([50, 30]);
    expect(steps(path)).toEqual([
      ["volume leaves the lost node", 0],
      ["image is pulled", 40],
      ["Lease of the lost pod runs out", 0],
      ["start", 45],
    ]);
    expect(path.steps.map(({ after }) => after[0])).toEqual([
      undefined,
      ...path.steps.slice(0, -1).map(({ name }) => name),
    ]);
  });

  it("starts a hung container again in place", () => {
    const path = reschedule(healthy(), "process");
    expect(path.label).toBe("container restart");
    expect(values(path.detect)).toEqual([17, 20, 10]);
    expect(steps(path)).toEqual([
      ["Lease of the lost pod runs out", 21],
      ["start", 45],
    ]);
  });

  it("waits for what is left of the lost pod's Lease", () => {
    const slow = edit(healthy(), "lease", "spec.leaseDurationSeconds", 600);
    expect(steps(reschedule(slow, "node"))[2]).toEqual(["Lease of the lost pod runs out", 600 + 240 - 50 - 30 - 40]);
  });

  it("has the start-up budget of the probe where there is no Lease, and no bound without one", () => {
    expect(steps(reschedule(unleased(), "process"))).toEqual([["start", 12]]);
    const bare = edit(unleased(), "deployment", `${pod}.containers[0].startupProbe`, undefined);
    expect(steps(reschedule(bare, "process"))).toEqual([
      ["start", { unbounded: "no startupProbe: nothing bounds a start" }],
    ]);
    const unknown = edit(unleased(), "deployment", `${pod}.containers[0].startupProbe.failureThreshold`, UNKNOWN);
    expect(steps(reschedule(unknown, "process"))).toEqual([["start", { unknown: expect.any(String) }]]);
  });

  it("takes the node grace of the site", () => {
    expect(values(reschedule(edit(healthy(), "register", "sites[0].nodeGrace", "40s"), "node").detect)[0]).toBe(40);
  });

  const ready = { key: "node.kubernetes.io/not-ready", effect: "NoExecute", tolerationSeconds: 30 };
  const reached = { key: "node.kubernetes.io/unreachable", effect: "NoExecute", tolerationSeconds: 20 };
  it.each([
    ["the larger of both", tolerating(ready, reached), 30],
    ["300 s where one is missing", tolerating(ready), 300],
    ["300 s where both are", tolerating(), 300],
    ["300 s where none is said", edit(healthy(), "deployment", `${pod}.tolerations`, undefined), 300],
    ["what a toleration of everything says", tolerating({ operator: "Exists", tolerationSeconds: 7 }), 7],
    ["no other effect", tolerating({ ...ready, effect: "NoSchedule" }, reached), 300],
  ])("tolerates a lost node for %s", (_what, parts, expected) => {
    expect(values(reschedule(parts, "node").detect)[1]).toBe(expected);
  });

  it("tolerates it for ever without tolerationSeconds, and is unknown when that is", () => {
    const forever = tolerating(ready, { ...reached, tolerationSeconds: undefined });
    expect(values(reschedule(forever, "node").detect)[1]).toHaveProperty("unbounded");
    expect(
      values(reschedule(tolerating(ready, { ...reached, tolerationSeconds: UNKNOWN }), "node").detect)[1],
    ).toHaveProperty("unknown");
    expect(values(reschedule(ignore(healthy(), "deployment", `${pod}.tolerations`), "node").detect)[1]).toHaveProperty(
      "unknown",
    );
  });

  it("waits for an exclusive volume to be taken from the lost node", () => {
    expect(steps(reschedule(exclusive, "node"))[0]).toEqual(["volume leaves the lost node", 360]);
  });

  it("is excluded where the storage does not survive", () => {
    const local = edit(healthy(), "deployment", `${pod}.volumes[0]`, { name: "data", hostPath: { path: "/data" } });
    expect(reschedule(local, "node").excluded.node).toBe("its storage survives the loss of a process at most");
  });

  it("is no way out of a lost zone, where evictions may stop", () => {
    expect(reschedule(healthy(), "zone").excluded.zone).toBe("evictions may stop when most nodes of a zone are lost");
  });

  it("never ends for the pod of a StatefulSet", () => {
    const { deployment, ...rest } = healthy();
    if (deployment === undefined) throw new Error("no deployment");
    const set = { ...deployment, type: "kubernetes:apps/v1:StatefulSet" };
    expect(steps(reschedule({ ...rest, set }, "node"))[0]?.[1]).toEqual({
      unbounded: "a pod of a StatefulSet stays Terminating on a lost node until someone acts",
    });
  });

  it("does not know how long a pull takes when nobody declared it", () => {
    expect(steps(reschedule(forgotten(healthy(), "image-pull"), "node"))[1]?.[1]).toHaveProperty("unknown");
  });
});
