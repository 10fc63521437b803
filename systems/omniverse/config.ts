import { z } from "zod";
import { type Duration, duration, formatSeconds, seconds } from "../../recovery/duration";
import type { ObjectivesArgs } from "../../recovery/objective";
import type { ConfigProblem } from "../config/problems";
import * as is from "../config/settings";
import { type SystemSettings, siteRoles, sitesUsed } from "../config/system";
import { inherit, type PartialObjectives, partialObjectives } from "../tiers";
import { edgeContradictions, edgeSchema } from "./edgeConfig";
import { REFERENCES_SQL } from "./names";
import { type AssetName, assetIds, assetObjectives, assetRetention, databaseRetention } from "./objectives";
import { collisions, operationsSchema } from "./operationsConfig";
import { changeSettings, procedureSettings } from "./procedureSettings";
import { type PathName, recoveryPaths } from "./recoverySteps";
import { serverContradictions, serverSettings } from "./serverConfig";

/** How long a copy of the assets may wait for a dump of its turn: DUMP_WITHIN of pair.sh. */
const DUMP_WAIT = duration("20m");

const span = (value: string) => is.span().default(value);

const deadlines = (path: PathName) =>
  z
    .strictObject(
      Object.fromEntries(
        Object.entries(recoveryPaths[path].steps).map(([step, { deadline }]) => [
          step,
          is.span().default(deadline) as z.ZodType<Duration, Duration | undefined>,
        ]),
      ),
    )
    .prefault({});

/** The network of a site, which other programs declare. */
const network = z.strictObject({
  vpc: is.matching("the id of a VPC, such as vpc-0123456789abcdef0", /^vpc-[0-9a-f]{8,17}$/),
  subnets: is.some(
    is.matching("the id of a subnet, such as subnet-0123456789abcdef0", /^subnet-[0-9a-f]{8,17}$/),
    '["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]',
  ),
  /** Security group of the cluster's nodes: they alone may call the database. */
  nodes: is.matching("the id of a security group, such as sg-0123456789abcdef0", /^sg-[0-9a-f]{8,17}$/),
});

const size = z
  .strictObject({
    instanceClass: is.words("db.m6g.xlarge").default("db.m6g.xlarge"),
    storageGib: is.whole(20, 65_536, 200).default(200),
    storageMostGib: is.whole(20, 65_536, 400).default(400),
  })
  .prefault({});

