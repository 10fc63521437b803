import { isUnknown } from "../../../../recovery/bound";
import type { Alert, Asset } from "../../../../recovery/plan";
import type { Given } from "../../given";
import { sourceOf, titleOf } from "../../names";
import type { Way } from "../../paths";
import type { Program } from "../../program";
import { ownedBy } from "../owned";
import { takersOf } from "../targets";
import type { StorageAccount } from "./account";
import { noteBriefDeletion, noteContradictions } from "./contradictions";
import { failoverWays, geoReplicaOf, notePriority } from "./geo";
import { noteSku, redundancyOf, storageWays } from "./redundancy";
import { isVersioned, pointInTime, type Store, serviceOf, softDeleted, versionsOf } from "./versions";

/** The accounts that an asset is written to: its own, but those that something is copied to. */
export function writtenAccountsOf(asset: { id: string; promisedBy: string }, program: Program): StorageAccount[] {
  return program.azure.storageAccounts.filter(
    (account) => ownedBy(account.resource, asset, program) && takersOf(account, program).length === 0,
  );
}

/** What Azure Storage keeps of an asset, and how it serves that on. */
export function readStorage(
  asset: Asset,
  alerts: readonly Alert[],
  program: Program,
): { account: StorageAccount; given: Given[]; ways: Way[] } | undefined {
  const [account, ...others] = writtenAccountsOf({ id: asset.id, promisedBy: asset.source.resource }, program);
  if (account === undefined) return undefined;
  for (const { resource } of others) {
    const message = `${titleOf(resource)} and ${titleOf(account.resource)} both hold ${asset.id}, and nothing copies one to the other: give each an asset of its own`;
    program.problems.add(sourceOf(resource), message, asset.id);
  }
  const store: Store = { asset: asset.id, account, settings: program.azure.storageSettings };
  noteSku(store, program);
  noteContradictions(store, program);
  notePriority(store, program);
  noteBriefDeletion(asset, store, program);
  const replica = geoReplicaOf(store, program);
  const service = serviceOf(store);
  const kept = [
    redundancyOf(store),
    softDeleted(store),
    ...(isVersioned(store) === false ? [] : [versionsOf(store)]),
    ...(service.flag("restorePolicy.enabled") === true || isUnknown(service.flag("restorePolicy.enabled"))
      ? [pointInTime(store)]
      : []),
    ...(replica === undefined ? [] : [replica]),
  ];
  return {
    account,
    given: kept.map((protection) => ({ protection, resources: [account.resource] })),
    ways: [
      ...storageWays(store, program),
      ...(replica === undefined ? [] : failoverWays(asset, replica, account, alerts, program)),
    ],
  };
}
