import fc from "fast-check";
import { type Copy, domains, type Protection, type Series, type Shares, type Term } from "../../../recovery";
import { all, anyTerm, firm, maybe, maybeHas, need, place, schedule, slack, source, terms, word } from "./anyTerm";

/** The assets of every plan. */
export const assetIds = ["shop/orders", "shop/invoices", "media/objects"] as const;

const series: fc.Arbitrary<Series> = fc.record({
  name: word,
  role: fc.constantFrom("full", "incremental"),
  schedule,
  suspended: maybe(fc.boolean()),
  overlap: maybe(fc.constantFrom("allow", "forbid", "replace")),
  startSlack: slack,
  run: anyTerm,
  source,
});
/** Locks hold no longer than points are there, and these are there until they expire or longer. */
const copy: fc.Arbitrary<Copy> = all<Copy>(
  fc
    .tuple(
      firm,
      firm,
      firm,
      maybe(fc.constantFrom("compliance", "governance", "none")),
      fc.boolean(),
      fc.option(fc.nat()),
    )
    .map(([a, b, c, mode, states, grace]) => {
      const sorted = [a, b, c].sort((x, y) => order(x) - order(y));
      const [held, kept, gone] = sorted as [Term, Term, Term];
      return {
        keptFor: kept,
        ...(states ? { deletedBy: gone } : {}),
        lock: { mode, keptFor: held, ...(grace === null ? {} : { graceUntil: grace }) },
      };
    }),
  fc.record({ at: place, source }),
  maybeHas("needs", fc.array(need, { maxLength: 2 })),
  maybeHas("relay", series),
);

function order({ value }: Term): number {
  return typeof value === "number" ? value : Number.POSITIVE_INFINITY;
}

const shares = all<Shares>(
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.nat(6)).chain(([needed, more]) =>
    all<object>(
      fc.constant({ needed, total: needed + more, members: (needed + more) * 2 }),
      fc.subarray([...domains]).chain((held) =>
        fc
          .array(fc.integer({ min: 1, max: needed + more }), { minLength: held.length, maxLength: held.length })
          .map((counts) => counts.sort((a, b) => a - b))
          .map((counts) => ({ together: Object.fromEntries(held.map((one, index) => [one, counts[index]])) })),
      ),
    ),
  ),
  maybeHas("away", fc.nat(1)),
  maybeHas("rebuild", anyTerm),
);

const common = (id: string, asset: string) =>
  fc.record({ id: fc.constant(id), asset: fc.constant(asset), label: word, source });

const readRate = fc.record({ bytesPerSecond: fc.integer({ min: 1 }), bytes: fc.nat() });

/** A copy that no job of its own carries anything to. */
function direct({ relay: _, ...copy }: Copy): Copy {
  return copy;
}

/** Each kind of protection for one asset, and a rebuild from another for those that have one before them. */
export function protectionsOf(asset: string, index: number): fc.Arbitrary<Protection[]> {
  const lock = copy.map((one) => one.lock);
  const each: fc.Arbitrary<Protection>[] = [
    all<Protection>(
      common(`${asset}/redundancy`, asset),
      fc.record({
        kind: fc.constant("redundancy"),
        survives: fc.oneof(maybe(fc.constantFrom(...domains)), shares),
        loss: terms,
      }),
    ),
    all<Protection>(
      common(`${asset}/replica`, asset),
      fc.record({
        kind: fc.constant("replica"),
        at: place,
        lag: anyTerm,
        carries: fc.constantFrom("data", "metadata"),
      }),
      maybeHas("needs", fc.array(need, { maxLength: 2 })),
      maybeHas("unseen", fc.constant("the service has no metric of it")),
    ),
    all<Protection>(
      common(`${asset}/points`, asset),
      fc.record({
        kind: fc.constant("restore-points"),
        capture: fc.constantFrom("start", "end", "fuzzy"),
        series: fc.uniqueArray(series, { maxLength: 3, selector: ({ name }) => name }),
        transfer: anyTerm,
        copies: fc
          .array(all<Copy>(copy, maybeHas("newest", fc.integer({ min: 1, max: 500 }))), { maxLength: 2 })
          .map(([first, ...others]) => (first === undefined ? [] : [direct(first), ...others])),
      }),
      maybeHas(
        "restoreRate",
        fc.record({ perLink: anyTerm, bytesPerSecond: fc.integer({ min: 1 }), baseBytes: fc.nat() }),
      ),
    ),
    all<Protection>(
      common(`${asset}/log`, asset),
      fc.record({
        kind: fc.constant("archive"),
        ship: anyTerm,
        upload: anyTerm,
        copies: fc.array(copy.map(direct), { maxLength: 2 }),
      }),
      maybeHas("base", fc.constant(`${asset}/points`)),
      maybeHas("readRate", readRate),
    ),
    all<Protection>(
      common(`${asset}/versions`, asset),
      fc.record({
        kind: fc.constant("versions"),
        at: place,
        undoes: fc.subarray(["overwrite", "delete"], { minLength: 1 }),
        keptFor: fc.constant({
          name: "kept",
          value: { unbounded: "nothing deletes" },
          grade: "guaranteed",
          source: { resource: "urn:a", name: "a" },
        }),
        lock,
      }),
      maybeHas("needs", fc.array(need, { maxLength: 2 })),
      maybeHas("readRate", readRate),
    ),
    ...(index > 0
      ? [
          all<Protection>(
            common(`${asset}/rebuild`, asset),
            fc.record({ kind: fc.constant("rebuild"), from: fc.constant(assetIds[index - 1]) }),
          ),
        ]
      : []),
  ];
  return fc.tuple(...each);
}
