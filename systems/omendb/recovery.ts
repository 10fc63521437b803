import type { JobWork } from "../../components/kubernetes/cronJob";
import { RecoveryPath, type RecoveryStep } from "../../components/recovery/recoveryPath";
import { duration } from "../../recovery/duration";
import type { Site } from "../config/sites";
import { INCIDENT_HOURS } from "../incident";
import { halfOf, scriptWork } from "./jobWork";
import { KIT_KEYS } from "./kit";
import { ACCOUNTS, CLAIMS } from "./names";
import { DATA } from "./objectives";
import { type PathName, type PathPlan, recoveryPaths, type StepPlan } from "./recoverySteps";
import { inputMaps, jobNames } from "./runbooks/jobNames";
import type { OmendbSite } from "./site";
import { dataVolumes, usersVolume } from "./volumes";

/** Every way back to service, each at the site that runs it. */
export function recovery(primary: OmendbSite, secondary: OmendbSite, region: string, cleanRoom: Site): RecoveryPath[] {
  return (Object.keys(recoveryPaths) as PathName[]).map((path) => {
    const plan: PathPlan = recoveryPaths[path];
    // A clean room holds nothing of ours: its jobs lie at the secondary for reference, and in the recovery kit for use.
    const at = plan.runsAt === "primary" ? primary : secondary;
    return new RecoveryPath(
      `omendb-${path}`,
      {
        placement: at.placement,
        path,
        job: `omendb-${path}`,
        protects: DATA,
        disruptions: plan.disruptions,
        ...(plan.runsAt === "cleanRoom" ? { runsAt: at.config.sites.cleanRoom, kit: Object.values(KIT_KEYS) } : {}),
        steps: stepsOf(at, region, path, plan.runsAt === "cleanRoom" ? cleanRoom.endpoint : at.site.endpoint),
      },
      { parent: at.parent },
    );
  });
}

function stepsOf(at: OmendbSite, region: string, path: PathName, endpoint: string): RecoveryStep[] {
  const { config } = at;
  const plan: PathPlan = recoveryPaths[path];
  return Object.entries(plan.steps).map(([name, step]) => {
    const deadline = config.recovery[path][name] ?? step.deadline;
    return {
      name,
      deadline,
      after: step.after,
      ...(step.effect ? { effect: step.effect } : {}),
      ...(step.redirects ? { redirects: config.dns.name } : {}),
      work: stepWork(at, region, { name, deadline, step, endpoint, cleanRoom: plan.runsAt === "cleanRoom" }),
    };
  });
}

interface StepOfPath {
  name: string;
  deadline: string;
  step: StepPlan;
  endpoint: string;
  cleanRoom: boolean;
}

function stepWork(at: OmendbSite, region: string, { name, deadline, step, endpoint, cleanRoom }: StepOfPath): JobWork {
  const { config } = at;
  const waits = halfOf(deadline);
  return scriptWork(
    at,
    { region },
    {
      script: ["recover.sh", name],
      account: ACCOUNTS.recovery,
      volumes: [...dataVolumes(step.effect !== "restores"), usersVolume],
      inputs: inputMaps.incident,
      env: {
        INCIDENT_HOURS: String(INCIDENT_HOURS),
        FULL_CRONJOB: jobNames.full,
        INCREMENTAL_CRONJOB: jobNames.incremental,
        CLAIMS: `${CLAIMS.data} ${CLAIMS.wal} ${CLAIMS.scratch}`,
        IMAGE: config.image,
        MIN_NODES: String(config.replicas),
        ...(cleanRoom && name === "find" ? { CLEAN_ROOM: "yes" } : {}),
        STOP_TIMEOUT: waits,
        START_TIMEOUT: waits,
        ...(step.redirects
          ? {
              HOSTED_ZONE_ID: config.dns.zoneId,
              RECORD_NAME: config.dns.name,
              RECORD_VALUE: endpoint,
              RECORD_TTL: String(duration(config.dns.ttl)),
              DNS_TIMEOUT: waits,
            }
          : {}),
      },
      size: step.effect === "restores" ? { cores: 4, gib: 8 } : { cores: 1, gib: 1 },
    },
  );
}
