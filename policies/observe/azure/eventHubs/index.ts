import { isUnknown } from "../../../../recovery/bound";
import { seconds } from "../../../../recovery/duration";
import { azureRegions, eventHubs } from "../../../../recovery/facts";
import type {
  Alert,
  Archive,
  Asset,
  Copy,
  Domain,
  ReadRate,
  Redundancy,
  Replica,
  Term,
  Versions,
} from "../../../../recovery/plan";
import { assumedTerm, assumptionFor } from "../../assumptions";
import type { Given } from "../../given";
import { serviceWays } from "../../managed";
import { sourceOf, titleOf } from "../../names";
import type { Way } from "../../paths";
import type { Program } from "../../program";
import { aliasesOf, aliasReplica, noteAliases } from "./alias";
import { captureOf } from "./capture";
import { geoReplicaOf } from "./geo";
import { hubsOf, type Namespace, type NamespacePart, writtenNamespacesOf } from "./namespace";
import { promotionWays } from "./promotion";
import { retentionOf } from "./retention";
import { briefest, longest, together, wholeOf } from "./weakest";

type Namespaces = readonly [Namespace, ...Namespace[]];
type Hub = NamespacePart & { namespace: Namespace };

/** What Event Hubs keeps of an asset; one of several namespaces is as weak as the weakest of them. */
export function readEventHubs(
  asset: Asset,
  alerts: readonly Alert[],
  program: Program,
): { namespaces: Namespaces; given: Given[]; ways: Way[] } | undefined {
  const [first, ...others] = writtenNamespacesOf({ id: asset.id, promisedBy: asset.source.resource }, program);
  if (first === undefined) return undefined;
  const namespaces: Namespaces = [first, ...others];
  for (const one of namespaces) {
    noteAliases(asset.id, one, program);
    if (isUnknown(one.tier))
      program.problems.unknown(one.facts.source("sku.name"), `${titleOf(one.resource)}: ${one.tier.unknown}`, asset.id);
  }
  const hubs = namespaces.flatMap((namespace) => hubsOf(namespace, program).map((hub): Hub => ({ ...hub, namespace })));
  const redundancy = redundancyOf(asset.id, namespaces);
  const replica = replicaOf(asset.id, namespaces, program);
  const kept = [
    redundancy,
    ...(replica === undefined ? [] : [replica]),
    ...namespaces
      .flatMap((one) => aliasesOf(one, program))
      .slice(0, 1)
      .map((one) => aliasReplica(asset.id, one, program)),
    ...retained(asset, namespaces, hubs, program),
    ...captured(asset, hubs, program),
  ];
  const resources = [...namespaces, ...hubs].map(({ resource }) => resource);
  const served = { asset: asset.id, at: first.at, protection: redundancy.id, source: redundancy.source };
  return {
    namespaces,
    given: kept.map((protection) => ({ protection, resources })),
    ways: [
      ...serviceWays({ ...served, title: "Event Hubs", fact: eventHubs.zoneLoss }, program),
      ...(replica?.carries === "data" ? promotionWays(asset, replica, alerts, program) : []),
    ],
  };
}

/** In a region with zones Event Hubs is in several of them, unless a namespace of older days says otherwise. */
function redundancyOf(asset: string, namespaces: Namespaces): Redundancy {
  const survives = namespaces.map(({ settings, at }): Redundancy["survives"] => {
    const spread = settings.flag("zoneRedundant");
    if (isUnknown(spread)) return spread;
    if (isUnknown(at)) return at;
    return spread !== false && azureRegions[at.region]?.zones === true ? "zone" : "node";
  });
  const [first] = namespaces;
  const source = first.settings.source("zoneRedundant");
  return {
    kind: "redundancy",
    id: `${asset}/redundancy`,
    asset,
    label: "the zones of Event Hubs",
    survives: survives.find((one) => one === "node") ?? survives.find(isUnknown) ?? ("zone" satisfies Domain),
    loss: [
      {
        name: "acknowledged before it is in several zones",
        value: seconds(0),
        grade: "guaranteed",
        source,
        facts: [eventHubs.zoneLoss.id],
      },
    ],
    source,
  };
}

