import type { AlertText } from "../../runbooks/alertPage";
import { commandsIn } from "../../runbooks/commands";

const { kubectl } = commandsIn("omniverse-prod");

const certificate = [
  "openssl s_client -connect <site>:443 -servername omniverse.company.com </dev/null 2>/dev/null | openssl x509 -noout -dates -ext subjectAltName",
  "aws acm list-certificates --query 'CertificateSummaryList[].[DomainName,Status,NotAfter,RenewalEligibility]' --output text",
  "aws acm describe-certificate --certificate-arn <arn> --query Certificate.RenewalSummary",
];

const targets = [
  "aws elbv2 describe-target-health --target-group-arn <arn>",
  kubectl("get pods -l app=nucleus,component=edge -o wide"),
  kubectl("get targetgroupbindings"),
];

const checks = [
  "aws route53 list-health-checks --query 'HealthChecks[].[Id,HealthCheckConfig.FullyQualifiedDomainName]' --output text",
  "aws route53 get-health-check-last-failure-reason --health-check-id <id>",
  'aws route53 list-resource-record-sets --hosted-zone-id <zone> --query "ResourceRecordSets[?SetIdentifier!=null]"',
];

/** Texts of the alerts on the way in. */
export const edgeAlertTexts: Readonly<Record<string, AlertText>> = {
  OmniverseCertificateNotRenewed: {
    means:
      "A site's certificate ends within 30 days, although AWS renews it 60 days before; or no probe has seen it for an hour.",
    look: certificate,
    act: [
      "`PENDING_VALIDATION`? A record that validates it is gone from the zone: deploy, which puts it back; AWS renews within hours.",
      "Never seen? The probe or the blackbox exporter of this site is down: mend that first.",
      "A CAA record of the zone that does not name amazon.com keeps AWS from renewing.",
    ],
    stop: "No renewal a day after the record is back: ask AWS, and have a certificate of another authority imported.",
  },
  OmniverseCertificateEnds: {
    means: "A site's certificate ends within a week. After that nobody reaches the site, and a failover to it fails.",
    look: certificate,
    act: [
      "As for the warning: put back what validates it, by a deployment.",
      "Two days left: ask for a new one with `aws acm request-certificate`, validate it by its record, and put it onto the listener.",
    ],
    stop: "A day left and no valid one: tell everyone who works with it when the break begins.",
  },
  OmniverseNobodyServes: {
    means: "The load balancer of the first site has no target that answers at /health: nobody works.",
    look: targets,
    act: [
      "Pods gone or not ready? Read why; a database that does not answer takes /health with it.",
      "Pods ready and no targets? The AWS Load Balancer Controller does not bind them: read its log, and the binding's events.",
      "Targets there and unhealthy? Compare `/health` from a job's pod with what the load balancer gets: certificate, port, security group.",
    ],
    stop: "Ten minutes without a cause: start the recovery of the server; where the region answers nothing, that of the region.",
  },
  OmniverseTargetsUnhealthy: {
    means: "One target does not answer at /health. Another serves, and nothing is spare.",
    look: targets,
    act: ["Read that pod's log and its node's state; delete the pod if it hangs."],
    stop: "A second one follows: treat it as nobody serving.",
  },
  OmniverseEntranceErrors: {
    means: "People get errors from the load balancer itself: it reaches no target in time.",
    look: targets,
    act: ["Targets come and go? They are too slow for the check: look at the database and at the pods' cores first."],
    stop: "Errors for half an hour: tell those who work with it.",
  },
  OmniverseSiteSilent: {
    means:
      "Route 53 does not reach, by the public name, the site that people are led to: the first, or after a failover the second. It leads people to the other site as soon as that serves, and to nothing before.",
    look: checks,
    act: [
      "Which site is the name's first record? Everything below is about that one.",
      "Is the site up from inside? Then the way in is closed: its security group, its certificate, or the prefix list of the checkers.",
      "Is OmniverseRegionLost firing as well? Decide on the failover: its last step writes both records, so that nobody is led back to a stale site.",
      "Somebody disabled the check? Route 53 then takes a lost site for healthy: enable it by a deployment.",
    ],
    stop: "Nothing explains it within ten minutes: call the content platform team; people are affected already.",
  },
};
