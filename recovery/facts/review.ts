import type { Fact } from "./fact";

/** No review is due before this day: it is the first at which every copy that is older than that is read again. */
const firstReview = "2027-06-30";

/** The last day a fact counts that was read on a day or in a year: two years later, and not before the first review. */
export function reviewBy(read: string): string {
  const [year = Number.NaN, month = 1, day = 1] = read.split("-").map(Number);
  const due = new Date(Date.UTC(year + 2, month - 1, day)).toISOString().slice(0, 10);
  return due > firstReview ? due : firstReview;
}

/** Whether the last day of a fact is over at an instant (seconds since 1970). */
export function isStale(fact: Fact, asOf: number): boolean {
  return asOf > Date.parse(`${fact.reviewBy}T23:59:59Z`) / 1_000;
}
