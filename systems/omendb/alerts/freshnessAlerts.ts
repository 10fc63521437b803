import { formatSeconds } from "../../../recovery/duration";
import type { PrimaryAlertArgs } from "./args";
import { type AlertRule, alertRule, series } from "./rule";

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

/** Capture times are pushed and never forgotten, so the age counts, and a series that never was counts too. */
function olderThan(asset: string, age: number, role?: string): string {
  const captured = series("holdfast_capture_timestamp_seconds", { asset, ...(role === undefined ? {} : { role }) });
  const by = role === undefined ? "asset" : "asset, role";
  return `time() - max by (${by}) (${captured}) > ${age} or absent(${captured})`;
}
