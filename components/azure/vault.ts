import * as keyvault from "@pulumi/azure-native/keyvault";
import * as pulumi from "@pulumi/pulumi";
import { type Duration, duration, wholeDays } from "../../recovery/duration";
import { assetPromise, type DataPromise } from "../database/promise";
import { type AzureSite, placed, type Reach } from "./place";

/** Arguments of `Vault`. */
export interface VaultArgs extends Reach {
  promise: DataPromise;
  at: AzureSite;
  /** Globally unique name; plain, so that jobs can name it before deployment. */
  vault: string;
  /** Id of the directory whose identities it trusts. */
  tenant: string;
  /** What is deleted can be brought back so long, and nobody ends that sooner; 7d to 90d, and never changed again. */
  keepDeleted: Duration;
  tags?: Record<string, string>;
}

/** A vault of keys and secrets that nobody destroys at once. */
export class Vault extends pulumi.ComponentResource {
  constructor(name: string, args: VaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:azure:Vault", name, {}, opts);
    const days = wholeDays(duration(args.keepDeleted));
    if (days < 7 || days > 90) throw new RangeError(`${name}: keepDeleted must be 7d to 90d, got ${args.keepDeleted}`);
    new keyvault.Vault(
      `${name}-vault`,
      {
        ...placed(args.at),
        vaultName: args.vault,
        properties: {
          tenantId: args.tenant,
          sku: { family: "A", name: "premium" },
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          softDeleteRetentionInDays: days,
          enablePurgeProtection: true,
          networkAcls: {
            defaultAction: "Deny",
            bypass: "AzureServices",
            virtualNetworkRules: args.subnets.map((id) => ({ id })),
          },
        },
        tags: args.tags ?? {},
      },
      { parent: this, provider: args.at.provider, protect: true },
    );
    this.registerOutputs({ asset: assetPromise(args.promise, "keys") });
  }
}
