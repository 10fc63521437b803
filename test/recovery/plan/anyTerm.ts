import fc from "fast-check";
import {
  type Bound,
  facts,
  isBounded,
  type Limit,
  type Maybe,
  type Need,
  type Place,
  type Schedule,
  type Seconds,
  type Source,
  seconds,
  type Term,
} from "../../../recovery";

/** Leaves a setting out, or has it. */
export function maybeHas<K extends string, T>(key: K, value: fc.Arbitrary<T>): fc.Arbitrary<{ [P in K]?: T }> {
  return fc
    .option(value, { nil: undefined })
    .map((one) => (one === undefined ? {} : { [key]: one }) as { [P in K]?: T });
}

/** Several parts of one thing; that they are all of it, the laws find out. */
export function all<T extends object>(...parts: fc.Arbitrary<object>[]): fc.Arbitrary<T> {
  return fc.tuple(...parts).map((each) => Object.assign({}, ...each) as T);
}

/** A text that people write, or one that is awkward to write. */
export const word = fc.constantFrom("a", "orders", "run of db-1", "Wörter · mit Ecken", "~/a/b", "x".repeat(80));
/** A span, the shortest and the longest among them. */
export const span = fc
  .oneof(fc.nat(400_000), fc.constantFrom(0, 1, 59, 1_000_000_000_000))
  .map((one) => one as Seconds);
/** Where a number was read. */
export const source: fc.Arbitrary<Source> = all<Source>(
  fc.record({ resource: fc.constantFrom("urn:a", "register:b", "f.yaml#/assets/0"), name: word }),
  maybeHas("property", word),
);
const unknown = word.map((why) => ({ unknown: why }));
const bound: fc.Arbitrary<Bound> = fc.oneof(
  { weight: 6, arbitrary: span },
  unknown,
  word.map((why) => ({ unbounded: why })),
);
/** A value, or why nobody can say. */
export const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<Maybe<T>> =>
  fc.oneof({ weight: 6, arbitrary: one }, unknown);

/** A number that nobody has to answer for. */
export const firm: fc.Arbitrary<Term> = all<Term>(
  fc.record({ name: word, value: bound, grade: fc.constantFrom("guaranteed", "contractual", "measured"), source }),
  maybeHas("facts", fc.subarray(facts.slice(0, 4).map(({ id }) => id))),
  maybeHas("part", fc.constantFrom("before", "after")),
);
/** A number that the register answers for. */
export const answered: fc.Arbitrary<Term> = fc.record({
  name: word,
  value: span,
  grade: fc.constant("assumed"),
  source,
  assumption: fc.constant("undrilled"),
});
const loose: fc.Arbitrary<Term> = fc.record({ name: word, value: unknown, grade: fc.constant("assumed"), source });
/** A number in any of its forms. */
export const anyTerm: fc.Arbitrary<Term> = fc.oneof({ weight: 4, arbitrary: firm }, answered, loose);
/** Numbers that are added up. */
export const terms = fc.array(anyTerm, { maxLength: 3 });

/** An account, and whether hostile credentials reach it: all of it or nothing. */
export const account = fc.constantFrom({ account: "1", deployed: true }, { account: "2", deployed: false });

/** A place, or why nobody can say. */
export const place: fc.Arbitrary<Maybe<Place>> = maybe(
  all<Place>(
    fc.record({
      cloud: fc.constantFrom("aws", "own"),
      region: fc.constantFrom("r1", "r2"),
      zones: fc.subarray(["a", "b", "c"]),
    }),
    account,
    maybeHas("node", word),
  ),
);
/** How late a run of any scheduler may start. */
export const slack = anyTerm.map((one) =>
  isBounded(one.value) && one.value < 10 ? { ...one, value: seconds(10) } : one,
);
/** A schedule, or why nobody can say. */
export const schedule: fc.Arbitrary<Maybe<Schedule>> = maybe(
  fc.record({
    scheduler: fc.constant("kubernetes"),
    expression: fc.constantFrom("0 2 * * *", "0 */6 * * *", "30 1 * * 0"),
    timeZone: fc.constantFrom("Etc/UTC", "Europe/Berlin"),
  }),
);
/** Something that a copy or a recovery needs. */
export const need: fc.Arbitrary<Need> = all<Need>(
  fc.record({ what: word, at: place, source }),
  maybeHas("deletable", fc.boolean()),
  maybeHas("assumption", fc.constantFrom("undrilled", "clean-room", "site:clean-room")),
);
/** A limit with its comparison. */
export const limit: fc.Arbitrary<Limit> = fc
  .record({ seconds: span, strict: fc.boolean() })
  .map((one) => ({ ...one, strict: one.strict && one.seconds > 0 }));
