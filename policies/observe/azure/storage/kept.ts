import { type Bound, compare, isUnknown } from "../../../../recovery/bound";
import { seconds } from "../../../../recovery/duration";
import { azureStorage, type Fact } from "../../../../recovery/facts";
import type { Source, Term } from "../../../../recovery/plan";
import { titleOf } from "../../names";
import type { Facts } from "../../read";

const secondsPerDay = 86_400;
const least = azureStorage.softDeleteLeast.value ?? 1;
const most = azureStorage.softDeleteMost.value ?? 365;

/** A span with where it was read. */
export interface Kept {
  value: Bound;
  source: Source;
}

/** How long something is kept by a policy of `enabled` and `days`; without it not at all, and Azure refuses some spans. */
export function daysOf(policy: Facts): Kept {
  const source = policy.source("days");
  const [enabled, days] = [policy.flag("enabled"), policy.whole("days")];
  const unread = [enabled, days].find(isUnknown);
  if (isUnknown(unread)) return { value: unread, source };
  if (enabled !== true) return { value: seconds(0), source: policy.source("enabled") };
  if (typeof days === "number" && days >= least && days <= most)
    return { value: seconds(days * secondsPerDay), source };
  const title = titleOf(policy.resource);
  const unknown = `${policy.property}.days of ${title} must be ${least} to ${most}, got ${days ?? "nothing"}: Azure refuses it`;
  return { value: { unknown }, source };
}

/** The shortest of several spans; one that is not known may be the shortest. */
export function shortest([first, ...others]: readonly [Kept, ...Kept[]]): Kept {
  return others.reduce((a, b) => {
    if (isUnknown(a.value)) return a;
    return isUnknown(b.value) || compare(b.value, a.value) < 0 ? b : a;
  }, first);
}

/** A span of so many days from a property. */
export function spanOf(facts: Facts, property: string): Kept | undefined {
  const days = facts.whole(property);
  if (days === undefined) return undefined;
  return { value: isUnknown(days) ? days : seconds(days * secondsPerDay), source: facts.source(property) };
}

/** The term of a span. */
export function keptTerm(name: string, { value, source }: Kept, ...from: Fact[]): Term {
  const facts = from.map(({ id }) => id);
  return { name, value, grade: "guaranteed", source, ...(facts.length === 0 ? {} : { facts }) };
}
