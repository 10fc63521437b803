import { type Bound, isUnknown, sum } from "../../recovery/bound";
import { seconds } from "../../recovery/duration";
import { domains, type Term } from "../../recovery/plan";
import { evictionWait, leaseTakeover, type Setting, termOf } from "../../recovery/time";
import { annotationProperty } from "./annotations";
import { assumedTerm } from "./assumptions";
import { recoveryGrade } from "./grades";
import { sourceOf } from "./names";
import { needOf, promisedNeeds } from "./needs";
import type { Way } from "./paths";
import { livenessOf, terminationGraceOf } from "./probes";
import type { Program } from "./program";
import type { Serving } from "./redundancy";
import { type Lease, startDeadlineProperty } from "./resources/lease";
import { restartAfter } from "./restart";
import { aloneBecause, spreadOver } from "./spread";

/** What registers and drill records call the path. */
const name = "takeover";

/** A standby pod takes the Lease over and starts on the same storage. */
export function takeoverWays(serving: Serving, program: Program): Way[] {
  const { asset, workload, lease, redundancy } = serving;
  if (lease === undefined || (!isUnknown(workload.replicas) && workload.replicas < 2)) return [];
  return (["process", "node", "zone"] as const).map((disruption) => {
    const noticing = disruption === "process" ? hungTerms(serving) : [];
    const losing = [...standbyTerms(serving, disruption, program), ...leaseTakeover(leaseDuration(lease))];
    const bound = sum([...noticing, ...losing].map(({ value }) => value).concat(lease.startDeadline));
    const graded = recoveryGrade({ asset, path: name, disruption, bound }, program);
    const start = {
      name: "start",
      value: lease.startDeadline,
      ...graded,
      source: sourceOf(lease.resource, startDeadlineProperty),
    };
    const excluded = exclusionOf(serving, disruption, program);
    const [hang, ...grace] = noticing;
    return {
      name,
      asset,
      protection: redundancy.id,
      label: "lease takeover",
      disruption,
      detect: [...(hang ? [{ ...hang, ...graded }, ...grace] : []), ...losing],
      decide: [],
      steps: [{ name: "start", bound: start, after: [], source: sourceOf(lease.resource) }],
      redirect: [
        assumedTerm(program.register, { term: "redirect", asset, path: name, disruption }, "clients reach the new pod"),
      ],
      reprotect: standbyIsBack(serving, disruption, program),
      runsAt: workload.at,
      needs: promisedNeeds(asset, disruption, program).map((what) =>
        needOf(what, { asset, path: name, disruption }, workload.at, program),
      ),
      source: sourceOf(workload.resource, annotationProperty("lease")),
      ...(excluded === undefined ? {} : { excluded }),
    };
  });
}

/** With two pods left another takeover is possible at once; else the lost one must be started again first. */
function standbyIsBack(serving: Serving, disruption: "process" | "node" | "zone", program: Program): Term[] {
  const { workload } = serving;
  if (!isUnknown(workload.replicas) && workload.replicas > 2) return [];
  if (disruption === "zone") {
    return [
      {
        name: "a standby in another zone",
        value: evictionWait(),
        grade: "guaranteed",
        source: sourceOf(workload.resource),
      },
    ];
  }
  const { detect, steps } = restartAfter(disruption, name, serving, program);
  return [...detect, ...steps];
}

/** A hung process still renews until the kubelet ends it. */
function hungTerms({ workload }: Serving): Term[] {
  return [
    termOf("hung process is noticed", livenessOf(workload)),
    termOf("termination grace", terminationGraceOf(workload)),
  ];
}

/** Says what a standby rests on, where that is not the constraint alone. */
function standbyTerms(
  { workload, storages }: Serving,
  disruption: "process" | "node" | "zone",
  program: Program,
): Term[] {
  if (isUnknown(workload.replicas)) {
    return [guaranteed("a standby waits", workload.replicas, sourceOf(workload.resource, "spec.replicas"))];
  }
  const unsure = storages.find(({ shared }) => isUnknown(shared));
  if (unsure && isUnknown(unsure.shared)) {
    return [guaranteed("a standby mounts the volume", unsure.shared, unsure.source)];
  }
  if (disruption === "process") return [];
  const spread = spreadOver(disruption, workload, program);
  if (!spread.forced || spread.reliesOn === undefined) return [];
  return [
    guaranteed(`a standby waits on another ${disruption}; relies on ${spread.reliesOn}`, seconds(0), spread.source),
  ];
}

function exclusionOf(
  { workload, storages, redundancy }: Serving,
  disruption: "process" | "node" | "zone",
  program: Program,
): string | undefined {
  if (storages.some(({ ownPerPod }) => ownPerPod))
    return "each pod has a volume or folder of its own: a standby starts without the data";
  if (storages.some(({ shared }) => shared === false))
    return "a standby on another node cannot mount the volume: it is not shared";
  const alone = isUnknown(workload.replicas) ? undefined : aloneBecause(workload, program);
  if (alone !== undefined) return alone;
  if (disruption === "process") return undefined;
  if (!isUnknown(redundancy.survives) && domains.indexOf(redundancy.survives) < domains.indexOf(disruption)) {
    return `its storage survives the loss of a ${redundancy.survives} at most`;
  }
  if (isUnknown(workload.replicas)) return undefined;
  const spread = spreadOver(disruption, workload, program);
  return spread.forced ? undefined : spread.reason;
}

/** How long a Lease counts after its last renewal. */
export function leaseDuration({ duration, facts }: Lease): Setting {
  return { value: duration, source: facts.source("spec.leaseDurationSeconds") };
}

function guaranteed(term: string, value: Bound, source: Term["source"]): Term {
  return { name: term, value, grade: "guaranteed", source };
}
