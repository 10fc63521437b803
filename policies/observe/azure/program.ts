import type { Resource } from "../../graph";
import { type Facts, facts } from "../read";
import type { Surroundings } from "../resources/identity";
import { type ArmKind, type ArmResource, isArm } from "./arm";
import { type DatabricksJob, jobType, readJob } from "./databricks/job";
import { tableType } from "./databricks/tables";
import { readWorkspace, workspaceKind } from "./databricks/workspace";
import {
  isAlias,
  isEventHub,
  type Namespace,
  type NamespacePart,
  namespaceKind,
  readNamespace,
  readPart,
} from "./eventHubs/namespace";
import { readVault, vaultKind } from "./keyVault";
import { logWorkspaceKind, readLogTable, readLogWorkspace } from "./logAnalytics";
import { type AzureAlert, actionGroupKind, readActionGroup, readAzureAlert } from "./monitor/rule";
import { readStorageAccount, type StorageAccount, storageAccountKind } from "./storage/account";
import { blobKind, readStorageSetting, type StorageSetting } from "./storage/settings";

/** What a program declares in Azure and Databricks. */
export interface AzureProgram {
  storageAccounts: StorageAccount[];
  storageSettings: StorageSetting[];
  blobs: Facts[];
  namespaces: Namespace[];
  eventHubs: NamespacePart[];
  aliases: NamespacePart[];
  workspaces: ArmResource[];
  databricksJobs: DatabricksJob[];
  /** Delta tables. */
  tables: DatabricksJob[];
  vaults: ArmResource[];
  logWorkspaces: ArmResource[];
  logTables: Facts[];
  alerts: AzureAlert[];
  actionGroups: ArmResource[];
}

/** Reads every resource of Azure and Databricks, each by the one reader of its kind. */
export function readAzureProgram(all: readonly Resource[], surroundings: Surroundings): AzureProgram {
  const resources = all.filter(({ type }) => type.startsWith("azure-native") || type.startsWith("databricks:"));
  const arm = <T>(kind: ArmKind, read: (resource: Resource, surroundings: Surroundings) => T): T[] =>
    resources.filter((one) => isArm(one, kind)).map((one) => read(one, surroundings));
  return {
    storageAccounts: arm(storageAccountKind, readStorageAccount),
    storageSettings: resources.flatMap((one) => readStorageSetting(one) ?? []),
    blobs: arm(blobKind, (one) => facts(one)),
    namespaces: arm(namespaceKind, readNamespace),
    eventHubs: resources.filter(isEventHub).map(readPart),
    aliases: resources.filter(isAlias).map(readPart),
    workspaces: arm(workspaceKind, readWorkspace),
    databricksJobs: resources.filter(({ type }) => type === jobType).map(readJob),
    tables: resources.filter(({ type }) => type === tableType).map(readJob),
    vaults: arm(vaultKind, readVault),
    logWorkspaces: arm(logWorkspaceKind, readLogWorkspace),
    logTables: resources.flatMap((one) => readLogTable(one) ?? []),
    alerts: resources.flatMap((one) => readAzureAlert(one, surroundings) ?? []),
    actionGroups: arm(actionGroupKind, readActionGroup),
  };
}
