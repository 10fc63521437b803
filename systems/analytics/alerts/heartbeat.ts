import { LOGS_ID } from "../objectives";
import { type AnalyticsAlert, onLines } from "./rule";

/**
 * Always firing while metrics reach the workspace and rules are evaluated; a service outside of Azure pages when it stops,
 * because then no other alert of Azure Monitor can.
 */
export function heartbeatAlert(logs: string): AnalyticsAlert {
  return {
    ...onLines(logs, "AzureMetrics"),
    repeats: true,
    alert: "AnalyticsMonitorHeartbeat",
    level: "information",
    severity: "low",
    asset: LOGS_ID,
    guards: "health",
    description: "Azure Monitor works. Always firing: the heartbeat outside pages when it stops.",
    window: "PT15M",
    every: "PT5M",
  };
}
