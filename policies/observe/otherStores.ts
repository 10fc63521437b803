import { isUnknown, type Maybe } from "../../recovery/bound";
import type { Asset, Source, Store } from "../../recovery/plan";
import { assetOfCopies } from "./azure/targets";
import { sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import { writableVolumes } from "./resources/pod";
import type { RdsInstance } from "./resources/rdsInstance";

/** Folders of a node that hold devices and sockets of its own, and no data. */
const ofTheNode = /^\/(dev|proc|sys|run|var\/run)(\/|$)/;

/** Folders of nodes that workloads write to, with the assets that they serve. */
export function nodeStores({ workloads }: Program): Store[] {
  return workloads.flatMap(({ pod, asset, resource }) =>
    writableVolumes(pod)
      .filter(({ kind, refersTo }) => kind === "hostPath" && !ofTheNode.test(refersTo ?? ""))
      .map((volume) => ({
        name: `folder ${volume.refersTo ?? volume.name} that ${titleOf(resource)} writes to on its node`,
        ...(asset === undefined ? {} : { asset }),
        source: volume.facts.source("hostPath.path"),
      })),
  );
}

/** Databases, file systems and disks of clouds: an asset covers those that its tag names or its component declares. */
export function storesOfClouds(assets: readonly Asset[], program: Program): Store[] {
  const { cloudStores, components, problems, rdsInstances } = program;
  return cloudStores.map(({ resource, asset: tagged }) => {
    const source = sourceOf(resource);
    const above: string[] = [];
    for (let urn = resource.parent; urn !== undefined && !above.includes(urn); urn = components.get(urn))
      above.push(urn);
    const promised = assets.find((one) => above.includes(one.source.resource));
    const known = tagged === undefined || assets.some(({ id }) => id === tagged);
    if (!known)
      problems.add(source, `${titleOf(resource)} belongs to ${tagged}, for which nothing promises objectives`, tagged);
    const asset = promised?.id ?? tagged ?? assetOfCopies(resource, assets, program);
    const bytes = assets.find(({ id }) => id === asset)?.bytes;
    const room = rdsInstances.find((one) => one.resource.urn === resource.urn);
    const size = room && roomOf(room);
    return {
      name: titleOf(resource),
      ...(asset === undefined ? {} : { asset }),
      ...(size === undefined ? {} : { size: size.value, ...(bytes === undefined ? {} : { needed: bytes }) }),
      source: size?.source ?? source,
    };
  });
}

const gib = 2 ** 30;

/** What an instance may grow to; a replica that does not say has the storage of what it copies. */
function roomOf({ facts, isReplica }: RdsInstance): { value: Maybe<number>; source: Source } | undefined {
  const property = facts.isSilent("maxAllocatedStorage") ? "allocatedStorage" : "maxAllocatedStorage";
  if (isReplica && property === "allocatedStorage") return undefined;
  const most = facts.whole(property);
  const value = most === undefined ? { unknown: "it names no storage" } : isUnknown(most) ? most : most * gib;
  return { value, source: facts.source(property) };
}
