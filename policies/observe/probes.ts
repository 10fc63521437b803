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

/**
 * Longest time until a hung container counts as dead: the worst of the containers that serve. One that hangs right after
 * it was started is first left alone for the initial delay. It may also hang before its start-up probe has succeeded,
 * which until then keeps the other from running: the holder of a Lease may serve by then, any other pod is not ready yet.
 */
export function livenessOf(workload: Workload): Found {
  const running = worst(workload, "livenessProbe", (probe) =>
    probe.isSilent() ? { unbounded: "no livenessProbe: a hung process is never noticed" } : noticedAfter(probe),
  );
  if (workload.lease === undefined) return running;
  const starting = worst(workload, "startupProbe", (probe) => (probe.isSilent() ? seconds(0) : noticedAfter(probe)));
  return compare(starting.value, running.value) > 0 ? starting : running;
}

/** Longest start of a container before its probe gives up. */
export function startupOf(workload: Workload): Found {
  return worst(workload, "startupProbe", (probe) => {
    if (probe.isSilent()) return { unbounded: "no startupProbe: nothing bounds a start" };
    return sum([spanOf(probe.whole("initialDelaySeconds"), 0), attempts(probe)]);
  });
}

/** Longest time that a hung container is given to end by itself: a probe that kills it may have a grace of its own. */
export function terminationGraceOf(workload: Workload): Found {
  const pod = workload.pod.facts.at("terminationGracePeriodSeconds");
  const graces = ["livenessProbe", "startupProbe"].map((probe) =>
    worst(workload, `${probe}.terminationGracePeriodSeconds`, (own) =>
      spanOf(own.isSilent() ? pod.whole() : own.whole(), 30),
    ),
  );
  const [longest] = graces.sort((a, b) => compare(b.value, a.value));
  const whole = { value: spanOf(pod.whole(), 30), source: pod.source() };
  return longest === undefined || compare(longest.value, whole.value) === 0 ? whole : longest;
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
export function servingContainers({ pod }: Workload): Container[] {
  const data = new Set(
    pod.volumes.filter(({ kind }) => kind.startsWith("claim") || kind === "hostPath").map(({ name }) => name),
  );
  // An init container has ended before the pod serves.
  const lasting = pod.containers.filter(({ facts }) => facts.property.includes(".containers["));
  const serving = lasting.filter(({ mounts }) => mounts.some(({ volume, readOnly }) => data.has(volume) && !readOnly));
  return serving.length > 0 ? serving : lasting.slice(0, 1);
}

/** From a hang, at worst right after an attempt that succeeded, until the last attempt has timed out. */
function noticedAfter(probe: Facts): Bound {
  return sum([
    spanOf(probe.whole("initialDelaySeconds"), 0),
    attempts(probe),
    spanOf(positive(probe, "timeoutSeconds"), 1),
  ]);
}

/** The kubelet makes one attempt after the other: one that takes longer than the period delays the next. */
function attempts(probe: Facts): Bound {
  const period = orDefault(positive(probe, "periodSeconds"), 10);
  const timeout = orDefault(positive(probe, "timeoutSeconds"), 1);
  const failures = orDefault(positive(probe, "failureThreshold"), 3);
  if (isUnknown(period)) return period;
  if (isUnknown(timeout)) return timeout;
  return isUnknown(failures) ? failures : seconds(Math.max(period, timeout) * failures);
}

/** Kubernetes takes 0 for a setting that is not there. */
function positive(probe: Facts, setting: string): Read<number> {
  const value = probe.whole(setting);
  return value === 0 ? undefined : value;
}

function spanOf(read: Read<number>, otherwise: number): Bound {
  const value = orDefault(read, otherwise);
  return isUnknown(value) ? value : seconds(value);
}
