import type { Duration } from "../../recovery/duration";

/** Who is told through what, as a stack says it. */
export interface RouteArgs {
  /** Name of the Secret with addresses and passwords, in the namespace of the routes. */
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

/** A matcher of one label. */
export function label(name: string, value: string): Matcher {
  return { name, matchType: "=", value };
}

/** A call through the paging service, whose address is in a Secret. */
export function page(secret: string, key: string) {
  return { urlSecret: { name: secret, key }, sendResolved: true };
}

/** The watchdog's way: with equal intervals it is sent every other minute, so that its absence is noticed in minutes. */
export const heartbeatRoute: Route = {
  receiver: "heartbeat",
  matchers: [label("team", "watchdog")],
  groupWait: "0s",
  groupInterval: "1m",
  repeatInterval: "1m",
};

/** The heartbeat outside, whose address is in a Secret. */
export function heartbeat(secret: string, key: string): Receiver {
  return { name: "heartbeat", webhookConfigs: [{ ...page(secret, key), sendResolved: false }] };
}

/** A message in a channel; its address is in a Secret. */
export function slack(secret: string, key: string, channel: string) {
  return {
    apiURL: { name: secret, key },
    channel,
    sendResolved: true,
    title: "[{{ .Status }}] {{ .CommonLabels.alertname }}: {{ .CommonAnnotations.summary }}",
    text: "{{ range .Alerts }}{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n{{ end }}",
  };
}

/** A mail; the password of the account is in a Secret. */
export function mail({ mail: { from, smarthost, username }, secret }: RouteArgs, key: string, to: string) {
  return {
    to,
    from,
    smarthost,
    authUsername: username,
    authPassword: { name: secret, key },
    requireTLS: true,
    sendResolved: true,
  };
}
