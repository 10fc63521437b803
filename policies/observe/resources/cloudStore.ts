import type { Resource } from "../../graph";
import { isArm } from "../azure/arm";
import { namespaceKind } from "../azure/eventHubs/namespace";
import { storageAccountKind } from "../azure/storage/account";
import { facts } from "../read";
import type { Reader } from "./identity";

/** A database, table, file system or disk of a cloud. */
export interface CloudStore {
  resource: Resource;
  /** The asset that its tags name. */
  asset?: string;
}

const types = [
  "aws:rds/instance:Instance",
  "aws:rds/cluster:Cluster",
  "aws:docdb/cluster:Cluster",
  "aws:neptune/cluster:Cluster",
  "aws:dynamodb/table:Table",
  "aws:efs/fileSystem:FileSystem",
  "aws:ebs/volume:Volume",
];

/** Azure's types carry the version of their API: `azure-native:storage/v20240101:StorageAccount`. */
const azure =
  /^azure-native:(storage(\/\w+)?:StorageAccount|(cosmosdb|documentdb)(\/\w+)?:DatabaseAccount|sql(\/\w+)?:(Database|ManagedDatabase))$/;

/** Whether a resource keeps data that a cloud calls its own. */
export function isCloudStore(resource: Resource): boolean {
  const { type } = resource;
  if (types.includes(type) || azure.test(type)) return true;
  return isArm(resource, storageAccountKind) || isArm(resource, namespaceKind);
}

/** Tags of a store; Azure's names take no `/`. */
const tags = ["holdfast.dev/asset", "holdfast_asset"];

/** Stores of AWS and Azure; Azure's types are known by a pattern, so this reader lists only the others. */
export const cloudStores: Reader<CloudStore> = {
  types,
  read(resource) {
    const named = tags.map((tag) => facts(resource).at("tags").key(tag).text());
    const asset = named.find((one) => typeof one === "string" && one !== "");
    return { resource, ...(typeof asset === "string" ? { asset } : {}) };
  },
};
