import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import type { AzureSite } from "./place";

/** Arguments of `ContainerKit`. */
export interface ContainerKitArgs {
  at: AzureSite;
  /** Account and container of the restore points, under whose lock it lies. */
  account: string;
  container: string;
  /** Name of the blob, as `kit` of a path names it. */
  blob: string;
  /** Manifests of all CronJobs of the paths, and what they need. */
  content: string;
  /** Names of those CronJobs. */
  jobs: readonly string[];
}

/** What a recovery in a clean room needs beside the restore points: its own jobs. */
export class ContainerKit extends pulumi.ComponentResource {
  constructor(name: string, args: ContainerKitArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:azure:ContainerKit", name, {}, opts);
    const missing = args.jobs.filter((job) => !args.content.split(/[^\w.-]+/).includes(job));
    if (missing.length > 0)
      throw new RangeError(`${name}: content must hold every job, it lacks ${missing.join(", ")}`);
    new storage.Blob(
      `${name}-blob`,
      {
        accountName: args.account,
        resourceGroupName: args.at.resourceGroup,
        containerName: args.container,
        blobName: args.blob,
        source: new pulumi.asset.StringAsset(args.content),
        metadata: { holdfast_jobs: [...args.jobs].sort().join(",") },
      },
      { parent: this, provider: args.at.provider, protect: true },
    );
    this.registerOutputs({ kit: args.blob });
  }
}
