import { DATABRICKS_ID } from "../objectives";
import { type AnalyticsAlert, onLines } from "./rule";
import type { IncidentSeverity } from "./severities";

/** Name under which the job that sends numbered events reports how long they took. */
export const END_TO_END = "end-to-end";

/** Name under which it reports whether all earlier ones have arrived. */
export const NOTHING_LOST = "no-events-lost";

/** Name under which it is reported whether anything was taken from tables. */
export const TABLES_WHOLE = "tables-whole";

/** A target of the document as a share of what may be bad. */
export interface Target {
  /** What its alerts' names begin with. */
  alert: string;
  /** The document's words. */
  says: string;
  /** Table whose lines it counts, and which of them. */
  lines: string;
  /** Whether a line is bad, in Kusto. */
  bad: string;
  /** Bad lines in a million that the target allows. */
  budgetPerMillion: number;
}

/** The document's targets. */
export const targets: readonly Target[] = [
  {
    alert: "AnalyticsErrors",
    says: "Error rate under 0.1 %",
    lines: "AppRequests",
    bad: "Success == false",
    budgetPerMillion: 1_000,
  },
  {
    alert: "AnalyticsUptime",
    says: "Platform uptime of 99.99 %: a request that fails on our side",
    lines: "AppRequests",
    bad: 'ResultCode startswith "5"',
    budgetPerMillion: 100,
  },
  {
    alert: "AnalyticsApiTail",
    says: "API response under 500 ms at p99",
    lines: "AppRequests",
    bad: "DurationMs >= 500",
    budgetPerMillion: 10_000,
  },
  {
    alert: "AnalyticsApiMedian",
    says: "API response under 100 ms at p50",
    lines: "AppRequests",
    bad: "DurationMs >= 100",
    budgetPerMillion: 500_000,
  },
  {
    alert: "AnalyticsEndToEnd",
    // The document does not say for how many: ours is all but one in a hundred.
    says: "End-to-end latency under 5 seconds, for 99 of 100 test events",
    lines: `AppAvailabilityResults | where Name == "${END_TO_END}"`,
    bad: "Success == false or DurationMs >= 5000",
    budgetPerMillion: 10_000,
  },
];

/** How fast a budget of 30 days may burn before somebody is told. */
interface Burn {
  suffix: "BurnsFast" | "BurnsSlowly" | "Leaks";
  /** As Azure and as Kusto write the long window, and Kusto the short one: it ends the alert soon after the trouble. */
  window: string;
  long: string;
  short: string;
  every: string;
  /** Times the speed at which the budget lasts 30 days. */
  factor: number;
  severity: IncidentSeverity;
}

/**
 * Pairs of windows of the workbook of Site Reliability Engineering (sre.google/workbook/alerting-on-slos): 2 % of a budget
 * in an hour, 5 % in six, and the rate at which it is spent exactly, over the two days that a log alert can look back.
 */
const burns: readonly Burn[] = [
  { suffix: "BurnsFast", window: "PT1H", long: "1h", short: "5m", every: "PT5M", factor: 14.4, severity: "critical" },
  { suffix: "BurnsSlowly", window: "PT6H", long: "6h", short: "30m", every: "PT15M", factor: 6, severity: "high" },
  { suffix: "Leaks", window: "P2D", long: "2d", short: "6h", every: "PT1H", factor: 1, severity: "medium" },
];

/** Alerts on the targets themselves: between a target and the document's own threshold nobody would be told. */
export function targetAlerts(logs: string): AnalyticsAlert[] {
  return targets.flatMap((target) =>
    burns.flatMap(({ suffix, window, every, severity, ...burn }): AnalyticsAlert[] => {
      const share = shareOf(target, burn.factor);
      // A speed that even nothing but bad lines does not reach fires never.
      if (share >= 1) return [];
      return [
        {
          ...onLines(logs, burnQuery(target, burn, share)),
          alert: `${target.alert}${suffix}`,
          level: "target",
          // Of capacity, for the pack: no copy and no recovery waits for a target.
          asset: DATABRICKS_ID,
          guards: "capacity",
          severity,
          description: `${target.says}: over ${burn.long} and ${burn.short} more than ${percent(share)} are bad, ${burn.factor} times as fast as the budget lasts.`,
          window,
          every,
        },
      ];
    }),
  );
}

/** Share of bad lines at which a budget burns so many times as fast. */
function shareOf({ budgetPerMillion }: Target, factor: number): number {
  return (budgetPerMillion * factor) / 1_000_000;
}

function burnQuery({ lines, bad }: Target, { long, short }: Pick<Burn, "long" | "short">, share: number): string {
  return [
    `${lines} | where TimeGenerated > ago(${long})`,
    `summarize All = sum(ItemCount), Bad = sumif(ItemCount, ${bad}), Recent = sumif(ItemCount, TimeGenerated > ago(${short})), RecentBad = sumif(ItemCount, TimeGenerated > ago(${short}) and (${bad}))`,
    `where Bad > ${share} * All and RecentBad > ${share} * Recent`,
  ].join(" | ");
}

/** `1.44 %`. */
function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
