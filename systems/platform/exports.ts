import type * as pulumi from "@pulumi/pulumi";
import { KeptAsset } from "../../components/asset/keptAsset";
import { BackupJob } from "../../components/backup/backupJob";
import { DrillJob } from "../../components/drill/drillJob";
import type { Placement } from "../../components/kubernetes/placement";
import type { LockedBucket } from "../../components/storage/lockedBucket";
import { assetId, assetNames, assetPlans } from "./assets";
import type { PlatformConfig } from "./config";
import { coversOf, openedBy } from "./covers";
import { assetWork } from "./jobWork";
import { ACCOUNTS, jobsOf } from "./names";
import type { PlatformSite } from "./site";

/** What is promised of each asset, all of which other programs declare. */
export function promises(parent: pulumi.Resource, config: PlatformConfig): KeptAsset[] {
  return assetNames.map((name) => {
    const { service, bytes } = assetPlans[name];
    return new KeptAsset(
      `platform-${name}`,
      {
        id: assetId(name),
        kind: name,
        objectives: config.assets[name].objectives,
        retention: config.retention,
        bytes,
        covers: coversOf(name, config),
        openedBy: openedBy(name, config),
        site: config.sites.primary,
        ...(service === undefined ? {} : { service }),
      },
      { parent },
    );
  });
}

/** Takes the exports where things are. */
export function exports(at: PlatformSite, region: string, bucket: LockedBucket): BackupJob[] {
  // An object that is written before the lock is in force is not locked.
  const placement: Placement = { ...at.placement, after: [...at.placement.after, bucket.lock] };
  return assetNames.map(
    (name) =>
      new BackupJob(
        `platform-export-${name}`,
        {
          placement,
          job: jobsOf(name).export,
          work: assetWork(at, region, name, {
            script: ["export.sh"],
            account: name === "keys" ? ACCOUNTS.keys : ACCOUNTS.export,
          }),
          role: "full",
          protects: assetId(name),
          copiesTo: at.config.backups.bucket,
          // Things change while they are listed.
          capture: "fuzzy",
          ...at.config.assets[name].export,
        },
        { parent: at.parent },
      ),
  );
}

/** Reads the newest and an older export back every week, beside where they are taken. */
export function verifications(at: PlatformSite, region: string): DrillJob[] {
  return assetNames.map(
    (name) =>
      new DrillJob(
        `platform-verify-${name}`,
        {
          placement: at.placement,
          job: jobsOf(name).verification,
          role: "verification",
          protects: assetId(name),
          work: assetWork(at, region, name, { script: ["verify.sh"], account: ACCOUNTS.verify }),
          ...at.config.assets[name].verification,
        },
        { parent: at.parent },
      ),
  );
}

/** Rehearses the recovery every month, where it would run. */
export function drills(at: PlatformSite, region: string): DrillJob[] {
  return assetNames.map(
    (name) =>
      new DrillJob(
        `platform-drill-${name}`,
        {
          placement: at.placement,
          job: jobsOf(name).drill,
          role: "drill",
          protects: assetId(name),
          work: assetWork(at, region, name, { script: ["drill.sh"], account: ACCOUNTS.drill }),
          ...at.config.assets[name].drill,
        },
        { parent: at.parent },
      ),
  );
}
