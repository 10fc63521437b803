import { type Duration, duration } from "../../recovery/duration";
import { type AlertRule, alertRule, type RuleContext, series } from "../alerts/rule";

/** How long before its end somebody is told of a certificate, and which probe sees it. */
export interface CertificateAlertArgs {
  /** Value of the `job` label of the probe that asks the other site's address. */
  probe: string;
  warnBefore: Duration;
  pageBefore: Duration;
}

/**
 * The certificate of the other site, as anybody sees it: AWS renews it 60 days before its end, so one that is older than
 * that was not renewed, whatever the reason.
 */
export function certificateAlerts(
  context: RuleContext,
  { probe, warnBefore, pageBefore }: CertificateAlertArgs,
): AlertRule[] {
  const end = series("probe_ssl_earliest_cert_expiry", { job: probe });
  const left = `min(${end}) - time()`;
  const shared = { team: "on-call", guards: "health" } as const;
  return [
    alertRule(context, {
      ...shared,
      alert: "OmniverseCertificateNotRenewed",
      // Nobody who sees it any more is told as well; a lost region pages by itself, and sooner.
      expr: `${left} < ${duration(warnBefore)} or absent(${end})`,
      for: "1h",
      severity: "warning",
      summary: "A certificate of Omniverse is not renewed, or nobody sees it",
      description: `It ends in {{ $value | humanizeDuration }}; AWS renews 60 days before, as long as the records stand that validate it. Somebody is paged at ${pageBefore}.`,
    }),
    alertRule(context, {
      ...shared,
      alert: "OmniverseCertificateEnds",
      expr: `${left} < ${duration(pageBefore)}`,
      for: "10m",
      severity: "critical",
      summary: "A certificate of Omniverse ends within days",
      description:
        "It ends in {{ $value | humanizeDuration }}: after that nobody reaches the site, and a failover to it fails.",
    }),
  ];
}
