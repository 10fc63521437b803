import { isUnknown } from "../../../../recovery/bound";
import { seconds } from "../../../../recovery/duration";
import { eventHubs, type Fact, factSeconds } from "../../../../recovery/facts";
import type { Term } from "../../../../recovery/plan";
import { sourceOf, titleOf } from "../../names";
import type { Facts } from "../../read";
import type { Namespace, NamespacePart, Tier } from "./namespace";

const mostOf: Readonly<Record<Tier, Fact>> = {
  Basic: eventHubs.retentionBasic,
  Standard: eventHubs.retentionStandard,
  Premium: eventHubs.retentionPremium,
  Dedicated: eventHubs.retentionPremium,
};

/** How long an event hub keeps events to be read again; what its tier does not keep Azure refuses. */
export function retentionOf({ facts, resource }: NamespacePart, { tier }: Namespace): Term {
  const policy = facts.text("retentionDescription.cleanupPolicy");
  const source = facts.source("retentionDescription.retentionTimeInHours");
  const term: Omit<Term, "value"> = { name: "events kept", grade: "guaranteed", source };
  const unknown = [policy, tier].find(isUnknown);
  if (isUnknown(unknown)) return { ...term, value: unknown };
  if (policy !== undefined && policy !== "Delete")
    return { ...term, value: seconds(0), source: sourceOf(resource, "retentionDescription.cleanupPolicy") };
  const kept = spanOf(facts);
  if (typeof kept !== "number") return { ...term, value: kept };
  if (isUnknown(tier)) return { ...term, value: tier };
  const most = mostOf[tier];
  if (kept <= factSeconds(most)) return { ...term, value: seconds(kept), facts: [most.id] };
  const refused = `${titleOf(resource)} keeps events for ${kept / 3_600} h: tier ${tier} keeps them ${most.value} days at most, and Azure refuses more`;
  return { ...term, value: { unknown: refused }, facts: [most.id] };
}

function spanOf(facts: Facts): number | { unknown: string } {
  const [hours, days] = [
    facts.whole("retentionDescription.retentionTimeInHours"),
    facts.whole("messageRetentionInDays"),
  ];
  if (isUnknown(hours)) return hours;
  if (isUnknown(days)) return days;
  if (hours !== undefined && days !== undefined && hours !== days * 24) {
    const unknown = `${titleOf(facts.resource)} says ${hours} hours in retentionDescription and ${days} days in messageRetentionInDays: keep one of them`;
    return { unknown };
  }
  const kept = hours ?? (days === undefined ? undefined : days * 24);
  return kept === undefined
    ? { unknown: `${titleOf(facts.resource)} does not say how long it keeps events` }
    : kept * 3_600;
}
