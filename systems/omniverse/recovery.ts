import { parameterGroupName, STORAGE_TYPE } from "../../components/database/postgresSettings";
import type { JobWork } from "../../components/kubernetes/cronJob";
import { RecoveryPath, type RecoveryStep } from "../../components/recovery/recoveryPath";
import { duration, isProblem } from "../../recovery/duration";
import { largestKept, parseLimit } from "../../recovery/objective";
import { kitKey } from "../copies";
import { INCIDENT_HOURS } from "../incident";
import { wholeDaysOf } from "../spans";
import { accountStepWork } from "./accountJobs";
import type { OmniverseConfig } from "./config";
import { networkNames } from "./data";
import { fenceEnv } from "./fence";
import { assetWork, listing } from "./jobWork";
import { ACCOUNTS, FOLDERS, INCIDENT_MAP, SELF, wakeEnv } from "./names";
import { assetIds } from "./objectives";
import { type PathName, type PathPlan, recoveryPaths, type StepPlan } from "./recoverySteps";
import { roomEnv, roomVolumes } from "./room";
import { placeVolume } from "./serverPods";
import type { OmniverseSite } from "./site";

/** Every way back to service, each at the site that runs it. */
export function recovery(primary: OmniverseSite, secondary: OmniverseSite, region: string): RecoveryPath[] {
  return (Object.keys(recoveryPaths) as PathName[])
    .filter((path) => path !== "promote-replica" || primary.config.database.replica)
    .map((path) => {
      const plan: PathPlan = recoveryPaths[path];
      // A clean room holds nothing of ours: its jobs lie at the secondary for reference, and in the recovery kit for use.
      const at = plan.runsAt === "primary" ? primary : secondary;
      return new RecoveryPath(
        `omniverse-${path}`,
        {
          placement: at.placement,
          path,
          job: `omniverse-${path}`,
          protects: assetIds[plan.asset],
          disruptions: plan.disruptions,
          ...(plan.from === undefined ? {} : { from: plan.from }),
          ...(plan.runsAt === "cleanRoom" ? { runsAt: at.config.sites.cleanRoom, kit: [kitKey(SELF)] } : {}),
          steps: stepsOf({ at, first: primary, region }, path),
        },
        { parent: at.parent },
      );
    });
}

/** Where a path runs, the site that is lost or damaged, and the region of the locked bucket. */
interface Ground {
  at: OmniverseSite;
  first: OmniverseSite;
  region: string;
}

function stepsOf(ground: Ground, path: PathName): RecoveryStep[] {
  const { at } = ground;
  const plan: PathPlan = recoveryPaths[path];
  return Object.entries(plan.steps).map(([name, declared]) => {
    const step = { ...declared, deadline: at.config.recovery[path][name] ?? declared.deadline };
    return {
      name,
      deadline: step.deadline,
      after: step.after,
      ...(step.effect ? { effect: step.effect } : {}),
      ...(step.redirects ? { redirects: at.config.dns.name } : {}),
      // To a clean room nothing leads before it is written.
      ...(step.redirects && plan.runsAt !== "cleanRoom" ? { redirectWithin: at.config.edge.redirectWithin } : {}),
      work: stepWork(ground, plan, name, step),
    };
  });
}

