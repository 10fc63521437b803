import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printedOn } from "../../../preview/docs/reports";
import {
  type Fact,
  factGroups,
  factSeconds,
  facts,
  gradeOf,
  isStale,
  kubernetes,
  reviewBy,
  type Standing,
  staleFacts,
} from "../../../recovery/facts";

const fact = (edit: Partial<Fact>): Fact => ({ ...kubernetes.toleration, ...edit });
/** Ids of the facts of which something is not so. */
const except = (holds: (one: Fact) => boolean): string[] => facts.filter((one) => !holds(one)).map(({ id }) => id);

/** The seconds of a fact, or what it says when asked for them in vain. */
const secondsOf = (one: Fact): unknown => {
  try {
    return factSeconds(one);
  } catch (error) {
    return error instanceof RangeError ? error.message : error;
  }
};

describe("every fact", () => {
  it("has an id of its own, which can be written anywhere", () => {
    expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length);
    expect(except(({ id }) => /^[a-z][a-z0-9]*(-[a-z0-9]+)*\.[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  it("stands in a chapter whose facts share the first part of their ids with no other chapter", () => {
    const technologies = factGroups.map((group) => [
      ...new Set(Object.values(group.facts).map(({ id }) => id.split(".")[0])),
    ]);
    expect(technologies.filter((names) => names.length !== 1)).toEqual([]);
    expect(new Set(technologies.flat()).size).toBe(factGroups.length);
    expect(new Set(factGroups.map(({ title }) => title)).size).toBe(factGroups.length);
  });

  it("says one sentence that fits a line", () => {
    expect(except(({ says }) => /^\S.*[^.]\.$/.test(says) && !/\. [A-Z]/.test(says) && says.length <= 115)).toEqual([]);
  });

  it("names a public source", () => {
    expect(except(({ source }) => source.trim() !== "" && source === source.trim())).toEqual([]);
    expect(except(({ source }) => !/\/(tmp|home|work)\/|localhost|:\/\/[^/]*:\d/.test(source))).toEqual([]);
  });

  it("was read on a day or in a year that is past, and is to be read again on a day after it", () => {
    const isDay = (text: string) =>
      /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
    expect(except(({ read }) => /^\d{4}$/.test(read) || isDay(read))).toEqual([]);
    expect(except(({ read }) => Date.parse(read) / 1_000 <= printedOn)).toEqual([]);
    expect(except(({ reviewBy: due }) => isDay(due))).toEqual([]);
    expect(except(({ read, reviewBy: due }) => due > read && due === reviewBy(read))).toEqual([]);
  });

  it("has a unit exactly where it has a number, a whole one that is not negative", () => {
    expect(except(({ value, unit }) => (value === undefined) === (unit === undefined))).toEqual([]);
    expect(except(({ value = 0 }) => Number.isSafeInteger(value) && value >= 0)).toEqual([]);
    expect(except(({ value = 0, unit }) => unit !== "per million" || value <= 1_000_000)).toEqual([]);
  });

  it("converts to seconds exactly where it is a span", () => {
    const inOne: Partial<Record<string, number>> = { seconds: 1, days: 24 * 60 * 60 };
    const expected = ({ id, value, unit }: Fact) => {
      const factor = inOne[unit ?? "none"];
      return value === undefined || factor === undefined ? `${id} is no span of time` : value * factor;
    };
    expect(except((one) => secondsOf(one) === expected(one))).toEqual([]);
  });
});

describe("the grade of a fact", () => {
  it.each<[Standing, ReturnType<typeof gradeOf>]>([
    ["design", "guaranteed"],
    ["contract", "contractual"],
    ["measured", "measured"],
    ["typical", undefined],
    ["none", undefined],
    ["unverified", undefined],
  ])("of standing %s is %s", (standing, grade) => {
    expect(gradeOf(fact({ standing }))).toBe(grade);
  });
});

describe("the day of a review", () => {
  it.each([
    ["a day", "2026-11-21", "2028-11-21"],
    ["the first day whose second year is past the first review", "2025-07-01", "2027-07-01"],
    ["a day whose second year is not", "2025-06-29", "2027-06-30"],
    ["a year", "2026", "2028-01-01"],
    ["an old year", "2018", "2027-06-30"],
    ["a leap day", "2028-02-29", "2030-03-01"],
  ])("two years after %s", (_, read, due) => {
    expect(reviewBy(read)).toBe(due);
  });

  it("never comes sooner for a source that was read later", () => {
    const day = fc
      .date({ min: new Date("2018-01-01"), max: new Date("2090-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(day, day, (one, other) => {
        const [earlier, later] = [one, other].sort();
        expect(reviewBy(earlier ?? "") <= reviewBy(later ?? "")).toBe(true);
      }),
    );
  });
});

describe("a stale fact", () => {
  const last = Date.UTC(2027, 5, 30, 23, 59, 59) / 1_000;

  it("counts through the last second of its last day", () => {
    expect(isStale(fact({ reviewBy: "2027-06-30" }), last)).toBe(false);
    expect(isStale(fact({ reviewBy: "2027-06-30" }), last + 1)).toBe(true);
  });

  it("is none today, and the oldest are the first", () => {
    expect(staleFacts(printedOn)).toEqual([]);
    expect(staleFacts(last)).toEqual([]);
    expect(staleFacts(last + 1)).toEqual(facts.filter((one) => one.reviewBy === "2027-06-30"));
    expect(staleFacts(last + 1).length).toBeGreaterThan(0);
  });

  it("is every fact once nobody has read anything for long enough", () => {
    expect(staleFacts(Date.UTC(2030, 0) / 1_000)).toEqual(facts);
  });
});
