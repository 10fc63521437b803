import { RecordingRules } from "../../components/alerts/recordingRules";
import { ServiceMonitor } from "../../components/alerts/serviceMonitor";
import { duration, type Seconds, seconds } from "../../recovery/duration";
import { healthyAge, overdueAfter, type Timing } from "../alerts/freshness";
import type { ScheduledJob } from "../alerts/rule";
import { gapsOf } from "../spans";
import { type Chore, choreNames } from "./choreNames";
import { SELF, SERVICE_LABELS } from "./names";
import { recordingRules } from "./recordings";
import type { OmniverseSite } from "./site";

/** What the vendor exports, and series under the names that the runbook's alerts use. */
export function operationsMetrics(at: OmniverseSite): void {
  const { config, placement, site, parent, prefix } = at;
  const { selectors } = site.cluster.monitoring;
  new ServiceMonitor(
    `${prefix}-nucleus`,
    {
      placement,
      monitor: "nucleus",
      selectors,
      service: { ...SERVICE_LABELS, component: "server" },
      // The runbook's alert says job="nucleus", which is this label of the Service.
      jobLabel: "app",
      port: "metrics",
      // The vendor documents a port, and no TLS on it.
      scheme: "http",
      asset: `${SELF}/*`,
      ...config.scrape,
    },
    { parent },
  );
  new RecordingRules(
    `${prefix}-recordings`,
    {
      placement,
      object: "omniverse-metrics",
      selectors,
      interval: config.alerts.interval,
      rules: recordingRules({ namespace: config.namespace, fresh: freshFor(config.operations.chores.metrics) }),
    },
    { parent },
  );
}

/** Oldest age of a measurement with one run missed: that alone is no news. */
function freshFor(timing: Timing): Seconds {
  return healthyAge(gapsOf(timing)[1], duration(timing.startWithin), duration(timing.deadline));
}

/** Jobs of the daily work, each with the age of its last success above which it is overdue. */
export function chores({ config }: Pick<OmniverseSite, "config">): Record<"maintenance" | "audits", ScheduledJob[]> {
  const all = (Object.keys(choreNames) as Chore[]).map((chore) => {
    const timing = config.operations.chores[chore];
    // What runs each minute may miss a few.
    const age = overdueAfter(timing);
    return { chore, cronJob: choreNames[chore], overdueAfter: seconds(chore === "metrics" ? age * 3 : age) };
  });
  const audits = all.filter(({ chore }) => chore === "audit");
  const others = all.filter(({ chore }) => chore !== "audit");
  const plain = ({ cronJob, overdueAfter: age }: ScheduledJob): ScheduledJob => ({ cronJob, overdueAfter: age });
  return { maintenance: others.map(plain), audits: audits.map(plain) };
}
