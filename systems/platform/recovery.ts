import { RecoveryPath, type RecoveryStep } from "../../components/recovery/recoveryPath";
import type { Disruption } from "../../recovery/objective";
import { kitKey } from "../copies";
import { INCIDENT_HOURS } from "../incident";
import { type AssetName, assetId, assetNames, assetPlans, restoredAfter } from "./assets";
import { assetWork } from "./jobWork";
import { ACCOUNTS, INCIDENT_MAP, jobsOf, type PathName, SELF } from "./names";
import type { PlatformSite } from "./site";

/** Every way back: from the other region, since what stood in a lost one is not asked; damage to a cluster, in it. */
export function recovery(primary: PlatformSite, secondary: PlatformSite, region: string): RecoveryPath[] {
  return assetNames.flatMap((name) => {
    const { recoveredAt, mendedInPlace } = assetPlans[name];
    const path = (at: PlatformSite, way: PathName, disruptions: readonly Disruption[]) =>
      pathOf(at, region, name, way, disruptions);
    if (recoveredAt === "cleanRoom")
      return [path(secondary, "rebuild-in-clean-room", [...restoredAfter(name), "compromise"])];
    return [
      ...(mendedInPlace ? [path(primary, "restore-in-place", ["corruption"])] : []),
      path(secondary, "restore-in-secondary", restoredAfter(name)),
      path(secondary, "rebuild-in-clean-room", ["compromise"]),
    ];
  });
}

function pathOf(
  at: PlatformSite,
  region: string,
  name: AssetName,
  path: PathName,
  disruptions: readonly Disruption[],
): RecoveryPath {
  const job = jobsOf(name).paths[path];
  return new RecoveryPath(
    job,
    {
      placement: at.placement,
      path,
      job,
      protects: assetId(name),
      disruptions,
      // A clean room holds nothing of ours: its jobs lie here for reference, and in the recovery kit for use.
      ...(path === "rebuild-in-clean-room" ? { runsAt: at.config.sites.cleanRoom, kit: [kitKey(SELF)] } : {}),
      steps: stepsOf(at, region, name, path),
    },
    { parent: at.parent },
  );
}

function stepsOf(at: PlatformSite, region: string, name: AssetName, path: PathName): RecoveryStep[] {
  const { restore, verify } = at.config.assets[name];
  const work = (step: string) =>
    assetWork(at, region, name, {
      script: ["recover.sh", step],
      account: ACCOUNTS.recovery,
      inputs: INCIDENT_MAP,
      env: { INCIDENT_HOURS: String(INCIDENT_HOURS), ...strictness[path] },
      // Nothing of the old account is trusted: whoever starts the step says where to.
      ...(path === "rebuild-in-clean-room" ? { said: saidInCleanRoom } : {}),
    });
  return [
    { name: "restore", deadline: restore, after: [], effect: "restores", work: work("restore") },
    { name: "verify", deadline: verify, after: ["restore"], effect: "verifies", work: work("verify") },
  ];
}

/** After damage everything must be as it was exported; at another site what stands ready there differs rightly. */
const strictness: Readonly<Record<PathName, Record<string, string>>> = {
  "restore-in-place": { IN_PLACE: "yes" },
  "restore-in-secondary": {},
  "rebuild-in-clean-room": { CLEAN_ROOM: "yes" },
};

/** What the clean room says in the ConfigMap of the incident, because what is declared lies in the lost account. */
export const saidInCleanRoom = ["RECOVER_TO", "SECRETS_PROVIDER"] as const;
