import type { Duration } from "../../recovery/duration";

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

/** Arguments of `alertRoutes`. */
export interface RouteArgs {
  /** Name of the Secret with the keys of `routeSecretKeys`, in the namespace of the routes. */
  secret: string;
  /** The account that mail is sent from; `smarthost` is `host:port`. */
  mail: { from: string; smarthost: string; username: string };
  /** Until a page is repeated while its alert stays; the same span after which `escalationAlert` calls the one above. @default "15m" */
  escalateAfter?: Duration;
}

/** A value in a Secret. */
export interface SecretKey {
  name: string;
  key: string;
}

/** A condition on one label. */
export interface Matcher {
  name: string;
  matchType: "=";
  value: string;
}

/** A branch of the routing tree as an `AlertmanagerConfig` holds it. */
export interface Route {
  receiver: string;
  matchers?: Matcher[];
  groupBy?: string[];
  groupWait?: Duration;
  groupInterval?: Duration;
  repeatInterval?: Duration;
  continue?: boolean;
  routes?: Route[];
}

/** Who is told, and how. */
export interface Receiver {
  name: string;
  slackConfigs?: { apiURL: SecretKey; channel: string; sendResolved: boolean; title: string; text: string }[];
  webhookConfigs?: { urlSecret: SecretKey; sendResolved: boolean }[];
  emailConfigs?: {
    to: string;
    from: string;
    smarthost: string;
    authUsername: string;
    authPassword: SecretKey;
    requireTLS: boolean;
    sendResolved: boolean;
  }[];
}

/** The spec of an `AlertmanagerConfig`. */
export interface AlertRoutes {
  route: Route;
  receivers: Receiver[];
}

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
        {
          receiver: "heartbeat",
          matchers: [label("team", "watchdog")],
          // With equal intervals it is sent every other minute, so that its absence is noticed in minutes.
          groupWait: "0s",
          groupInterval: "1m",
          repeatInterval: "1m",
        },
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
        slackConfigs: [slack(secret)],
      },
      { name: "database-team", emailConfigs: [mail(args, contacts.database.reach)], slackConfigs: [slack(secret)] },
      // Not in the channel: whoever is inside may read it.
      { name: "security-team", emailConfigs: [mail(args, contacts.security.reach)] },
      { name: "database-manager", webhookConfigs: [page(secret, routeSecretKeys.manager)] },
      { name: "ciso", webhookConfigs: [page(secret, routeSecretKeys.ciso)] },
      { name: "heartbeat", webhookConfigs: [{ ...page(secret, routeSecretKeys.heartbeat), sendResolved: false }] },
    ],
  };
}

/** A receiver that an alert reaches, and how long after it fired. */
export interface Reached {
  receiver: string;
  wait: Duration;
}

/** Receivers of an alert with these labels, in order, by Alertmanager's rule: the first branch that matches, and the next ones while it says so. */
export function receiversOf(route: Route, labels: Readonly<Record<string, string>>): Reached[] {
  return reach(route, labels, route.groupWait ?? "30s");
}

function reach(route: Route, labels: Readonly<Record<string, string>>, inherited: Duration): Reached[] {
  const wait = route.groupWait ?? inherited;
  const reached: Reached[] = [];
  for (const branch of route.routes ?? []) {
    if (!(branch.matchers ?? []).every(({ name, value }) => labels[name] === value)) continue;
    reached.push(...reach(branch, labels, wait));
    if (!branch.continue) break;
  }
  return reached.length > 0 ? reached : [{ receiver: route.receiver, wait }];
}

function label(name: string, value: string): Matcher {
  return { name, matchType: "=", value };
}

function page(secret: string, key: string) {
  return { urlSecret: { name: secret, key }, sendResolved: true };
}

function slack(secret: string) {
  return {
    apiURL: { name: secret, key: routeSecretKeys.slack },
    channel: "#omendb-oncall",
    sendResolved: true,
    title: "[{{ .Status }}] {{ .CommonLabels.alertname }}: {{ .CommonAnnotations.summary }}",
    text: "{{ range .Alerts }}{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n{{ end }}",
  };
}

function mail({ mail: { from, smarthost, username }, secret }: RouteArgs, to: string) {
  return {
    to,
    from,
    smarthost,
    authUsername: username,
    authPassword: { name: secret, key: routeSecretKeys.mail },
    requireTLS: true,
    sendResolved: true,
  };
}
