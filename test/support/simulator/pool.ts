import fc from "fast-check";
import type { Schedule } from "../../../recovery/schedule";
import { dueOf, shortestGap } from "./decade";
import { spans } from "./drawn";
import { kubernetes, type Subject, type Taking } from "./subject";

const daily = ["0 2 * * *", "30 2 * * *", "0 3 * * *", "15 1 * * *", "0 2,14 * * *"];
const oftener = ["0 */6 * * *", "10 */4 * * *", "0 * * * *", "0 1-5 * * *", "0,20 */3 * * *"];
const rarely = ["0 1 * * 0", "0 2 * * 1-5", "0 3 * * 1,2", "0 2 1,15 * *", "0 2 * * 2"];
const zones = ["Etc/UTC", "Europe/Berlin", "America/New_York"];

const all = [...daily, ...oftener, ...rarely].flatMap((expression) =>
  zones.map((zone) => kubernetes(expression, zone)),
);

/** A few dozen schedules, so that each one's ten years are gone through once. */
export const pooled: fc.Arbitrary<Schedule> = fc.constantFrom(...all);

/** Those of them that start a run every day at least. */
export const frequent = fc.constantFrom(
  ...[...daily, ...oftener].flatMap((expression) => zones.map((zone) => kubernetes(expression, zone))),
);

/** Those of them that start a run or two every day. */
export const nightly = fc.constantFrom(
  ...daily.flatMap((expression) => zones.map((zone) => kubernetes(expression, zone))),
);

/** Those of them that start one every seven hours at least. */
export const dense = fc.constantFrom(
  ...["0 */6 * * *", "10 */4 * * *", "0 */3 * * *"].flatMap((expression) =>
    zones.map((zone) => kubernetes(expression, zone)),
  ),
);

/** Those of them that start a run or two a day at most. */
export const seldom = fc.constantFrom(
  ...[...daily, ...rarely].flatMap((expression) => zones.map((zone) => kubernetes(expression, zone))),
);

/** Those of them whose days are all alike, in a zone without changes of the clocks. */
export const steady = fc.constantFrom(...[...daily, ...rarely].map((expression) => kubernetes(expression)));

/** Spans of some minutes, mostly; now and then of no time at all or of hours. */
export const shorts = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.nat(1_800) },
  { weight: 1, arbitrary: spans },
);

/** A series on a calendar of the pool; under `forbid` no run is still under way when the next is due. */
export function seriesOn(role: Taking["role"], schedules: fc.Arbitrary<Schedule>): fc.Arbitrary<Taking> {
  return fc
    .record({
      schedule: schedules,
      slack: shorts,
      run: shorts,
      overlap: fc.constantFrom("forbid" as const, "forbid" as const, "allow" as const),
    })
    .map((one) => {
      const gap = one.overlap === "allow" ? Number.POSITIVE_INFINITY : shortestGap(dueOf(one.schedule));
      return { ...one, role, slack: Math.min(one.slack, gap - 1), run: Math.min(one.run, gap) };
    });
}

/** How long points are kept: usually for good, at times so short that they may be gone before the next comes. */
export const keeping = fc.oneof(
  { weight: 2, arbitrary: fc.constant(20 * 366 * 86_400) },
  { weight: 1, arbitrary: fc.integer({ min: 6, max: 40 * 24 }).map((hours) => hours * 3_600) },
);

/** Restore points of one series or of a full with increments, on calendars of the pool. */
export function restorePoints(takings: fc.Arbitrary<Taking[]>): fc.Arbitrary<Subject> {
  return fc.record({
    takings,
    capture: fc.constantFrom("start" as const, "end" as const, "fuzzy" as const),
    transfer: shorts,
    kept: keeping,
    detect: fc.oneof(shorts, fc.nat(5 * 86_400)),
    decide: shorts,
    stop: shorts,
    restore: shorts,
  });
}

/** One series of fulls. */
export const single = restorePoints(seriesOn("full", pooled).map((one) => [one]));

const pairs: [full: string, incremental: string][] = [
  ["0 1 * * 0", "0 2 * * 1-5"],
  ["0 1 * * 0", "30 2 * * *"],
  ["0 2 * * *", "0 */6 * * *"],
  ["30 2 * * *", "0 * * * *"],
  ["0 2,14 * * *", "10 */4 * * *"],
];

/** A full and increments to it, in one zone. */
export const chained = restorePoints(
  fc
    .tuple(fc.constantFrom(...pairs), fc.constantFrom(...zones))
    .chain(([[full, incremental], zone]) =>
      fc.tuple(
        seriesOn("full", fc.constant(kubernetes(full, zone))),
        seriesOn("incremental", fc.constant(kubernetes(incremental, zone))),
      ),
    ),
);
