import { isUnknown } from "../../../../recovery/bound";
import type { Resource } from "../../../graph";
import { titleOf } from "../../names";
import type { Problems } from "../../problems";
import type { Facts } from "../../read";
import { facts } from "../../read";
import { type ArmKind, isArm, pointsTo } from "../arm";
import type { StorageAccount } from "./account";

const kinds = {
  service: { type: "storage:BlobServiceProperties", named: "blobServicesName" },
  container: { type: "storage:BlobContainer", named: "containerName" },
  immutability: { type: "storage:BlobContainerImmutabilityPolicy", named: "immutabilityPolicyName" },
  lifecycle: { type: "storage:ManagementPolicy", named: "managementPolicyName" },
} as const satisfies Record<string, ArmKind>;

/** Blobs that a program itself writes. */
export const blobKind: ArmKind = { type: "storage:Blob", named: "blobName" };

/** A resource that settles something about an account, or a container of it. */
export interface StorageSetting {
  resource: Resource;
  facts: Facts;
  kind: keyof typeof kinds;
}

/** Reads a setting; nothing where a resource is none. */
export function readStorageSetting(resource: Resource): StorageSetting | undefined {
  const kind = (Object.keys(kinds) as StorageSetting["kind"][]).find((one) => isArm(resource, kinds[one]));
  return kind && { resource, facts: facts(resource), kind };
}

/** The settings of one account, of a kind. */
export function settingsOf(
  account: StorageAccount,
  all: readonly StorageSetting[],
  kind: StorageSetting["kind"],
): StorageSetting[] {
  return all.filter((one) => one.kind === kind && pointsTo(one.facts, "accountName", account));
}

/** The immutability policies of one container of an account. */
export function immutabilityOf(
  account: StorageAccount,
  container: StorageSetting,
  all: readonly StorageSetting[],
): StorageSetting[] {
  const own = { resource: container.resource, name: container.facts.text("containerName") };
  return settingsOf(account, all, "immutability").filter(({ facts: policy }) => {
    const upstream = policy.resource.propertyDependencies.containerName ?? [];
    return upstream.length > 0 ? upstream.includes(container.resource.urn) : pointsTo(policy, "containerName", own);
  });
}

/** Azure has one of each for an account: of two the one that is applied last wins; and one may be that of any account. */
export function noteRivals(
  accounts: readonly StorageAccount[],
  all: readonly StorageSetting[],
  problems: Problems,
): void {
  for (const account of accounts) {
    for (const kind of ["service", "lifecycle"] as const) {
      const [first, ...others] = settingsOf(account, all, kind);
      if (first === undefined || others.length === 0) continue;
      const names = [first, ...others].map(({ resource }) => resource.name).join(" and ");
      const message = `${names} each settle the ${kind === "service" ? "blob service" : "lifecycle"} of ${titleOf(account.resource)}: the one applied last wins; keep one of them`;
      problems.unknown(first.facts.source(), message);
    }
  }
  for (const { facts: own, resource } of all) {
    const name = own.text("accountName");
    if (!isUnknown(name) || accounts.some((account) => pointsTo(own, "accountName", account))) continue;
    const message = `${titleOf(resource)} may settle any account: its accountName is not known before deployment`;
    problems.unknown(own.source("accountName"), message);
  }
}
