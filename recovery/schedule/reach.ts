import { type Problem, show } from "../duration";
import { formatInstant } from "./instant";

const first = Date.UTC(1900, 0, 1) / 1_000;
const end = Date.UTC(3000, 0, 1) / 1_000;

/** Longest time that is looked at, in seconds: a century. */
const longest = 36_525 * 86_400;

/** What is wrong with an instant to look at (seconds since 1970), if anything. */
export function outOfReach(at: number): Problem | undefined {
  if (at >= first && at < end) return undefined;
  const got = Math.abs(at) < 8.64e12 ? formatInstant(at) : show(at);
  return { problem: `schedules are looked at in the years 1900 to 2999, got ${got}` };
}

/** What is wrong with a time to look at, in seconds since 1970, if anything. */
export function badSpan(from: number, to: number): Problem | undefined {
  const far = outOfReach(from) ?? outOfReach(to);
  if (far || to - from <= longest) return far;
  return {
    problem: `a schedule is looked at for 100 years at most, got ${formatInstant(from)} to ${formatInstant(to)}`,
  };
}
