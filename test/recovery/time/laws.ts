import fc from "fast-check";
import { expect } from "vitest";
import {
  type Bound,
  type Count,
  type Maybe,
  type Setting,
  seconds,
  sum,
  type Term,
  type Unbounded,
} from "../../../recovery";
import { source } from "../build";

/** What a formula is given for one of its arguments. */
export type Given = Maybe<number> | Unbounded;

/** A span that was read somewhere. */
export const span = (value: Given): Setting => ({
  value: typeof value === "number" ? seconds(value) : value,
  source: source("setting"),
});

/** A count that was read somewhere. */
export const count = (value: Given): Count => ({
  value: typeof value === "object" && "unbounded" in value ? { unknown: value.unbounded } : value,
  source: source("count"),
});

/** What terms come to. */
export const total = (terms: readonly Term[]): Bound => sum(terms.map(({ value }) => value));

/** Names and values, as a person would add them up. */
export const listed = (terms: readonly Term[]) => terms.map(({ name, value }) => [name, value]);

interface Formula<Name extends string> {
  spans: readonly Name[];
  counts?: readonly Name[];
  /** Arguments of which more may be better: a longer interval of evaluations may fit better into what an alert holds. */
  notMonotone?: readonly Name[];
  total(given: Record<Name, Given>): Bound;
}

/** Any argument that grows makes the answer no smaller; one that is unknown or without limit makes the answer so. */
export function keepsTheLaws<Name extends string>({
  spans,
  counts = [],
  notMonotone = [],
  total,
}: Formula<Name>): void {
  const names = [...spans, ...counts];
  const values = fc.record(
    Object.fromEntries(names.map((name) => [name, fc.integer({ min: 1, max: counts.includes(name) ? 20 : 3_600 })])),
  ) as fc.Arbitrary<Record<Name, number>>;
  const monotone = names.filter((name) => !notMonotone.includes(name));
  fc.assert(
    fc.property(values, fc.constantFrom(...monotone), fc.nat(600), (given, name, more) => {
      const longer = total({ ...given, [name]: given[name] + more });
      expect(Number(longer)).toBeGreaterThanOrEqual(Number(total(given)));
    }),
  );
  fc.assert(
    fc.property(values, fc.constantFrom(...names), (given, name) => {
      expect(total({ ...given, [name]: { unknown: "not yet" } })).toEqual({ unknown: "not yet" });
    }),
  );
  fc.assert(
    fc.property(values, fc.constantFrom(...spans), (given, name) => {
      expect(total({ ...given, [name]: { unbounded: "no limit" } })).toEqual({ unbounded: "no limit" });
    }),
  );
}
