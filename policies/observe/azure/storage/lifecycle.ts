import { isUnknown, type Maybe } from "../../../../recovery/bound";
import { type Facts, orDefault } from "../../read";
import type { StorageAccount } from "./account";
import { type Kept, shortest, spanOf } from "./kept";
import { type StorageSetting, settingsOf } from "./settings";

const ages = [
  "daysAfterModificationGreaterThan",
  "daysAfterCreationGreaterThan",
  "daysAfterLastAccessTimeGreaterThan",
  "daysAfterLastTierChangeGreaterThan",
];

/** What rules do to current blobs, and to earlier versions of them. */
export type Part = "baseBlob" | "version";

/** The rules of an account that are on and may reach a container, all of them where none is named. */
export function rulesFor(account: StorageAccount, all: readonly StorageSetting[], container?: string): Maybe<Facts[]> {
  const found: Facts[] = [];
  for (const { facts } of settingsOf(account, all, "lifecycle")) {
    const rules = orDefault(facts.items("policy.rules"), []);
    if (isUnknown(rules)) return rules;
    for (const rule of rules) {
      const enabled = orDefault(rule.flag("enabled"), true);
      if (isUnknown(enabled)) return enabled;
      const prefixes = orDefault(rule.texts("definition.filters.prefixMatch"), []);
      if (isUnknown(prefixes)) return prefixes;
      if (enabled && mayReach(prefixes, container)) found.push(rule);
    }
  }
  return found;
}

function mayReach(prefixes: readonly string[], container: string | undefined): boolean {
  if (prefixes.length === 0 || container === undefined) return true;
  const folder = `${container}/`;
  return prefixes.some((prefix) => folder.startsWith(prefix) || prefix.startsWith(folder));
}

/**
 * How long blobs stay until a rule deletes them, or moves them to the archive tier, from which a restore waits for
 * hours; the soonest of any rule that may apply.
 */
export function keptByRules(rules: Maybe<readonly Facts[]>, part: Part, otherwise: Kept): Kept {
  if (isUnknown(rules)) return { ...otherwise, value: rules };
  const spans = rules.flatMap((rule) =>
    ["delete", "tierToArchive"].flatMap((action) => spanOfAction(rule.at(`definition.actions.${part}.${action}`))),
  );
  const [first, ...others] = spans;
  return first === undefined ? otherwise : shortest([first, ...others]);
}

/** An action without an age that a reader knows may come at once. */
function spanOfAction(action: Facts): Kept[] {
  if (action.isSilent()) return [];
  const [first, ...others] = ages.flatMap((age) => spanOf(action, age) ?? []);
  if (first !== undefined) return [shortest([first, ...others])];
  return [{ value: { unknown: `${action.property} names no age in days` }, source: action.source() }];
}
