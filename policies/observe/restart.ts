import { isUnknown, type Maybe, max } from "../../recovery/bound";
import { seconds } from "../../recovery/duration";
import { kubernetes } from "../../recovery/facts";
import { nodeRestart, processRestart, type Restart, type Setting, spanFrom, type VolumeUse } from "../../recovery/time";
import { assumedTerm } from "./assumptions";
import { registerSource, sourceOf } from "./names";
import { livenessOf, startupOf, terminationGraceOf } from "./probes";
import type { Program } from "./program";
import type { Facts } from "./read";
import type { Serving } from "./redundancy";
import { startDeadlineProperty } from "./resources/lease";
import type { Workload } from "./resources/workload";

/** Kubernetes starts a lost pod again, in place or on another node; `path` is what registers call the way. */
export function restartAfter(
  disruption: "process" | "node" | "zone",
  path: string,
  serving: Serving,
  program: Program,
): Restart {
  const { asset, workload } = serving;
  const start = startOf(serving);
  if (disruption === "process") {
    return processRestart({
      hang: livenessOf(workload),
      terminationGrace: terminationGraceOf(workload),
      backOff: spanFrom(kubernetes.restartBackOff, sourceOf(workload.resource)),
      start,
    });
  }
  const wanted = { term: "image-pull", asset, path, disruption };
  return nodeRestart({
    workload: workload.kind,
    nodeGrace: nodeGraceOf(workload, program),
    toleration: tolerationOf(workload.pod.facts.at("tolerations")),
    volume: volumeOf(serving),
    imagePull: assumedTerm(program.register, wanted, "image is pulled"),
    start,
  });
}

function nodeGraceOf(workload: Workload, { geography }: Program): Setting {
  const site = geography.siteOf(workload.resource);
  if (isUnknown(site)) return { value: site, source: sourceOf(workload.resource) };
  return { value: site.nodeGrace, source: { ...registerSource(site.name), property: "nodeGrace" } };
}

/** The larger of what the pod tolerates of an unready and of an unreachable node. */
function tolerationOf(tolerations: Facts): Setting {
  const source = tolerations.source();
  const list = tolerations.items();
  if (isUnknown(list)) return { value: list, source };
  return ["not-ready", "unreachable"]
    .map((taint): Setting => ({ ...tolerated(`node.kubernetes.io/${taint}`, list ?? [], source), source }))
    .reduce((a, b) => (max(a.value, b.value) === a.value ? a : b));
}

/** Of several tolerations of one taint the shortest counts. */
function tolerated(taint: string, tolerations: readonly Facts[], source: Setting["source"]): Setting {
  const spans: Setting["value"][] = [];
  for (const one of tolerations) {
    const key = one.text("key");
    const effect = one.text("effect");
    const span = one.whole("tolerationSeconds");
    const unknown = [key, effect, span].find(isUnknown);
    if (unknown) return { value: unknown, source };
    if ((key !== undefined && key !== taint) || (effect !== undefined && effect !== "NoExecute")) continue;
    if (typeof span === "number") spans.push(seconds(span));
    else if (span === undefined) spans.push({ unbounded: `it tolerates ${taint} for ever: no tolerationSeconds` });
  }
  const [forEver] = spans;
  if (forEver === undefined) return spanFrom(kubernetes.toleration, source);
  const finite = spans.filter((span) => typeof span === "number");
  return { value: finite.length > 0 ? seconds(Math.min(...finite)) : forEver, source };
}

/** What a new pod has to wait for: one volume that a lost node has to itself is enough. */
function volumeOf({ workload, storages }: Serving): Setting<Maybe<VolumeUse>> {
  const held = storages.filter(({ persistent }) => persistent);
  const [first] = held;
  if (first === undefined) return { value: "none", source: sourceOf(workload.resource) };
  const exclusive = held.find(({ shared }) => shared === false);
  if (exclusive) return { value: "exclusive", source: exclusive.source };
  const unsure = held.find(({ shared }) => isUnknown(shared));
  if (unsure && isUnknown(unsure.shared)) return { value: unsure.shared, source: unsure.source };
  return { value: "shared", source: first.source };
}

function startOf({ workload, lease }: Serving): Setting {
  if (lease === undefined) return startupOf(workload);
  return { value: lease.startDeadline, source: sourceOf(lease.resource, startDeadlineProperty) };
}
