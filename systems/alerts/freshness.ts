import { duration, formatSeconds, isProblem, type Problem, type Seconds, seconds } from "../../recovery/duration";
import { formatLimit, keeps, type Limit, parseLimit } from "../../recovery/objective";
import type { AssumptionArgs } from "../../recovery/plan";
import { gapsOf } from "../spans";
import { series } from "./rule";

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

/** True when restore points are too old or none ever was: capture times are pushed and never forgotten. */
export function olderThan(asset: string, age: number, role?: string): string {
  const captured = series("holdfast_capture_timestamp_seconds", { asset, ...(role === undefined ? {} : { role }) });
  const by = role === undefined ? "asset" : "asset, role";
  return `time() - max by (${by}) (${captured}) > ${age} or absent(${captured})`;
}

/** When a job runs, as a stack says it. */
export interface Timing {
  schedule: string;
  timeZone: string;
  startWithin: string;
  deadline: string;
}

/** The first wait of every route that pages. */
const ROUTE_WAIT = 30;

/** From the moment a pushed number is due to fire an alert until somebody is told; the push gateway is scraped as everything is. */
export function toldWithin(scrape: { interval: string; timeout: string }, evaluation: string): Seconds {
  return seconds(duration(scrape.interval) + duration(scrape.timeout) + duration(evaluation) + ROUTE_WAIT);
}

/**
 * Ages at which a missing restore point is told. Where no threshold would leave time, the ages stay and the policy pack
 * says that the promise is broken: a program that threw here would hide by how much.
 */
export function freshnessOf(timing: Timing, limit: string, detection: Seconds, acknowledge: Seconds): Freshness {
  const [gap0, gap1] = gapsOf(timing);
  const [startSlack, run] = [duration(timing.startWithin), duration(timing.deadline)];
  const rpo = parseLimit(limit);
  const fallback = { warn: healthyAge(gap0, startSlack, run), page: healthyAge(gap1, startSlack, run), credit: false };
  if (isProblem(rpo)) return fallback;
  const thresholds = freshnessThresholds({ gap0, gap1, startSlack, run, rpo, detection, acknowledge });
  return isProblem(thresholds) ? fallback : thresholds;
}

/** Oldest age of a schedule's last success at which every run may still have succeeded. */
export function overdueAfter(timing: Timing): Seconds {
  return healthyAge(gapsOf(timing)[0], duration(timing.startWithin), duration(timing.deadline));
}

/** The slowest acknowledgement that the register counts on; without an entry nobody can be counted on within a day. */
export function acknowledgedWithin(assumptions: readonly AssumptionArgs[]): Seconds {
  const spans = assumptions.flatMap(({ term, value }) =>
    term === "acknowledge" && value !== undefined ? [duration(value)] : [],
  );
  return spans.length === 0 ? duration("1d") : seconds(Math.max(...spans));
}
