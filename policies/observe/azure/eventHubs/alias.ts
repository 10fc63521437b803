import { isUnknown } from "../../../../recovery/bound";
import { eventHubs } from "../../../../recovery/facts";
import type { Replica } from "../../../../recovery/plan";
import { titleOf } from "../../names";
import type { Program } from "../../program";
import { pointsTo } from "../arm";
import type { Namespace, NamespacePart } from "./namespace";

/** The pairings of a namespace by an alias. */
export function aliasesOf(namespace: Namespace, { azure }: Program): NamespacePart[] {
  return azure.aliases.filter(({ facts }) => pointsTo(facts, "namespaceName", namespace));
}

function partnerOf({ facts }: NamespacePart, { azure }: Program): Namespace | undefined {
  return azure.namespaces.find((one) => pointsTo(facts, "partnerNamespace", one));
}

/** What an alias copies: names and settings, and not one event. */
export function aliasReplica(asset: string, alias: NamespacePart, program: Program): Replica {
  const unknown = `the namespace that ${titleOf(alias.resource)} pairs with is none that this program declares`;
  return {
    kind: "replica",
    id: `${asset}/alias`,
    asset,
    label: "an alias for two namespaces",
    at: partnerOf(alias, program)?.at ?? { unknown },
    lag: {
      name: "events are in the first region",
      value: { unbounded: "an alias copies names and settings, and not one event" },
      grade: "guaranteed",
      source: alias.facts.source("partnerNamespace"),
      facts: [eventHubs.aliasCarriesNoEvents.id],
    },
    carries: "metadata",
    source: alias.facts.source(),
  };
}

/** Pairings that Azure refuses, or that pair a region with itself. */
export function noteAliases(asset: string, namespace: Namespace, program: Program): void {
  for (const alias of aliasesOf(namespace, program)) {
    const partner = partnerOf(alias, program);
    const source = alias.facts.source("partnerNamespace");
    const title = titleOf(alias.resource);
    const add = (message: string) => program.problems.add(source, message, asset);
    if (!namespace.settings.isSilent("geoDataReplication"))
      add(
        `${title} pairs ${titleOf(namespace.resource)}, which replicates its events as well: Event Hubs takes one of both`,
      );
    if (partner === undefined) continue;
    const [tier, other] = [namespace.tier, partner.tier];
    if (!isUnknown(tier) && !isUnknown(other) && tier !== other)
      add(`${title} pairs a namespace of tier ${tier} with one of tier ${other}: they must be alike`);
    if (!isUnknown(namespace.at) && !isUnknown(partner.at) && namespace.at.region === partner.at.region)
      add(`${title} pairs two namespaces of one region, ${partner.at.region}: both are lost with it`);
    if (tier === "Basic") add(`${title} pairs a namespace of tier Basic, which has no alias`);
  }
}
