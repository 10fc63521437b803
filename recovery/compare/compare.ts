import type { Finding } from "../finding";
import { type Change, type Comparison, type Direction, promiseNouns, protectionNouns, type Side } from "./comparison";
import { keyOf } from "./keys";
import { outcomesOf } from "./outcomes";
import { promiseChanges } from "./promises";
import { protectionChanges } from "./protections";
import { recoveryChanges } from "./recoveries";
import { registerChanges } from "./register";
import { ruleChanges } from "./rules";
import { safeguardChanges } from "./safeguards";
import { turnsOf } from "./turns";
import { watchingChanges } from "./watching";

/**
 * What changed from one judgement to another: of the same program before and after, judged at one date (seconds since
 * 1970), so that time alone changes nothing. Nothing between two judgements that say the same; the reverse with the
 * sides exchanged, but for the day of the change. Rules are compared where both sides name theirs.
 */
export function compareJudgements(before: Side, after: Side, asOf: number): Comparison {
  const [was, now] = [before.plan, after.plan];
  const whole = wholeAssets(before, after);
  const changes = [
    ...promiseChanges(was, now),
    ...registerChanges(was, now),
    ...(before.rules && after.rules ? ruleChanges(before.rules, after.rules) : []),
    ...protectionChanges(was, now, asOf),
    ...recoveryChanges(was, now),
    ...watchingChanges(was, now, asOf),
    ...safeguardChanges(was, now, asOf),
  ].filter(({ noun, asset }) => isTold(noun) || asset === undefined || !whole.has(asset));
  const of = (nouns: readonly Change["noun"][]) =>
    changes.filter(({ noun }) => nouns.includes(noun)).sort((a, b) => inOrder(a, b, nouns));
  return {
    outcomes: outcomesOf(before, after),
    promises: of(promiseNouns),
    protections: of(protectionNouns),
    turns: turnsOf(before, after, asOf),
    findings: findingsOf(before.findings, after.findings),
  };
}

/** Whether two judgements say the same. */
export function isSame({ outcomes, promises, protections, findings }: Comparison): boolean {
  return [outcomes, promises, protections, findings.added, findings.gone].every((list) => list.length === 0);
}

/** Assets that came or went: told as a whole, without all that keeps them. */
function wholeAssets(before: Side, after: Side): Set<string> {
  const [old, now] = [before, after].map(({ plan }) => plan.assets.map(({ id }) => id));
  return new Set([...(old ?? []), ...(now ?? [])].filter((id) => !(old?.includes(id) && now?.includes(id))));
}

/** Told whatever becomes of the asset. */
function isTold(noun: Change["noun"]): boolean {
  return noun === "asset" || noun === "waiver" || noun === "drill record";
}

const directions: readonly Direction[] = ["weaker", "other", "stronger"];

function inOrder(a: Change, b: Change, nouns: readonly Change["noun"][]): number {
  const [left, right] = [a, b].map((one) =>
    JSON.stringify([one.asset ?? "", one.name, one.what, one.before, one.after]),
  );
  return (
    directions.indexOf(a.direction) - directions.indexOf(b.direction) ||
    nouns.indexOf(a.noun) - nouns.indexOf(b.noun) ||
    ((left ?? "") < (right ?? "") ? -1 : 1)
  );
}

/** A finding is the same while its rule, its assets and what is at fault are, whatever its numbers are. */
function findingsOf(before: readonly Finding[], after: readonly Finding[]): Comparison["findings"] {
  const key = ({ rule, assets, disruption, source }: Finding) =>
    keyOf({ rule, assets, disruption, name: source.name, property: source.property });
  const [old, now] = [new Set(before.map(key)), new Set(after.map(key))];
  return {
    added: after.filter((one) => !old.has(key(one))),
    gone: before.filter((one) => !now.has(key(one))),
  };
}
