import { z } from "zod";
import { type Duration, duration } from "../../recovery/duration";
import type { ObjectivesArgs } from "../../recovery/objective";
import type { ConfigProblem } from "../config/problems";
import * as is from "../config/settings";
import { type SystemSettings, siteRoles, sitesUsed } from "../config/system";
import { inherit, partialObjectives, tiers } from "../tiers";
import { guideObjectives, retention, TIER } from "./objectives";
import { type PathName, recoveryPaths, type StepPlan, upgradeSteps } from "./recoverySteps";
import {
  type IndexProfile,
  indexProfiles,
  memoryProblems,
  type OmendbSettings,
  omendbSettings,
  withIndexProfile,
} from "./toml";

const deadlines = (steps: Readonly<Record<string, string>>) =>
  z
    .strictObject(
      Object.fromEntries(
        Object.entries(steps).map(([step, value]) => [
          step,
          is.span().default(value) as z.ZodType<Duration, Duration | undefined>,
        ]),
      ),
    )
    .prefault({});

const deadlinesOf = (steps: Readonly<Record<string, StepPlan>>) =>
  deadlines(Object.fromEntries(Object.entries(steps).map(([step, { deadline }]) => [step, deadline])));

const probe = (period: string, timeout: string, failures: number) =>
  z
    .strictObject({
      period: is.span().default(period),
      timeout: is.span().default(timeout),
      failures: is.whole(1, 100, 3).default(failures),
    })
    .prefault({});

/** Everything about OmenDB that a stack can say; what it leaves out is production's. */
export const omendbSchema = z.strictObject({
  namespace: is.objectName().default("omendb-prod"),
  sites: siteRoles(),
  tier: is.oneOf(...(Object.keys(tiers) as (keyof typeof tiers)[])).default(TIER),
  objectives: partialObjectives.prefault({}),
  assets: z
    .strictObject({ data: z.strictObject({ objectives: partialObjectives.prefault({}) }).prefault({}) })
    .prefault({}),
  retention: z
    .strictObject({
      atLeast: is.span().default(retention.atLeast),
      atMost: is.span().default(retention.atMost ?? "60d"),
    })
    .prefault({}),
  /** The guide names no query API; the benchmark asks this. */
  benchmarkPath: is.words("/admin/index-stats").default("/admin/index-stats"),
  /** Holds omendb, backup_tool and what the job scripts call. */
  image: is.image(),
  replicas: is.whole(1, 9, 3).default(3),
  /** Pods that a drain must leave. */
  keep: is.whole(0, 8, 2).default(2),
  resources: z
    .strictObject({
      cores: is.whole(1, 256, 16).default(16),
      memoryMib: is.whole(1024, 4_194_304, 32_768).default(32_768),
    })
    .prefault({}),
  /** Which of the guide's machines the volumes are sized for. */
  sizing: is.oneOf("minimum", "recommended").default("recommended"),
  storage: z
    .strictObject({
      class: is.objectName().default("zone-redundant"),
      dataGib: is.whole(1, 1_000_000, 424).optional(),
      walGib: is.whole(1, 1_000_000, 43).optional(),
      scratchGib: is.whole(1, 1_000_000, 100).optional(),
    })
    .prefault({}),
  profile: is.oneOf(...(Object.keys(indexProfiles) as IndexProfile[])).default("base"),
  toml: omendbSettings.prefault({}),
  users: is.some(is.objectName(), '["operator", "application"]').default(["operator", "application"]),
  /** Namespaces whose pods may call the database. */
  clients: z.array(is.objectName()).default([]),
  /** Kernel settings of the guide's network tuning; the kubelet must list them in --allowed-unsafe-sysctls. */
  sysctls: is.flag().default(false),
  lease: z.strictObject({ duration: is.span().default("15s"), startWithin: is.span().default("45s") }).prefault({}),
  /** A standby is up at once; a start that hangs is killed no later than a database that hangs, or process misses its RTO. */
  probes: z
    .strictObject({ startup: probe("2s", "2s", 9), live: probe("5s", "5s", 3), ready: probe("5s", "5s", 2) })
    .prefault({}),
  tolerate: is.span().default("30s"),
  stopWithin: is.span().default("10s"),
  certificate: z
    .strictObject({ lifetime: is.days().default("365d"), renewBefore: is.days().default("30d") })
    .prefault({}),
  backups: z
    .strictObject({
      /** Site whose region and account keep the copies. */
      site: is.objectName().default("secondary"),
      bucket: is.bucketName(),
      lock: is.days().default("45d"),
      expire: is.days().default("46d"),
      incremental: is.timing("*/3 * * * *", "60s", "2m"),
      full: is.timing("1 */6 * * *", "5m", "15m"),
    })
    .prefault({} as { bucket: string }),
  /** Last day on which nobody can delete the recovery kit; a later day only ever extends it. */
  recoveryKit: z.strictObject({ lockedUntil: is.day() }),
  verification: is.timing("30 4 1 * *", "30m", "2h"),
  drill: is.timing("30 9 8 * *", "30m", "2h"),
  maintenance: z
    .strictObject({
      health: is.timing("7 7 * * *", "30m", "5m"),
      errors: is.timing("17 7 * * *", "30m", "10m"),
      index: is.timing("0 3 * * 1", "30m", "15m"),
      capacity: is.timing("10 3 * * 1", "30m", "10m"),
      audit: is.timing("20 3 * * 1", "30m", "15m"),
      benchmark: is.timing("0 3 15 * *", "30m", "30m"),
    })
    .prefault({}),
  recovery: z
    .strictObject(
      Object.fromEntries(
        Object.entries(recoveryPaths).map(([path, { steps }]) => [path, deadlinesOf(steps)]),
      ) as Record<PathName, ReturnType<typeof deadlinesOf>>,
    )
    .prefault({}),
  upgrade: deadlines(upgradeSteps),
  dns: z.strictObject({
    /** Existing Route 53 zone. */
    zoneId: is.words("Z0123456789EXAMPLE"),
    name: is.dnsName(),
    ttl: is.span().default("60s"),
  }),
  alerts: z.strictObject({
    /** How often the rules are evaluated. */
    interval: is.span().default("15s"),
    /** Folder of the runbook pages. */
    runbooks: is.words("https://runbooks.example.com/omendb"),
    /** Until the primary region counts as lost. */
    regionLostFor: is.span().default("2m"),
    escalateAfter: is.span().default("15m"),
    /** Existing Secret of the namespace with addresses of the paging service and the password of the mail account. */
    secret: is.objectName().default("omendb-alert-routes"),
    mail: z.strictObject({
      from: is.words("alerts@company.com"),
      smarthost: is.words("smtp.company.com:587"),
      username: is.words("alerts@company.com"),
    }),
  }),
  scrape: z.strictObject({ interval: is.span().default("15s"), timeout: is.span().default("10s") }).prefault({}),
});

