import { isUnknown, type Maybe } from "../../../../recovery/bound";
import type { Resource } from "../../../graph";
import type { Program } from "../../program";
import { type Facts, facts } from "../../read";
import type { Surroundings } from "../../resources/identity";
import { type ArmKind, type ArmResource, isArm, pointsTo, readArm } from "../arm";
import { ownedBy } from "../owned";

const tiers = ["Basic", "Standard", "Premium", "Dedicated"] as const;

/** What a namespace of Event Hubs is paid for. */
export type Tier = (typeof tiers)[number];

/** A namespace of Event Hubs. */
export interface Namespace extends ArmResource {
  tier: Maybe<Tier>;
}

/** Namespaces of Event Hubs. */
export const namespaceKind: ArmKind = {
  type: "eventhub:Namespace",
  arm: "Microsoft.EventHub/namespaces",
  named: "namespaceName",
};

/** Reads a namespace. */
export function readNamespace(resource: Resource, { geography }: Surroundings): Namespace {
  const arm = readArm(resource, namespaceKind, geography);
  return { ...arm, tier: tierOf(arm) };
}

function tierOf({ facts: own, settings }: ArmResource): Maybe<Tier> {
  if (!settings.isSilent("clusterArmId")) return "Dedicated";
  const name = own.text("sku.name");
  if (isUnknown(name)) return name;
  const tier = tiers.find((one) => one === name);
  return tier ?? { unknown: `sku.name must be one of ${tiers.slice(0, 3).join(", ")}, got ${name ?? "nothing"}` };
}

/** An event hub, or a pairing of namespaces by an alias. */
export interface NamespacePart {
  resource: Resource;
  facts: Facts;
}

const hubKind: ArmKind = { type: "eventhub:EventHub", named: "eventHubName" };
const aliasKind: ArmKind = { type: "eventhub:DisasterRecoveryConfig", named: "alias" };

/** Whether a resource is an event hub. */
export function isEventHub(resource: Resource): boolean {
  return isArm(resource, hubKind);
}

/** Whether a resource pairs namespaces by an alias. */
export function isAlias(resource: Resource): boolean {
  return isArm(resource, aliasKind);
}

/** Reads what belongs to a namespace. */
export function readPart(resource: Resource): NamespacePart {
  return { resource, facts: facts(resource) };
}

/** The event hubs of a namespace. */
export function hubsOf(namespace: Namespace, { azure }: Program): NamespacePart[] {
  return azure.eventHubs.filter((one) => pointsTo(one.facts, "namespaceName", namespace));
}

/** The namespaces that an asset is written to: its own, but those that others are paired with. */
export function writtenNamespacesOf(asset: { id: string; promisedBy: string }, program: Program): Namespace[] {
  const { namespaces, aliases } = program.azure;
  return namespaces.filter(
    (one) =>
      ownedBy(one.resource, asset, program) &&
      !aliases.some(({ facts: alias }) => pointsTo(alias, "partnerNamespace", one)),
  );
}
