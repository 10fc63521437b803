import * as resources from "@pulumi/azure-native/resources";
import * as storage from "@pulumi/azure-native/storage";
import { accounts, assetOf, BACKUP, BRONZE, BYTES_PER_SECOND } from "./guide";
import type { Place } from "./places";
import { assumed, type Mend } from "./variant";

/** Containers of the backup account: the guide names the first. */
export const copies = {
  lake: `${accounts.backup}/${BACKUP}`,
  databricks: `${accounts.backup}/exports`,
  powerbi: `${accounts.backup}/powerbi`,
} as const;

/** "Geo-redundant storage": no soft delete, no lock and no rule beside it. */
export function declareLake(place: Place, mended: ReadonlySet<Mend>): void {
  const { region: location, resourceGroupName } = place;
  const tags = {
    holdfast_asset: assetOf("lake"),
    holdfast_assumed: assumed("a hierarchical namespace, as Data Lake Storage has", mended, [
      "zone-redundant",
      "priority",
    ]),
  };
  const shared = {
    kind: "StorageV2",
    sku: { name: mended.has("zone-redundant") ? "Standard_GZRS" : "Standard_GRS" },
    location,
    resourceGroupName,
  };
  const provider = place.azure;
  const account = mended.has("priority")
    ? new resources.Resource(
        "lake-account",
        {
          ...shared,
          apiVersion: "2025-06-01",
          resourceProviderNamespace: "Microsoft.Storage",
          resourceType: "storageAccounts",
          parentResourcePath: "",
          resourceName: accounts.data,
          properties: { isHnsEnabled: true, geoPriorityReplicationStatus: { isBlobEnabled: true } },
          tags: { ...tags, holdfast_bytes_per_second: String(BYTES_PER_SECOND) },
        },
        { provider },
      )
    : new storage.StorageAccount(
        "lake-account",
        { ...shared, accountName: accounts.data, isHnsEnabled: true, tags },
        { provider },
      );
  new storage.BlobContainer(
    "lake-bronze",
    { accountName: accounts.data, resourceGroupName, containerName: BRONZE },
    { provider, dependsOn: [account] },
  );
}

/** `BACKUP_STORAGE` of the recovery script, of which nothing else is said. */
export function declareBackupAccount(place: Place, mended: ReadonlySet<Mend>): void {
  const { region: location, resourceGroupName } = place;
  const account = new storage.StorageAccount(
    "backup-account",
    {
      accountName: accounts.backup,
      kind: "StorageV2",
      sku: { name: "Standard_ZRS" },
      isHnsEnabled: false,
      location,
      resourceGroupName,
      tags: {
        holdfast_assumed: assumed("all but the container that the recovery script copies from", mended, ["backup"]),
      },
    },
    { provider: place.azure },
  );
  for (const name of Object.values(copies)) {
    const containerName = name.slice(name.indexOf("/") + 1);
    new storage.BlobContainer(
      `backup-${containerName}`,
      { accountName: accounts.backup, resourceGroupName, containerName },
      { provider: place.azure, dependsOn: [account] },
    );
  }
}