function stepWork({ at, first, region }: Ground, plan: PathPlan, name: string, step: StepPlan): JobWork {
  if (plan.asset === "accounts") return accountStepWork(at, region, plan, name, step.deadline);
  const { config } = at;
  const pointed = plan.runsAt === "cleanRoom" && (name === "room" || name === "resume");
  const looks = name === "room" && plan.asset === "database";
  const heavy = step.effect === "restores" && plan.from === undefined;
  // Each call that copies a version back is a process of its own.
  const busy = step.effect === "restores" && plan.from === "object-versions";
  const bytes = plan.asset === "database" ? config.database.bytes * 3 : config.assets.bytes;
  return assetWork(at, region, plan.asset, {
    script: ["recover.sh", plan.asset, name],
    account: ACCOUNTS.recovery,
    inputs: INCIDENT_MAP,
    copiesOf: "primary",
    env: {
      INCIDENT_HOURS: String(INCIDENT_HOURS),
      STEP_SECONDS: String(duration(step.deadline)),
      FROM: plan.from ?? "copies",
      DB_REPLICA: `${config.database.identifier}-replica`,
      DB_MULTI_AZ: config.database.multiAz ? "yes" : "no",
      DB_BACKUP_DAYS: String(wholeDaysOf(config.database.backups)),
      NOTIFY_URL: config.notifications,
      // Where the first site is: it is fenced, and asked what it has not sent yet.
      PRIMARY_URL: `https://${config.dns.endpoints.primary}`,
      PRIMARY_REGION: first.site.region,
      PRIMARY_BUCKET: config.assets.bucket,
      SITE_URL: `https://${config.dns.endpoints[plan.runsAt]}`,
      KEPT_DAYS: String(wholeDaysOf(config.assets.keepVersions)),
      // Of an instance just restored each block is fetched when it is read: several at a time.
      ...(name === "verify" && plan.asset === "database" ? { WORK_JOBS: "8" } : {}),
      ...(plan.disruptions.includes("region") ? { REGION_RPO: String(regionRpo(config)) } : {}),
      // A site that begins to serve is the one that must be protected.
      ...(name === "resume" && plan.runsAt === "secondary" ? wakeEnv : {}),
      ...(name === "restore" && plan.from === "replicated-backups" ? declaredInstance(config) : {}),
      ...(name === "fence" ? fenceEnv(config, step.deadline) : {}),
      ...(step.redirects || looks ? redirection(config, plan.runsAt) : {}),
      ...(looks ? roomEnv(config) : {}),
      ...(pointed ? { PLACE_DIR: FOLDERS.place } : {}),
    },
    ...(pointed ? { volumes: [placeVolume, ...(looks ? roomVolumes : [])] } : {}),
    ...(step.lists ? listing(config) : {}),
    ...(busy ? { size: { cores: 4, gib: 4 } } : {}),
    ...(heavy ? { scratchBytes: bytes, size: { cores: 4, gib: 8 } } : {}),
  });
}

/** What an instance of the other region is given where no replica is there to read it from; in the words of RDS. */
function declaredInstance(config: OmniverseConfig): Record<string, string> {
  const { identifier, version, size } = config.database;
  const { subnets, callers } = networkNames(config, "secondary");
  const settings = {
    DBInstanceClass: size.instanceClass,
    DBSubnetGroup: { DBSubnetGroupName: subnets },
    DBParameterGroups: [{ DBParameterGroupName: parameterGroupName(identifier, version) }],
    StorageType: STORAGE_TYPE,
    MaxAllocatedStorage: size.storageMostGib,
  };
  return {
    DB_SETTINGS: JSON.stringify(settings),
    DB_VPC: config.network.secondary.vpc,
    DB_SECURITY_GROUP: callers,
  };
}

/** What a lost region may cost, in seconds: database and files come back together, so the stricter of both. */
function regionRpo({ objectives }: OmniverseConfig): number {
  return Math.min(
    ...[objectives.database, objectives.assets].map(({ region }) => {
      const limit = parseLimit(region.rpo);
      if (isProblem(limit)) throw new RangeError(`region.rpo ${limit.problem}`);
      return largestKept(limit);
    }),
  );
}

function redirection({ dns }: OmniverseConfig, to: PathPlan["runsAt"]): Record<string, string> {
  return {
    HOSTED_ZONE_ID: dns.zoneId,
    RECORD_NAME: dns.name,
    RECORD_VALUE: dns.endpoints[to],
    // Where clients go while that is silent: never back to a site that was lost, stale or hostile.
    STANDBY_VALUE: dns.endpoints[to === "primary" ? "secondary" : to],
    RECORD_TTL: String(duration(dns.ttl)),
  };
}
