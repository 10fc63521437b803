import * as pulumi from "@pulumi/pulumi";
import { Manifests } from "../../components/kubernetes/manifests";
import type { AssumptionArgs } from "../../recovery/plan";
import { acknowledgedWithin } from "../alerts/freshness";
import { copyBucket, systemKit } from "../copies";
import type { Reach } from "../reach";
import { StandbySite } from "../standbySite";
import { awsRoles, identities } from "./access";
import { azureIdentity } from "./azureAccess";
import type { PlatformConfig } from "./config";
import { drills, exports, promises, verifications } from "./exports";
import { checkedMonitoring, primaryMonitoring, secondaryMonitoring } from "./monitoring";
import { EXPORT_FOLDER } from "./names";
import { recovery } from "./recovery";
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
    const standby = new StandbySite("platform", manifests, { parent: this });
    const unreached = [{ name: config.sites.cleanRoom, ...reach.site(config.sites.cleanRoom) }];
    const primary = platformSite(this, config, "primary", reach.cluster(config.sites.primary), unreached);
    const secondary = platformSite(standby, config, "secondary", reach.cluster(config.sites.secondary), unreached);
    const store = reach.site(config.backups.site);
    const { account, region } = store;
    const cloud = reach.aws(config.backups.site);

    promises(this, config);
    const bucket = copyBucket(this, config, reach, { system: "platform", name: "exports", expiring: EXPORT_FOLDER });
    awsRoles(this, [primary, secondary], store, cloud);
    for (const site of [primary, secondary]) {
      identities(site, account);
      siteCheck(site);
    }

    this.#checkAzure(config, reach);

    exports(primary, region, bucket);
    verifications(primary, region);
    drills(secondary, region);
    recovery(primary, secondary, region);
    primaryMonitoring(primary, acknowledgedWithin(assumptions));
    secondaryMonitoring(secondary);
    systemKit(this, "platform", { ...config.recoveryKit, manifests }, { bucket, provider: cloud });
    this.registerOutputs({});
  }

  /** What systems run at elsewhere is checked as well; each clean room by whoever holds credentials for it. */
  #checkAzure(config: PlatformConfig, reach: Reach): void {
    const { azure } = config;
    if (!azure) return;
    const unreached = [{ name: azure.cleanRoom, ...reach.site(azure.cleanRoom) }];
    for (const name of azure.sites) {
      const site = platformSite(this, config, "checked", reach.cluster(name), unreached);
      azureIdentity(site, reach.azure(name));
      siteCheck(site);
      checkedMonitoring(site);
    }
  }
}
