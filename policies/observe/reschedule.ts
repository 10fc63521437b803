import { isUnbounded, isUnknown, sum } from "../../recovery/bound";
import { domains, type Step, type Term } from "../../recovery/plan";
import { evictionWait, leaseLeft } from "../../recovery/time";
import { assumedTerm } from "./assumptions";
import { recoveryGrade } from "./grades";
import { sourceOf } from "./names";
import type { Way } from "./paths";
import { tiedToNode } from "./placement";
import type { Program } from "./program";
import type { Serving } from "./redundancy";
import { restartAfter } from "./restart";
import { leaseDuration } from "./takeover";

/** What registers and drill records call the path. */
const name = "reschedule";

/** Kubernetes starts a lost pod again: on another node, or its container in place. */
export function rescheduleWays(serving: Serving, program: Program): Way[] {
  const { asset, workload, redundancy } = serving;
  return (["process", "node", "zone"] as const).map((disruption) => {
    const { detect, steps } = restartAfter(disruption, name, serving, program);
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

/** What is left of the lost pod's Lease when the new pod is there: the two run side by side. */
function heldTerms({ lease }: Serving, meanwhile: readonly Term[]): Term[] {
  return lease === undefined ? [] : [leaseLeft(leaseDuration(lease), meanwhile)];
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
