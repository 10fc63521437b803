import fc from "fast-check";
import type { Schedule } from "../../../recovery/schedule";
import { dueOf, shortestGap } from "./decade";
import { kubernetes, type Subject, type Taking } from "./subject";

const year = 366 * 86_400;

const zones = [
  "Etc/UTC",
  "Europe/Berlin",
  "Europe/London",
  "America/New_York",
  "Australia/Lord_Howe",
  "Africa/Cairo",
  "Asia/Tokyo",
];

const minutes = ["0", "7", "30", "0,30", "1,59"];
const hours = ["2", "1", "3", "0,12", "2,3", "*/6", "1-5", "22-23", "*/8", "0,1,2,9"];
const days = ["* * *", "* * *", "* * 0", "* * 1-5", "1-7 * 1", "31 * *", "1,15 * *", "* * 0,3", "* */3 0"];

const pick = (...choices: string[]) => fc.constantFrom(...choices);

/** Schedules that are irregular by weekday, date, hour and clock changes. */
export const schedules: fc.Arbitrary<Schedule> = fc
  .record({ minute: pick(...minutes), hour: pick(...hours), day: pick(...days), timeZone: pick(...zones) })
  .map(({ minute, hour, day, timeZone }) => kubernetes(`${minute} ${hour} ${day}`, timeZone));

/** Seconds from none up to some hours, round and odd. */
export const spans = fc.oneof(fc.constantFrom(0, 10, 600, 1_800, 3_600), fc.nat(3 * 3_600));

/**
 * A series whose runs may overlap with `allow`; with `forbid` a run on time ends before the next is due, and a late one
 * starts before it, since the controller would start the next in its place.
 */
export function takings(role: Taking["role"], schedule: fc.Arbitrary<Schedule> = schedules): fc.Arbitrary<Taking> {
  return fc
    .record({ schedule, slack: spans, run: spans, overlap: fc.constantFrom("allow" as const, "forbid" as const) })
    .map((one) => {
      const most = one.overlap === "allow" ? Number.POSITIVE_INFINITY : shortestGap(dueOf(one.schedule));
      return { ...one, role, slack: Math.min(one.slack, most - 1), run: Math.min(one.run, most) };
    });
}

const pairs: [full: string, incremental: string][] = [
  ["0 2 * * 0", "0 2 * * 1-6"],
  ["0 2 * * 0", "30 1 * * *"],
  ["0 2 * * *", "0 */6 * * *"],
  ["15 0,12 * * *", "0,20 */3 * * *"],
  ["0 3 * * 3", "0 2 * * 1-5"],
  ["30 2 * * *", "0 1-5 * * *"],
];

/** A full and incrementals on calendars of their own, in one zone. */
export const chains: fc.Arbitrary<Taking[]> = fc
  .tuple(fc.constantFrom(...pairs), pick(...zones))
  .chain(([[full, incremental], zone]) =>
    fc.tuple(
      takings("full", fc.constant(kubernetes(full, zone))),
      takings("incremental", fc.constant(kubernetes(incremental, zone))),
    ),
  );

/** Subjects with one series of fulls. */
export const singles = subjects(takings("full").map((one) => [one]));

/** Subjects with fulls and incrementals. */
export const pairsOfSeries = subjects(chains);

/** Subjects whose points come of these series. */
export function subjects(series: fc.Arbitrary<Taking[]>): fc.Arbitrary<Subject> {
  return fc.record({
    takings: series,
    capture: fc.constantFrom("start" as const, "end" as const, "fuzzy" as const),
    transfer: spans,
    kept: fc.constant(20 * year),
    detect: fc.oneof(spans, fc.nat(5 * 86_400)),
    decide: spans,
    stop: spans,
    restore: spans,
  });
}

const regularPairs: [full: string, incremental: string][] = [
  ["0 2 * * *", "0 */6 * * *"],
  ["15 */12 * * *", "0 * * * *"],
  ["25 */6 * * *", "*/20 * * * *"],
  ["0 */8 * * *", "*/30 * * * *"],
];

/** Subjects with fulls and incrementals at even distances the whole year. */
export const regulars: fc.Arbitrary<Subject> = subjects(
  fc
    .constantFrom(...regularPairs)
    .chain(([full, incremental]) =>
      fc.tuple(
        takings("full", fc.constant(kubernetes(full))),
        takings("incremental", fc.constant(kubernetes(incremental))),
      ),
    ),
).map((subject) => ({ ...subject, takings: subject.takings.map(startsBeforeNext) }));

function startsBeforeNext(taking: Taking): Taking {
  return { ...taking, slack: Math.min(taking.slack, shortestGap(dueOf(taking.schedule)) - 1) };
}

/** The same subjects with points kept from half a day to six weeks. */
export function restorable(all: fc.Arbitrary<Subject>): fc.Arbitrary<Subject> {
  return fc
    .tuple(all, fc.integer({ min: 12, max: 42 * 24 }))
    .map(([subject, hours]) => ({ ...subject, kept: hours * 3_600 }));
}
