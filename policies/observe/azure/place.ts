import { isUnknown, type Maybe } from "../../../recovery/bound";
import { azureRegions } from "../../../recovery/facts";
import type { Place } from "../../../recovery/plan";
import type { Resource } from "../../graph";
import { facts } from "../read";

/** Type of the provider of Azure. */
export const azureProvider = "pulumi:providers:azure-native";

/** `West Europe` as Azure's resources name it: `westeurope`. */
export function regionName(location: string): string {
  return location.toLowerCase().replaceAll(" ", "");
}

/** The place of a resource of Azure: the subscription of its provider, its own location, else its provider's. */
export function azurePlace(resource: Resource, provider: Resource): Maybe<Place> {
  const account = subscriptionOf(provider);
  if (isUnknown(account)) return account;
  const own = facts(resource).text("location");
  const location = own === undefined ? facts(provider).text("location") : own;
  if (isUnknown(location)) return location;
  if (location === undefined) return { unknown: `neither it nor provider ${provider.name} names a location` };
  return inRegion(account, location);
}

/** A place that spans what zones a region has; a region that is not known may have none. */
export function inRegion(account: string, location: string): Place {
  const region = regionName(location);
  const zones = azureRegions[region]?.zones ? [1, 2, 3].map((n) => `zone ${n} of ${region}`) : [oneZoneOf(region)];
  return { cloud: "azure", account, region, zones, deployed: true };
}

/** The same region, but one zone of it; nobody says which. */
export function inOneZone(place: Place): Place {
  return { ...place, zones: [oneZoneOf(place.region)] };
}

function oneZoneOf(region: string): string {
  return `a zone of ${region}`;
}

/** The subscription that a provider acts in. */
export function subscriptionOf(provider: Resource): Maybe<string> {
  const subscription = facts(provider).text("subscriptionId");
  if (subscription !== undefined) return subscription;
  return { unknown: `provider ${provider.name} must name its subscriptionId` };
}

/** The subscription of the workspace that a Databricks provider acts in. */
export function subscriptionOfWorkspace(provider: Resource): Maybe<string> {
  const id = facts(provider).text("azureWorkspaceResourceId");
  if (isUnknown(id)) return id;
  const [, subscription] = /^\/subscriptions\/([^/]+)\//i.exec(id ?? "") ?? [];
  return subscription ?? { unknown: `provider ${provider.name} must name its azureWorkspaceResourceId` };
}
