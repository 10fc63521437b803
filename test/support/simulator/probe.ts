/** A liveness probe, in seconds. */
export interface Probe {
  initialDelay: number;
  period: number;
  timeout: number;
  failures: number;
}

/** How a container hangs: how long after its start, when its first attempt is due, and how long its last answer took. */
export interface Hang {
  after: number;
  tick: number;
  answered: number;
}

/**
 * Seconds from a hang until the kubelet holds the container for dead. Attempts come one after the other: a tick that
 * falls into one waits for its end, and there is room for one tick to wait (kubernetes/kubernetes,
 * pkg/kubelet/prober/worker.go, run: a `time.Ticker` before a blocking `doProbe`). A container that has not run as
 * long as the initial delay is left alone.
 */
export function deadAfter(probe: Probe, hang: Hang): number {
  let free = Number.NEGATIVE_INFINITY;
  let failed = 0;
  for (let turn = 0; ; turn++) {
    const tick = hang.tick + turn * probe.period;
    const next = tick + probe.period;
    // A later tick finds the place of the waiting one taken.
    if (free >= next) continue;
    const start = Math.max(tick, free);
    // A tick in the second in which the delay ends may come just before that.
    if (probe.initialDelay > 0 && start <= probe.initialDelay) continue;
    // What asks in the second of the hang has been answered, in its own time.
    const hangs = start > hang.after;
    free = start + (hangs ? probe.timeout : Math.min(hang.answered, probe.timeout));
    if (hangs && ++failed === probe.failures) return free - hang.after;
  }
}

/** The longest time until a hang is noticed, over when it hangs, when attempts are due and how slowly it answered. */
export function slowestDeath(probe: Probe): number {
  const { initialDelay, period, timeout } = probe;
  let slowest = 0;
  for (let tick = 0; tick < period; tick++) {
    for (const answered of new Set([0, Math.floor(timeout / 2), timeout])) {
      for (let after = 0; after <= initialDelay + 3 * Math.max(period, timeout); after++) {
        slowest = Math.max(slowest, deadAfter(probe, { after, tick, answered }));
      }
    }
  }
  return slowest;
}
