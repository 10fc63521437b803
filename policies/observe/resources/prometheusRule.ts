import type { Bound } from "../../../recovery/bound";
import { isUnknown } from "../../../recovery/bound";
import { link } from "../annotations";
import { prometheusSpan } from "../prometheusDuration";
import type { Facts, Read } from "../read";
import { type KubernetesObject, kubernetesObject, type Reader } from "./identity";

/** One alert of a PrometheusRule. */
export interface AlertRule {
  facts: Facts;
  name: string;
  /** Annotations `holdfast_asset`, `holdfast_guards`, `holdfast_disruptions`. */
  asset: Read<string>;
  guards: Read<string>;
  disruptions: Read<string>;
  expression: Read<string>;
  severity: Read<string>;
  /** Whether it has all that whoever is woken by it needs. */
  complete: boolean;
  evaluation: Bound;
  holdsFor: Bound;
}

/** A PrometheusRule. */
export interface PrometheusRule extends KubernetesObject {
  alerts: AlertRule[];
}

/** PrometheusRules. */
export const prometheusRules: Reader<PrometheusRule> = {
  types: ["kubernetes:monitoring.coreos.com/v1:PrometheusRule"],
  read(resource, surroundings) {
    const object = kubernetesObject(resource, surroundings);
    const { problems } = surroundings;
    const list = (facts: Facts, path: string) => problems.known(facts.items(path), facts.source(path)) ?? [];
    const alerts = list(object.facts, "spec.groups").flatMap((group) =>
      list(group, "rules")
        .filter((rule) => rule.text("alert") !== undefined)
        .map((rule) => readAlert(rule, group)),
    );
    return { ...object, alerts };
  },
};

function readAlert(facts: Facts, group: Facts): AlertRule {
  const name = facts.text("alert");
  const global = { unknown: "its group names no interval: the Prometheus that loads it decides" };
  return {
    facts,
    name: typeof name === "string" ? name : "an alert",
    asset: facts.text("annotations.holdfast_asset"),
    guards: facts.text("annotations.holdfast_guards"),
    disruptions: facts.text("annotations.holdfast_disruptions"),
    expression: expressionOf(facts),
    severity: facts.text("labels.severity"),
    complete: ["labels.severity", "annotations.summary", "annotations.description", "annotations.runbook_url"].every(
      (path) => typeof facts.text(path) === "string" && facts.text(path) !== "",
    ),
    evaluation: prometheusSpan(group.at("interval"), global),
    holdsFor: prometheusSpan(facts.at("for"), 0 as Bound),
  };
}

function expressionOf(facts: Facts): Read<string> {
  const text = facts.text("expr");
  if (!isUnknown(text)) return text;
  const value = facts.value("expr");
  return typeof value === "number" ? String(value) : text;
}

/** What scrapes an asset: a ServiceMonitor or a Probe. */
export interface Monitor extends KubernetesObject {
  asset?: string;
  /** Interval and timeout of each thing it scrapes. */
  scrapes: { facts: Facts; interval: Bound; timeout: Bound }[];
}

/** ServiceMonitors and Probes. */
export const monitors: Reader<Monitor> = {
  types: ["kubernetes:monitoring.coreos.com/v1:ServiceMonitor", "kubernetes:monitoring.coreos.com/v1:Probe"],
  read(resource, surroundings) {
    const object = kubernetesObject(resource, surroundings);
    const asset = link(resource, "asset", surroundings.problems);
    const endpoints = resource.type.endsWith("Probe")
      ? [object.facts.at("spec")]
      : object.facts.items("spec.endpoints");
    const scrapes = (isUnknown(endpoints) ? undefined : endpoints) ?? [object.facts.at("spec.endpoints[0]")];
    return { ...object, ...(asset === undefined ? {} : { asset }), scrapes: scrapes.map(readScrape) };
  },
};

function readScrape(facts: Facts): Monitor["scrapes"][number] {
  const interval = prometheusSpan(facts.at("interval"), {
    unknown: `${facts.source().name} names no interval: the Prometheus that loads it decides`,
  });
  // Prometheus refuses a timeout longer than the interval, so without one the interval bounds it.
  return { facts, interval, timeout: prometheusSpan(facts.at("scrapeTimeout"), interval) };
}

/** An AlertmanagerConfig. */
export interface AlertmanagerConfig extends KubernetesObject {
  /** The longest wait of its routes before the first notification of a group. */
  groupWait: { facts: Facts; value: Bound }[];
}

/** AlertmanagerConfigs. */
export const alertmanagerConfigs: Reader<AlertmanagerConfig> = {
  types: [
    "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig",
    "kubernetes:monitoring.coreos.com/v1beta1:AlertmanagerConfig",
  ],
  read(resource, surroundings) {
    const object = kubernetesObject(resource, surroundings);
    // Alertmanager waits 30 s where no route says: https://prometheus.io/docs/alerting/latest/configuration/#route
    return { ...object, groupWait: routeWaits(object.facts.at("spec.route"), 30 as Bound) };
  },
};

function routeWaits(route: Facts, inherited: Bound): AlertmanagerConfig["groupWait"] {
  const own = { facts: route.at("groupWait"), value: prometheusSpan(route.at("groupWait"), inherited) };
  const routes = route.items("routes");
  if (isUnknown(routes)) return [{ facts: route.at("routes"), value: routes }];
  return [own, ...(routes ?? []).flatMap((one) => routeWaits(one, own.value))];
}
