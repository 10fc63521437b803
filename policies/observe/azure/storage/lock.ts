import { isUnknown, type Maybe } from "../../../../recovery/bound";
import { seconds } from "../../../../recovery/duration";
import { azureStorage } from "../../../../recovery/facts";
import type { Lock, Source, Term } from "../../../../recovery/plan";
import { assumptionFor } from "../../assumptions";
import { registerSource } from "../../names";
import type { Program } from "../../program";
import type { Facts } from "../../read";
import type { StorageAccount } from "./account";
import { keptTerm, spanOf } from "./kept";
import { immutabilityOf, type StorageSetting } from "./settings";

/** The lock that an account puts on every version: only where it has versions, and nobody unlocks it once it is locked. */
export function lockOfAccount(account: StorageAccount, versioned: Maybe<boolean>): Lock {
  const policy = account.settings.at("immutableStorageWithVersioning");
  const source = policy.source("immutabilityPolicy.state");
  const [enabled, state] = [policy.flag("enabled"), policy.text("immutabilityPolicy.state")];
  const span = spanOf(policy, "immutabilityPolicy.immutabilityPeriodSinceCreationInDays");
  const unread = [enabled, state, versioned].find(isUnknown);
  if (isUnknown(unread)) return lock(unread, keptTerm("locked", { value: unread, source }));
  if (enabled !== true || versioned !== true || span === undefined) return unlocked(source);
  const term = keptTerm("locked", span, azureStorage.immutabilityLock);
  switch (state) {
    case "Locked":
      return lock("compliance", term);
    case "Unlocked":
      return lock("governance", { ...term, facts: [azureStorage.immutabilityUnlocked.id] });
    default:
      return unlocked(source);
  }
}

/**
 * The lock of one container. Its resource makes a policy that anyone may take away again, and only a call outside of any
 * program locks that: somebody has to answer for it in the register.
 */
export function lockOfContainer(
  account: StorageAccount,
  container: StorageSetting,
  asset: string,
  { azure, register }: Program,
): Lock {
  const [policy, ...others] = immutabilityOf(account, container, azure.storageSettings);
  if (policy === undefined || others.length > 0) return unlocked(container.facts.source());
  const { facts } = policy;
  const span = spanOf(facts, "immutabilityPeriodSinceCreationInDays");
  if (span === undefined) return unlocked(facts.source("immutabilityPeriodSinceCreationInDays"));
  const term: Term = keptTerm("locked", span, azureStorage.containerLock);
  const entry = assumptionFor(register, { term: "container-lock", asset });
  if (entry === undefined) return lock("governance", term);
  return lock("compliance", { ...term, grade: "assumed", source: registerSource(entry.id), assumption: entry.id });
}

/** The stronger of two locks: a blob is kept as long as either holds it. */
export function stronger(a: Lock, b: Lock): Lock {
  return strength(b) > strength(a) ? b : a;
}

function strength({ mode }: Lock): number {
  return isUnknown(mode) ? 1 : { none: 0, governance: 2, compliance: 3 }[mode];
}

function lock(mode: Lock["mode"], keptFor: Term): Lock {
  return { mode, keptFor };
}

function unlocked(source: Source): Lock {
  return lock("none", keptTerm("locked", { value: seconds(0), source }));
}

/** A key of a vault without which nothing of an account can be read. */
export function keyOf({
  settings,
  at,
}: StorageAccount): { what: string; at: typeof at; deletable: true; source: Source }[] {
  const encryption: Facts = settings.at("encryption");
  const source = encryption.text("keySource");
  if (source === undefined || source === "Microsoft.Storage") return [];
  return [{ what: "its key", at, deletable: true, source: encryption.source("keySource") }];
}
