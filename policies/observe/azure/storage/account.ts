import { isUnknown, type Maybe } from "../../../../recovery/bound";
import { azureRegions } from "../../../../recovery/facts";
import type { Place } from "../../../../recovery/plan";
import type { Resource } from "../../../graph";
import type { Surroundings } from "../../resources/identity";
import { type ArmKind, type ArmResource, readArm } from "../arm";
import { inOneZone, inRegion } from "../place";

/** What a SKU keeps where: over zones or in one, and in a second region or not. */
export interface Sku {
  zones: boolean;
  geo: boolean;
}

/** An account of Azure Storage, or of Data Lake Storage where its namespace is hierarchical. */
export interface StorageAccount extends ArmResource {
  sku: Maybe<Sku>;
  /** Whether it is a Data Lake: without versions and all that stands on them. */
  hierarchical: Maybe<boolean>;
}

const skus: Readonly<Record<string, Sku>> = {
  LRS: { zones: false, geo: false },
  ZRS: { zones: true, geo: false },
  GRS: { zones: false, geo: true },
  RAGRS: { zones: false, geo: true },
  GZRS: { zones: true, geo: true },
  RAGZRS: { zones: true, geo: true },
};

/** Accounts of Azure Storage. */
export const storageAccountKind: ArmKind = {
  type: "storage:StorageAccount",
  arm: "Microsoft.Storage/storageAccounts",
  named: "accountName",
};

/** Reads an account; what it keeps in one zone is in one zone. */
export function readStorageAccount(resource: Resource, { geography }: Surroundings): StorageAccount {
  const arm = readArm(resource, storageAccountKind, geography);
  const hierarchical = arm.settings.flag("isHnsEnabled");
  const sku = skuOf(arm);
  const spread = !isUnknown(sku) && sku.zones;
  const at = isUnknown(arm.at) || spread ? arm.at : inOneZone(arm.at);
  return { ...arm, at, sku, hierarchical: hierarchical === undefined ? false : hierarchical };
}

function skuOf({ facts, at }: ArmResource): Maybe<Sku> {
  const name = facts.text("sku.name");
  if (isUnknown(name)) return name;
  const kind = /^(?:Standard|Premium)(?:V2)?_(\w+)$/.exec(name ?? "")?.[1] ?? "";
  const sku = skus[kind];
  if (sku === undefined) {
    const allowed = Object.keys(skus).join(", ");
    return { unknown: `sku.name must end with one of ${allowed}, such as Standard_ZRS, got ${name ?? "nothing"}` };
  }
  if (isUnknown(at)) return sku;
  const region = azureRegions[at.region];
  if (region === undefined && (sku.zones || sku.geo))
    return { unknown: `whether region ${at.region} has zones and a pair is in no list that was read` };
  if (sku.zones && region?.zones !== true) return { unknown: `${at.region} has no zones: Azure refuses ${name} there` };
  if (sku.geo && region?.pair === undefined)
    return { unknown: `${at.region} is paired with no region: Azure refuses ${name} there` };
  return sku;
}

/** Where the second region of an account is: the pair of its own, and locally redundant there. */
export function pairOf({ at }: StorageAccount): Maybe<Place> {
  if (isUnknown(at)) return at;
  const pair = azureRegions[at.region]?.pair;
  return pair === undefined
    ? { unknown: `${at.region} is paired with no region` }
    : inOneZone(inRegion(at.account, pair));
}
