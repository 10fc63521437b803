import { isUnknown, type Maybe } from "../../../recovery/bound";
import type { Program } from "../program";
import type { MetricAlarm, Notification } from "../resources/metricAlarm";

/** Ways in which a topic tells somebody, or something that goes on to do so. */
const telling = ["email", "email-json", "https", "sms", "lambda", "sqs"];

/** Why nobody is told of an alarm, or why that is not known; nothing where somebody is. */
export function silenceOf(alarm: MetricAlarm, program: Program): Maybe<string> | undefined {
  const { facts, resource } = alarm;
  const enabled = facts.flag("actionsEnabled");
  if (isUnknown(enabled)) return enabled;
  if (enabled === false) return "nobody is told: its actions are off (actionsEnabled)";
  const actions = facts.items("alarmActions");
  if (isUnknown(actions)) return actions;
  if (actions === undefined || actions.length === 0) return "nobody is told: it has no alarmActions";
  const written = actions.map((one) => one.text());
  const upstream = resource.propertyDependencies.alarmActions ?? [];
  const own = program.topics.filter(
    (topic) => upstream.includes(topic.resource.urn) || written.some((arn) => isArnOf(arn, topic)),
  );
  if (own.length === 0) {
    const why = "whether anybody is told is not known: its alarmActions name no topic that this program declares";
    return { unknown: why };
  }
  if (own.some((topic) => program.topicSubscriptions.some((one) => tells(one, topic)))) return undefined;
  return "nobody is told: nobody is subscribed to the topic of its alarmActions";
}

/** Why none of some alarms tells anybody, nothing to say where there are none; undefined where one does. */
export function whyUntold(alarms: readonly MetricAlarm[], program: Program): string | undefined {
  const silences = alarms.map((alarm) => silenceOf(alarm, program));
  if (silences.includes(undefined)) return undefined;
  return silences.map((one) => (isUnknown(one) ? one.unknown : one)).join("; ");
}

function tells({ resource, facts }: Notification, topic: Notification): boolean {
  const protocol = facts.text("protocol");
  const upstream = resource.propertyDependencies.topic ?? [];
  const about = upstream.length > 0 ? upstream.includes(topic.resource.urn) : isArnOf(facts.text("topic"), topic);
  // A filter may leave out what an alarm says.
  return about && typeof protocol === "string" && telling.includes(protocol) && facts.isSilent("filterPolicy");
}

function isArnOf(arn: unknown, { facts }: Notification): boolean {
  const name = facts.text("name");
  const own = facts.text("arn");
  if (typeof arn !== "string") return false;
  return arn === own || (typeof name === "string" && arn.startsWith("arn:aws:sns:") && arn.endsWith(`:${name}`));
}
