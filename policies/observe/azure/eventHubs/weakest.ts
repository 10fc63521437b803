import { compare, isUnknown, type Maybe } from "../../../../recovery/bound";
import type { Copy, Lock, Place, Term } from "../../../../recovery/plan";

/** The longest of several spans: one that is not known may be. */
export function longest([first, ...others]: readonly [Term, ...Term[]]): Term {
  return others.reduce(
    (a, b) => (isUnknown(a.value) || (!isUnknown(b.value) && compare(b.value, a.value) <= 0) ? a : b),
    first,
  );
}

/** The shortest of several spans: one that is not known may be. */
export function briefest([first, ...others]: readonly [Term, ...Term[]]): Term {
  return others.reduce(
    (a, b) => (isUnknown(a.value) || (!isUnknown(b.value) && compare(b.value, a.value) >= 0) ? a : b),
    first,
  );
}

/** The one region of several places: what is in several regions is struck by the loss of any. */
export function together([first, ...others]: readonly [Maybe<Place>, ...Maybe<Place>[]]): Maybe<Place> {
  if (isUnknown(first)) return first;
  for (const one of others) {
    if (isUnknown(one)) return one;
    if (one.region !== first.region || one.account !== first.account)
      return { unknown: `its parts are in ${first.region} and in ${one.region}, or in different accounts` };
  }
  return first;
}

/** Copies of parts as one copy of the whole, which is gone as soon as one of them is. */
export function wholeOf([first, ...others]: readonly [Copy, ...Copy[]]): Copy {
  if (others.length === 0) return first;
  const all = [first, ...others] as const;
  const needs = all.flatMap((one) => one.needs ?? []);
  return {
    ...first,
    at: together([first.at, ...others.map(({ at }) => at)]),
    keptFor: briefest([first.keptFor, ...others.map(({ keptFor }) => keptFor)]),
    lock: all.map(({ lock }) => lock).reduce((a, b) => (strength(b) < strength(a) || isBriefer(b, a) ? b : a)),
    ...(needs.length === 0 ? {} : { needs }),
  };
}

function isBriefer(a: Lock, b: Lock): boolean {
  return strength(a) === strength(b) && briefest([b.keptFor, a.keptFor]) === a.keptFor;
}

function strength({ mode }: Lock): number {
  return isUnknown(mode) ? 1 : { none: 0, governance: 2, compliance: 3 }[mode];
}
