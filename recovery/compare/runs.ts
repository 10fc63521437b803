import { isUnknown, type Maybe } from "../bound";
import type { Rehearsal, Series } from "../plan";
import { isProblem, openEnd, type Schedule, worstGaps } from "../schedule";
import { type Aspect, either, elsewhere, flag, ranked, takes, told, word } from "./aspects";
import type { Kind } from "./things";

/** A schedule that leaves more time between runs, with one run failing and with none, is weaker. */
export function pace(asOf: number): Aspect<Maybe<Schedule>> {
  return ranked("schedule", (schedule) => gapsOf(schedule, asOf), scheduleText, ["made rarer", "made more frequent"]);
}

/** A schedule as people write it: `0 2 * * * Europe/Berlin`. */
export function scheduleText(schedule: Maybe<Schedule>): string {
  if (isUnknown(schedule)) return "not known";
  const { scheduler, expression, timeZone } = schedule;
  return `${expression} ${timeZone}${scheduler === "kubernetes" ? "" : ` (${scheduler})`}`;
}

function gapsOf(schedule: Maybe<Schedule>, asOf: number): number[] {
  if (isUnknown(schedule)) return [Number.MAX_VALUE, Number.MAX_VALUE];
  const gaps = worstGaps(schedule, asOf);
  const endless = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (isProblem(gaps) || openEnd(schedule, asOf) !== undefined) return endless;
  const [whole, failed] = gaps.maxGapSeconds;
  return [failed ?? Number.POSITIVE_INFINITY, whole ?? Number.POSITIVE_INFINITY];
}

/** Whether runs are switched off. */
export const suspended = flag("runs", true, ["suspended", "resumed"]);

/** Runs that take restore points of an asset, or carry them on. */
export function seriesOf(asset: string, asOf: number): Kind<Series> {
  return {
    noun: "series",
    id: ({ name }) => name,
    name: ({ name }) => name,
    asset: () => asset,
    added: "stronger",
    text: ({ role, schedule }) => `${role}, ${scheduleText(schedule)}`,
    aspects: {
      name: elsewhere,
      role: either("role"),
      schedule: pace(asOf),
      suspended,
      overlap: word("overlap of runs", ["forbid", "replace", "allow"], ["allowed more", "allowed less"]),
      startSlack: takes("start slack"),
      run: takes("deadline of a run"),
      source: elsewhere,
    },
  };
}

/** Drills and verifications that run by themselves. */
export function rehearsalsAt(asOf: number): Kind<Rehearsal> {
  return {
    noun: "rehearsal",
    id: ({ role, name, asset }) => `${role} ${name} ${asset}`,
    name: ({ name }) => name,
    asset: ({ asset }) => asset,
    added: "stronger",
    text: ({ role, schedule }) => `${role}, ${told(scheduleText(schedule))}`,
    aspects: {
      name: elsewhere,
      role: elsewhere,
      asset: elsewhere,
      schedule: pace(asOf),
      suspended,
      startSlack: takes("start slack"),
      run: takes("deadline of a run"),
      source: elsewhere,
    },
  };
}
