import type * as pulumi from "@pulumi/pulumi";
import { DrillJob } from "../../components/drill/drillJob";
import { MaintenanceJob } from "../../components/maintenance/maintenanceJob";
import { wholeDaysOf } from "../spans";
import { drillPromise } from "./drillPromise";
import { assetWork } from "./jobWork";
import { READ_BACK_PERCENT } from "./levels";
import { ACCOUNTS, jobNames } from "./names";
import { type AssetName, assetIds, retentions } from "./objectives";
import { type OmniverseSite, sleeps } from "./site";

/** Reads copies back where they are taken, asleep where none are: each dump into a server of its own, snapshots against what they were made of. */
export function verifications(at: OmniverseSite, region: string): pulumi.ComponentResource[] {
  return rehearsals(at, region, "verification", {
    database: jobNames.verifyDatabase,
    assets: jobNames.verifyAssets,
    accounts: jobNames.verifyAccounts,
  });
}

/** The runbook's monthly test, where a lost region is recovered: both restored, started, checked and measured. */
export function drills(at: OmniverseSite, region: string): pulumi.ComponentResource[] {
  return rehearsals(at, region, "drill", {
    database: jobNames.drillDatabase,
    assets: jobNames.drillAssets,
    accounts: jobNames.drillAccounts,
  });
}

function rehearsals(
  at: OmniverseSite,
  region: string,
  role: "verification" | "drill",
  names: Readonly<Record<AssetName, string>>,
): pulumi.ComponentResource[] {
  const { config, placement } = at;
  const timings = config[role];
  // A dump and the server it is restored into; what is rehearsed of the assets has both.
  const dump = config.database.bytes * 3;
  const bytes = {
    database: dump,
    assets: config.assets.bytes + (role === "drill" ? dump : 0),
    accounts: config.accounts.bytes * 3,
  };
  return (Object.keys(assetIds) as AssetName[]).map((asset) => {
    const work = assetWork(at, region, asset, {
      script: scriptOf(asset, role),
      account: ACCOUNTS.verify,
      env: {
        ...(role === "drill" ? drillPromise(config, asset) : {}),
        ...(role === "drill" && asset !== "accounts"
          ? { STARTS_SERVICE: config.rehearsal.startsService ? "yes" : "no" }
          : {}),
        KEPT_DAYS: String(wholeDaysOf(retentions[asset].atLeast)),
        ...(role === "verification" && asset !== "accounts" ? { READ_PERCENT: String(READ_BACK_PERCENT) } : {}),
        ...(asset === "accounts" ? { SERVER_VERSION: config.servers.version } : {}),
      },
      scratchBytes: bytes[asset],
      size: asset === "accounts" ? { cores: 1, gib: 2 } : { cores: 4, gib: 8 },
    });
    const [name, options] = [`${at.prefix}-${role}-${asset}`, { parent: at.parent }];
    const args = { placement, job: names[asset], work, ...timings[asset] };
    // A drill is for the site that recovers; copies are read back where they are taken.
    if (role === "verification" && sleeps(at)) return new MaintenanceJob(name, { ...args, suspend: true }, options);
    return new DrillJob(name, { ...args, role, protects: assetIds[asset] }, options);
  });
}

function scriptOf(asset: AssetName, role: "verification" | "drill"): [string, string] {
  if (asset === "accounts") return ["rehearseAccounts.sh", role === "drill" ? "drill" : "verify"];
  return [role === "drill" ? "drill.sh" : "verify.sh", asset];
}