/** What a stack says about OmenDB, with what it left out filled in and its objectives inherited. */
export type OmendbConfig = Omit<z.output<typeof omendbSchema>, "objectives" | "assets" | "tier"> & {
  objectives: ObjectivesArgs;
};

/** OmenDB as a system of a stack. */
export const omendbSystem: SystemSettings<typeof omendbSchema, OmendbConfig> = {
  schema: omendbSchema,
  resolve: (parsed, raw) => resolveOmendb(parsed, raw as { toml?: object }),
  contradictions: omendbContradictions,
  sites: (raw) => sitesUsed(raw, omendbSchema.shape),
};

/** Inherits the objectives, tier to system to stack to asset, and lays the index profile under the settings. */
function resolveOmendb(parsed: z.output<typeof omendbSchema>, raw: { toml?: object } | undefined): OmendbConfig {
  const { tier, objectives, assets, ...rest } = parsed;
  return {
    ...rest,
    toml: settingsOf(parsed.profile, raw),
    objectives: inherit(tiers[tier], guideObjectives, objectives, assets.data.objectives).objectives,
  };
}

/** What settings that are right one by one contradict; settings that could not be read are left out. */
function omendbContradictions(raw: Readonly<Record<string, unknown>>): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const refuse = (key: string, must: string, got: unknown) =>
    problems.push({ key, message: `must be ${must}, got ${JSON.stringify(got)}` });
  const read = <K extends keyof typeof omendbSchema.shape>(key: K) => {
    const result = omendbSchema.shape[key].safeParse(raw[key]);
    return result.success ? (result.data as z.output<(typeof omendbSchema.shape)[K]>) : undefined;
  };
  const profile = read("profile");
  const resources = read("resources");
  if (profile && resources && read("toml")) {
    const settings = settingsOf(profile, raw as { toml?: object });
    for (const { key, message } of memoryProblems(settings, resources.memoryMib))
      problems.push({ key: `toml.${key}`, message });
  }
  const [replicas, keep] = [read("replicas"), read("keep")];
  if (replicas !== undefined && keep !== undefined && keep >= replicas) {
    refuse("keep", `below replicas ${replicas}, or no node could ever be drained`, keep);
  }
  const layers = [read("tier"), read("objectives"), read("assets")] as const;
  if (layers[0] && layers[1] && layers[2]) {
    const { missing } = inherit(tiers[layers[0]], guideObjectives, layers[1], layers[2].data.objectives);
    problems.push(
      ...missing.map((key) => ({ key: `objectives.${key}`, message: "must be said here, for no tier says it" })),
    );
  }
  const sites = read("sites");
  if (sites && sites.primary === sites.secondary) {
    refuse("sites.secondary", "another site than sites.primary, or both are lost together", sites.secondary);
  }
  const backups = read("backups");
  if (backups && duration(backups.expire) <= duration(backups.lock)) {
    refuse("backups.expire", `longer than backups.lock ${backups.lock}: what is locked cannot expire`, backups.expire);
  }
  const certificate = read("certificate");
  if (certificate && duration(certificate.renewBefore) * 2 >= duration(certificate.lifetime)) {
    refuse(
      "certificate.renewBefore",
      `below half of certificate.lifetime ${certificate.lifetime}`,
      certificate.renewBefore,
    );
  }
  const scrape = read("scrape");
  if (scrape && duration(scrape.timeout) > duration(scrape.interval)) {
    refuse("scrape.timeout", `at most scrape.interval ${scrape.interval}, or Prometheus refuses it`, scrape.timeout);
  }
  return problems;
}

function settingsOf(profile: IndexProfile, raw: { toml?: object } | undefined): OmendbSettings {
  return omendbSettings.parse(withIndexProfile(raw?.toml ?? {}, profile));
}
