import { duration, type Seconds } from "../../recovery/duration";
import { type AlertRule, alertRule, type RuleContext, series } from "../alerts/rule";
import { assetIds } from "./objectives";

/** How long before the end of a served certificate somebody is told, and when what is known of it is too old. */
export interface ServedAlertArgs {
  /** So early cert-manager renews. */
  renewBefore: string;
  /** Age of the last look above which nobody looks. */
  overdueAfter: Seconds;
}

/**
 * The certificates of the services inside the cluster as their pods serve them: one that is renewed in its Secret may not be
 * read by anybody. A job asks, because the modules that a blackbox exporter has by itself trust no authority of ours, and
 * then say nothing of a certificate.
 */
export function servedAlerts(context: RuleContext, { renewBefore, overdueAfter }: ServedAlertArgs): AlertRule[] {
  const asset = assetIds.database;
  const end = series("holdfast_served_certificate_end_timestamp_seconds", { asset });
  const looked = series("holdfast_measured_timestamp_seconds", { asset, what: "certificates" });
  const left = `min by (service) (${end}) - time()`;
  const early = duration(renewBefore);
  const shared = { team: "on-call", guards: "health" } as const;
  return [
    alertRule(context, {
      ...shared,
      alert: "OmniverseServedCertificateOld",
      expr: `${left} < ${Math.floor(early / 2)} or absent(${end}) or time() - max(${looked}) > ${overdueAfter}`,
      for: "1h",
      severity: "warning",
      summary: "A service of Omniverse serves an old certificate, or nobody looks",
      description: `What {{ $labels.service }} serves should have been replaced when cert-manager renewed it ${renewBefore} before its end, or the job that looks does not.`,
    }),
    alertRule(context, {
      ...shared,
      alert: "OmniverseServedCertificateEnds",
      expr: `${left} < ${Math.floor(early / 6)}`,
      for: "10m",
      severity: "critical",
      summary: "The certificate of {{ $labels.service }} ends within days",
      description:
        "It ends in {{ $value | humanizeDuration }}: after that nginx passes nothing on to it, and nobody can work.",
    }),
  ];
}
