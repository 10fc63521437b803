import { isUnknown, type Maybe } from "../../../../recovery/bound";
import { seconds } from "../../../../recovery/duration";
import { eventHubs, type Fact, factSeconds } from "../../../../recovery/facts";
import type { Place, Term } from "../../../../recovery/plan";
import { titleOf } from "../../names";
import { type Facts, orDefault } from "../../read";
import { knows } from "../arm";
import { inRegion, regionName } from "../place";
import type { Namespace } from "./namespace";

const lagKey = "maxReplicationLagDurationInSeconds";

/** A namespace that Event Hubs replicates to a second region, events and all. */
export interface GeoReplica {
  at: Maybe<Place>;
  lag: Term;
}

/** The replication of a namespace; nothing where it asks for none. */
export function geoReplicaOf(namespace: Namespace): GeoReplica | undefined {
  const geo = namespace.settings.at("geoDataReplication");
  // A namespace of one location is how Azure writes one that is not replicated.
  const locations = orDefault(geo.items("locations"), []);
  const roles = isUnknown(locations) ? [] : locations.map((one) => one.text("roleType"));
  if (geo.isSilent() || (roles.length === 1 && roles[0] === "Primary")) return undefined;
  const term: Omit<Term, "value"> = {
    name: "the second region is behind",
    grade: "guaranteed",
    source: geo.source(lagKey),
  };
  const refused = refusalOf(namespace, geo);
  const at = secondOf(namespace, geo);
  if (refused !== undefined) return { at, lag: { ...term, value: { unknown: refused } } };
  const { value, from } = lagOf(geo, titleOf(namespace.resource));
  return { at, lag: { ...term, value, ...(from === undefined ? {} : { facts: [from.id] }) } };
}

/** Beyond the lag that a namespace names Event Hubs holds writes back; it takes only some. */
function lagOf(geo: Facts, title: string): { value: Term["value"]; from?: Fact } {
  const lag = geo.whole(lagKey);
  if (isUnknown(lag)) return { value: lag };
  if (lag === 0) return { value: seconds(0), from: eventHubs.synchronousLag };
  const [least, most] = [factSeconds(eventHubs.lagLeast), factSeconds(eventHubs.lagMost)];
  if (lag !== undefined && lag >= least && lag <= most) return { value: seconds(lag), from: eventHubs.lagLeast };
  const unknown = `${geo.property}.${lagKey} of ${title} must be 0 or ${least} to ${most}, got ${lag ?? "nothing"}: Azure refuses it`;
  return { value: { unknown } };
}

/** Why a namespace is not replicated, whatever it says. */
function refusalOf(namespace: Namespace, geo: Facts): string | undefined {
  const title = titleOf(namespace.resource);
  const known = knows(namespace, "2026-01-01", "2023-01-01");
  if (isUnknown(known)) return known.unknown;
  if (!known)
    return `the API that ${title} is declared by knows no geoDataReplication: declare it by azure-native.resources.Resource with apiVersion 2026-01-01`;
  const { tier } = namespace;
  if (isUnknown(tier)) return tier.unknown;
  if (tier !== "Premium" && tier !== "Dedicated")
    return `${title} is of tier ${tier}: Event Hubs replicates Premium and Dedicated only`;
  const locations = orDefault(geo.items("locations"), []);
  if (isUnknown(locations)) return locations.unknown;
  if (tier === "Dedicated" && locations.some((one) => one.isSilent("clusterArmId")))
    return `${title} is in a dedicated cluster: each of its locations must name the clusterArmId of one, or the tiers differ`;
  const primary = inRole(locations, "Primary");
  if (isUnknown(primary)) return primary.unknown;
  if (!isUnknown(namespace.at) && primary !== namespace.at.region)
    return `the primary location of ${title} must be its own, ${namespace.at.region}, got ${primary ?? "nothing"}`;
  return undefined;
}

function secondOf(namespace: Namespace, geo: Facts): Maybe<Place> {
  const locations = orDefault(geo.items("locations"), []);
  const second = isUnknown(locations) ? locations : inRole(locations, "Secondary");
  if (isUnknown(second)) return second;
  if (second === undefined) return { unknown: `${titleOf(namespace.resource)} names no one secondary location` };
  return isUnknown(namespace.at) ? namespace.at : inRegion(namespace.at.account, second);
}

/** The one location in a role; nothing where none or several are. */
function inRole(locations: readonly Facts[], role: string): Maybe<string> | undefined {
  const roles = locations.map((one) => one.text("roleType"));
  const unread = roles.find(isUnknown);
  if (isUnknown(unread)) return unread;
  const [only, ...others] = locations.filter((_, place) => roles[place] === role);
  if (only === undefined || others.length > 0) return undefined;
  const name = only.text("locationName");
  return name === undefined || isUnknown(name) ? name : regionName(name);
}
