import { duration } from "../../../recovery/duration";
import type { PrimaryAlertArgs, SizedClaim } from "./args";
import { type AlertRule, alertRule, series } from "./rule";

/** Share of a declared volume size at which there is still time to grow it. */
const nearlyFull = 0.8;

/** Certificates are renewed 30 days before they end: three weeks before the end a renewal has failed. */
const certificateNotice = duration("21d");

/** Alerts on what the database stands on: pods, lease, volumes, certificate. */
export function platformAlerts(args: PrimaryAlertArgs): AlertRule[] {
  const context = args;
  const { namespace } = args;
  const pods = { namespace, pod: `~${args.workload}-.+` };
  const container = { ...pods, container: args.container };
  const renewed = series("kube_lease_renew_time", { namespace, lease: args.lease.name });
  const running = series("kube_pod_status_phase", { ...pods, phase: "Running" });
  const expires = series("certmanager_certificate_expiration_timestamp_seconds", { namespace, name: args.certificate });
  return [
    alertRule(context, {
      alert: "OmenDBLeaseStale",
      expr: `time() - max by (namespace, lease) (${renewed}) > ${2 * args.lease.leaseSeconds} or absent(${renewed})`,
      for: "30s",
      severity: "critical",
      team: "on-call",
      guards: "health",
      summary: "Nobody renews the lease of OmenDB",
      description: `The lease ${args.lease.name} expires after ${args.lease.leaseSeconds} s and was not renewed for twice as long: the holder is gone and no standby took over.`,
    }),
    alertRule(context, {
      alert: "OmenDBTakeoversRepeat",
      // Holders name the pods that took over, restarts the ones that were fenced or did not start.
      expr: `count by (namespace, lease) (count by (namespace, lease, lease_holder) (last_over_time(${series("kube_lease_owner", { namespace, lease: args.lease.name })}[30m]))) > 2 or sum by (namespace) (increase(${series("kube_pod_container_status_restarts_total", container)}[30m])) > 3`,
      for: "1m",
      severity: "warning",
      team: "on-call",
      guards: "health",
      summary: "The lease of OmenDB changes hands again and again",
      description:
        "More than two holders or more than three restarts in half an hour: every change costs a start of the database.",
    }),
    alertRule(context, {
      alert: "OmenDBStandbyMissing",
      expr: `sum by (namespace) (${running}) < ${args.replicas} or absent(${running})`,
      for: "10m",
      severity: "warning",
      team: "on-call",
      guards: "health",
      summary: "OmenDB has fewer pods than it needs",
      description: `{{ $value }} of ${args.replicas} pods run: the next loss of a zone may find no standby.`,
    }),
    alertRule(context, {
      alert: "OmenDBOutOfMemory",
      expr: `sum by (namespace, pod) (increase(${series("kube_pod_container_status_restarts_total", container)}[10m])) > 0 and on (namespace, pod) max by (namespace, pod) (${series("kube_pod_container_status_last_terminated_reason", { ...container, reason: "OOMKilled" })}) == 1`,
      for: "0s",
      severity: "critical",
      team: "on-call",
      guards: "capacity",
      summary: "The kernel killed OmenDB for its memory",
      description:
        "Pod {{ $labels.pod }} was OOMKilled in the last ten minutes: the container's limit came before the database's own.",
    }),
    alertRule(context, {
      alert: "OmenDBStartFailing",
      expr: `max by (namespace, pod) (${series("kube_pod_container_status_waiting_reason", { ...container, reason: "CrashLoopBackOff" })}) == 1`,
      for: "1m",
      severity: "critical",
      team: "on-call",
      guards: "detection",
      disruptions: ["corruption"],
      summary: "OmenDB does not start",
      description: "Pod {{ $labels.pod }} fails again and again; a damaged log ends every start like this.",
    }),
    alertRule(context, {
      alert: "OmenDBVolumeFilling",
      expr: args.claims.map((claim) => fills(namespace, claim, "5m")).join(" or "),
      for: "10m",
      severity: "warning",
      team: "database",
      guards: "capacity",
      summary: "A volume of OmenDB is 80% full",
      description:
        "Volume {{ $labels.persistentvolumeclaim }} is above 80 % of its declared size, or reports no use at all.",
    }),
    alertRule(context, {
      alert: "OmenDBScratchFull",
      // Scratch is mounted only while a backup runs: ask for the last hour.
      expr: fills(namespace, args.scratch, "1h"),
      for: "0s",
      severity: "critical",
      team: "on-call",
      guards: "capacity",
      summary: "The scratch volume of the backups is 80% full",
      description: "The next full backup may not fit, and then no restore point is taken.",
    }),
    alertRule(context, {
      alert: "OmenDBCertificateExpiry",
      expr: `min by (namespace, name) (${expires}) - time() < ${certificateNotice} or absent(${expires})`,
      for: "1h",
      severity: "warning",
      team: "security",
      guards: "health",
      summary: "The certificate of OmenDB was not renewed",
      description: `Certificate ${args.certificate} ends within three weeks or is unknown: clients, probes and backups stop with it.`,
    }),
  ];
}

function fills(namespace: string, claim: SizedClaim, window: string): string {
  const used = `${series("kubelet_volume_stats_used_bytes", { namespace, persistentvolumeclaim: claim.name })}[${window}]`;
  const limit = Math.floor(claim.bytes * nearlyFull);
  return `max by (namespace, persistentvolumeclaim) (max_over_time(${used})) > ${limit} or absent_over_time(${used})`;
}
