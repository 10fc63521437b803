import type { RuleLevel } from "../finding";
import { elsewhere, word } from "./aspects";
import type { Change } from "./comparison";
import { changesOf, type Kind } from "./things";

/** What changed in the rules that judge. */
export function ruleChanges(before: readonly RuleLevel[], after: readonly RuleLevel[]): Change[] {
  return changesOf(rules, before, after);
}

const rules: Kind<RuleLevel> = {
  noun: "rule",
  id: ({ name }) => name,
  name: ({ name }) => name,
  added: "stronger",
  text: ({ level }) => level,
  aspects: { name: elsewhere, level: word("rule", ["mandatory", "advisory"]) },
};
