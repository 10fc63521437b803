import * as pulumi from "@pulumi/pulumi";
import { Manifests } from "../../components/kubernetes/manifests";
import type { AssumptionArgs } from "../../recovery/plan";
import { acknowledgedWithin } from "../alerts/freshness";
import { copyBucket, systemKit } from "../copies";
import type { Reach } from "../reach";
import { StandbySite } from "../standbySite";
import { awsRoles, identities } from "./access";
import { cloudAlarms } from "./alarms";
import { backups } from "./backups";
import type { OmniverseConfig } from "./config";
import { assetBucket, assetMirror, cloudSite, database, repositoryPassword, serviceName } from "./data";
import { primaryMonitoring, restorableTime, secondaryMonitoring } from "./monitoring";
import { DUMP_FOLDER } from "./names";
import { recovery } from "./recovery";
import { drills, verifications } from "./rehearsals";
import { omniverseSite } from "./site";

/** Arguments of `Omniverse`. */
export interface OmniverseArgs {
  config: OmniverseConfig;
  /** Sites and the providers that reach them. */
  reach: Reach;
  /** Assumptions of the register; alerts count on the same answers as the recovery times. */
  assumptions: readonly AssumptionArgs[];
}

/**
 * Omniverse Nucleus as its operations runbook describes it: metadata in PostgreSQL, files as objects. Both have earlier
 * moments where they are and a copy in the other region, and come back together or not at all.
 */
export class Omniverse extends pulumi.ComponentResource {
  constructor(name: string, { config, reach, assumptions }: OmniverseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:omniverse:Omniverse", name, {}, opts);
    const manifests = new Manifests();
    const standby = new StandbySite("omniverse", manifests, { parent: this });
    const primary = omniverseSite(this, config, "primary", reach.cluster(config.sites.primary));
    const secondary = omniverseSite(standby, config, "secondary", reach.cluster(config.sites.secondary));
    const clouds = {
      primary: cloudSite(this, config, "primary", reach),
      secondary: cloudSite(this, config, "secondary", reach),
    };
    const store = reach.site(config.backups.site);
    const cloud = reach.aws(config.backups.site);

    database(this, config, clouds, reach);
    assetBucket(this, config, clouds, reach.site(config.sites.primary).rolesBoundary);
    const bucket = copyBucket(this, config, reach, { system: "omniverse", name: "backups", expiring: DUMP_FOLDER });
    repositoryPassword(this, config, clouds, reach);
    awsRoles(this, [primary, secondary], store, clouds, cloud);
    for (const site of [primary, secondary]) identities(site, store.account);

    assetMirror(primary);
    backups(primary, store.region, bucket);
    verifications(primary, store.region);
    drills(secondary, store.region);
    recovery(primary, secondary, store.region);
    restorableTime(primary, store.region, clouds.secondary.region);
    primaryMonitoring(primary, acknowledgedWithin(assumptions));
    secondaryMonitoring(secondary);
    serviceName(this, config, cloud);
    cloudAlarms(this, config, clouds);
    systemKit(this, "omniverse", { ...config.recoveryKit, manifests }, { bucket, provider: cloud });
    this.registerOutputs({});
  }
}
