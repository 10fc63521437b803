import { MaintenanceJob } from "../../../components/maintenance/maintenanceJob";
import { type Duration, duration, type Seconds, seconds } from "../../../recovery/duration";
import { isProblem, worstGaps } from "../../../recovery/schedule";
import { healthyAge, type Timing } from "../../alerts/freshness";
import { gapsOf } from "../../spans";
import { jobIdentity } from "../access";
import type { CopyAge } from "../alerts/prometheus";
import type { AnalyticsConfig } from "../config";
import { streamSize } from "../data/streams";
import { accountId, groupId, logsId } from "../ids";
import { scriptWork } from "../jobWork";
import { MONITORING_ACCOUNTS, monitoringJobs } from "../monitoring/monitoringNames";
import { LOCKED_CONTAINERS } from "../names";
import { assetIds, KAFKA_ID, LAKE_ID, LOGS_ID } from "../objectives";
import type { Estate } from "../site";

/** How late Azure Monitor knows a metric: minutes by its documentation, and nobody promises how many. */
const METRIC_DELAY: Seconds = duration("3m");

/** How late a file of events is written after its window, as the register counts on it. */
const CAPTURED: Seconds = duration("5m");

/** How far the other region's logs are behind on healthy days, as the register counts on it. */
const LOGS_BEHIND: Seconds = duration("15m");

/** How late Databricks starts a clone, as the register counts on it. */
const LATE_START: Seconds = duration("3m");

/** Oldest age of a clone with one run missed; the calendar is the one that Databricks reads. */
function cloneAge({ schedule, deadline }: { schedule: string; deadline: Duration }): Seconds {
  const found = worstGaps({ scheduler: "quartz", expression: schedule, timeZone: "UTC" }, REFERENCE, 1);
  if (isProblem(found)) throw new RangeError(found.problem);
  const [all = 0, oneMissed = all] = found.maxGapSeconds;
  return healthyAge(seconds(oneMissed), LATE_START, duration(deadline));
}

/** 1 January 2026: thresholds must not change with the day on which somebody deploys. */
const REFERENCE = 1_767_225_600;

/** Asks, from the region that survives, how far behind every copy is that Azure itself keeps. */
export function copyLag(estate: Estate): void {
  const { config, names, primary, secondary, parent } = estate;
  const account = MONITORING_ACCOUNTS.copyLag;
  const events = `${accountId(secondary, names.locked)}/blobServices/default/containers/${LOCKED_CONTAINERS.events}`;
  jobIdentity(
    secondary,
    account,
    [
      // Metrics, and what the logs hold.
      { role: "monitoringReader", scope: groupId(primary) },
      { role: "blobReader", scope: events },
    ],
    parent,
  );
  const { copyLag: often, logLag } = config.monitoring;
  const env = {
    NAMESPACES: names.namespaces.join(" "),
    NAMESPACE_IDS: `${groupId(primary)}/providers/Microsoft.EventHub/namespaces`,
    TOPIC: config.kafka.topic,
    PARTITIONS: String(streamSize(config.kafka.load).partitions),
    STORE: `${names.locked}/${LOCKED_CONTAINERS.events}`,
    WORKSPACE: logsId(primary, names.logs),
  };
  const ask = (job: string, what: string, asset: "kafka" | "logs", protection: string, timing: Timing) =>
    new MaintenanceJob(
      job,
      {
        placement: secondary.placement,
        job,
        work: scriptWork(estate, secondary, {
          script: ["copyLag.sh", what],
          account,
          asset,
          env: { ...env, PROTECTION: protection },
        }),
        ...timing,
        reads: Object.values(assetIds),
      },
      { parent },
    );
  ask(monitoringJobs.eventLag, "events", "kafka", "geo-replica", often);
  ask(monitoringJobs.captureLag, "captured", "kafka", "capture", logLag);
  ask(monitoringJobs.logLag, "logs", "logs", "geo-replica", logLag);
}

/** Ages of copies at which somebody is told: what is healthy, and what it takes to ask. */
export function copyAges({
  kafka,
  lake,
  monitoring,
  backups,
}: Pick<AnalyticsConfig, "kafka" | "lake" | "monitoring" | "backups">): CopyAge[] {
  const asked = ({ schedule, timeZone, startWithin, deadline }: Timing) =>
    healthyAge(gapsOf({ schedule, timeZone })[1], duration(startWithin), duration(deadline));
  const clones = seconds(cloneAge(lake.clones) + asked(backups.cloneStatus));
  return [
    { alert: "AnalyticsClonesBehind", asset: LAKE_ID, protection: "clones", age: clones, what: "The clone" },
    {
      alert: "AnalyticsLockedClonesBehind",
      asset: LAKE_ID,
      protection: "clones-2",
      age: clones,
      what: "The locked clone",
    },
    {
      alert: "AnalyticsEventsBehind",
      asset: KAFKA_ID,
      protection: "geo-replica",
      age: seconds(duration(kafka.lag) + METRIC_DELAY + asked(monitoring.copyLag)),
      what: "The second region",
    },
    {
      alert: "AnalyticsCaptureBehind",
      asset: KAFKA_ID,
      protection: "capture",
      age: seconds(duration(kafka.capture) + CAPTURED + asked(monitoring.logLag)),
      what: "The file of events",
    },
    {
      alert: "AnalyticsLogsBehind",
      asset: LOGS_ID,
      protection: "geo-replica",
      age: seconds(LOGS_BEHIND + asked(monitoring.logLag)),
      what: "The other region",
    },
  ];
}
