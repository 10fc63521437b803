import type { Asset } from "../../../recovery/plan";
import { sourceOf, titleOf } from "../names";
import type { Program } from "../program";
import { namesOther, type RdsInstance, type RdsSetting } from "../resources/rdsInstance";

/** The instance of Amazon RDS that an asset is written to, with what copies it. */
export interface Database {
  asset: string;
  primary: RdsInstance;
  replicas: RdsInstance[];
  copies: RdsSetting[];
}

/** The instances of an asset: those below the component that promises it, and those whose tag names it. */
export function instancesOf(
  { id, promisedBy }: { id: string; promisedBy: string },
  { rdsInstances, cloudStores, components }: Program,
): RdsInstance[] {
  return rdsInstances.filter(({ resource }) => {
    for (let urn = resource.parent, left = components.size; urn !== undefined && left > 0; left--) {
      if (urn === promisedBy) return true;
      urn = components.get(urn);
    }
    return cloudStores.some((one) => one.resource.urn === resource.urn && one.asset === id);
  });
}

/** What of an asset is in Amazon RDS; nothing where it has no instance that is written to. */
export function readDatabase({ id: asset, source }: Asset, program: Program): Database | undefined {
  const own = instancesOf({ id: asset, promisedBy: source.resource }, program);
  const [primary, ...others] = own.filter(({ isReplica }) => !isReplica);
  for (const other of others) {
    const message = `${titleOf(other.resource)} and ${primary ? titleOf(primary.resource) : ""} both hold ${asset}, and nothing keeps them alike: give each an asset of its own`;
    program.problems.add(sourceOf(other.resource), message, asset);
  }
  const replicas = own.filter(({ isReplica }) => isReplica);
  for (const replica of replicas) {
    if (primary !== undefined && namesOther(replica, "replicateSourceDb", primary)) continue;
    const message = `${titleOf(replica.resource)} is a replica of no instance of ${asset} that this program declares`;
    program.problems.unknown(replica.facts.source("replicateSourceDb"), message, asset);
  }
  if (primary === undefined) return undefined;
  const copies = program.replicatedBackups.filter((one) => namesOther(one, "sourceDbInstanceArn", primary));
  return {
    asset,
    primary,
    replicas: replicas.filter((one) => namesOther(one, "replicateSourceDb", primary)),
    copies,
  };
}