/** Everything about Omniverse Nucleus that a stack can say; what it leaves out is production's. */
export const omniverseSchema = z.strictObject({
  namespace: is.objectName().default("omniverse-prod"),
  /** Holds nucleus-admin, nucleus-tools, psql, restic, rclone and what else the job scripts call. */
  image: is.image(),
  sites: siteRoles(),
  objectives: partialObjectives.prefault({}),
  assetObjectives: z
    .strictObject({
      database: partialObjectives.prefault({}),
      assets: partialObjectives.prefault({}),
      accounts: partialObjectives.prefault({}),
    })
    .prefault({}),
  network: z.strictObject({ primary: network, secondary: network }),
  database: z
    .strictObject({
      identifier: is.objectName().default("omniverse-prod"),
      /** PostgreSQL with its minor part; RDS upgrades nothing by itself. */
      version: is.matching('a version of PostgreSQL 15, such as "15.12"', /^15\.\d+$/).default("15.12"),
      size,
      /** A standby in another zone; without it nothing outlives the loss of one. */
      multiAz: is.flag().default(true),
      /** Expected size, bytes. */
      bytes: is.whole(1, 64e12, 100e9).default(100e9),
      /** How far back any moment can be restored, here and in the other region. */
      backups: is.days().default("35d"),
      /** Not in the runbook's window of Sunday, in which its own work runs. */
      backupWindow: is.words("00:30-01:30").default("00:30-01:30"),
      maintenanceWindow: is.words("sun:04:30-sun:05:30").default("sun:04:30-sun:05:30"),
      /** After that of the first instance, before the next dump. */
      replicaMaintenanceWindow: is.words("sun:05:30-sun:06:00").default("sun:05:30-sun:06:00"),
      /** Lists what the database refers to: key, version and SHA-256 of each object, for the vendor's tables. */
      references: is.words(REFERENCES_SQL).default(REFERENCES_SQL),
      /** Follows in the other region; what a promotion needs. */
      replica: is.flag().default(true),
    })
    .prefault({}),
  assets: z.strictObject({
    bucket: is.bucketName(),
    /** The bucket of the other region that S3 copies to. */
    replica: is.bucketName(),
    /** How long replaced and deleted files can be brought back. */
    keepVersions: is.days().default("60d"),
    /** Expected size, bytes. */
    bytes: is.whole(1, 5e15, 500e9).default(500e9),
  }),
  ...serverSettings,
  /** Storage class of the volume that a copy of the assets is put together on. */
  mirrorClass: is.objectName().default("zone-redundant"),
  backups: z.strictObject({
    /** Site whose region and account keep the copies. */
    site: is.objectName().default("secondary"),
    bucket: is.bucketName(),
    /** What opens the repositories; below the prefix of the platform's keys, by which a clean room gets it. */
    secret: is.words("holdfast/prod/omniverse-restic"),
    /** A repository takes snapshots for a month and keeps the last for eight weeks: 87 days, and some. */
    lock: is.days().default("90d"),
    expire: is.days().default("91d"),
    /** The runbook's 02:00 and every four hours; ends before the weekly work of Sunday begins at 03:00. */
    database: is.timing("0 2-22/4 * * *", "5m", "45m"),
    /** After the dump, so that the copy holds what the dump refers to; time enough for the first copy of a month. */
    assets: is.timing("30 2-22/4 * * *", "5m", "3h30m"),
    /**
     * Bytes of the assets that a copy sends each second. The first of a month sends them all, the others what is new; the
     * metric holdfast_run_seconds says what it really took.
     */
    assetRate: is.whole(1_000_000, 100e9, 50e6).default(50e6),
    /** Accounts and tags are small. */
    accounts: is.timing("15 * * * *", "5m", "20m"),
  }),
  /** Last day on which nobody can delete the recovery kit; a later day only ever extends it. */
  recoveryKit: z.strictObject({ lockedUntil: is.day() }),
  /** Reads the latest moment that RDS can restore, which no metric of AWS says. */
  restorableTime: is.timing("*/5 * * * *", "60s", "2m"),
  /** The runbook's daily, weekly and monthly work. */
  operations: operationsSchema,
  verification: z
    .strictObject({
      database: is.timing("0 8 * * *", "30m", "2h"),
      assets: is.timing("0 12 * * 3", "30m", "4h"),
      accounts: is.timing("30 7 * * *", "30m", "1h"),
    })
    .prefault({}),
  drill: z
    .strictObject({
      database: is.timing("0 9 5 * *", "30m", "6h"),
      assets: is.timing("0 9 6 * *", "30m", "6h"),
      accounts: is.timing("0 9 7 * *", "30m", "2h"),
    })
    .prefault({}),
  rehearsal: z
    .strictObject({
      /** Whether `image` holds `nucleus`, which the drill of the assets starts; without it only data is rehearsed. */
      startsService: is.flag().default(true),
    })
    .prefault({}),
  recovery: z
    .strictObject(
      Object.fromEntries((Object.keys(recoveryPaths) as PathName[]).map((path) => [path, deadlines(path)])) as Record<
        PathName,
        ReturnType<typeof deadlines>
      >,
    )
    .prefault({}),
  procedures: procedureSettings,
  change: changeSettings,
  dns: z.strictObject({
    /** Existing Route 53 zone. */
    zoneId: is.words("Z0123456789EXAMPLE"),
    name: is.dnsName(),
    ttl: span("60s"),
    /** Names at which each site is reached. */
    endpoints: z.strictObject({ primary: is.dnsName(), secondary: is.dnsName(), cleanRoom: is.dnsName() }),
  }),
  edge: edgeSchema,
  /** Where people are told of a failover, as the runbook does. */
  notifications: is
    .words("https://alerts.company.com/api/notifications")
    .default("https://alerts.company.com/api/notifications"),
  alerts: z.strictObject({
    interval: span("15s"),
    /** Folder of the runbook pages. */
    runbooks: is.words("https://runbooks.example.com/omniverse"),
    regionLostFor: span("2m"),
    /** Address that the paging service turns into pages: where alarms of AWS go. */
    cloudAlarmsTo: is.words("omniverse-pages@company.com"),
    escalateAfter: span("15m"),
    /** Existing Secret of the namespace with addresses of the paging service and the password of the mail account. */
    secret: is.objectName().default("omniverse-alert-routes"),
    mail: z.strictObject({
      from: is.words("alerts@company.com"),
      smarthost: is.words("smtp.company.com:587"),
      username: is.words("alerts@company.com"),
    }),
  }),
  scrape: z.strictObject({ interval: span("15s"), timeout: span("10s") }).prefault({}),
});

