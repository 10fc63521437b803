import fc from "fast-check";
import { dueOf, shortestGap } from "./decade";
import { pooled, restorePoints, shorts, steady } from "./pool";
import type { Subject, Taking } from "./subject";

/** A part of a span, in thousandths. */
const parts = fc.oneof(fc.constantFrom(0, 1_000), fc.nat(1_000));

const whole = (span: number, part: number) => Math.floor((span * part) / 1_000);

/** One series of which each run takes the place of the one before it, with the run and the lateness that a gap asks for. */
function replacing(
  schedules: typeof pooled,
  spansOf: (gaps: { shortest: number; longest: number }, part: number, more: number) => Pick<Taking, "slack" | "run">,
): fc.Arbitrary<Subject> {
  return restorePoints(
    fc.record({ schedule: schedules, part: parts, more: shorts }).map(({ schedule, part, more }) => {
      const due = dueOf(schedule);
      const gaps = { shortest: shortestGap(due), longest: longestGap(due) };
      return [{ role: "full", schedule, overlap: "replace", ...spansOf(gaps, part, more) }];
    }),
  );
}

/** Runs that have ended before the next may start, at times in the very second in which that is due. */
export const neverReplaced = replacing(pooled, ({ shortest }, part, more) => {
  const slack = whole(shortest - 1, part);
  return { slack, run: Math.max(0, shortest - slack - (part % 2 === 0 ? 0 : more)) };
});

/** Runs that take longer than any gap, of which none ever ends. */
export const alwaysReplaced = replacing(steady, ({ shortest, longest }, part, more) => ({
  slack: whole(shortest - 1, part),
  run: longest + shortest + more,
}));

/** Runs that a late one before them, or a short gap, may let meet the next: by a second or by much, and on some days only. */
export const sometimesReplaced = replacing(steady, ({ shortest, longest }, part, more) => {
  const slack = whole(shortest - 1, part);
  const run = Math.max(1, shortest - slack) + more;
  return { slack, run: Math.min(run, longest) };
});

function longestGap(due: readonly number[]): number {
  let longest = 0;
  for (let place = 1; place < due.length; place++) {
    longest = Math.max(longest, (due[place] ?? 0) - (due[place - 1] ?? 0));
  }
  return longest;
}
