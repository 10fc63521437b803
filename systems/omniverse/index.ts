import * as pulumi from "@pulumi/pulumi";
import { Manifests } from "../../components/kubernetes/manifests";
import type { AssumptionArgs } from "../../recovery/plan";
import { acknowledgedWithin } from "../alerts/freshness";
import { boundaryOf } from "../config/sites";
import { copyBucket, systemKit } from "../copies";
import type { Reach } from "../reach";
import { StandbySite } from "../standbySite";
import { awsRoles, identities } from "./access";
import { cloudAlarms } from "./alarms";
import { certificateWatch } from "./certificates";
import type { OmniverseConfig } from "./config";
import { copyJobs } from "./copyJobs";
import { assetBucket, assetMirror, cloudSite, database, repositoryPassword } from "./data";
import { directoryPassword } from "./directory";
import { directoryProbe } from "./directoryWatch";
import { edge } from "./edge";
import { dimensionsOf } from "./edgeAlarms";
import { maintenancePage } from "./maintenancePage";
import { monitoring, restorableTime } from "./monitoring";
import { ACCOUNT_FOLDER, DUMP_FOLDER } from "./names";
import { nucleusServer } from "./nucleusServer";
import { operations } from "./operations";
import { procedureJobs } from "./procedureJobs";
import { recovery } from "./recovery";
import { drills, verifications } from "./rehearsals";
import { omniverseSite } from "./site";
import { statelessServices } from "./statelessServices";
import { tokenSecrets, tokens } from "./tokens";
import { networkPolicies } from "./traffic";

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
    assetBucket(this, config, clouds, boundaryOf(reach.site(config.sites.primary), "omniverse"));
    const bucket = copyBucket(this, config, reach, {
      system: "omniverse",
      name: "backups",
      expiring: [DUMP_FOLDER, ACCOUNT_FOLDER],
    });
    repositoryPassword(this, config, clouds, reach);
    awsRoles(this, [primary, secondary], store, clouds, cloud);
    for (const site of [primary, secondary]) identities(site, store.account);
    directoryPassword(this, config, clouds);
    const made = tokens(this, reach.random);
    for (const site of [primary, secondary]) {
      const serving = {
        ...site,
        placement: { ...site.placement, after: [...site.placement.after, ...tokenSecrets(site, made)] },
      };
      nucleusServer(serving);
      statelessServices(serving);
      directoryProbe(site);
    }

    drills(secondary, store.region);
    recovery(primary, secondary, store.region);
    const acknowledge = acknowledgedWithin(assumptions);
    for (const site of [primary, secondary]) {
      assetMirror(site);
      copyJobs(site, store.region, bucket);
      verifications(site, store.region);
      restorableTime(site, store.region, clouds.secondary.region);
      operations(site, store.region, clouds.secondary.region);
      certificateWatch(site, store.region);
      monitoring(site, acknowledge);
      maintenancePage(site);
      procedureJobs(site, store.region, clouds);
      networkPolicies(site);
    }
    const entered = edge(this, { primary, secondary }, clouds, cloud);
    // AWS publishes what it sees of names there and nowhere else.
    const names = reach.aws(config.backups.site, "us-east-1");
    cloudAlarms(this, config, clouds, names, dimensionsOf(entered));
    systemKit(this, "omniverse", { ...config.recoveryKit, manifests }, { bucket, provider: cloud });
    this.registerOutputs({});
  }
}
