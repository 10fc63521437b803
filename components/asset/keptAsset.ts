import * as pulumi from "@pulumi/pulumi";
import type { AssetPromise } from "../../recovery/plan";

/** Arguments of `KeptAsset`. */
export interface KeptAssetArgs extends AssetPromise {
  /** Site that it is at. */
  site: string;
}

/** What is promised about something that another program declares: it is at a site, and a service may keep it there. */
export class KeptAsset extends pulumi.ComponentResource {
  constructor(name: string, args: KeptAssetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:asset:KeptAsset", name, {}, opts);
    this.registerOutputs({ asset: args });
  }
}
