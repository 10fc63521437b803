import type { Bound } from "../../../recovery/bound";
import { isUnknown } from "../../../recovery/bound";
import { isProblem, parseDuration, seconds } from "../../../recovery/duration";
import { annotation, annotationProperty } from "../annotations";
import { titleOf } from "../names";
import { type KubernetesObject, kubernetesObject, type Reader } from "./identity";

/** A Lease that the serving pod of a workload holds. */
export interface Lease extends KubernetesObject {
  /** How long it counts after its last renewal. */
  duration: Bound;
  /** Longest start of the database after a takeover. */
  startDeadline: Bound;
}

/** Leases. */
export const leases: Reader<Lease> = {
  types: ["kubernetes:coordination.k8s.io/v1:Lease"],
  read(resource, surroundings) {
    const object = kubernetesObject(resource, surroundings);
    const duration = object.facts.whole("spec.leaseDurationSeconds");
    const deadline = annotation(resource, "start-deadline");
    return {
      ...object,
      duration:
        duration === undefined
          ? { unbounded: `${titleOf(resource)} has no spec.leaseDurationSeconds: it never runs out` }
          : isUnknown(duration)
            ? duration
            : seconds(duration),
      startDeadline: startDeadline(deadline, titleOf(resource)),
    };
  },
};

/** Where a Lease says how long a start may take. */
export const startDeadlineProperty = annotationProperty("start-deadline");

function startDeadline(text: ReturnType<typeof annotation>, title: string): Bound {
  if (text === undefined) return { unbounded: `${title} has no holdfast.dev/start-deadline: nothing bounds a start` };
  if (isUnknown(text)) return text;
  const span = parseDuration(text);
  return isProblem(span) ? { unknown: `holdfast.dev/start-deadline of ${title} ${span.problem}` } : span;
}
