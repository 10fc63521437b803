import { seconds } from "../../../recovery/duration";
import { managedServices } from "../../../recovery/facts";
import type { Asset, Redundancy } from "../../../recovery/plan";
import type { Given } from "../given";
import { serviceWays } from "../managed";
import { sourceOf, titleOf } from "../names";
import type { Way } from "../paths";
import type { Program } from "../program";
import { oneZoneOf } from "../resources/bucketLifecycle";
import { replicaOf, versionsOf } from "./copies";
import { type ObjectStore, readStore } from "./store";

/** What Amazon S3 keeps of an asset, and how it serves that on by itself; `keptBy` names what else holds the asset. */
export function readS3(
  asset: Asset,
  keptBy: string | undefined,
  program: Program,
): { given: Given[]; ways: Way[] } | undefined {
  const store = readStore(asset, program);
  if (store === undefined) return undefined;
  const { bucket, rules } = store;
  if (keptBy !== undefined) {
    const message = `${asset.id} is kept by ${keptBy} and by ${titleOf(bucket.resource)}: give each an asset of its own`;
    program.problems.add(sourceOf(bucket.resource), message, asset.id);
    return undefined;
  }
  const redundancy = redundancyOf(store);
  const given: Given[] = [
    { protection: redundancy, resources: [bucket.resource] },
    { protection: versionsOf(store), resources: [bucket.resource] },
    ...rules.map((one, place) => {
      const id = `${asset.id}/object-replica${place === 0 ? "" : `-${place + 1}`}`;
      const resources = [one.target?.resource ?? bucket.resource];
      return { protection: replicaOf(store, one, id, program), resources };
    }),
  ];
  return {
    given,
    ways: serviceWays(
      {
        asset: asset.id,
        at: bucket.at,
        protection: redundancy.id,
        title: "Amazon S3",
        fact: managedServices.s3,
        source: redundancy.source,
      },
      program,
    ),
  };
}

/** A bucket that this program declares is S3's to keep: in three zones, its classes of one zone excepted. */
function redundancyOf({ asset, bucket, settings }: ObjectStore): Redundancy {
  const source = sourceOf(bucket.resource);
  return {
    kind: "redundancy",
    id: `${asset}/redundancy`,
    asset,
    label: "the zones of Amazon S3",
    survives: oneZoneOf(bucket, settings) ?? "zone",
    loss: [
      {
        name: "acknowledged before it is in several zones",
        value: seconds(0),
        grade: "guaranteed",
        source,
        facts: [managedServices.s3.id],
      },
    ],
    source,
  };
}
