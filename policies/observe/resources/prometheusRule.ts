import type { Bound } from "../../../recovery/bound";
import { isUnknown } from "../../../recovery/bound";
import { link } from "../annotations";
import type { Labels } from "../matchers";
import { prometheusSpan } from "../prometheusDuration";
import { type Facts, orDefault, type Read } from "../read";
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
  /** Labels that it certainly has, its name among them. */
  labels: Labels;
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
    labels: {
      ...textsAt(group.at("labels")),
      ...textsAt(facts.at("labels")),
      ...(typeof name === "string" ? { alertname: name } : {}),
    },
    complete: ["labels.severity", "annotations.summary", "annotations.description", "annotations.runbook_url"].every(
      (path) => typeof facts.text(path) === "string" && facts.text(path) !== "",
    ),
    evaluation: prometheusSpan(group.at("interval"), global),
    holdsFor: prometheusSpan(facts.at("for"), 0 as Bound),
  };
}

/** The texts of an object; what is not known is left out. */
function textsAt(object: Facts): Labels {
  const keys = orDefault(object.keys(), []);
  if (isUnknown(keys)) return {};
  return Object.fromEntries(
    keys.flatMap((key) => {
      const text = object.key(key).text();
      return typeof text === "string" ? [[key, text]] : [];
    }),
  );
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
  /** The label `job` of its series, where its own facts say it. */
  job?: string;
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
    const job = jobOf(object);
    const scrapes = (isUnknown(endpoints) ? undefined : endpoints) ?? [object.facts.at("spec.endpoints[0]")];
    return {
      ...object,
      ...(asset === undefined ? {} : { asset }),
      ...(job === undefined ? {} : { job }),
      scrapes: scrapes.map(readScrape),
    };
  },
};

/** A Probe has a name of its own; a ServiceMonitor takes a label of the Service that it selects. */
function jobOf({ resource, facts, namespace, name }: KubernetesObject): string | undefined {
  const spec = facts.at("spec");
  if (resource.type.endsWith("Probe")) {
    const job = orDefault(spec.text("jobName"), `probe/${namespace}/${name}`);
    return isUnknown(job) ? undefined : job;
  }
  const label = spec.text("jobLabel");
  const job = typeof label === "string" ? spec.at("selector.matchLabels").key(label).text() : undefined;
  return typeof job === "string" ? job : undefined;
}

function readScrape(facts: Facts): Monitor["scrapes"][number] {
  const interval = prometheusSpan(facts.at("interval"), {
    unknown: `${facts.source().name} names no interval: the Prometheus that loads it decides`,
  });
  // Prometheus refuses a timeout longer than the interval, so without one the interval bounds it.
  return { facts, interval, timeout: prometheusSpan(facts.at("scrapeTimeout"), interval) };
}
