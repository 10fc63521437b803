import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { edit, healthy, kubernetes, messages, type Parts } from "./program";

type Props = Record<string, Value>;

const plus = (type: string, name: string, rest: Props, links: Props = {}): Parts => ({
  ...healthy(),
  more: kubernetes(type, name, links, rest),
});
const renamed = (parts: Parts, name: Value) => edit(parts, "more", "metadata.name", name);

describe("what else decides about an object", () => {
  it("is a patch of it, and of any when nobody knows which", () => {
    const patch = plus("apps/v1:DeploymentPatch", "prod-omendb", { spec: { replicas: 1 } });
    const message = "DeploymentPatch prod-omendb may change what Deployment prod-omendb declares: say it there";
    expect(messages(patch)).toEqual([message]);
    expect(messages(renamed(patch, "other"))).toEqual([]);
    expect(messages(renamed(patch, UNKNOWN))).toHaveLength(1);
    expect(messages(edit(patch, "more", "metadata.namespace", "other"))).toEqual([]);
  });

  it("is a second object of its name", () => {
    const twin = plus("core/v1:ConfigMap", "twin", { data: {} });
    expect(messages(twin)).toEqual([]);
    expect(messages(renamed(twin, "omendb-config"))).toEqual([
      "ConfigMap omendb-config is declared twice, by primary-omendb-config and primary-twin: which of them is deployed is not known",
    ]);
  });

  it("is a scaler that may ask for fewer pods", () => {
    const scaler = (target: Value, least: Value) =>
      messages(
        plus("autoscaling/v2:HorizontalPodAutoscaler", "scaler", {
          spec: { scaleTargetRef: { kind: "Deployment", name: target }, minReplicas: least },
        }),
      );
    const message =
      "HorizontalPodAutoscaler scaler decides how many pods Deployment prod-omendb has: its spec.minReplicas must not be below spec.replicas there";
    const fewer: Value[] = [1, undefined, UNKNOWN];
    for (const least of fewer) expect(scaler("prod-omendb", least)).toEqual([message]);
    expect(scaler(UNKNOWN, 1)).toEqual([message]);
    expect(scaler("prod-omendb", 3)).toEqual([]);
    expect(scaler("other", 1)).toEqual([]);
  });
});

describe("what else may write to the data", () => {
  const writer = (readOnly: boolean): Props => ({
    containers: [{ name: "writer", volumeMounts: [{ name: "data", mountPath: "/data", readOnly }] }],
    volumes: [{ name: "data", persistentVolumeClaim: { claimName: "omendb-data" } }],
  });
  const template = (readOnly: boolean): Props => ({ spec: { template: { spec: writer(readOnly) } } });
  const job = (readOnly: boolean, suspend: boolean): Props => ({ spec: { suspend, jobTemplate: template(readOnly) } });

  it.each([
    ["Deployment", plus("apps/v1:Deployment", "writer", template(false))],
    ["StatefulSet", plus("apps/v1:StatefulSet", "writer", template(false))],
    ["DaemonSet", plus("apps/v1:DaemonSet", "writer", template(false))],
    ["Job", plus("batch/v1:Job", "writer", template(false))],
    ["Pod", plus("core/v1:Pod", "writer", { spec: writer(false) })],
    ["CronJob", plus("batch/v1:CronJob", "writer", job(false, false))],
  ])("is a %s that mounts it", (kind, parts) => {
    expect(messages(parts)).toEqual([
      `${kind} writer may write to volume data, where Deployment prod-omendb keeps omendb/data: mount it readOnly, or suspend what writes`,
    ]);
  });

  it.each([
    ["reads it", plus("batch/v1:CronJob", "reader", job(true, false))],
    ["is suspended", plus("batch/v1:CronJob", "writer", job(false, true))],
    ["has no pods", edit(plus("apps/v1:Deployment", "writer", template(false)), "more", "spec.replicas", 0)],
    [
      "is elsewhere",
      edit(plus("apps/v1:Deployment", "writer", template(false)), "more", "metadata.namespace", "other"),
    ],
  ])("is nothing that %s", (_what, parts) => {
    expect(messages(parts)).toEqual([]);
  });
});
