import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import type { Disruption } from "../../../recovery/objective";
import { edit, healthy, type Parts, read } from "./program";

const pod = "spec.template.spec";
const required = "requiredDuringSchedulingIgnoredDuringExecution";

/** What excludes a path for each disruption. */
function excluded(parts: Parts, label: string): Partial<Record<Disruption, string>> {
  const paths = read(parts).plan.paths.filter((one) => one.label === label);
  return Object.assign({}, ...paths.map((one) => one.excluded)) as Partial<Record<Disruption, string>>;
}

const withPod = (property: string, value: Value) => edit(healthy(), "deployment", `${pod}.${property}`, value);
const nodes = (...terms: Value[]) =>
  withPod("affinity", { nodeAffinity: { [required]: { nodeSelectorTerms: terms as Value } } });
const term = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, values }],
});
const zone = "topology.kubernetes.io/zone";
const host = "kubernetes.io/hostname";

describe("placement", () => {
  it.each([
    ["a node name", withPod("nodeName", "node-1"), "spec.nodeName names it"],
    ["a selector of a node", withPod("nodeSelector", { [host]: "node-1" }), `spec.nodeSelector has ${host}`],
    ["a selector of a zone", withPod("nodeSelector", { [zone]: "eu-central-1a" }), `spec.nodeSelector has ${zone}`],
    ["a selector that is not known", withPod("nodeSelector", UNKNOWN), "is not known"],
    ["an affinity to one zone", nodes(term(zone, "In", "eu-central-1a")), "nodeAffinity allows no other"],
    ["one zone twice", nodes(term(zone, "In", "a"), term(zone, "In", "a")), "nodeAffinity allows no other"],
    ["an affinity to one node", nodes(term(host, "In", "node-1")), "nodeAffinity allows no other"],
    ["all zones but two", nodes(term(zone, "NotIn", "eu-central-1a", "eu-central-1b")), "nodeAffinity allows no other"],
    ["an operator nobody knows", nodes(term(zone, "Gt", "1")), "is not understood"],
    [
      "a zone that is not known",
      nodes({ matchExpressions: [{ key: zone, operator: "In", values: [UNKNOWN] }] }),
      "known",
    ],
    ["an affinity that is not known", withPod("affinity", UNKNOWN), "is not known"],
    ["another scheduler", withPod("schedulerName", "other"), "scheduler other"],
    [
      "an affinity to its own pods",
      withPod("affinity", { podAffinity: { [required]: [{ topologyKey: host }] } }),
      "podAffinity wants its pods on one node",
    ],
  ])("leaves no standby elsewhere for %s", (_what, parts, reason) => {
    expect(excluded(parts, "lease takeover").zone).toContain(reason);
  });

  it.each([
    ["nodes of a pool", withPod("nodeSelector", { pool: "databases" })],
    ["two zones", nodes(term(zone, "In", "eu-central-1a", "eu-central-1b"))],
    ["one of two zones", nodes(term(zone, "In", "eu-central-1a"), term(zone, "In", "eu-central-1b"))],
    ["all zones but one", nodes(term(zone, "NotIn", "eu-central-1a"))],
    ["all nodes but one", nodes(term(host, "NotIn", "node-1"))],
    ["the default scheduler", withPod("schedulerName", "default-scheduler")],
    ["an affinity it only prefers", withPod("affinity", { podAffinity: { preferred: [{ topologyKey: host }] } })],
  ])("leaves standbys where they are for %s", (_what, parts) => {
    expect(excluded(parts, "lease takeover")).toEqual({});
  });

  it("leaves no standby at all where pods must be together and apart", () => {
    const together = withPod("nodeSelector", { [zone]: "eu-central-1a" });
    expect(excluded(together, "lease takeover").process).toMatch(/^no two of its pods may share a zone, and all/);
    const free = edit(together, "deployment", `${pod}.topologySpreadConstraints[0].minDomains`, undefined);
    expect(Object.keys(excluded(free, "lease takeover"))).toEqual(["zone"]);
  });

  it("leaves a pod on its lost node that names it", () => {
    expect(excluded(withPod("nodeName", "node-1"), "reschedule").node).toContain("spec.nodeName names it");
    expect(excluded(withPod("nodeSelector", { [zone]: "eu-central-1a" }), "reschedule").node).toBeUndefined();
  });
});
