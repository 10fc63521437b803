import type { Asset, Store } from "../../recovery/plan";
import { sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import { writableVolumes } from "./resources/pod";

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
export function storesOfClouds(assets: readonly Asset[], { cloudStores, components, problems }: Program): Store[] {
  return cloudStores.map(({ resource, asset: tagged }) => {
    const source = sourceOf(resource);
    const above: string[] = [];
    for (let urn = resource.parent; urn !== undefined && !above.includes(urn); urn = components.get(urn))
      above.push(urn);
    const promised = assets.find((one) => above.includes(one.source.resource));
    const known = tagged === undefined || assets.some(({ id }) => id === tagged);
    if (!known)
      problems.add(source, `${titleOf(resource)} belongs to ${tagged}, for which nothing promises objectives`, tagged);
    const asset = promised?.id ?? tagged;
    return { name: titleOf(resource), ...(asset === undefined ? {} : { asset }), source };
  });
}
