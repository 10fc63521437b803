import { isUnknown, type Maybe } from "../../../../recovery/bound";
import { type Seconds, seconds } from "../../../../recovery/duration";
import type { Resource } from "../../../graph";
import { titleOf } from "../../names";
import type { Facts } from "../../read";
import type { Surroundings } from "../../resources/identity";
import { type ArmKind, type ArmResource, isArm, readArm } from "../arm";

const kinds = {
  metric: { type: "monitor:MetricAlert", named: "ruleName" },
  query: { type: "monitor:ScheduledQueryRule", named: "ruleName" },
} as const satisfies Record<string, ArmKind>;

/** A rule of Azure Monitor that fires: on a metric, or on what a query over logs counts. */
export interface AzureAlert extends ArmResource {
  kind: keyof typeof kinds;
}

/** Action groups: who is told. */
export const actionGroupKind: ArmKind = { type: "monitor:ActionGroup", named: "actionGroupName" };

/** Reads a rule; nothing where a resource is none. */
export function readAzureAlert(resource: Resource, { geography }: Surroundings): AzureAlert | undefined {
  const kind = (Object.keys(kinds) as AzureAlert["kind"][]).find((one) => isArm(resource, kinds[one]));
  return kind && { ...readArm(resource, kinds[kind], geography), kind };
}

/** Reads an action group. */
export function readActionGroup(resource: Resource, { geography }: Surroundings): ArmResource {
  return readArm(resource, actionGroupKind, geography);
}

/** A span as Azure writes it, `PT5M`, `P1D`; nothing where none is said. */
export function isoSpan(facts: Facts, property: string): Maybe<Seconds> | undefined {
  const text = facts.text(property);
  if (text === undefined || isUnknown(text)) return text;
  const [whole, days = 0, hours = 0, minutes = 0] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text) ?? [];
  const total = Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60;
  if (whole !== undefined && total > 0) return seconds(total);
  return { unknown: `${property} of ${titleOf(facts.resource)} must be such as PT5M or P1D` };
}
