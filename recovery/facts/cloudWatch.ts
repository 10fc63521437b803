import { factsOf } from "./group";

const guide = (page: string) => ({
  source: `https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/${page}.html`,
  read: "2026-11-21",
});
const evaluation = guide("alarm-evaluation");
const creating = guide("AlarmThatSendsEmail");
const missing = guide("alarms-and-missing-data");
const replication = {
  source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html",
  read: "2026-11-21",
};
const request = {
  source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
  read: "2026-11-21",
};

/** Alarms of Amazon CloudWatch. */
export const cloudWatch = factsOf("cloudwatch", {
  evaluationInterval: {
    says: "An alarm with a period of a minute or more is evaluated this often.",
    value: 60,
    unit: "seconds",
    standing: "design",
    ...creating,
  },
  fastEvaluationInterval: {
    says: "An alarm with a period of less than a minute is evaluated this often.",
    value: 10,
    unit: "seconds",
    standing: "design",
    ...creating,
  },
  datapoints: {
    says: "An alarm fires once so many of its latest periods breach as datapointsToAlarm says: all of them by default.",
    standing: "design",
    ...evaluation,
  },
  longestWindow: {
    says: "Periods of less than an hour may together be no longer than this.",
    value: 86_400,
    unit: "seconds",
    standing: "design",
    ...request,
  },
  missingData: {
    says: "An alarm that says nothing else of missing data fires on none: only breaching sees that a metric is gone.",
    standing: "design",
    ...missing,
  },
  actions: {
    says: "Nobody tests the actions of an alarm: one that does not exist tells nobody, and says so to nobody.",
    standing: "design",
    ...creating,
  },
  metricDelivery: {
    says: "Metrics of Amazon S3 reach CloudWatch as best they can: late, or not at all.",
    standing: "none",
    ...replication,
  },
  replicationRegion: {
    says: "Latency and pending operations of replication are published in the region of the destination bucket.",
    standing: "design",
    ...replication,
  },
});
