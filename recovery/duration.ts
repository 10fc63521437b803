/** A whole number of seconds, never negative. */
export type Seconds = number & { readonly __unit: "seconds" };

/** A duration as written by people: `"90s"`, `"15m"`, `"1h30m"`, `"2w"`; units s, m, h, d, w. */
export type Duration = string;

/** A value that could not be understood, in words for the person who wrote it. */
export interface Problem {
  problem: string;
}

const units = [
  ["w", 604_800],
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
] as const;

/** Longest span in seconds, more than 31,000 years: beyond any promise, and still a date that a calendar can print. */
export const longestSpan = 1_000_000_000_000;

/**
 * Brands whole seconds that were reckoned: what adds up to more than the longest span is that. Throws a RangeError for a
 * fraction or a negative number.
 */
export function seconds(value: number): Seconds {
  if (!Number.isInteger(value) || value < 0) throw new RangeError(`not whole seconds: ${value}`);
  return Math.min(value, longestSpan) as Seconds;
}

/** Reads a duration; the answer is seconds or a problem, never a throw. Nobody means more than the longest span. */
export function parseDuration(text: unknown): Seconds | Problem {
  const rule = 'must be a duration such as "15m" or "1h30m"';
  const total = writtenSpan(text);
  if (total === undefined) return { problem: `${rule}, got ${show(text)}` };
  return total > longestSpan ? { problem: `${rule}, at most 31,000 years, got ${show(text)}` } : seconds(total);
}

/** The seconds that a text says, however many; undefined for one that is no duration. */
export function writtenSpan(text: unknown): number | undefined {
  if (typeof text !== "string" || !/^(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?$/.test(text) || text === "") return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([wdhms])/g)) {
    total += Number(count) * (units.find(([name]) => name === unit)?.[1] ?? Number.NaN);
  }
  return total;
}

/** Reads a duration that the code itself wrote; throws for a bad one. */
export function duration(text: Duration): Seconds {
  const value = parseDuration(text);
  if (isProblem(value)) throw new RangeError(`duration ${value.problem}`);
  return value;
}

/** Prints seconds as people write them: `49h 40m`, `8m 10s`, `30d`, `0s`; days only from 3 days on. */
export function formatSeconds(value: number): string {
  if (Number.isNaN(value)) return "unknown";
  if (value < 0) return `-${formatSeconds(-value)}`;
  if (value > Number.MAX_SAFE_INTEGER) return "unbounded";
  const days = value >= 3 * 86_400 ? Math.floor(value / 86_400) : 0;
  const rest = value - days * 86_400;
  const hours = Math.floor(rest / 3_600);
  const minutes = Math.floor((rest % 3_600) / 60);
  const parts: string[] = [];
  if (days > 0) parts.push(`${days}d`);
  if (hours > 0) parts.push(`${hours}h`);
  if (minutes > 0) parts.push(`${minutes}m`);
  if (rest % 60 > 0) parts.push(`${rest % 60}s`);
  return parts.length === 0 ? "0s" : parts.join(" ");
}

/** Whole days of a span of seconds; throws rather than rounds. */
export function wholeDays(value: Seconds): number {
  if (value % 86_400 !== 0) throw new RangeError(`${formatSeconds(value)} is not a whole number of days`);
  return value / 86_400;
}

/** True for a `Problem`. */
export function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "problem" in value;
}

/** A short, safe rendering of a value found in the wrong place. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = written(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function written(value: unknown): string {
  if (typeof value !== "object" && typeof value !== "string") return String(value);
  try {
    // JSON has neither whole numbers of any size nor NaN, for which it would say null.
    const text: string | undefined = JSON.stringify(value, (_, part) =>
      typeof part === "bigint" || (typeof part === "number" && !Number.isFinite(part)) ? String(part) : part,
    );
    return text ?? "nothing";
  } catch {
    return "something that no JSON can hold";
  }
}
