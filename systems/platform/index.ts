import * as pulumi from "@pulumi/pulumi";
import { Manifests } from "../../components/kubernetes/manifests";
import type { AssumptionArgs } from "../../recovery/plan";
import { acknowledgedWithin } from "../alerts/freshness";
import type { Reach } from "../reach";
import { awsRoles, identities } from "./access";
import type { PlatformConfig } from "./config";
import { drills, exportBucket, exports, promises, verifications } from "./exports";
import { primaryMonitoring, secondaryMonitoring } from "./monitoring";
import { recovery, recoveryKit } from "./recovery";
import { platformSite } from "./site";
import { siteCheck } from "./siteCheck";

/** Arguments of `Platform`. */
export interface PlatformArgs {
  config: PlatformConfig;
  /** Sites and the providers that reach them. */
  reach: Reach;
  /** Assumptions of the register; alerts count on the same answers as the recovery times. */
  assumptions: readonly AssumptionArgs[];
}

/**
 * What every system stands on: Pulumi's state, keys, images, names, clusters, monitoring. Other programs declare them;
 * this one takes exports of each into a locked bucket of the other region, and can bring them back from there.
 */
export class Platform extends pulumi.ComponentResource {
  constructor(name: string, { config, reach, assumptions }: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:platform:Platform", name, {}, opts);
    const manifests = new Manifests();
    const standby = new StandbySite("platform-secondary", manifests, { parent: this });
    const unreached = [{ name: config.sites.cleanRoom, ...reach.site(config.sites.cleanRoom) }];
    const primary = platformSite(this, config, "primary", reach.cluster(config.sites.primary), unreached);
    const secondary = platformSite(standby, config, "secondary", reach.cluster(config.sites.secondary), unreached);
    const store = reach.site(config.backups.site);
    const { account, region } = store;
    const cloud = reach.aws(config.backups.site);

    promises(this, config);
    const bucket = exportBucket(this, config, reach);
    awsRoles(this, [primary, secondary], store, cloud);
    for (const site of [primary, secondary]) {
      identities(site, account);
      siteCheck(site);
    }

    exports(primary, region, bucket);
    verifications(primary, region);
    drills(secondary, region);
    recovery(primary, secondary, region);
    primaryMonitoring(primary, acknowledgedWithin(assumptions));
    secondaryMonitoring(secondary);
    recoveryKit(this, config.recoveryKit.lockedUntil, { bucket, provider: cloud }, manifests);
    this.registerOutputs({});
  }
}

/** What stands ready at the other site; all of it goes into the recovery kit as well. */
class StandbySite extends pulumi.ComponentResource {
  constructor(name: string, manifests: Manifests, opts: pulumi.ComponentResourceOptions) {
    super("holdfast:platform:StandbySite", name, {}, { ...opts, transformations: [manifests.gather] });
    this.registerOutputs({});
  }
}
