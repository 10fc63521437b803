import { isUnknown } from "../../../recovery/bound";
import { seconds } from "../../../recovery/duration";
import { azureRegions, factSeconds, keyVault } from "../../../recovery/facts";
import type { Asset, Redundancy, Replica, Term, Versions } from "../../../recovery/plan";
import { managed, managedFailover } from "../../../recovery/time";
import type { Resource } from "../../graph";
import { assumedTerm, assumptionFor } from "../assumptions";
import type { Given } from "../given";
import { serviceWays } from "../managed";
import { sourceOf, titleOf } from "../names";
import type { Way } from "../paths";
import type { Program } from "../program";
import type { Surroundings } from "../resources/identity";
import { type ArmKind, type ArmResource, readArm } from "./arm";
import { ownedBy } from "./owned";
import { inRegion } from "./place";
import { type Kept, keptTerm } from "./storage/kept";

const secondsPerDay = 86_400;

/** Vaults of Azure Key Vault. */
export const vaultKind: ArmKind = { type: "keyvault:Vault", arm: "Microsoft.KeyVault/vaults", named: "vaultName" };

/** Reads a vault. */
export function readVault(resource: Resource, { geography }: Surroundings): ArmResource {
  const arm = readArm(resource, vaultKind, geography);
  // The SDK's own type keeps Azure's words, `properties`, as they are.
  return { ...arm, settings: arm.facts.at("properties") };
}

/** The vaults that hold an asset. */
export function vaultsOf(asset: { id: string; promisedBy: string }, program: Program): ArmResource[] {
  return program.azure.vaults.filter(({ resource }) => ownedBy(resource, asset, program));
}

/** What Key Vault keeps of an asset: what is deleted can be brought back, and the pair of its region reads it. */
export function readKeyVault(
  asset: Asset,
  program: Program,
): { vault: ArmResource; given: Given[]; ways: Way[] } | undefined {
  const [vault, ...others] = vaultsOf({ id: asset.id, promisedBy: asset.source.resource }, program);
  if (vault === undefined) return undefined;
  for (const { resource } of others) {
    const message = `${titleOf(resource)} and ${titleOf(vault.resource)} both hold ${asset.id}: give each an asset of its own`;
    program.problems.add(sourceOf(resource), message, asset.id);
  }
  notePurge(asset.id, vault, program);
  const redundancy = redundancyOf(asset.id, vault);
  const replica = pairOf(asset.id, vault, program);
  const served = {
    asset: asset.id,
    at: vault.at,
    protection: redundancy.id,
    title: "Key Vault",
    source: redundancy.source,
  };
  return {
    vault,
    given: [redundancy, deletedOf(asset.id, vault), ...(replica === undefined ? [] : [replica])].map((protection) => ({
      protection,
      resources: [vault.resource],
    })),
    ways: [
      ...serviceWays({ ...served, fact: keyVault.failover }, program),
      ...(replica === undefined ? [] : [failoverOf(asset.id, vault, replica, program)]),
    ],
  };
}

function redundancyOf(asset: string, { at, resource }: ArmResource): Redundancy {
  const source = sourceOf(resource, "location");
  return {
    kind: "redundancy",
    id: `${asset}/redundancy`,
    asset,
    label: "the zones of Key Vault",
    survives: isUnknown(at) ? at : azureRegions[at.region]?.zones === true ? "zone" : "node",
    loss: [
      {
        name: "acknowledged before it is in several zones",
        value: seconds(0),
        grade: "guaranteed",
        source,
        facts: [keyVault.zones.id],
      },
    ],
    source,
  };
}

/** Deleted keys and secrets, and earlier versions of them; under purge protection nobody ends that sooner. */
function deletedOf(asset: string, vault: ArmResource): Versions {
  const kept = softDeleteOf(vault);
  const purge = vault.settings.flag("enablePurgeProtection");
  const source = vault.settings.source("enablePurgeProtection");
  const locked = keptTerm("locked", purge === true ? kept : { value: seconds(0), source }, keyVault.purgeProtection);
  return {
    kind: "versions",
    id: `${asset}/soft-delete`,
    asset,
    label: "deleted keys and earlier versions",
    at: vault.at,
    undoes: ["overwrite", "delete"],
    keptFor: keptTerm("deleted keys kept", kept, keyVault.softDelete),
    lock: { mode: isUnknown(purge) ? purge : purge === true ? "compliance" : "none", keptFor: locked },
    source: sourceOf(vault.resource),
  };
}

function softDeleteOf({ settings, resource }: ArmResource): Kept {
  const [enabled, days] = [settings.flag("enableSoftDelete"), settings.whole("softDeleteRetentionInDays")];
  const source = settings.source("softDeleteRetentionInDays");
  const unread = [enabled, days].find(isUnknown);
  if (isUnknown(unread)) return { value: unread, source };
  const title = titleOf(resource);
  if (enabled === false)
    return { value: { unknown: `enableSoftDelete of ${title} is false: Azure refuses a vault without` }, source };
  const [least, most] = [keyVault.softDeleteLeast.value ?? 0, keyVault.softDeleteMost.value ?? 0];
  if (days === undefined) return { value: factSeconds(keyVault.softDelete), source };
  if (typeof days === "number" && days >= least && days <= most)
    return { value: seconds(days * secondsPerDay), source };
  const unknown = `softDeleteRetentionInDays of ${title} must be ${least} to ${most}, got ${days}: Azure refuses it`;
  return { value: { unknown }, source };
}

function notePurge(asset: string, { settings, resource }: ArmResource, { problems }: Program): void {
  const purge = settings.flag("enablePurgeProtection");
  const source = settings.source("enablePurgeProtection");
  const must = `enablePurgeProtection of ${titleOf(resource)} must be true`;
  if (isUnknown(purge)) problems.unknown(source, `${must}: ${purge.unknown}`, asset);
  else if (purge !== true)
    problems.add(source, `${must}, got ${purge ?? "nothing"}: a deleted key can be destroyed at once`, asset);
}

/** The pair of the region, where there is one, reads what it was told; how long that takes is promised by nobody. */
function pairOf(asset: string, { at, resource }: ArmResource, { register }: Program): Replica | undefined {
  if (isUnknown(at)) return undefined;
  const pair = azureRegions[at.region]?.pair;
  if (pair === undefined) return undefined;
  const lag: Term = assumedTerm(register, { term: "replica-lag", asset }, "the paired region is behind");
  return {
    kind: "replica",
    id: `${asset}/geo-replica`,
    asset,
    label: "the vault in the paired region, to read only",
    at: inRegion(at.account, pair),
    lag: { ...lag, facts: [keyVault.failover.id, keyVault.readOnlyAfterFailover.id] },
    carries: "data",
    unseen: keyVault.replicaUnseen.says,
    source: sourceOf(resource, "location"),
  };
}

function failoverOf(asset: string, { resource }: ArmResource, replica: Replica, { register }: Program): Way {
  const [name, disruption] = ["vault-failover", "region"] as const;
  const source = sourceOf(resource, "location");
  const entry = assumptionFor(register, { term: "managed-service", asset, path: name, disruption });
  // What a service takes to leave a zone says nothing of its region.
  const assumption = entry?.path === name ? entry : undefined;
  return {
    name,
    asset,
    protection: replica.id,
    label: "vault failover",
    disruption,
    ...managedFailover(managed.keyVaultRegion, {
      detect: [],
      decide: [],
      redirect: [],
      source,
      ...(assumption === undefined ? {} : { assumption }),
    }),
    runsAt: replica.at,
    needs: [],
    source,
  };
}
