import fc from "fast-check";
import type { Schedule } from "../../../recovery/schedule";
import { isProblem, type Problem, zoneOf } from "../../../recovery/schedule";

export const zones = [
  "Etc/UTC",
  "America/New_York",
  "Europe/Berlin",
  "Europe/London",
  "Australia/Lord_Howe",
  "America/Havana",
  "Africa/Cairo",
  "Asia/Kathmandu",
  "Asia/Tokyo",
];

export function every(expression: string, timeZone = "Etc/UTC"): Schedule {
  return { scheduler: "kubernetes", expression, timeZone };
}

/** The answer, or a failed test with the problem. */
export function answer<T>(read: T | Problem): T {
  if (isProblem(read)) throw new Error(read.problem);
  return read;
}

/** Epoch seconds of an ISO time. */
export function at(iso: string): number {
  return Date.parse(iso) / 1000;
}

/** Epoch seconds of the midnight that starts a date in a zone without a change of the clocks near it. */
export function midnight(date: string, timeZone: string): number {
  return at(date) - answer(zoneOf(timeZone)).offsetAt(at(date));
}

function field(min: number, max: number): fc.Arbitrary<string> {
  const number = fc.integer({ min, max });
  const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: 12 });
  return fc.oneof(
    fc.constantFrom("*", "?"),
    number.map(String),
    range,
    fc.tuple(fc.oneof(fc.constant("*"), range, number.map(String)), step).map(([base, every]) => `${base}/${every}`),
    fc.tuple(number, number).map((list) => list.join(",")),
  );
}

const star = { arbitrary: fc.constant("*"), weight: 3 };

export const expressions: fc.Arbitrary<string> = fc
  .tuple(
    field(0, 59),
    fc.oneof(field(0, 23), field(0, 3)),
    fc.oneof(star, { arbitrary: field(1, 31), weight: 1 }),
    fc.oneof(star, { arbitrary: field(1, 12), weight: 1 }),
    fc.oneof(star, { arbitrary: field(0, 6), weight: 1 }),
  )
  .map((fields) => fields.join(" "));

export const schedules: fc.Arbitrary<Schedule> = fc
  .tuple(expressions, fc.constantFrom(...zones))
  .map(([expression, zone]) => every(expression, zone));
