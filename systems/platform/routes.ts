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

/** Who acts on the platform's alerts, and who is called when nobody does. */
export const contacts = {
  "on-call": { who: "primary on-call", reach: "+1-555-0100", above: "Slack #platform-oncall" },
  platform: { who: "platform team", reach: "platform@company.com", above: "manager +1-555-0103" },
  security: { who: "security team", reach: "security@company.com", above: "CISO +1-555-0102" },
} as const;

/** Keys of the Secret that holds what no program may: addresses of chat, paging and heartbeat, the mail password. */
export const routeSecretKeys = {
  slack: "slack-url",
  onCall: "page-primary-on-call-url",
  manager: "page-platform-manager-url",
  heartbeat: "heartbeat-url",
  mail: "mail-password",
} as const;

/** Who is told of which alert: critical ones call the primary on-call, the others reach their team by mail. */
export function alertRoutes(args: RouteArgs): AlertRoutes {
  const { secret } = args;
  const again = args.escalateAfter ?? "15m";
  const channel = slack(secret, routeSecretKeys.slack, "#platform-oncall");
  return {
    route: {
      receiver: "primary-on-call",
      groupBy: ["alertname", "namespace", "asset"],
      groupWait: "30s",
      groupInterval: "5m",
      repeatInterval: "4h",
      routes: [
        heartbeatRoute,
        { receiver: "platform-manager", matchers: [label("team", "management")], repeatInterval: again },
        {
          receiver: "primary-on-call",
          matchers: [label("severity", "critical")],
          repeatInterval: again,
          continue: true,
        },
        { receiver: "security-team", matchers: [label("team", "security")] },
        { receiver: "platform-team", matchers: [label("team", "platform")] },
        { receiver: "platform-team", matchers: [label("team", "on-call")] },
      ],
    },
    receivers: [
      { name: "primary-on-call", webhookConfigs: [page(secret, routeSecretKeys.onCall)], slackConfigs: [channel] },
      {
        name: "platform-team",
        emailConfigs: [mail(args, routeSecretKeys.mail, contacts.platform.reach)],
        slackConfigs: [channel],
      },
      { name: "security-team", emailConfigs: [mail(args, routeSecretKeys.mail, contacts.security.reach)] },
      { name: "platform-manager", webhookConfigs: [page(secret, routeSecretKeys.manager)] },
      heartbeat(secret, routeSecretKeys.heartbeat),
    ],
  };
}
