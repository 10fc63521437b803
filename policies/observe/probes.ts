import { type Bound, compare, isUnknown } from "../../recovery/bound";
import { seconds } from "../../recovery/duration";
import { type Fact, kubernetes } from "../../recovery/facts";
import {
  type Count,
  countFrom,
  type Probe,
  probeBudget,
  probeDetection,
  type Setting,
  spanFrom,
} from "../../recovery/time";
import { sourceOf } from "./names";
import type { Facts, Read } from "./read";
import type { Container } from "./resources/pod";
import type { Workload } from "./resources/workload";

/**
 * Longest time until a hung container counts as dead: the worst of the containers that serve. One that hangs right after
 * it was started is first left alone for the initial delay. It may also hang before its start-up probe has succeeded,
 * which until then keeps the other from running: the holder of a Lease may serve by then, any other pod is not ready yet.
 */
export function livenessOf(workload: Workload): Setting {
  const running = worst(workload, "livenessProbe", (probe) =>
    probe.isSilent()
      ? { value: { unbounded: "no livenessProbe: a hung process is never noticed" } }
      : reckonedBy(probeDetection, probe),
  );
  if (workload.lease === undefined) return running;
  const starting = worst(workload, "startupProbe", (probe) =>
    probe.isSilent() ? { value: seconds(0) } : reckonedBy(probeDetection, probe),
  );
  return compare(starting.value, running.value) > 0 ? starting : running;
}

/** Longest start of a container before its probe gives up. */
export function startupOf(workload: Workload): Setting {
  return worst(workload, "startupProbe", (probe) =>
    probe.isSilent()
      ? { value: { unbounded: "no startupProbe: nothing bounds a start" } }
      : reckonedBy(probeBudget, probe),
  );
}

/** Longest time that a hung container is given to end by itself: a probe that kills it may have a grace of its own. */
export function terminationGraceOf(workload: Workload): Setting {
  const pod = workload.pod.facts.at("terminationGracePeriodSeconds");
  const graces = ["livenessProbe", "startupProbe"].map((probe) =>
    worst(workload, `${probe}.terminationGracePeriodSeconds`, (own) =>
      spanOf(own.isSilent() ? pod.whole() : own.whole(), kubernetes.terminationGrace),
    ),
  );
  const [longest] = graces.sort((a, b) => compare(b.value, a.value));
  const whole = { ...spanOf(pod.whole(), kubernetes.terminationGrace), source: pod.source() };
  return longest === undefined || compare(longest.value, whole.value) === 0 ? whole : longest;
}

/** What one container gives; its source follows. */
type Found = Pick<Setting, "value" | "facts">;

function worst(workload: Workload, probe: string, read: (probe: Facts) => Found): Setting {
  const found = servingContainers(workload).map(({ facts }): Setting => {
    const one = facts.at(probe);
    return { ...read(one), source: one.source() };
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

function reckonedBy(formula: (probe: Probe) => Bound, facts: Facts): Found {
  const initialDelay = facts.whole("initialDelaySeconds");
  const period = spanOf(positive(facts, "periodSeconds"), kubernetes.livenessPeriod);
  const timeout = spanOf(positive(facts, "timeoutSeconds"), kubernetes.livenessTimeout);
  const failures = countOf(positive(facts, "failureThreshold"), kubernetes.livenessFailures);
  const probe = {
    initialDelay: isUnknown(initialDelay) ? initialDelay : seconds(initialDelay ?? 0),
    period: period.value,
    timeout: timeout.value,
    failures: failures.value,
  };
  const used = [period, timeout, failures].flatMap((one) => one.facts ?? []);
  return { value: formula(probe), ...(used.length === 0 ? {} : { facts: used }) };
}

/** Kubernetes takes 0 for a setting that is not there. */
function positive(probe: Facts, setting: string): Read<number> {
  const value = probe.whole(setting);
  return value === 0 ? undefined : value;
}

function spanOf(read: Read<number>, otherwise: Fact): Found {
  if (read === undefined) return spanFrom(otherwise);
  return { value: isUnknown(read) ? read : seconds(read) };
}

function countOf(read: Read<number>, otherwise: Fact): Pick<Count, "value" | "facts"> {
  return read === undefined ? countFrom(otherwise) : { value: read };
}
