import {
  type AlertRoutes,
  heartbeat,
  heartbeatRoute,
  label,
  mail,
  page,
  type RouteArgs,
  slack,
} from "../alerts/routing";

/** The guide's contacts: who acts, and who is called when nobody does. */
export const contacts = {
  "on-call": { who: "primary on-call", reach: "+1-555-0100", above: "Slack #omendb-oncall" },
  database: { who: "database team", reach: "db-team@company.com", above: "manager +1-555-0101" },
  security: { who: "security team", reach: "security@company.com", above: "CISO +1-555-0102" },
} as const;

/**
 * Keys of the Secret that holds what no program may: Slack's address, the addresses of the paging service that call the
 * guide's three numbers, the external heartbeat, the password of the mail account.
 */
export const routeSecretKeys = {
  slack: "slack-url",
  onCall: "page-primary-on-call-url",
  manager: "page-database-manager-url",
  ciso: "page-ciso-url",
  heartbeat: "heartbeat-url",
  mail: "mail-password",
} as const;

/**
 * Who is told of which alert. Critical ones call the primary on-call and repeat until they end; the team that owns an
 * alert gets its mail; what stays critical becomes an alert of its own (`escalationAlert`) and calls the one above.
 * Alertmanager has no escalation, and a branch that waits before its first notification would be the slowest way to
 * hear of anything.
 */
export function alertRoutes(args: RouteArgs): AlertRoutes {
  const { secret } = args;
  const again = args.escalateAfter ?? "15m";
  const critical = label("severity", "critical");
  return {
    route: {
      receiver: "primary-on-call",
      groupBy: ["alertname", "namespace"],
      groupWait: "30s",
      groupInterval: "5m",
      repeatInterval: "4h",
      routes: [
        heartbeatRoute,
        {
          receiver: "ciso",
          matchers: [label("team", "management"), label("owner", "security")],
          repeatInterval: again,
        },
        { receiver: "database-manager", matchers: [label("team", "management")], repeatInterval: again },
        { receiver: "primary-on-call", matchers: [critical], repeatInterval: again, continue: true },
        { receiver: "security-team", matchers: [label("team", "security")] },
        { receiver: "database-team", matchers: [label("team", "database")] },
        { receiver: "database-team", matchers: [label("team", "on-call")] },
      ],
    },
    receivers: [
      {
        name: "primary-on-call",
        webhookConfigs: [page(secret, routeSecretKeys.onCall)],
        slackConfigs: [slack(secret, routeSecretKeys.slack, "#omendb-oncall")],
      },
      {
        name: "database-team",
        emailConfigs: [mail(args, routeSecretKeys.mail, contacts.database.reach)],
        slackConfigs: [slack(secret, routeSecretKeys.slack, "#omendb-oncall")],
      },
      // Not in the channel: whoever is inside may read it.
      { name: "security-team", emailConfigs: [mail(args, routeSecretKeys.mail, contacts.security.reach)] },
      { name: "database-manager", webhookConfigs: [page(secret, routeSecretKeys.manager)] },
      { name: "ciso", webhookConfigs: [page(secret, routeSecretKeys.ciso)] },
      heartbeat(secret, routeSecretKeys.heartbeat),
    ],
  };
}
