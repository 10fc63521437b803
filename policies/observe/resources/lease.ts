import type { Bound } from "../../../recovery/bound";
import { isUnknown } from "../../../recovery/bound";
import { isProblem, parseDuration, seconds } from "../../../recovery/duration";
import { annotation, annotationProperty } from "../annotations";
import { titleOf } from "../names";
import type { Read } from "../read";
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
      duration: durationOf(duration, titleOf(resource)),
      startDeadline: startDeadline(deadline, titleOf(resource)),
    };
  },
};

/** Where a Lease says how long a start may take. */
export const startDeadlineProperty = annotationProperty("start-deadline");

/** Below this the elector holds no Lease, so no pod ever serves: `attempt` in systems/jobs/serve.sh. */
const shortest = 3;

function durationOf(duration: Read<number>, title: string): Bound {
  if (duration === undefined) return { unbounded: `${title} has no spec.leaseDurationSeconds: it never runs out` };
  if (isUnknown(duration)) return duration;
  if (duration >= shortest) return seconds(duration);
  return {
    unbounded: `spec.leaseDurationSeconds of ${title} is below ${shortest}: no pod takes so short a Lease, so none ever serves`,
  };
}

function startDeadline(text: ReturnType<typeof annotation>, title: string): Bound {
  if (text === undefined) return { unbounded: `${title} has no holdfast.dev/start-deadline: nothing bounds a start` };
  if (isUnknown(text)) return text;
  const span = parseDuration(text);
  if (isProblem(span)) return { unknown: `holdfast.dev/start-deadline of ${title} ${span.problem}` };
  return span > 0 ? span : { unbounded: `holdfast.dev/start-deadline of ${title} is 0s: no start ends in time` };
}
