import { formatSeconds } from "../../../recovery/duration";
import { olderThan } from "../../alerts/freshness";
import type { PrimaryAlertArgs } from "./args";
import { type AlertRule, alertRule } from "./rule";

/** Alerts on the age of restore points: the promises about lost data stand on them. */
export function freshnessAlerts(args: PrimaryAlertArgs): AlertRule[] {
  const context = args;
  const { freshness } = args;
  return [
    alertRule(context, {
      alert: "OmenDBRestorePointLate",
      expr: olderThan(args.asset, freshness.warn),
      for: "0s",
      severity: "warning",
      team: "database",
      guards: "freshness",
      summary: "A restore point of OmenDB was missed",
      description: `The newest state in the other region is {{ $value | humanizeDuration }} old; healthy is at most ${formatSeconds(freshness.warn)}. ${freshness.credit ? "Rerun the backup now." : "The next run is the rerun."}`,
    }),
    alertRule(context, {
      alert: "OmenDBRestorePointStale",
      expr: olderThan(args.asset, freshness.page),
      for: "0s",
      severity: "critical",
      team: "on-call",
      guards: "freshness",
      summary: "Restore points of OmenDB stopped",
      description: `The newest state in the other region is {{ $value | humanizeDuration }} old; with one missed run it is at most ${formatSeconds(freshness.page)}. A lost region now breaks the promise.`,
    }),
    alertRule(context, {
      alert: "OmenDBFullBackupOverdue",
      expr: olderThan(args.asset, args.fullAge, "full"),
      for: "0s",
      severity: "warning",
      team: "database",
      guards: "freshness",
      summary: "A full backup of OmenDB was missed",
      description: `The newest full backup is {{ $value | humanizeDuration }} old; healthy is at most ${formatSeconds(args.fullAge)}. The chain grows, and a longer chain restores slower.`,
    }),
  ];
}
