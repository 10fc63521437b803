import type { Maybe } from "../../../recovery/bound";
import type { Alert, Asset, Place } from "../../../recovery/plan";
import type { Given } from "../given";
import { sourceOf, titleOf } from "../names";
import type { Way } from "../paths";
import type { Program } from "../program";
import type { ArmResource } from "./arm";
import { readDatabricks } from "./databricks";
import { noteJobs } from "./databricks/job";
import { readControlPlane, writtenWorkspacesOf } from "./databricks/workspace";
import { readEventHubs } from "./eventHubs";
import { writtenNamespacesOf } from "./eventHubs/namespace";
import { readKeyVault, vaultsOf } from "./keyVault";
import { logWorkspacesOf, readLogAnalytics } from "./logAnalytics";
import { readStorage, writtenAccountsOf } from "./storage";
import { noteRivals } from "./storage/settings";

/** What Azure and Databricks keep of an asset, and how they serve it on; `keptBy` names what else holds the asset. */
export function readAzure(
  asset: Asset,
  keptBy: string | undefined,
  alerts: readonly Alert[],
  program: Program,
): { given: Given[]; ways: Way[] } {
  const storage = readStorage(asset, alerts, program);
  const hubs = readEventHubs(asset, alerts, program);
  const plane = readControlPlane(asset, program);
  const vault = readKeyVault(asset, program);
  const logs = readLogAnalytics(asset, program);
  const holding: { own: ArmResource; given: Given[]; ways: Way[] }[] = [
    ...(storage ? [{ own: storage.account, ...storage }] : []),
    ...(hubs ? [{ own: hubs.namespaces[0], ...hubs }] : []),
    ...(plane ? [{ own: plane.workspace, ...plane }] : []),
    ...(vault ? [{ own: vault.vault, ...vault }] : []),
    ...(logs ? [{ own: logs.workspace, ...logs }] : []),
  ];
  const [first, second] = holding;
  const databricks = readDatabricks(asset, program);
  if (first === undefined) return { given: databricks, ways: [] };
  const other = keptBy ?? (second && titleOf(second.own.resource));
  if (other !== undefined) {
    const { resource } = first.own;
    const message = `${asset.id} is kept by ${other} and by ${titleOf(resource)}: give each an asset of its own`;
    program.problems.add(sourceOf(resource), message, asset.id);
    return { given: [], ways: [] };
  }
  return { given: [...first.given, ...databricks], ways: first.ways };
}

/** Where something of Azure that is an asset's is written to; nothing where nothing is. */
export function azurePlaceOf(asset: { id: string; promisedBy: string }, program: Program): Maybe<Place> | undefined {
  const [first] = [
    ...writtenAccountsOf(asset, program),
    ...writtenNamespacesOf(asset, program),
    ...writtenWorkspacesOf(asset, program),
    ...vaultsOf(asset, program),
    ...logWorkspacesOf(asset, program),
  ];
  return first?.at;
}

/** What no asset alone is told of: settings that are anybody's, jobs that protect what nobody promises. */
export function noteAzure(assets: readonly Asset[], program: Program): void {
  noteRivals(program.azure.storageAccounts, program.azure.storageSettings, program.problems);
  noteJobs(assets, program);
}
