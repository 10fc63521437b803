import { expect, test } from "vitest";
import { parseAsOf } from "../../preview/asOf";

test.each([
  ["2026-11-21", "2026-11-21T00:00:00Z"],
  ["2024-02-29", "2024-02-29T00:00:00Z"],
  ["2026-11-21T08:30Z", "2026-11-21T08:30:00Z"],
  ["2026-11-21T08:30:59.900+02:00", "2026-11-21T06:30:59Z"],
])("%s is %s", (text, instant) => {
  expect(parseAsOf(text)).toBe(Date.parse(instant) / 1000);
});

test.each([
  "2026-02-30",
  "2026-13-01",
  "tomorrow",
  "",
  "2026-11-21T08:30:00",
  "2026-11-21T25:00Z",
  "21.11.2026",
  "1795219200",
])("%j is refused, with an example", (text) => {
  expect(() => parseAsOf(text)).toThrow(
    /^--as-of must be a day or an instant with its zone, got .* e\.g\. --as-of 2026-11-21/,
  );
});
