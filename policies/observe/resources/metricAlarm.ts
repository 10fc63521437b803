import type { Maybe } from "../../../recovery/bound";
import type { Place } from "../../../recovery/plan";
import type { Resource } from "../../graph";
import { type Facts, facts } from "../read";
import type { Reader } from "./identity";

/** An alarm of Amazon CloudWatch. */
export interface MetricAlarm {
  resource: Resource;
  facts: Facts;
  at: Maybe<Place>;
}

/** Alarms of Amazon CloudWatch on one metric. */
export const metricAlarms: Reader<MetricAlarm> = {
  types: ["aws:cloudwatch/metricAlarm:MetricAlarm"],
  read: (resource, { geography }) => ({ resource, facts: facts(resource), at: geography.placeOf(resource) }),
};

/** A topic of Amazon SNS, or somebody who is told what is published to one. */
export interface Notification {
  resource: Resource;
  facts: Facts;
}

/** Topics of Amazon SNS. */
export const topics: Reader<Notification> = {
  types: ["aws:sns/topic:Topic"],
  read: (resource) => ({ resource, facts: facts(resource) }),
};

/** Subscriptions to topics of Amazon SNS. */
export const topicSubscriptions: Reader<Notification> = {
  types: ["aws:sns/topicSubscription:TopicSubscription"],
  read: (resource) => ({ resource, facts: facts(resource) }),
};