type Parsed = z.output<typeof omniverseSchema>;

/** What a stack says about Omniverse, with what it left out filled in and its objectives inherited. */
export type OmniverseConfig = Omit<Parsed, "objectives" | "assetObjectives"> & {
  objectives: Record<AssetName, ObjectivesArgs>;
};

/** Omniverse Nucleus as a system of a stack. */
export const omniverseSystem: SystemSettings<typeof omniverseSchema, OmniverseConfig> = {
  schema: omniverseSchema,
  resolve: ({ objectives, assetObjectives: own, ...rest }) => {
    const inherited = (Object.keys(assetIds) as AssetName[]).map((name) => [
      name,
      inherit(assetObjectives[name] as PartialObjectives, objectives, own[name]).objectives,
    ]);
    return { ...rest, objectives: Object.fromEntries(inherited) as Record<AssetName, ObjectivesArgs> };
  },
  contradictions,
  sites: (raw) => sitesUsed(raw, omniverseSchema.shape),
};

function contradictions(raw: Readonly<Record<string, unknown>>): ConfigProblem[] {
  const problems: ConfigProblem[] = edgeContradictions(raw.edge);
  const refuse = (key: string, must: string, got: unknown) =>
    problems.push({ key, message: `must be ${must}, got ${JSON.stringify(got)}` });
  const read = <K extends keyof typeof omniverseSchema.shape>(key: K) => {
    const result = omniverseSchema.shape[key].safeParse(raw[key]);
    return result.success ? (result.data as Parsed[K]) : undefined;
  };
  const sites = read("sites");
  if (sites && sites.primary === sites.secondary) {
    refuse("sites.secondary", "another site than sites.primary, or both are lost together", sites.secondary);
  }
  for (const { key, must, got } of serverContradictions(read("servers"), read("directory"))) refuse(key, must, got);
  const backups = read("backups");
  if (backups && duration(backups.expire) <= duration(backups.lock)) {
    refuse("backups.expire", `longer than backups.lock ${backups.lock}: what is locked cannot expire`, backups.expire);
  }
  const operations = read("operations");
  if (backups && operations) problems.push(...collisions(operations.chores.maintenance, backups.database));
  const assets = read("assets");
  if (assets && assets.bucket === assets.replica) {
    refuse("assets.replica", "another bucket than assets.bucket, or both are lost together", assets.replica);
  }
  if (assets && duration(assets.keepVersions) < duration(assetRetention.atLeast)) {
    const must = `at least ${assetRetention.atLeast}, which is promised of the assets, such as "60d"`;
    refuse("assets.keepVersions", must, assets.keepVersions);
  }
  // A snapshot of the last day of a month stands on what that month's first one wrote.
  const locked = seconds(duration(assetRetention.atLeast) + duration("31d"));
  if (backups && duration(backups.lock) < locked) {
    const must = `at least ${formatSeconds(locked)}: what is promised of the assets, and a month that a repository grows, such as "90d"`;
    refuse("backups.lock", must, backups.lock);
  }
  const first = backups && assets ? DUMP_WAIT + Math.ceil(assets.bytes / backups.assetRate) : 0;
  if (backups && first > duration(backups.assets.deadline)) {
    const takes = formatSeconds(seconds(Math.ceil(first / 60) * 60));
    refuse(
      "backups.assets.deadline",
      `at least ${takes}, which the first copy of a month takes for assets.bytes at ${backups.assetRate} bytes a second (backups.assetRate), once it has waited ${formatSeconds(DUMP_WAIT)} for a dump`,
      backups.assets.deadline,
    );
  }
  const database = read("database");
  const kept = duration(databaseRetention.atLeast);
  if (database && (duration(database.backups) > duration("35d") || duration(database.backups) < kept)) {
    const must = `${databaseRetention.atLeast} to 35d, from what is promised of the database to the longest that RDS keeps, such as "35d"`;
    refuse("database.backups", must, database.backups);
  }
  if (database && database.size.storageMostGib < database.size.storageGib) {
    refuse(
      "database.size.storageMostGib",
      `at least storageGib ${database.size.storageGib}`,
      database.size.storageMostGib,
    );
  }
  return problems;
}
