import type { Fact } from "./fact";

/** No review is due before this day: it is the first at which every copy that is older than that is read again. */
const firstReview = "2027-06-30";

/**
 * The last day a fact counts that was read on a day or in a year: two years later, and not before the first review; for
 * what is neither the first day of all, so that it is read at once.
 */
export function reviewBy(read: string): string {
  const [year = Number.NaN, month = 1, day = 1] = read.split("-").map(Number);
  const at = Date.UTC(year + 2, month - 1, day);
  if (Number.isNaN(at)) return "1970-01-01";
  const due = new Date(at).toISOString().slice(0, 10);
  return due > firstReview ? due : firstReview;
}

/** Whether the last day of a fact is over at an instant (seconds since 1970), or one of both cannot be read. */
export function isStale(fact: Fact, asOf: number): boolean {
  return !(asOf <= Date.parse(`${fact.reviewBy}T23:59:59Z`) / 1_000);
}
