import { type AlertArgs, type AlertRule, type RuleContext, alertRule as ruleOf } from "../../alerts/rule";

export { type AlertRule, type RuleGroup, series } from "../../alerts/rule";

/** Who its alerts speak for. */
export const SELF = { system: "omendb", title: "OmenDB", jobTeam: "database" } as const;

/** An alert of OmenDB. */
export function alertRule(context: Omit<RuleContext, keyof typeof SELF>, args: AlertArgs): AlertRule {
  return ruleOf({ ...context, ...SELF }, args);
}
