import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import { type Duration, duration, wholeDays } from "../../recovery/duration";
import { privateAccount } from "./lakeAccount";
import { type AzureSite, placed, type Reach } from "./place";

/** Arguments of `LockedAccount`. */
export interface LockedAccountArgs extends Reach {
  /** Region and subscription that must outlive what is copied here. */
  at: AzureSite;
  /** Globally unique name; plain, so that whatever copies there can name it before deployment. */
  account: string;
  containers: string[];
  /** Nobody deletes or replaces a version before; whole days. */
  lock: Duration;
  /** Blobs below `expiring` are deleted after this, later than the lock; whole days. */
  expire: Duration;
  /** Folders whose blobs expire, `container/folder/`; what lies outside stays, as a kit must. */
  expiring: string[];
  /**
   * Folders of which only what was replaced or deleted expires: files of a table are in use however old they are.
   * @default none
   */
  replaced?: string[];
  /** Folders that are kept for longer, and how long: whole days. @default none */
  longer?: { below: string[]; expire: Duration };
  /**
   * Whether nobody can take the lock away again. Azure makes an account unlocked: deploy it so once, then with `true`,
   * which cannot be undone. Until then it counts as a lock that whoever may deploy removes.
   */
  locked: boolean;
  tags?: Record<string, string>;
}

/**
 * An account whose blobs nobody deletes early, whatever credentials they hold. Its namespace is flat: under a
 * hierarchical one only a call of its own locks a container, and no program can show it.
 */
export class LockedAccount extends pulumi.ComponentResource {
  /** The account, which must be there before the first blob. */
  declare readonly account: storage.StorageAccount;

  constructor(name: string, args: LockedAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:azure:LockedAccount", name, {}, opts);
    const { at, account, containers, locked } = args;
    const [lockDays, expireDays] = [wholeDays(duration(args.lock)), wholeDays(duration(args.expire))];
    if (expireDays <= lockDays)
      throw new RangeError(`${name}: expire must be later than the lock of ${args.lock}, got ${args.expire}`);
    if (args.longer !== undefined && duration(args.longer.expire) <= duration(args.expire))
      throw new RangeError(`${name}: longer.expire must be later than ${args.expire}, got ${args.longer.expire}`);
    const guarded = { parent: this, provider: at.provider, protect: true };
    this.account = new storage.StorageAccount(
      `${name}-account`,
      {
        ...placed(at),
        ...privateAccount(args),
        accountName: account,
        kind: "StorageV2",
        isHnsEnabled: false,
        sku: { name: "Standard_ZRS" },
        immutableStorageWithVersioning: {
          enabled: true,
          immutabilityPolicy: {
            immutabilityPeriodSinceCreationInDays: lockDays,
            allowProtectedAppendWrites: false,
            state: locked ? "Locked" : "Unlocked",
          },
        },
      },
      guarded,
    );
    const below = { accountName: account, resourceGroupName: at.resourceGroup };
    const after = { ...guarded, dependsOn: [this.account] };
    const service = new storage.BlobServiceProperties(
      `${name}-service`,
      {
        ...below,
        blobServicesName: "default",
        isVersioningEnabled: true,
        deleteRetentionPolicy: { enabled: true, days: 7, allowPermanentDelete: false },
        containerDeleteRetentionPolicy: { enabled: true, days: 7 },
      },
      after,
    );
    for (const containerName of containers)
      new storage.BlobContainer(
        `${name}-${containerName}`,
        { ...below, containerName, publicAccess: "None" },
        { ...after, dependsOn: [service] },
      );
    new storage.ManagementPolicy(
      `${name}-lifecycle`,
      { ...below, managementPolicyName: "default", policy: { rules: rulesOf(args, expireDays) } },
      after,
    );
    this.registerOutputs({ account });
  }
}

function rulesOf({ expiring, replaced = [], longer }: LockedAccountArgs, days: number) {
  return [
    expiry("expire", days, expiring),
    ...(replaced.length === 0 ? [] : [expiry("expire-replaced", days, replaced, false)]),
    ...(longer === undefined ? [] : [expiry("expire-later", wholeDays(duration(longer.expire)), longer.below)]),
  ];
}

function expiry(name: string, days: number, prefixMatch: string[], current = true) {
  return {
    name,
    enabled: true,
    type: "Lifecycle",
    definition: {
      filters: { blobTypes: ["blockBlob"], prefixMatch },
      actions: {
        ...(current ? { baseBlob: { delete: { daysAfterModificationGreaterThan: days } } } : {}),
        version: { delete: { daysAfterCreationGreaterThan: days } },
      },
    },
  };
}
