import { formatSeconds, type Problem, type Seconds, seconds } from "../../../recovery/duration";
import { formatLimit, keeps, type Limit } from "../../../recovery/objective";

/** What decides how old the newest restore point may be, in seconds. */
export interface FreshnessArgs {
  /** Longest gap between two starts on the calendar. */
  gap0: Seconds;
  /** Longest gap with one run missed. */
  gap1: Seconds;
  /** `startingDeadlineSeconds`. */
  startSlack: Seconds;
  /** Deadline of a run: copying, upload and check included. */
  run: Seconds;
  rpo: Limit;
  /** From the moment an alert is due until somebody is told: scrape, evaluation, `for`, group wait. */
  detection: Seconds;
  /** Until somebody acts; enough of it and a rerun by hand comes too late. */
  acknowledge: Seconds;
}

/** Ages of the newest capture at which somebody is told, in seconds. */
export interface Freshness {
  /** Above it no run can be healthy: one was missed. */
  warn: Seconds;
  /** Above it two were: more is lost than the plan counts with. */
  page: Seconds;
  /** True when a rerun by hand after the warning is usable before the next scheduled run would be. */
  credit: boolean;
}

/** Oldest age at which everything is still healthy: a start, its slack, and the run up to the moment it is usable. */
export function healthyAge(gap: Seconds, startSlack: Seconds, run: Seconds): Seconds {
  return seconds(gap + startSlack + run);
}

/**
 * Thresholds of the freshness alerts: warn above `gap0 + slack + run`, the healthy maximum; page above
 * `gap1 + slack + run`, the loss with one missed run, which the promise must survive. A page that comes when the promise
 * is already broken is refused. Where nobody can rerun sooner than the schedule does, the next run is the rerun and the
 * alert earns no credit.
 */
export function freshnessThresholds(args: FreshnessArgs): Freshness | Problem {
  const warn = healthyAge(args.gap0, args.startSlack, args.run);
  const page = healthyAge(args.gap1, args.startSlack, args.run);
  const told = seconds(page + args.detection);
  if (keeps(told, args.rpo) !== "yes") {
    return {
      problem: `the page comes at an age of ${formatSeconds(told)} (${formatSeconds(page)} with one run missed + ${formatSeconds(args.detection)} to tell somebody), the rpo is ${formatLimit(args.rpo)}: run the backup more often or shorten its deadline`,
    };
  }
  const rerun = seconds(warn + args.detection + args.acknowledge + args.run);
  return { warn, page, credit: rerun < page && keeps(rerun, args.rpo) === "yes" };
}
