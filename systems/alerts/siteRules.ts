import type { Duration } from "../../recovery/duration";
import { escalationAlert } from "./escalation";
import type { AlertRule, Escalation, RuleContext, RuleGroup } from "./rule";
import { watchdog } from "./watchdog";

/** What all rules of a site are made from, whatever the system. */
export interface SiteRuleArgs extends Escalation {
  namespace: string;
  /** Folder of the runbook pages, without a `/` at the end. */
  runbooks: string;
  /** How often the groups are evaluated. */
  interval: Duration;
}

/** The rules of a system at one of its sites: what they speak for, and their groups, named after the system. */
export function siteRules(args: SiteRuleArgs, { system, title }: Pick<RuleContext, "system" | "title">) {
  const { namespace, runbooks, interval } = args;
  const context: RuleContext = { namespace, runbooks, asset: `${system}/*`, system, title };
  const group = (name: string, rules: AlertRule[]): RuleGroup => ({ name: `${system}-${name}`, interval, rules });
  return {
    context,
    group,
    /** What shows that alerting works, and who is called where nobody ends an alert. */
    alive: (): RuleGroup => group("watchdog", [watchdog(context), escalationAlert({ ...args, ...context })]),
  };
}
