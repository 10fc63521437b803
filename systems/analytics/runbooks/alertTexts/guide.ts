import type { AlertText } from "../../../runbooks/alertPage";
import { health, kubectl, runs } from "../commands";

/** What a page says besides the query of its alert, which it begins with where there is one. */
export type AnalyticsAlertText = Omit<AlertText, "look"> & {
  /** More commands that tell the likely causes apart. @default none */
  look?: readonly string[];
};

/** Texts of the document's alerts on a working platform. */
export const guideTexts: Readonly<Record<string, AnalyticsAlertText>> = {
  AnalyticsServiceDown: {
    means: "Azure itself says that one of our accounts, namespaces, vaults or workspaces is not available.",
    look: health,
    act: [
      "Only one resource: look whether somebody changed it, in the [drift alerts](AnalyticsDeploymentIncomplete.md) and the activity log.",
      "A zone: wait, what is kept in three zones comes back by itself within minutes.",
      "Everything of the region: see [AnalyticsRegionLost](AnalyticsRegionLost.md).",
    ],
    stop: "15 minutes without a sign of recovery: decide on a failover with the owners; Kafka's half hour leaves no more.",
  },
  AnalyticsServiceIncident: {
    means: "Azure has an incident of a service that the subscription uses; it may not touch us.",
    look: health,
    act: [
      "Read what Azure says, and compare with the alerts that fire.",
      "Our resources are well: note the incident, and do nothing.",
    ],
    stop: "It names our region and a service of ours: treat it as [AnalyticsServiceDown](AnalyticsServiceDown.md).",
  },
  AnalyticsStoreDown: {
    means: "An account or a vault answers fewer than 999 of 1,000 calls: writers fall behind, and jobs fail.",
    look: health,
    act: [
      "Refused calls are not counted here: look for the network, for the certificate of a client, then for Azure.",
      "An account of the lake: Event Hubs keeps the events; do not restart pipelines, they go on where they were.",
    ],
    stop: "It lasts 15 minutes: decide as for [AnalyticsServiceDown](AnalyticsServiceDown.md).",
  },
  AnalyticsEventsStopped: {
    means: "A namespace of Event Hubs has taken no event for five minutes, although test events are sent each minute.",
    look: [kubectl("logs --tail=20 --selector=app=analytics-jobs --prefix --since=10m"), ...health],
    act: [
      "All namespaces: the producers, or the network to them.",
      "One namespace: its rules of the network, its rights, its units (throttled when too few).",
    ],
    stop: "Producers report refused writes on a namespace that is well: the second region may be too far behind, see [AnalyticsEventsBehind](AnalyticsEventsBehind.md).",
  },
  AnalyticsPipelineDown: {
    means: "Test events are taken by Event Hubs and cannot be read in the lake in time: a pipeline stands still.",
    look: runs,
    act: [
      "A streaming job failed: read its error, start it again; it goes on where its checkpoint is.",
      "All run: look at the clusters (out of memory, waiting for machines) and at the [latency](AnalyticsHighLatency.md).",
    ],
    stop: "It fails three times with the same error: stop the producers' retries from growing the backlog, call the pipeline's owner.",
  },
  AnalyticsDataLoss: {
    means:
      "Events that Event Hubs took are not in the lake after a quarter of an hour: what else went their way is missing as well. Event Hubs still has them, and so have its captured files. Or the history of a table names what no pipeline does: rows were deleted, overwritten or replaced, or the table is gone.",
    look: runs,
    act: [
      "The message names a table and a version: ask who did that; nobody knows, then it is damage: [lake-in-place](lake-in-place.md). A recovery does it too, and the alert ends a quarter of an hour after.",
      "The message names run and namespace: one namespace means its partition or its reader, all mean the pipeline.",
      "Stop VACUUM and the maintenance of `bronze.events` until the cause is known.",
      "Events of a gap are read again from Event Hubs: start the stream from the time before the gap, into the same table; its merge drops what is there already.",
      "Gone from Event Hubs too: they are in the captured files of the locked account.",
    ],
    stop: "Nobody can say where events went within an hour: the lake is not to be trusted since then, tell its readers.",
  },
  AnalyticsEventsUnchecked: {
    means: "For 15 minutes nobody has checked whether events arrive: the alerts on latency and on data loss are blind.",
    look: [kubectl("get jobs --sort-by=.metadata.creationTimestamp | grep -E 'end-to-end|lost-events' | tail -6")],
    act: [
      "Read the log of the newest run: it names what does not answer it (Event Hubs, the warehouse, Application Insights).",
      "No run at all: the CronJob is suspended, or the cluster starts no pods.",
    ],
    stop: "It cannot be mended within the hour: have somebody count events by hand, in the namespaces' metrics and in the table.",
  },
  AnalyticsSecurityBreach: {
    means:
      "Sentinel has opened an incident: refused calls to accounts, vaults, namespaces or logins, something protective deleted, or rights given out by somebody who does not deploy.",
    act: [
      "Call the security team before anything is changed: what the intruder sees changes what they do.",
      "Take the incident in Sentinel: whoever is written there leads.",
      "Credentials in other hands: revoke them in the directory, then decide with the security team on a rebuild in the clean room, which the ways back below do.",
      "A mistake of our own: close the incident with its reason, so that the rule can be made finer.",
    ],
    stop: "Something protective was deleted, or rights were given out: nothing of this subscription is to be trusted until security says so.",
  },
  AnalyticsHighLatency: {
    means: "Test events take more than ten seconds to the lake; the target is five.",
    look: runs,
    act: [
      "The cluster is undersized: scale it up, and look whether its autoscale has reached its most.",
      "Partitions are uneven: one task of a batch takes many times the others. Repartition, or look for a key that everybody has.",
      "Events come faster than ever: see [AnalyticsThroughputLimit](AnalyticsThroughputLimit.md).",
    ],
    stop: "It does not fall within the hour: tell the readers of the lake how old it is.",
  },
  AnalyticsErrorSpike: {
    means: "More than 1 % of requests to the services fail; the target is 0.1 %.",
    act: [
      "Look which operation and which result: one operation is a release, all are what they stand on.",
      "A release of the last hours: take it back first, and look for the cause then.",
    ],
    stop: "It grows over 10 %: page the owner of the service.",
  },
  AnalyticsApiSlow: {
    means: "Half of all requests of an hour took 100 ms or more.",
    act: [
      "Which operations grew? A slow query of the warehouse shows in its query history.",
      "All of them: the services' own processors, or the network.",
    ],
    stop: "It stays for a day: it is capacity, take it to the monthly review.",
  },
  AnalyticsRequestsUnseen: {
    means: "No service has reported a request for half an hour. The alerts on errors and slow answers are blind.",
    act: [
      "Do the services serve? Ask one by hand.",
      "They do: their agent has lost its right, or its address; look at its log.",
    ],
    stop: "They serve nobody: page their owner.",
  },
};
