/** What watches a target, in seconds: Prometheus and Alertmanager. */
export interface Watch {
  scrape: number;
  timeout: number;
  evaluation: number;
  holds: number;
  groupWait: number;
  /** Until the next message of a group about which one was sent before. */
  groupInterval?: number;
}

/** How the clocks stand when the fault strikes at 0: when the next scrape and the next evaluation are due. */
export interface Phase {
  scrape: number;
  evaluation: number;
}

/**
 * Seconds from a fault at 0 to the notification. A target that hangs lets each scrape run into its timeout; what is
 * scraped or evaluated in the second in which something happens has not seen it yet. An alert is active from the
 * first evaluation that sees the fault and fires at the first at least `holds` later (prometheus/prometheus,
 * rules/alerting.go, Eval: `ts.Sub(a.ActiveAt) >= r.holdDuration`).
 */
export function notifiedAfter(watch: Watch, phase: Phase): number {
  const events: { at: number; what: "scrape" | "result" | "evaluation" }[] = [
    { at: phase.scrape, what: "scrape" },
    { at: phase.evaluation, what: "evaluation" },
  ];
  let seen = false;
  let active: number | undefined;
  for (;;) {
    // Of what happens in the same second, what looks comes before what there is to see.
    events.sort((a, b) => a.at - b.at || order[a.what] - order[b.what]);
    const event = events.shift();
    if (event === undefined) throw new Error("nothing watches");
    const { at, what } = event;
    if (what === "result") seen = true;
    if (what === "scrape") {
      events.push({ at: at + watch.scrape, what });
      if (at > 0) events.push({ at: at + watch.timeout, what: "result" });
    }
    if (what === "evaluation") {
      events.push({ at: at + watch.evaluation, what });
      if (seen) active ??= at;
      if (active !== undefined && at - active >= watch.holds) return at + (watch.groupInterval ?? watch.groupWait);
    }
  }
}

const order = { evaluation: 0, scrape: 1, result: 2 };

/** The longest time to the notification over every whole second at which the clocks may stand. */
export function slowestNotice(watch: Watch): number {
  let slowest = 0;
  for (let scrape = 0; scrape < watch.scrape; scrape++) {
    for (let evaluation = 0; evaluation < watch.evaluation; evaluation++) {
      slowest = Math.max(slowest, notifiedAfter(watch, { scrape, evaluation }));
    }
  }
  return slowest;
}

/**
 * The longest time between two messages about an alert that fires all the time: Alertmanager looks at a group once in
 * its interval, and sends again when more than the repeat interval has passed since it last did.
 */
export function slowestBeat(interval: number, repeat: number): number {
  let slowest = 0;
  for (let now = 0, sent = 0, beats = 0; beats < 3; now += interval) {
    if (now - sent <= repeat) continue;
    slowest = Math.max(slowest, now - sent);
    sent = now;
    beats++;
  }
  return slowest;
}
