import { type AlertRule, alertRule, type RuleContext } from "./rule";

/** An alert that always fires; whoever receives it pages when it stops, because then nothing else can. */
export function watchdog(context: RuleContext): AlertRule {
  return alertRule(context, {
    alert: "HoldfastWatchdog",
    expr: "vector(1)",
    for: "0s",
    severity: "none",
    team: "watchdog",
    guards: "watchdog",
    summary: "Alerting works",
    description: "Always firing. The external heartbeat pages when it stops: Prometheus or Alertmanager is dead.",
  });
}
