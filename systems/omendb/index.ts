import * as pulumi from "@pulumi/pulumi";
import { Manifests } from "../../components/kubernetes/manifests";
import type { AssumptionArgs } from "../../recovery/plan";
import { acknowledgedWithin } from "../alerts/freshness";
import { copyBucket } from "../copies";
import type { Reach } from "../reach";
import { StandbySite } from "../standbySite";
import { bucketRoles, identities } from "./access";
import { backups, standbyBackups } from "./backups";
import type { OmendbConfig } from "./config";
import { omendbDatabase } from "./database";
import { serviceName } from "./dns";
import { BACKUP_FOLDER } from "./jobWork";
import { recoveryKit } from "./kit";
import { maintenance, remedies } from "./maintenance";
import { primaryMonitoring, secondaryMonitoring } from "./monitoring";
import { recovery } from "./recovery";
import { drill, verification } from "./rehearsals";
import { omendbSite } from "./site";
import { upgrade } from "./upgrade";
import { omendbUsers } from "./users";

/** Arguments of `OmenDB`. */
export interface OmenDBArgs {
  config: OmendbConfig;
  /** Sites and the providers that reach them. */
  reach: Reach;
  /** Assumptions of the register; alerts count on the same answers as the recovery times. */
  assumptions: readonly AssumptionArgs[];
}

/**
 * OmenDB as its operations guide describes it, serving at one site and ready to be restored at another.
 *
 * Its "3 replicas" have no replication: three pods share one zone-redundant volume, and the one that holds a lease
 * serves. It ships no log: an incremental backup every few minutes leaves for a locked bucket in another region.
 */
export class OmenDB extends pulumi.ComponentResource {
  constructor(name: string, { config, reach, assumptions }: OmenDBArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:omendb:OmenDB", name, {}, opts);
    const manifests = new Manifests();
    const standby = new StandbySite("omendb", manifests, { parent: this });
    const clusters = { primary: reach.cluster(config.sites.primary), secondary: reach.cluster(config.sites.secondary) };
    const store = reach.cluster(config.backups.site).site;
    const cloud = reach.aws(config.backups.site);
    const users = omendbUsers(this, config.users, reach.random);
    const acknowledge = acknowledgedWithin(assumptions);

    const primary = omendbSite(this, config, "primary", clusters.primary, users);
    const secondary = omendbSite(standby, config, "secondary", clusters.secondary, users);
    const bucket = copyBucket(this, config, reach, { system: "omendb", name: "backups", expiring: BACKUP_FOLDER });
    bucketRoles(this, [primary, secondary], store, cloud);
    for (const site of [primary, secondary]) {
      identities(site, store.account);
      omendbDatabase(site);
    }

    backups(primary, store.region, bucket);
    standbyBackups(secondary, store.region);
    verification(primary, store.region);
    drill(secondary, store.region);
    maintenance(primary, store.region);
    remedies(primary, store.region);
    upgrade(primary, store.region);
    recovery(primary, secondary, store.region, reach.site(config.sites.cleanRoom));
    primaryMonitoring(primary, acknowledge);
    secondaryMonitoring(secondary, primary);
    serviceName(primary, cloud);
    recoveryKit(this, config, { bucket, provider: cloud }, manifests, users);
    this.registerOutputs({});
  }
}
