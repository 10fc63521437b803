import { isUnknown, type Maybe } from "../../../../recovery/bound";
import { seconds } from "../../../../recovery/duration";
import { azureStorage } from "../../../../recovery/facts";
import type { Versions } from "../../../../recovery/plan";
import { sourceOf, titleOf } from "../../names";
import type { Facts } from "../../read";
import { facts } from "../../read";
import type { StorageAccount } from "./account";
import { daysOf, type Kept, keptTerm, shortest } from "./kept";
import { keptByRules, rulesFor } from "./lifecycle";
import { keyOf, lockOfAccount } from "./lock";
import { type StorageSetting, settingsOf } from "./settings";

/** An account with all that settles something about it. */
export interface Store {
  asset: string;
  account: StorageAccount;
  settings: readonly StorageSetting[];
}

/** The blob service of an account; nothing is said of it where no resource does. */
export function serviceOf({ account, settings }: Omit<Store, "asset">): Facts {
  const [service] = settingsOf(account, settings, "service");
  // What a blob service is by default: everything is off.
  return service?.facts ?? facts({ ...account.resource, props: {} });
}

/** Whether an account keeps what is overwritten; under a hierarchical namespace there is no such thing. */
export function isVersioned(store: Omit<Store, "asset">): Maybe<boolean> {
  const { hierarchical, resource } = store.account;
  const versioned = serviceOf(store).flag("isVersioningEnabled");
  if (versioned === undefined || versioned === false) return false;
  if (isUnknown(hierarchical)) return hierarchical;
  if (!hierarchical) return versioned;
  return { unknown: `${titleOf(resource)} has a hierarchical namespace: Azure keeps no versions there` };
}

/** What is deleted, for as long as both it and its container can be brought back. */
export function softDeleted(store: Store): Versions {
  const service = serviceOf(store);
  const kept = shortest([
    daysOf(service.at("deleteRetentionPolicy")),
    daysOf(service.at("containerDeleteRetentionPolicy")),
  ]);
  const { hierarchical } = store.account;
  // What is overwritten is soft-deleted too, but in a flat namespace only, and not where versions take its place.
  const overwrites = hierarchical === false && isVersioned(store) === false;
  return {
    ...common(store, "soft-delete", "what was deleted"),
    undoes: overwrites ? ["overwrite", "delete"] : ["delete"],
    keptFor: keptTerm("deleted items kept", kept, azureStorage.softDeleteMost),
    lock: { mode: "none", keptFor: keptTerm("locked", { value: seconds(0), source: kept.source }) },
  };
}

/** Earlier versions of blobs, until a rule deletes them. */
export function versionsOf(store: Store): Versions {
  const { account, settings } = store;
  const versioned = isVersioned(store);
  const source = serviceOf(store).source("isVersioningEnabled");
  const endless: Kept = { value: { unbounded: "no lifecycle rule deletes them" }, source };
  const kept = keptByRules(rulesFor(account, settings), "version", endless);
  const off: Kept = { value: isUnknown(versioned) ? versioned : seconds(0), source };
  return {
    ...common(store, "object-versions", "earlier versions of blobs"),
    undoes: ["overwrite", "delete"],
    keptFor: keptTerm("earlier versions kept", versioned === true ? kept : off),
    lock: lockOfAccount(account, versioned),
  };
}

/** Any moment that blobs can be restored to, for as long as what that takes is there. */
export function pointInTime(store: Store): Versions {
  const service = serviceOf(store);
  const source = service.source("restorePolicy.days");
  const refused = refusalOf(store, service);
  const kept = daysOf(service.at("restorePolicy"));
  return {
    ...common(store, "point-in-time", "blobs at any moment"),
    undoes: ["overwrite", "delete"],
    keptFor: keptTerm(
      "any moment",
      refused === undefined ? kept : { value: { unknown: refused }, source },
      azureStorage.restoreNeeds,
    ),
    lock: { mode: "none", keptFor: keptTerm("locked", { value: seconds(0), source }) },
  };
}

/** Why Azure takes no restore policy of an account, or why that is not known. */
function refusalOf(store: Store, service: Facts): string | undefined {
  const title = titleOf(service.resource);
  const { hierarchical } = store.account;
  if (isUnknown(hierarchical)) return hierarchical.unknown;
  if (hierarchical)
    return `${titleOf(store.account.resource)} has a hierarchical namespace: no moment of it can be restored`;
  const versioned = isVersioned(store);
  const feed = service.flag("changeFeed.enabled");
  if (isUnknown(versioned)) return versioned.unknown;
  if (isUnknown(feed)) return feed.unknown;
  if (!versioned || feed !== true)
    return `restorePolicy of ${title} needs isVersioningEnabled and changeFeed.enabled: Azure refuses it without`;
  const [days, deleted] = [service.whole("restorePolicy.days"), service.whole("deleteRetentionPolicy.days")];
  const unread = [days, deleted].find(isUnknown);
  if (isUnknown(unread)) return unread.unknown;
  const soft = daysOf(service.at("deleteRetentionPolicy")).value;
  if (soft !== 0 && typeof days === "number" && typeof deleted === "number" && days < deleted) return undefined;
  return `restorePolicy.days of ${title} must be less than deleteRetentionPolicy.days, got ${days ?? "nothing"} and ${soft === 0 ? "none" : (deleted ?? "nothing")}: Azure refuses it`;
}

function common({ asset, account }: Store, name: string, label: string) {
  const needs = keyOf(account);
  return {
    kind: "versions" as const,
    id: `${asset}/${name}`,
    asset,
    label,
    at: account.at,
    ...(needs.length === 0 ? {} : { needs }),
    source: sourceOf(account.resource),
  };
}
