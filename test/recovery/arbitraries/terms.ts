import fc from "fast-check";
import {
  type Bound,
  type Disruption,
  disruptions,
  duration,
  grades,
  type Maybe,
  type Place,
  type Term,
} from "../../../recovery";
import { asOf, cleanRoom, here, source, there } from "../build";

/** The day of the tests, the next one, and two that see other changes of the clocks first. */
export const days: fc.Arbitrary<number> = fc.constantFrom(0, 1, 181, 1_000).map((later) => asOf + later * 86_400);

/** What makes a thing that is named by where it is: `s/a/points/series0`. */
export type Named<T> = fc.Arbitrary<(where: string) => T>;

/** The parts that everything is made of. */
export interface Parts {
  /** How often something is unknown, without limit, suspended or dangling, of thirty; 0 for never. */
  odd: number;
  /** Mostly the first; now and then what is odd. */
  mostly<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T>;
  maybe<T>(usual: fc.Arbitrary<T>): fc.Arbitrary<Maybe<T>>;
  /** A number that was read somewhere, whose source no other number has. */
  term(name: string, ...spans: string[]): Named<Term>;
  /** A place, mostly far from home. */
  place: fc.Arbitrary<Maybe<Place>>;
  home: fc.Arbitrary<Maybe<Place>>;
}

const anywhere = fc.constantFrom<Place>(
  here,
  there,
  cleanRoom,
  { ...here, zones: ["a"] },
  { ...here, zones: ["a"], node: "disk" },
);

/** Parts that are so odd. */
export function partsOf(odd: number): Parts {
  const mostly = <T>(usual: fc.Arbitrary<T>, strange: fc.Arbitrary<T>): fc.Arbitrary<T> =>
    odd === 0 ? usual : fc.oneof({ arbitrary: usual, weight: 30 }, { arbitrary: strange, weight: odd });
  const maybe = <T>(usual: fc.Arbitrary<T>) => mostly<Maybe<T>>(usual, fc.constant({ unknown: "nobody knows" }));
  const grade = fc.oneof(
    { arbitrary: fc.constantFrom("guaranteed", "measured"), weight: 9 },
    { arbitrary: fc.constantFrom(...grades), weight: 1 },
  );
  return {
    odd,
    mostly,
    maybe,
    term: (name, ...spans) => {
      const endless = fc.constantFrom<Bound>({ unbounded: "nothing bounds it" }, { unknown: "nobody knows" });
      const value = mostly<Bound>(fc.constantFrom(...spans).map(duration), endless);
      return fc.record({ value, grade }).map((read) => (where) => ({
        name,
        value: read.value,
        grade: read.grade as Term["grade"],
        source: { ...source(`${where}/${name}`), property: "spec" },
      }));
    },
    place: maybe(
      fc.oneof({ arbitrary: fc.constantFrom(there, cleanRoom), weight: 3 }, { arbitrary: anywhere, weight: 1 }),
    ),
    home: maybe(anywhere),
  };
}

/** At most one of something. */
export const perhaps = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 1 });

/** Some of the disruptions, mostly all. */
export const mostDisruptions: fc.Arbitrary<Disruption[]> = fc.oneof(
  { arbitrary: fc.constant<Disruption[]>([...disruptions]), weight: 3 },
  { arbitrary: fc.subarray([...disruptions]), weight: 1 },
);
