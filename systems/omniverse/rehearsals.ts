import { DrillJob } from "../../components/drill/drillJob";
import { wholeDaysOf } from "../spans";
import { gib } from "./backups";
import { assetWork } from "./jobWork";
import { ACCOUNTS, jobNames } from "./names";
import { type AssetName, assetIds, retentions } from "./objectives";
import type { OmniverseSite } from "./site";

/** Reads copies back where they are taken: each dump into a server of its own, snapshots against what they were made of. */
export function verifications(at: OmniverseSite, region: string): DrillJob[] {
  return rehearsals(at, region, "verification", {
    database: jobNames.verifyDatabase,
    assets: jobNames.verifyAssets,
    accounts: jobNames.verifyAccounts,
  });
}

/** The runbook's monthly test, where a lost region is recovered: both restored, started, checked and measured. */
export function drills(at: OmniverseSite, region: string): DrillJob[] {
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
): DrillJob[] {
  const { config } = at;
  const timings = config[role];
  // A dump and the server it is restored into; what is rehearsed of the assets has both.
  const dump = config.database.bytes * 3;
  const bytes = {
    database: dump,
    assets: config.assets.bytes + (role === "drill" ? dump : 0),
    accounts: config.accounts.bytes * 3,
  };
  return (Object.keys(assetIds) as AssetName[]).map(
    (asset) =>
      new DrillJob(
        `${at.prefix}-${role}-${asset}`,
        {
          placement: at.placement,
          job: names[asset],
          role,
          protects: assetIds[asset],
          work: assetWork(at, region, asset, {
            script: scriptOf(asset, role),
            account: ACCOUNTS.verify,
            env: {
              KEPT_DAYS: String(wholeDaysOf(retentions[asset].atLeast)),
              ...(asset === "accounts" ? { SERVER_VERSION: config.servers.version } : {}),
            },
            scratchGib: gib(bytes[asset]),
            size: asset === "accounts" ? { cores: 1, gib: 2 } : { cores: 4, gib: 8 },
          }),
          ...timings[asset],
        },
        { parent: at.parent },
      ),
  );
}

function scriptOf(asset: AssetName, role: "verification" | "drill"): [string, string] {
  if (asset === "accounts") return ["rehearseAccounts.sh", role === "drill" ? "drill" : "verify"];
  return [role === "drill" ? "drill.sh" : "verify.sh", asset];
}
