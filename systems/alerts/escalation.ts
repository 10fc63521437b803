import { type AlertRule, alertRule, type Escalation, type RuleContext, series } from "./rule";

/** Fires while any critical alert of the system stays: whoever was told did not end it, so the one above is told. */
export function escalationAlert(context: RuleContext & Escalation): AlertRule {
  const { escalateAfter = "15m" } = context;
  const firing = series("ALERTS", {
    namespace: context.namespace,
    system: context.system,
    severity: "critical",
    team: "~on-call|database|platform|security",
    alertstate: "firing",
  });
  // The alert's own name and team would be overwritten by this rule's.
  const named = `label_replace(label_replace(${firing}, "escalated", "$1", "alertname", "(.*)"), "owner", "$1", "team", "(.*)")`;
  return alertRule(context, {
    alert: `${context.title}Escalated`,
    expr: `max by (escalated, owner) (${named})`,
    for: escalateAfter,
    severity: "critical",
    team: "management",
    guards: "health",
    summary: `A critical alert of ${context.title} stays`,
    description: `{{ $labels.escalated }} has been firing for ${escalateAfter}: nobody has ended it.`,
  });
}
