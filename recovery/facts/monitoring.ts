import { factsOf } from "./group";

const alertmanager = { source: "prometheus/alertmanager docs/configuration.md @00e94a9", read: "2026-11-21" };
const prometheus = { source: "prometheus/prometheus docs/configuration/configuration.md @00315ce", read: "2026-11-21" };
const functions = { source: "https://prometheus.io/docs/prometheus/latest/querying/functions/", read: "2026-11-21" };
const instances = { source: "https://prometheus.io/docs/concepts/jobs_instances/", read: "2025" };
const alertingRules = {
  source: "https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/",
  read: "2025",
};
const pushing = { source: "https://prometheus.io/docs/practices/pushing/", read: "2026-11-21" };
const watchdogs = { source: "https://runbooks.prometheus-operator.dev/runbooks/general/watchdog/", read: "2025" };
const stateMetrics = {
  source: "kubernetes/kube-state-metrics docs/metrics/workload/cronjob-metrics.md @112ec60",
  read: "2025",
};

/** What Prometheus and Alertmanager do where nobody sets it otherwise, and what they cannot see. */
export const monitoring = factsOf("monitoring", {
  groupWait: {
    says: "The first notification of a group of alerts waits this long.",
    value: 30,
    unit: "seconds",
    standing: "design",
    ...alertmanager,
  },
  groupInterval: {
    says: "A new alert of a group that was notified already waits up to this long.",
    value: 300,
    unit: "seconds",
    standing: "design",
    ...alertmanager,
  },
  repeatInterval: {
    says: "An alert that keeps firing is notified again at the first group interval that ends later than this.",
    value: 14_400,
    unit: "seconds",
    standing: "design",
    ...alertmanager,
  },
  scrapeInterval: {
    says: "A target without an interval of its own is scraped this often.",
    value: 60,
    unit: "seconds",
    standing: "design",
    ...prometheus,
  },
  scrapeTimeout: {
    says: "A scrape without a timeout of its own is given up after this long.",
    value: 10,
    unit: "seconds",
    standing: "design",
    ...prometheus,
  },
  evaluationInterval: {
    says: "A group of rules without an interval of its own is evaluated this often.",
    value: 60,
    unit: "seconds",
    standing: "design",
    ...prometheus,
  },
  absentSeries: {
    says: "An expression over a series that is gone gives nothing, so its alert is silent: only absent() sees that.",
    standing: "design",
    ...functions,
  },
  absentTarget: {
    says: "up is 0 only for a target that is still discovered: one that left the discovery has no series at all.",
    standing: "design",
    ...instances,
  },
  gapRestartsWait: {
    says: "One evaluation without the series starts the wait of an alert anew.",
    standing: "design",
    ...alertingRules,
  },
  watchdog: {
    says: "An alert that always fires proves the way of alerts only if something outside notices that it stopped.",
    standing: "design",
    ...watchdogs,
  },
  pushedSeriesStay: {
    says: "The Pushgateway keeps the last value for ever: a job that died looks well, unless it pushed a time.",
    standing: "design",
    ...pushing,
  },
  neverSucceeded: {
    says: "kube_cronjob_status_last_successful_time does not exist before the first success.",
    standing: "design",
    ...stateMetrics,
  },
});
