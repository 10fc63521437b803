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

/** Who acts on Omniverse's alerts, and who is called when nobody does. The runbook names nobody: these are ours. */
export const contacts = {
  "on-call": { who: "primary on-call", reach: "+1-555-0100", above: "Slack #omniverse-oncall" },
  content: { who: "content platform team", reach: "content-platform@company.com", above: "manager +1-555-0104" },
  security: { who: "security team", reach: "security@company.com", above: "CISO +1-555-0102" },
} as const;

/** Keys of the Secret that holds what no program may: addresses of chat, paging and heartbeat, the mail password. */
export const routeSecretKeys = {
  slack: "slack-url",
  onCall: "page-primary-on-call-url",
  manager: "page-content-manager-url",
  heartbeat: "heartbeat-url",
  mail: "mail-password",
} as const;

/** Who is told of which alert: critical ones call the primary on-call, the others reach their team by mail. */
export function alertRoutes(args: RouteArgs): AlertRoutes {
  const { secret } = args;
  const again = args.escalateAfter ?? "15m";
  const channel = slack(secret, routeSecretKeys.slack, "#omniverse-oncall");
  return {
    route: {
      receiver: "primary-on-call",
      groupBy: ["alertname", "namespace", "asset"],
      groupWait: "30s",
      groupInterval: "5m",
      repeatInterval: "4h",
      routes: [
        heartbeatRoute,
        { receiver: "content-manager", matchers: [label("team", "management")], repeatInterval: again },
        {
          receiver: "primary-on-call",
          matchers: [label("severity", "critical")],
          repeatInterval: again,
          continue: true,
        },
        { receiver: "security-team", matchers: [label("team", "security")] },
        { receiver: "content-team", matchers: [label("team", "database")] },
        { receiver: "content-team", matchers: [label("team", "on-call")] },
      ],
    },
    receivers: [
      { name: "primary-on-call", webhookConfigs: [page(secret, routeSecretKeys.onCall)], slackConfigs: [channel] },
      {
        name: "content-team",
        emailConfigs: [mail(args, routeSecretKeys.mail, contacts.content.reach)],
        slackConfigs: [channel],
      },
      { name: "security-team", emailConfigs: [mail(args, routeSecretKeys.mail, contacts.security.reach)] },
      { name: "content-manager", webhookConfigs: [page(secret, routeSecretKeys.manager)] },
      heartbeat(secret, routeSecretKeys.heartbeat),
    ],
  };
}
