import fc from "fast-check";
import {
  assess,
  type Bound,
  type Candidate,
  type Disruption,
  type Plan,
  type RestorePoints,
  type Series,
} from "../../../recovery";
import { isProblem, runs, type Schedule } from "../../../recovery/schedule";
import { asOf, asset, cleanRoom, copy, path, plan, points, series, step, term } from "../build";
import type { Calendar, World } from "./world";

/** One series in seconds, for the plan and for the simulator alike. */
export interface Taking {
  role: "full" | "incremental";
  schedule: Schedule;
  slack: number;
  run: number;
  overlap: "allow" | "forbid";
}

/** One asset with restore points, and the path that recovers it; spans in seconds. */
export interface Subject {
  takings: Taking[];
  capture: RestorePoints["capture"];
  transfer: number;
  kept: number;
  detect: number;
  decide: number;
  stop: number;
  restore: number;
}

const year = 366 * 86_400;

/** A subject to take as it is but for what a test is about: noticed and restored at once, kept 30 days. */
export const anything: Subject = {
  takings: [],
  capture: "start",
  transfer: 0,
  kept: 30 * 86_400,
  detect: 0,
  decide: 0,
  stop: 0,
  restore: 0,
};

/** The ten years from `asOf` that the model looks at. */
export const decade = { from: asOf, to: Date.UTC(2036, 10, 21) / 1_000 } as const;

const calendars = new Map<string, number[]>();

/** Every instant a schedule is due, from a year before the ten years until a year after them. */
export function dueOf(schedule: Schedule): number[] {
  const key = `${schedule.expression} ${schedule.timeZone}`;
  const found = calendars.get(key) ?? runs(schedule, decade.from - year, decade.to + year);
  if (isProblem(found)) throw new Error(found.problem);
  calendars.set(key, found);
  return found;
}

/** The subject as the simulator sees it. */
export function worldOf({ takings, capture, transfer }: Subject): World {
  return { capture, transfer, calendars: takings.map(calendarOf) };
}

function calendarOf({ role, schedule, slack, run, overlap }: Taking): Calendar {
  return { role, due: dueOf(schedule), slack, run, overlap };
}

const span = (name: string, seconds: number) => term(name, `${seconds}s`);

/** The subject's restore points as the model reads them. */
export function restorePointsOf(subject: Subject): RestorePoints {
  return points({
    capture: subject.capture,
    series: subject.takings.map(seriesOf),
    transfer: span("transfer", subject.transfer),
    copies: [
      copy({
        keptFor: span("kept", subject.kept),
        lock: { mode: "compliance", keptFor: span("locked", subject.kept) },
      }),
    ],
  });
}

function seriesOf({ role, schedule, slack, run, overlap }: Taking, place: number): Series {
  return series({
    name: `${role} ${place}`,
    role,
    schedule,
    overlap,
    startSlack: span("start slack", slack),
    run: span("run", run),
  });
}

/** The subject as a plan with one path, recovering from one disruption. */
export function planOf(subject: Subject, disruption: Disruption): Plan {
  return plan({
    assets: [asset({ [disruption]: ["1h", "1h"] })],
    protections: [restorePointsOf(subject)],
    paths: [
      path({
        detect: [span("notice", subject.detect)],
        decide: [span("decide", subject.decide)],
        steps: [
          step("stop", `${subject.stop}s`, { stopsWrites: true }),
          step("restore", `${subject.restore}s`, { restores: true, after: ["stop"] }),
        ],
        runsAt: cleanRoom,
      }),
    ],
  });
}

/** What the model claims of a subject. */
export function claimOf(subject: Subject, disruption: Disruption): Candidate {
  const chosen = assess(planOf(subject, disruption), asOf)[0]?.chosen;
  if (chosen === undefined) throw new Error("the model chose no way to recover");
  return chosen;
}

/** The claimed losses in seconds with every run succeeding and with one failed; infinite where no bound is claimed. */
export function lossesOf({ rpo }: Candidate): [healthy: number, failed: number] {
  const [healthy, failed] = rpo;
  return [secondsOf(healthy.total), secondsOf(failed.total)];
}

/** A bound as a number, infinite when it is none. */
export function secondsOf(bound: Bound | number): number {
  return typeof bound === "number" ? bound : Number.POSITIVE_INFINITY;
}

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

/** A Kubernetes schedule. */
export function kubernetes(expression: string, timeZone = "Etc/UTC"): Schedule {
  return { scheduler: "kubernetes", expression, timeZone };
}

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

/** The shortest time between two runs in seconds. */
export function shortestGap(due: readonly number[]): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let place = 1; place < due.length; place++) {
    shortest = Math.min(shortest, (due[place] ?? 0) - (due[place - 1] ?? 0));
  }
  return shortest;
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
