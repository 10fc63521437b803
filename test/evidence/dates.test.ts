import fc from "fast-check";
import { expect, test } from "vitest";
import { calendar, daysBetween, fromNow, isoDay, isoInstant, startOfDay } from "../../evidence/dates";
import { utc } from "./judgement";

test.each([
  ["2026-10-03T02:00:00", "Sat  3 Oct 02:00"],
  ["2026-10-18T01:40:00", "Sun 18 Oct 01:40"],
  ["2026-10-18T01:40:07", "Sun 18 Oct 01:40:07"],
  ["2027-01-01T00:00:00", "Fri  1 Jan 2027 00:00"],
  ["2024-02-29T23:59:59", "Thu 29 Feb 2024 23:59:59"],
])("%s is found on a calendar of 2026 as %s", (at, shown) => {
  expect(calendar(utc(at), 2026)).toBe(shown);
});

test("a day and an instant are written as ISO 8601 in UTC", () => {
  expect(isoInstant(utc("2026-11-21T09:08:07"))).toBe("2026-11-21T09:08:07Z");
  expect(isoDay(utc("2026-11-21T23:59:59"))).toBe("2026-11-21");
});

test("the start of a day reads back as that day", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (at) => {
      const start = startOfDay(isoDay(at));
      return start !== undefined && start <= at && at - start < 86_400;
    }),
  );
});

test("a text that is no day has no start", () => {
  expect(startOfDay("soon")).toBeUndefined();
  expect(startOfDay("2026-13-01")).toBeUndefined();
});

test("a due day is counted in calendar days, not in spans of 24 hours", () => {
  expect(daysBetween(utc("2026-11-21T23:59:00"), utc("2026-11-22T00:00:00"))).toBe(1);
  expect([fromNow(9), fromNow(1), fromNow(0), fromNow(-3)]).toEqual([
    "in 9 days",
    "in 1 day",
    "today",
    "3 days overdue",
  ]);
});
