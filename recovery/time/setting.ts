import { type Bound, checked, isBounded, isUnknown, type Maybe } from "../bound";
import { isCount, notCounted } from "../count";
import { seconds } from "../duration";
import { type Fact, gradeOf } from "../facts/fact";
import { grades, type Source, type Term } from "../plan/term";

/** A value with where it was read: a property of a resource, a register entry, a fact. */
export interface Setting<T = Bound> {
  value: T;
  source: Source;
  /** @default "guaranteed" */
  grade?: Term["grade"];
  /** The register entry that stands for it. */
  assumption?: string;
  /** Ids of the facts that give it. */
  facts?: string[];
}

/** How often something is done, with where that was read. */
export type Count = Setting<Maybe<number>>;

/** The term of one setting. */
export function termOf(name: string, setting: Setting): Term {
  return reckoned(name, setting.value, [setting]);
}

/** The term of a value reckoned from several settings: where the first was read, and as weak as the weakest. */
export function reckoned(name: string, value: Bound, from: readonly [Setting<unknown>, ...Setting<unknown>[]]): Term {
  const [first] = from;
  const weakest = Math.max(...from.map(({ grade = "guaranteed" }) => grades.indexOf(grade)));
  const assumption = from.find((one) => one.assumption !== undefined)?.assumption;
  const facts = [...new Set(from.flatMap((one) => one.facts ?? []))];
  return {
    name,
    value: checked(value),
    grade: grades[weakest] ?? "assumed",
    source: first.source,
    ...(assumption === undefined ? {} : { assumption }),
    ...(facts.length === 0 ? {} : { facts }),
  };
}

/** The span that a fact gives where nobody sets another; one that promises nothing has no bound. */
export function spanFrom(fact: Fact, source: Source = sourceOfFact(fact)): Setting {
  const grade = gradeOf(fact);
  if (grade !== undefined) return { value: secondsOf(fact), source, grade, facts: [fact.id] };
  const why = fact.standing === "typical" ? "is typical and no promise" : "is promised by nobody";
  const value = { unbounded: `${fact.id} ${why}: a register entry has to answer for it` };
  return { value, source, grade: "assumed", facts: [fact.id] };
}

function secondsOf({ id, value, unit }: Fact): Bound {
  const each = unit === "days" ? 86_400 : unit === "seconds" ? 1 : undefined;
  return each && value !== undefined ? times(seconds(each), value) : { unknown: `${id} is no span of time` };
}

/** The number of a fact; throws for one that has none, which only a mistake in the code can ask for. */
export function numberFrom({ id, value }: Fact): number {
  if (value === undefined) throw new RangeError(`${id} has no number`);
  return value;
}

/** The count that a fact gives where nobody sets another. */
export function countFrom(fact: Fact, source: Source = sourceOfFact(fact)): Count {
  const { id, value = Number.NaN } = fact;
  return { value: isCount(value) ? value : { unknown: `${id} has no number to count with` }, source, facts: [fact.id] };
}

/** A span so many times over; 0 times is no time at all, unless it must be more. */
export function times(span: Bound, count: Maybe<number>, least = 0): Bound {
  if (!isBounded(span)) return checked(span);
  if (isUnknown(count)) return count;
  return isCount(count, least) ? seconds(span * count) : notCounted(count, least);
}

function sourceOfFact({ id }: Fact): Source {
  return { resource: `fact:${id}`, name: `fact ${id}` };
}
