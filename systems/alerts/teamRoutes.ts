import { type AlertRoutes, heartbeat, heartbeatRoute, label, mail, page, type RouteArgs, slack } from "./routing";
import type { Team } from "./rule";

/** The team that owns the alerts of a system, and how people reach it. */
export interface OwningTeam {
  /** What its receivers are called: `platform` gives `platform-team` and `platform-manager`. */
  name: string;
  /** Value of the label `team` of its alerts. */
  label: Team;
  /** Channel in which the on-call and the team are told. */
  channel: string;
  mail: string;
  securityMail: string;
}

/** Who is told of which alert: critical ones call the primary on-call, the others reach their team by mail. */
export function teamRoutes(team: OwningTeam, args: RouteArgs): AlertRoutes {
  const { secret } = args;
  const again = args.escalateAfter ?? "15m";
  const keys = routeSecretKeys(team);
  const channel = slack(secret, keys.slack, team.channel);
  const [own, manager] = [`${team.name}-team`, `${team.name}-manager`];
  return {
    route: {
      receiver: "primary-on-call",
      groupBy: ["alertname", "namespace", "asset"],
      groupWait: "30s",
      groupInterval: "5m",
      repeatInterval: "4h",
      routes: [
        heartbeatRoute,
        { receiver: manager, matchers: [label("team", "management")], repeatInterval: again },
        {
          receiver: "primary-on-call",
          matchers: [label("severity", "critical")],
          repeatInterval: again,
          continue: true,
        },
        { receiver: "security-team", matchers: [label("team", "security")] },
        { receiver: own, matchers: [label("team", team.label)] },
        { receiver: own, matchers: [label("team", "on-call")] },
      ],
    },
    receivers: [
      { name: "primary-on-call", webhookConfigs: [page(secret, keys.onCall)], slackConfigs: [channel] },
      { name: own, emailConfigs: [mail(args, keys.mail, team.mail)], slackConfigs: [channel] },
      // Not in the channel: whoever is inside may read it.
      { name: "security-team", emailConfigs: [mail(args, keys.mail, team.securityMail)] },
      { name: manager, webhookConfigs: [page(secret, keys.manager)] },
      heartbeat(secret, keys.heartbeat),
    ],
  };
}

/** Keys of the Secret that holds what no program may: addresses of chat, paging and heartbeat, the mail password. */
export function routeSecretKeys({ name }: Pick<OwningTeam, "name">) {
  return {
    slack: "slack-url",
    onCall: "page-primary-on-call-url",
    manager: `page-${name}-manager-url`,
    heartbeat: "heartbeat-url",
    mail: "mail-password",
  } as const;
}
