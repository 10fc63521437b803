import type { JobWork } from "../../components/kubernetes/cronJob";
import { wholeDaysOf } from "../spans";
import { assetWork, servingEnv } from "./jobWork";
import { ACCOUNTS, FOLDERS, MIRROR_CLAIM } from "./names";
import { assetRetention } from "./objectives";
import type { OmniverseSite } from "./site";

/** What takes a copy of the database, or of the assets. */
export function copyWork(at: OmniverseSite, region: string, asset: "database" | "assets"): JobWork {
  const { database } = at.config;
  if (asset === "database") {
    return assetWork(at, region, asset, {
      script: ["dump.sh"],
      account: ACCOUNTS.backup,
      env: { DB_INSTANCE: instanceAt(at), ...servingEnv(at) },
      scratchBytes: database.bytes,
      size: { cores: 2, gib: 2 },
    });
  }
  return assetWork(at, region, asset, {
    script: ["assets.sh"],
    account: ACCOUNTS.backup,
    env: {
      MIRROR_DIR: FOLDERS.mirror,
      KEPT_DAYS: String(wholeDaysOf(assetRetention.atLeast)),
      ...servingEnv(at),
    },
    // The same at both sites: a copy that was ended goes on with what it had put together, and no two are made at once.
    volumes: [{ name: "mirror", mountPath: FOLDERS.mirror, source: { claim: MIRROR_CLAIM } }],
    size: { cores: 4, gib: 4 },
  });
}

/** The instance that serves at a site: where a failover has brought it, it has the name of what was the replica. */
export function instanceAt({ role, config }: OmniverseSite): string {
  return role === "primary" ? config.database.identifier : `${config.database.identifier}-replica`;
}
