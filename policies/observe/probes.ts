import { type Bound, compare, isUnknown, sum } from "../../recovery/bound";
import { seconds } from "../../recovery/duration";
import type { Source } from "../../recovery/plan";
import { sourceOf } from "./names";
import { type Facts, orDefault, type Read } from "./read";
import type { Container } from "./resources/pod";
import type { Workload } from "./resources/workload";

/** A bound with the property it was read from. */
export interface Found {
  value: Bound;
  source: Source;
}

/** Longest time until a hung container counts as dead: the worst of the containers that serve. */
export function livenessOf(workload: Workload): Found {
  return worst(workload, "livenessProbe", (probe) => {
    if (probe.isSilent()) return { unbounded: "no livenessProbe: a hung process is never noticed" };
    return sum([attempts(probe), spanOf(probe.whole("timeoutSeconds"), 1)]);
  });
}

/** Longest start of a container before its probe gives up. */
export function startupOf(workload: Workload): Found {
  return worst(workload, "startupProbe", (probe) => {
    if (probe.isSilent()) return { unbounded: "no startupProbe: nothing bounds a start" };
    return sum([spanOf(probe.whole("initialDelaySeconds"), 0), attempts(probe)]);
  });
}

/** Time a pod is given to end by itself. */
export function terminationGraceOf(workload: Workload): Found {
  const grace = workload.pod.facts.at("terminationGracePeriodSeconds");
  return { value: spanOf(grace.whole(), 30), source: grace.source() };
}

function worst(workload: Workload, probe: string, read: (probe: Facts) => Bound): Found {
  const found = servingContainers(workload).map(({ facts }) => {
    const one = facts.at(probe);
    return { value: read(one), source: one.source() };
  });
  const none = { value: { unknown: "it has no containers" }, source: sourceOf(workload.resource) };
  return found.sort((a, b) => compare(b.value, a.value))[0] ?? none;
}

/** Containers that mount a volume for writing beside scratch; the first where none does. */
function servingContainers({ pod }: Workload): Container[] {
  const data = new Set(
    pod.volumes.filter(({ kind }) => kind.startsWith("claim") || kind === "hostPath").map(({ name }) => name),
  );
  // An init container has ended before the pod serves.
  const lasting = pod.containers.filter(({ facts }) => facts.property.includes(".containers["));
  const serving = lasting.filter(({ mounts }) => mounts.some(({ volume, readOnly }) => data.has(volume) && !readOnly));
  return serving.length > 0 ? serving : lasting.slice(0, 1);
}

function attempts(probe: Facts): Bound {
  const period = orDefault(probe.whole("periodSeconds"), 10);
  const failures = orDefault(probe.whole("failureThreshold"), 3);
  if (isUnknown(period)) return period;
  return isUnknown(failures) ? failures : seconds(period * failures);
}

function spanOf(read: Read<number>, otherwise: number): Bound {
  const value = orDefault(read, otherwise);
  return isUnknown(value) ? value : seconds(value);
}
