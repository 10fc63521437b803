import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import { type AzureSite, placed, type Reach } from "./place";

/** Arguments of `LakeAccount`. */
export interface LakeAccountArgs extends Reach {
  at: AzureSite;
  /** Globally unique name; plain, so that whatever reads or copies there can name it before deployment. */
  account: string;
  containers: string[];
  /** Days that what is deleted can be brought back, files and containers alike: 1 to 365. */
  keepDays: number;
  tags?: Record<string, string>;
}

/** An account of Data Lake Storage over the zones of a region, which keeps what is deleted for some days. */
export class LakeAccount extends pulumi.ComponentResource {
  /** The account, for whatever stands on it. */
  declare readonly account: storage.StorageAccount;

  constructor(name: string, args: LakeAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:azure:LakeAccount", name, {}, opts);
    const { at, account, containers, keepDays } = args;
    const guarded = { parent: this, provider: at.provider, protect: true };
    this.account = new storage.StorageAccount(
      `${name}-account`,
      {
        ...placed(at),
        ...privateAccount(args),
        accountName: account,
        kind: "StorageV2",
        isHnsEnabled: true,
        sku: { name: "Standard_ZRS" },
      },
      guarded,
    );
    const below = { accountName: account, resourceGroupName: at.resourceGroup };
    const after = { ...guarded, dependsOn: [this.account] };
    const kept = { enabled: true, days: keepDays };
    new storage.BlobServiceProperties(
      `${name}-service`,
      {
        ...below,
        blobServicesName: "default",
        deleteRetentionPolicy: { ...kept, allowPermanentDelete: false },
        containerDeleteRetentionPolicy: kept,
      },
      after,
    );
    for (const containerName of containers)
      new storage.BlobContainer(`${name}-${containerName}`, { ...below, containerName, publicAccess: "None" }, after);
    this.registerOutputs({ account });
  }
}

/** What every account says: no keys that anyone could copy, no way in but from its networks. */
export function privateAccount({
  subnets,
  tags = {},
}: Reach & { tags?: Record<string, string> }): Pick<
  storage.StorageAccountArgs,
  | "allowBlobPublicAccess"
  | "allowSharedKeyAccess"
  | "allowCrossTenantReplication"
  | "enableHttpsTrafficOnly"
  | "minimumTlsVersion"
  | "networkRuleSet"
  | "publicNetworkAccess"
  | "tags"
> {
  return {
    allowBlobPublicAccess: false,
    allowSharedKeyAccess: false,
    allowCrossTenantReplication: false,
    enableHttpsTrafficOnly: true,
    minimumTlsVersion: "TLS1_2",
    // Said, although it is what a new account has: a deployment opens what a fence has closed, and leaves what it does not say.
    publicNetworkAccess: "Enabled",
    networkRuleSet: {
      defaultAction: "Deny",
      bypass: "AzureServices",
      virtualNetworkRules: subnets.map((id) => ({ virtualNetworkResourceId: id })),
    },
    tags,
  };
}
