import { type Bound, isBounded, isUnknown, max, sum } from "../../recovery/bound";
import { seconds } from "../../recovery/duration";
import { domains, type Step, type Term } from "../../recovery/plan";
import { assumedTerm } from "./assumptions";
import { recoveryGrade } from "./grades";
import { registerSource, sourceOf } from "./names";
import type { Way } from "./paths";
import { tiedToNode } from "./placement";
import { type Found, livenessOf, startupOf, terminationGraceOf } from "./probes";
import type { Program } from "./program";
import type { Facts } from "./read";
import type { Serving } from "./redundancy";
import { startDeadlineProperty } from "./resources/lease";
import type { Workload } from "./resources/workload";

import { leaseTerms } from "./takeover";

/** What registers and drill records call the path. */
const name = "reschedule";

/** The attach-detach controller takes a volume from a node that does not answer: facts.md part 3, Kubernetes default. */
const forceDetach = 360;
/** DefaultTolerationSeconds, an admission plugin that is on by default. */
const defaultToleration = 300;

/** First delay of the kubelet: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy */
const restartBackOff = 10;

/** Kubernetes starts a lost pod again: on another node, or its container in place. */
export function rescheduleWays(serving: Serving, program: Program): Way[] {
  const { asset, workload, redundancy } = serving;
  const start = startOf(serving);
  return (["process", "node", "zone"] as const).map((disruption) => {
    const noticing = disruption === "process" ? hungTerms(workload) : lostTerms(workload, program);
    const pull = assumedTerm(
      program.register,
      { term: "image-pull", asset, path: name, disruption },
      "image is pulled",
    );
    const moved = disruption === "process" ? [] : [detachTerm(serving), pull];
    const moving = [...moved, ...heldTerms(serving, disruption === "process" ? [] : [...noticing, ...moved])];
    const bound = sum([...noticing.map(({ value }) => value), ...moving.map(({ value }) => value), start.value]);
    const graded = recoveryGrade({ asset, path: name, disruption, bound }, program);
    const starting: Term = { name: "start", ...start, ...graded };
    const detect =
      disruption === "process" ? noticing.map((term, i) => (i === 0 ? { ...term, ...graded } : term)) : noticing;
    const excluded = exclusionOf(serving, disruption, program);
    return {
      name,
      asset,
      protection: redundancy.id,
      label: disruption === "process" ? "container restart" : "reschedule",
      disruption,
      detect,
      decide: [],
      steps: inTurn([...moving, starting]),
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

/** What is left of the lost pod's Lease when the new pod is there: the two run side by side. */
function heldTerms({ lease }: Serving, meanwhile: readonly Term[]): Term[] {
  if (lease === undefined) return [];
  const held = leaseTerms(lease);
  const total = sum(held.map(({ value }) => value));
  const passed = sum(meanwhile.map(({ value }) => value));
  const value = isBounded(total) && isBounded(passed) ? seconds(Math.max(0, total - passed)) : total;
  return held.slice(0, 1).map((term) => ({ ...term, name: "Lease of the lost pod runs out", value }));
}

function hungTerms(workload: Workload): Term[] {
  return [
    { name: "hung process is noticed", ...livenessOf(workload), grade: "guaranteed" },
    { name: "termination grace", ...terminationGraceOf(workload), grade: "guaranteed" },
    {
      name: "restart back-off",
      value: seconds(restartBackOff),
      grade: "guaranteed",
      source: sourceOf(workload.resource),
    },
  ];
}

function lostTerms(workload: Workload, { geography }: Program): Term[] {
  const site = geography.siteOf(workload.resource);
  const tolerations = workload.pod.facts.at("tolerations");
  return [
    {
      name: "silent node counts as lost",
      value: isUnknown(site) ? site : site.nodeGrace,
      grade: "guaranteed",
      source: isUnknown(site) ? sourceOf(workload.resource) : { ...registerSource(site.name), property: "nodeGrace" },
    },
    {
      name: "pod is tolerated on it",
      value: tolerationOf(tolerations),
      grade: "guaranteed",
      source: tolerations.source(),
    },
  ];
}

/** The larger of what the pod tolerates of an unready and of an unreachable node. */
function tolerationOf(tolerations: Facts): Bound {
  const list = tolerations.items();
  if (isUnknown(list)) return list;
  const spans = ["not-ready", "unreachable"].map((taint) => tolerated(`node.kubernetes.io/${taint}`, list ?? []));
  return spans.reduce(max, seconds(0));
}

/** Of several tolerations of one taint the shortest counts. */
function tolerated(taint: string, tolerations: readonly Facts[]): Bound {
  const spans: Bound[] = [];
  for (const one of tolerations) {
    const key = one.text("key");
    const effect = one.text("effect");
    const span = one.whole("tolerationSeconds");
    const unknown = [key, effect, span].find(isUnknown);
    if (unknown) return unknown;
    if ((key !== undefined && key !== taint) || (effect !== undefined && effect !== "NoExecute")) continue;
    if (typeof span === "number") spans.push(seconds(span));
    else if (span === undefined) spans.push({ unbounded: `it tolerates ${taint} for ever: no tolerationSeconds` });
  }
  const finite = spans.filter((span) => typeof span === "number");
  return finite.length > 0 ? seconds(Math.min(...finite)) : (spans[0] ?? seconds(defaultToleration));
}

function detachTerm({ workload, storages }: Serving): Term {
  const held = storages.filter(({ persistent }) => persistent);
  const source = held[0]?.source ?? sourceOf(workload.resource);
  return { name: "volume leaves the lost node", value: detachOf(workload, held), grade: "guaranteed", source };
}

function detachOf(workload: Workload, held: Serving["storages"]): Bound {
  if (workload.kind === "StatefulSet") {
    return { unbounded: "a pod of a StatefulSet stays Terminating on a lost node until someone acts" };
  }
  const exclusive = held.find(({ shared }) => shared === false);
  if (exclusive) return seconds(forceDetach);
  return held.map(({ shared }) => shared).find(isUnknown) ?? seconds(0);
}

function startOf({ workload, lease }: Serving): Found {
  if (lease === undefined) return startupOf(workload);
  return { value: lease.startDeadline, source: sourceOf(lease.resource, startDeadlineProperty) };
}

function exclusionOf(
  { redundancy, workload }: Serving,
  disruption: "process" | "node" | "zone",
  program: Program,
): string | undefined {
  // facts.md part 3, [K1]: with more than 55 % of a zone's nodes lost, a cluster of up to 50 nodes stops evicting.
  if (disruption === "zone") return "evictions may stop when most nodes of a zone are lost";
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