/** The second region; where one of several namespaces is not replicated, nothing bounds what is lost. */
function replicaOf(asset: string, namespaces: Namespaces, { problems }: Program): Replica | undefined {
  const each = namespaces.map((namespace) => ({ namespace, geo: geoReplicaOf(namespace) }));
  if (each.every(({ geo }) => geo === undefined)) return undefined;
  const lags = each.map(({ namespace, geo }): Term => {
    if (geo !== undefined && isUnknown(geo.lag.value)) problems.unknown(geo.lag.source, geo.lag.value.unknown, asset);
    const unbounded = `${titleOf(namespace.resource)} is not replicated`;
    const source = sourceOf(namespace.resource, "geoDataReplication");
    return geo?.lag ?? { name: "the second region is behind", value: { unbounded }, grade: "guaranteed", source };
  });
  const places = each.flatMap(({ geo }) => (geo === undefined ? [] : [geo.at]));
  const [lag, ...lags2] = lags;
  const [at, ...places2] = places;
  if (lag === undefined || at === undefined) return undefined;
  return {
    kind: "replica",
    id: `${asset}/geo-replica`,
    asset,
    label: "the namespace in the second region",
    at: together([at, ...places2]),
    lag: longest([lag, ...lags2]),
    carries: "data",
    source: sourceOf(namespaces[0].resource, "geoDataReplication"),
  };
}

/** Events that were read can be read again, until they expire: those after a mistake of whoever reads them. */
function retained(asset: Asset, [first]: Namespaces, hubs: readonly Hub[], program: Program): Versions[] {
  const [kept, ...others] = hubs.map((hub) => retentionOf(hub, hub.namespace));
  if (kept === undefined) return [];
  const { source } = kept;
  return [
    {
      kind: "versions",
      id: `${asset.id}/retained-events`,
      asset: asset.id,
      label: "events that can be read again",
      at: first.at,
      // Deleting an event hub deletes its events.
      undoes: ["overwrite"],
      keptFor: briefest([kept, ...others]),
      lock: { mode: "none", keptFor: { name: "locked", value: seconds(0), grade: "guaranteed", source } },
      ...readRateOf(asset, program),
      source: sourceOf(first.resource),
    },
  ];
}

/** Events as files, written as they come: every moment up to the last file; only where each event hub captures. */
function captured(served: Asset, hubs: readonly Hub[], program: Program): Archive[] {
  const { register, problems } = program;
  const asset = served.id;
  if (hubs.every(({ facts }) => facts.isSilent("captureDescription"))) return [];
  const windows: Term[] = [];
  const copies: Copy[] = [];
  for (const hub of hubs) {
    const one = captureOf(hub, hub.namespace, asset, program);
    const source = hub.facts.source("captureDescription");
    if (typeof one !== "string") {
      if (isUnknown(one.window.value)) problems.unknown(one.window.source, one.window.value.unknown, asset);
      windows.push(one.window);
      copies.push(one.copy);
      continue;
    }
    problems.unknown(source, one, asset);
    windows.push({ name: "until the file is written", value: { unknown: one }, grade: "guaranteed", source });
  }
  const [window, ...windows2] = windows;
  const [copy, ...copies2] = copies;
  if (window === undefined) return [];
  const upload = assumedTerm(register, { term: "log-upload", asset }, "the file is written");
  return [
    {
      kind: "archive",
      id: `${asset}/capture`,
      asset,
      label: "captured events",
      ship: longest([window, ...windows2]),
      upload,
      copies: copy === undefined ? [] : [wholeOf([copy, ...copies2])],
      ...readRateOf(served, program),
      source: window.source,
    },
  ];
}

/** How fast events are read again, as the register says, and how many the promise reckons with. */
function readRateOf({ id: asset, bytes }: Asset, { register }: Program): { readRate?: ReadRate } {
  const bytesPerSecond = assumptionFor(register, { term: "restore-rate", asset })?.bytesPerSecond;
  return bytesPerSecond === undefined || bytes === undefined ? {} : { readRate: { bytesPerSecond, bytes } };
}
