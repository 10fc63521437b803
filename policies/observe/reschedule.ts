import { isUnbounded, isUnknown, type Maybe, max, sum } from "../../recovery/bound";
import { seconds } from "../../recovery/duration";
import { kubernetes } from "../../recovery/facts";
import { domains, type Step, type Term } from "../../recovery/plan";
import {
  evictionWait,
  leaseLeft,
  nodeRestart,
  processRestart,
  type Restart,
  type Setting,
  spanFrom,
  type VolumeUse,
} from "../../recovery/time";
import { assumedTerm } from "./assumptions";
import { recoveryGrade } from "./grades";
import { registerSource, sourceOf } from "./names";
import type { Way } from "./paths";
import { tiedToNode } from "./placement";
import { livenessOf, startupOf, terminationGraceOf } from "./probes";
import type { Program } from "./program";
import type { Facts } from "./read";
import type { Serving } from "./redundancy";
import { startDeadlineProperty } from "./resources/lease";
import type { Workload } from "./resources/workload";
import { leaseDuration } from "./takeover";

/** What registers and drill records call the path. */
const name = "reschedule";

/** Kubernetes starts a lost pod again: on another node, or its container in place. */
export function rescheduleWays(serving: Serving, program: Program): Way[] {
  const { asset, workload, redundancy } = serving;
  return (["process", "node", "zone"] as const).map((disruption) => {
    const { detect, steps } = restartAfter(disruption, serving, program);
    const moved = steps.slice(0, -1);
    const inOrder = [
      ...moved,
      ...heldTerms(serving, disruption === "process" ? [] : [...detect, ...moved]),
      ...steps.slice(-1),
    ];
    const bound = sum([...detect, ...inOrder].map(({ value }) => value));
    const graded = recoveryGrade({ asset, path: name, disruption, bound }, program);
    const excluded = exclusionOf(serving, disruption, program);
    return {
      name,
      asset,
      protection: redundancy.id,
      label: disruption === "process" ? "container restart" : "reschedule",
      disruption,
      detect: disruption === "process" ? detect.map((term, i) => (i === 0 ? { ...term, ...graded } : term)) : detect,
      decide: [],
      steps: inTurn(inOrder.map((term, i) => (i === inOrder.length - 1 ? { ...term, ...graded } : term))),
      redirect: [
        assumedTerm(program.register, { term: "redirect", asset, path: name, disruption }, "clients reach the new pod"),
      ],
      runsAt: workload.at,
      needs: [],
      source: sourceOf(workload.resource),
      ...(excluded === undefined ? {} : { excluded }),
    };
  });
}

function restartAfter(disruption: "process" | "node" | "zone", serving: Serving, program: Program): Restart {
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
  const wanted = { term: "image-pull", asset, path: name, disruption };
  return nodeRestart({
    workload: workload.kind,
    nodeGrace: nodeGraceOf(workload, program),
    toleration: tolerationOf(workload.pod.facts.at("tolerations")),
    volume: volumeOf(serving),
    imagePull: assumedTerm(program.register, wanted, "image is pulled"),
    start,
  });
}

/** What is left of the lost pod's Lease when the new pod is there: the two run side by side. */
function heldTerms({ lease }: Serving, meanwhile: readonly Term[]): Term[] {
  return lease === undefined ? [] : [leaseLeft(leaseDuration(lease), meanwhile)];
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

function exclusionOf(
  { redundancy, workload }: Serving,
  disruption: "process" | "node" | "zone",
  program: Program,
): string | undefined {
  const eviction = disruption === "zone" ? evictionWait() : undefined;
  if (isUnbounded(eviction)) return eviction.unbounded;
  const tied = disruption === "node" ? tiedToNode(workload, program) : undefined;
  if (tied !== undefined) return tied;
  if (isUnknown(redundancy.survives)) return undefined;
  if (domains.indexOf(redundancy.survives) >= domains.indexOf(disruption)) return undefined;
  return `its storage survives the loss of a ${redundancy.survives} at most`;
}

function inTurn(terms: readonly Term[]): Step[] {
  return terms.map((bound, i) => ({
    name: bound.name,
    bound,
    after: i === 0 ? [] : [terms[i - 1]?.name ?? ""],
    source: bound.source,
  }));
}
