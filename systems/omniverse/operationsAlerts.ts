import type { Duration } from "../../recovery/duration";
import { type AlertRule, alertRule, type RuleContext, series } from "../alerts/rule";
import { CPU_LEVELS, DISK_LEVELS } from "./levels";
import { SERVER_FOLDERS, SERVICE_LABELS } from "./names";

/** The runbook's four alerts with its names, thresholds and durations, and one on what they stand on. */
export function operationsAlerts(context: RuleContext): AlertRule[] {
  const { namespace } = context;
  const of = (metric: string, more: Readonly<Record<string, string>> = {}) => series(metric, { namespace, ...more });
  const up = of("up", { job: SERVICE_LABELS.app });
  const cpu = of("cpu_usage_percent");
  const database = of("postgres_up");
  const disks = Object.values(SERVER_FOLDERS).map((mountpoint) => of("disk_usage_percent", { mountpoint }));
  const others = ["nucleus_up", "nucleus_active_sessions", "nucleus_response_seconds", "memory_usage_percent"];
  const rule = (args: Omit<Parameters<typeof alertRule>[1], "for"> & { for: Duration }) => alertRule(context, args);
  return [
    rule({
      alert: "NucleusServerDown",
      // A standby that waits is no target of its own: as long as one serves, Nucleus is up.
      expr: `max by (namespace, job) (${up}) == 0 or absent(${up})`,
      for: "1m",
      severity: "critical",
      team: "on-call",
      guards: "health",
      summary: "Nucleus server is down",
      description: "Nobody answers on the port for metrics of nucleus-server, or there is no such pod.",
    }),
    rule({
      alert: "HighCPUUsage",
      expr: `${cpu} > ${CPU_LEVELS.alert} or absent(${cpu})`,
      for: "5m",
      severity: "warning",
      team: "database",
      guards: "capacity",
      summary: "High CPU usage on {{ $labels.instance }}",
      description: "A node that carries Nucleus uses {{ $value | humanize }} % of its processors, or no node says.",
    }),
    rule({
      alert: "DatabaseConnectionFailure",
      expr: `${database} == 0 or absent(${database})`,
      for: "30s",
      severity: "critical",
      team: "on-call",
      guards: "health",
      summary: "Database connection failed",
      description: "PostgreSQL refused a query over TLS, or nobody has asked it for minutes.",
    }),
    rule({
      alert: "StorageSpaceLow",
      expr: [`${of("disk_usage_percent")} > ${DISK_LEVELS.alert}`, ...disks.map((one) => `absent(${one})`)].join(
        " or ",
      ),
      for: "5m",
      severity: "warning",
      team: "database",
      guards: "capacity",
      summary: "Storage space low on {{ $labels.mountpoint }}",
      description: "{{ $labels.mountpoint }} is {{ $value | humanize }} % full, or nobody says how full it is.",
    }),
    rule({
      alert: "OmniverseMetricsMissing",
      expr: others
        .map((metric) => `label_replace(absent(${of(metric)}), "metric", ${JSON.stringify(metric)}, "", "")`)
        .join(" or "),
      for: "15m",
      severity: "warning",
      team: "database",
      guards: "health",
      summary: "Some metrics of Omniverse are missing",
      description: "{{ $labels.metric }} has no series: reports have a gap, and nobody sees what it would say.",
    }),
  ];
}
