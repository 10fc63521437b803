import { type Bound, compare, isUnknown, max } from "../../recovery/bound";
import { monitoring } from "../../recovery/facts";
import { type Setting, spanFrom } from "../../recovery/time";
import { fits, type Labels } from "./matchers";
import { prometheusSpan } from "./prometheusDuration";
import { type Facts, orDefault, type Read } from "./read";
import type { AlertmanagerConfig } from "./resources/alertmanagerConfig";

/** Somebody who is told, and how long after an alert fired; what keeps it from being told makes it no bound. */
export interface Told extends Pick<Setting, "value" | "source" | "facts"> {
  /** Whether a program hears it, by a webhook. */
  webhook: boolean;
}

/** What a branch leaves to those below it. */
interface Inherited {
  receiver: Facts;
  /** What Alertmanager waits by itself where no route says. */
  wait: Pick<Setting, "value" | "facts">;
}

/** The first who is certainly told of an alert with these labels, whatever labels its series add; some alerts always fire. */
export function firstTold(config: AlertmanagerConfig, labels: Labels, always: readonly Labels[]): Told | undefined {
  const { route, inhibitRules } = config;
  // The first branch of a configuration gets the namespace as a matcher from the operator, beside its own.
  if (fits(route.at("matchers"), labels) !== "yes") return undefined;
  const refused = undeclaredIn(route, config);
  if (refused !== undefined) return refused;
  const told = toldIn(route, labels, { receiver: route.at("receiver"), wait: spanFrom(monitoring.groupWait) }, config);
  const silenced = inhibitionOf(inhibitRules, labels, always);
  return silenced === undefined ? told : { ...told, value: max(told.value, silenced) };
}

/** The operator refuses a whole configuration in which some branch names a receiver that is not there. */
function undeclaredIn(route: Facts, config: AlertmanagerConfig): Told | undefined {
  const name = route.text("receiver");
  const receivers = orDefault(config.receivers.items(), []);
  const branches = orDefault(route.items("routes"), []);
  if (isUnknown(receivers) || isUnknown(branches)) return undefined;
  if (typeof name === "string" && !receivers.some((one) => [name, undefined].includes(textOf(one.text("name"))))) {
    const value = { unbounded: `nobody is told: receiver ${name} is not among the receivers` };
    return { value, source: route.source("receiver"), webhook: false };
  }
  return branches.map((branch) => undeclaredIn(branch, config)).find((one) => one !== undefined);
}

function textOf(read: Read<string>): string | undefined {
  return typeof read === "string" ? read : undefined;
}

function toldIn(route: Facts, labels: Labels, above: Inherited, config: AlertmanagerConfig): Told {
  const own: Inherited = {
    receiver: route.isSilent("receiver") ? above.receiver : route.at("receiver"),
    wait: route.isSilent("groupWait") ? above.wait : { value: prometheusSpan(route.at("groupWait"), above.wait.value) },
  };
  const branches = orDefault(route.items("routes"), []);
  if (isUnknown(branches)) return { value: branches, source: route.source("routes"), webhook: false };
  // From the last branch to the first: who is told by those that follow, where somebody was told already and where not.
  let after: { more: Told | undefined; alone: Told } = { more: undefined, alone: atReceiver(route, own, config) };
  for (const branch of [...branches].reverse()) {
    const fit = fits(branch.at("matchers"), labels);
    if (fit === "no") continue;
    const told = toldIn(branch, labels, own, config);
    const onward = orDefault(branch.flag("continue"), false);
    const taken = onward === true ? sooner(told, after.more) : told;
    after =
      fit === "yes"
        ? { more: taken, alone: taken }
        : { more: after.more && later(taken, after.more), alone: later(taken, after.alone) };
  }
  return after.alone;
}

function atReceiver(route: Facts, { receiver, wait }: Inherited, config: AlertmanagerConfig): Told {
  const source = route.source("groupWait");
  const muted = ["muteTimeIntervals", "activeTimeIntervals"].find((key) => {
    const list = orDefault(route.items(key), []);
    return isUnknown(list) || list.length > 0;
  });
  if (muted !== undefined) {
    return { value: { unbounded: `${muted} keep it silent at times` }, source: route.source(muted), webhook: false };
  }
  const name = receiver.text();
  const receivers = orDefault(config.receivers.items(), []);
  if (isUnknown(name)) return { value: name, source: receiver.source(), webhook: false };
  if (isUnknown(receivers)) return { value: receivers, source: config.receivers.source(), webhook: false };
  const found = receivers.find((one) => one.text("name") === name);
  if (name === undefined || found === undefined) {
    const value = { unbounded: `nobody is told: receiver ${name ?? ""} is not among the receivers` };
    return { value, source: receiver.source(), webhook: false };
  }
  const integrations = integrationsOf(found);
  if (isUnknown(integrations)) return { value: integrations, source: found.source(), webhook: false };
  if (integrations.length === 0) {
    return {
      value: { unbounded: `nobody is told: receiver ${name} sends nothing` },
      source: found.source(),
      webhook: false,
    };
  }
  const webhook = integrations.includes("webhookConfigs");
  return { value: wait.value, source, ...(wait.facts === undefined ? {} : { facts: wait.facts }), webhook };
}

/** Ways in which a receiver sends; a webhook needs an address. */
function integrationsOf(receiver: Facts) {
  const keys = orDefault(receiver.keys(), []);
  if (isUnknown(keys)) return keys;
  const found: string[] = [];
  for (const key of keys.filter((one) => one.endsWith("Configs"))) {
    const list = orDefault(receiver.items(key), []);
    if (isUnknown(list)) return list;
    const sends = (one: Facts) => key !== "webhookConfigs" || !(one.isSilent("url") && one.isSilent("urlSecret"));
    if (list.some(sends)) found.push(key);
  }
  return found;
}

/**
 * Whether another alert may keep this one silent. What waits for days anyway may be silent while something burns, but
 * not because of an alert that always fires.
 */
function inhibitionOf(rules: Facts, labels: Labels, always: readonly Labels[]): Bound | undefined {
  const list = orDefault(rules.items(), []);
  if (isUnknown(list)) return list;
  const silencing = list.some(
    (rule) =>
      fits(rule.at("targetMatch"), labels) !== "no" &&
      (labels.severity === "critical" || always.some((other) => fits(rule.at("sourceMatch"), other) !== "no")),
  );
  return silencing ? { unbounded: "another alert inhibits it" } : undefined;
}

function sooner(a: Told, b: Told | undefined): Told {
  if (b === undefined) return a;
  const first = compare(b.value, a.value) < 0 ? b : a;
  return { ...first, webhook: a.webhook || b.webhook };
}

function later(a: Told, b: Told): Told {
  const last = compare(b.value, a.value) > 0 ? b : a;
  return { ...last, webhook: a.webhook && b.webhook };
}
