import fc from "fast-check";
import type { Schedule } from "../../../recovery/schedule";
import { decade, dueOf, shortestGap } from "./decade";
import type { Every } from "./phase";
import { nightly, restorePoints, seriesOn, shorts } from "./pool";
import { type Subject, type Taking, worldOf } from "./subject";
import type { Copied } from "./subjectCopies";
import type { Grouped } from "./subjectGroup";
import type { World } from "./world";

const hour = 3_600;

/** Schedules that say how often something runs, and not when. */
const rates: readonly [schedule: Schedule, every: number][] = [
  ...([6, 8, 12, 24] as const).map((hours): [Schedule, number] => {
    const expression = JSON.stringify({ interval: hours, intervalUnit: "HOURS" });
    return [{ scheduler: "dlm", expression, timeZone: "Etc/UTC" }, hours * hour];
  }),
  ...([7, 12, 36] as const).map((hours): [Schedule, number] => {
    return [{ scheduler: "aws", expression: `rate(${hours} hours)`, timeZone: "Etc/UTC" }, hours * hour];
  }),
  [{ scheduler: "aws", expression: "rate(1 day)", timeZone: "Etc/UTC" }, 24 * hour],
];

const undated = fc.constantFrom(...rates.map(([schedule]) => schedule));
const either = fc.oneof(undated, nightly);

/** How many seconds apart the runs of a schedule are that nobody knows the clock times of; undefined for others. */
function everyOf({ schedule }: Taking): number | undefined {
  return rates.find(([one]) => one.expression === schedule.expression)?.[1];
}

/** Which of some calendars, told by what takes or carries points, run at times that nobody knows. */
export function everyIn(all: readonly Taking[]): Every {
  return new Map(
    all.flatMap((one, place): [number, number][] => {
      const every = everyOf(one);
      return every === undefined ? [] : [[place, every]];
    }),
  );
}

/** Restore points that come at unknown clock times, and when they do. */
export interface Undated extends Subject {
  phase: number;
}

/** Such a subject as the simulator sees it. */
export function undatedWorld(subject: Undated): World {
  const world = worldOf(subject);
  const every = everyOf(subject.takings[0] as Taking) ?? hour;
  const first = decade.from - 120 * 86_400 + (subject.phase % every);
  const due = Array.from({ length: Math.ceil((240 * 86_400) / every) }, (_, turn) => first + turn * every);
  return { ...world, calendars: world.calendars.map((one) => ({ ...one, due })) };
}

/** One series at unknown clock times. */
export const undatedPoints: fc.Arbitrary<Undated> = fc
  .record({ subject: restorePoints(seriesOn("full", undated).map((one) => [one])), phase: fc.nat(36 * hour) })
  .map(({ subject, phase }) => ({ ...subject, phase }));

const atOnce = { kept: 20 * 366 * 86_400, detect: 0, decide: 0, stop: 0, restore: 0 };

/** One series; a run that starts late ends before the next is due, whatever the scheduler. */
const orderly = (schedules: fc.Arbitrary<Schedule>) =>
  fc.record({ schedule: schedules, slack: shorts, run: shorts }).map(({ schedule, slack, run }): Taking => {
    const gap = shortestGap(dueOf(schedule));
    const late = Math.min(slack, 900);
    return { role: "full", schedule, overlap: "forbid", slack: late, run: Math.min(run, gap - late) };
  });

/** A pair of schedules of which nobody knows when one runs, or either. */
const pair = (a: fc.Arbitrary<Schedule>, b: fc.Arbitrary<Schedule>) => fc.tuple(orderly(a), orderly(b));
const pairs = fc.oneof(pair(undated, either), pair(either, undated));

/** Points that a job carries on, of which one runs at unknown clock times, or both. */
export const undatedRelay: fc.Arbitrary<Copied> = fc
  .record({ pair: pairs, subject: restorePoints(fc.constant([])) })
  .map(({ pair: [taking, relay], subject }) => ({
    ...subject,
    ...atOnce,
    takings: [taking],
    copies: [
      { at: "near", kept: atOnce.kept, lock: "compliance", locked: atOnce.kept },
      { at: "far", kept: atOnce.kept, lock: "compliance", locked: atOnce.kept, relay },
    ],
    disruption: "region",
  }));

/** Two assets of which one refers to the other, and runs at unknown clock times, or the other does, or both. */
export const undatedGroups: fc.Arbitrary<Grouped> = fc
  .record({ pair: pairs, subjects: fc.tuple(restorePoints(fc.constant([])), restorePoints(fc.constant([]))) })
  .map(({ pair, subjects }) => ({
    members: subjects.map((subject, place) => ({
      subject: { ...subject, ...atOnce, takings: pair.slice(place, place + 1) },
      refersTo: place === 1 ? [0] : [],
    })),
    disruption: "region",
  }));
