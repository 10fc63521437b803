import { z } from "zod";
import { duration } from "../../recovery/duration";
import type { ObjectivesArgs } from "../../recovery/objective";
import type { ConfigProblem } from "../config/problems";
import * as is from "../config/settings";
import { type SiteUse, type SystemSettings, siteRoles, sitesUsed } from "../config/system";
import { inherit, partialObjectives, tiers } from "../tiers";
import { type AssetName, assetNames, assetPlans } from "./assets";
import { assetObjectives, retention, TIER } from "./objectives";

const span = (value: string) => is.span().default(value);

function asset(
  name: AssetName,
  [taken, verified, rehearsed]: [string, string, string],
  longest: { startWithin: string; run: string; check: string },
) {
  const { restore, verify } = assetPlans[name];
  return z
    .strictObject({
      objectives: partialObjectives.prefault({}),
      export: is.timing(taken, longest.startWithin, longest.run),
      verification: is.timing(verified, "30m", longest.check),
      drill: is.timing(rehearsed, "30m", longest.check),
      /** Deadlines of the two steps of its recovery. */
      restore: span(restore),
      verify: span(verify),
    })
    .prefault({});
}

const hourly = { startWithin: "10m", run: "15m", check: "1h" };
const fourADay = { startWithin: "30m", run: "30m", check: "1h" };
const daily = { startWithin: "1h", run: "2h", check: "2h" };

/** Sites in Azure that systems run at, and the platform checks; it keeps and restores nothing there. */
const azureSites = z.strictObject({
  /** Directory that the subscriptions belong to. */
  tenant: is.guid("the id of a directory"),
  /** Sites with a cluster. */
  sites: is.some(is.objectName(), '["analytics-primary", "analytics-secondary"]'),
  cleanRoom: is.objectName().default("analytics-clean-room"),
});

/** Everything about the platform that a stack can say; what it leaves out is production's. */
export const platformSchema = z.strictObject({
  namespace: is.objectName().default("platform"),
  /** Holds pulumi, kubectl, aws, skopeo, age and what else the job scripts call. */
  image: is.image(),
  sites: siteRoles(),
  objectives: partialObjectives.prefault({}),
  assets: z
    .strictObject({
      state: asset("state", ["23 * * * *", "0 4 * * 1", "0 9 9 * *"], hourly),
      dns: asset("dns", ["27 * * * *", "5 4 * * 1", "5 9 9 * *"], hourly),
      keys: asset("keys", ["37 */6 * * *", "10 4 * * 1", "10 9 9 * *"], fourADay),
      clusters: asset("clusters", ["31 */6 * * *", "15 4 * * 1", "15 9 9 * *"], fourADay),
      monitoring: asset("monitoring", ["41 */6 * * *", "20 4 * * 1", "20 9 9 * *"], fourADay),
      registry: asset("registry", ["11 2 * * *", "30 4 * * 1", "30 9 9 * *"], daily),
    })
    .prefault({}),
  retention: z
    .strictObject({
      atLeast: span(retention.atLeast),
      atMost: span(retention.atMost ?? "60d"),
    })
    .prefault({}),
  backups: z.strictObject({
    /** Site whose region and account keep the exports. */
    site: is.objectName().default("secondary"),
    bucket: is.bucketName(),
    lock: is.days().default("45d"),
    expire: is.days().default("46d"),
  }),
  /** Last day on which nobody can delete the recovery kit; a later day only ever extends it. */
  recoveryKit: z.strictObject({ lockedUntil: is.day() }),
  state: z.strictObject({
    /** Bucket of the backend that deployments use, and its region. */
    bucket: is.bucketName(),
    region: is.words("eu-central-1"),
    /** Stacks that are exported, with organization and project: those that this program is deployed as. */
    stacks: is.some(is.words("organization/holdfast/prod"), '["organization/holdfast/prod"]'),
    /** Bucket of the other region that a recovery imports into. */
    replica: is.bucketName(),
    /** KMS key of several regions that the stacks' secrets are encrypted with, by its ARN in the other region. */
    key: is.words("arn:aws:kms:eu-west-1:111111111111:key/mrk-00000000000000000000000000000000"),
  }),
  /** Namespaces whose objects are exported. */
  namespaces: is.some(is.objectName(), '["omendb-prod", "platform"]'),
  dns: z.strictObject({ zones: is.some(is.words("Z0123456789EXAMPLE"), '["Z0123456789EXAMPLE"]') }),
  registry: z.strictObject({
    images: is.some(is.image(), '["omendb/omendb@sha256:..."]'),
    /** Registry and folder of the other region that a recovery copies to. */
    recoverTo: is.words("111111111111.dkr.ecr.eu-west-1.amazonaws.com/recovered"),
  }),
  keys: z.strictObject({
    /** What the names of the secrets begin with. */
    prefix: is.words("holdfast/prod/"),
    /** Public key of the clean room; its private half has never been in reach of this program. */
    recipient: is.ageRecipient(),
  }),
  monitoring: z.strictObject({
    /** Address at which the other site sees that the Prometheus of the primary is well. */
    health: is.words("https://prometheus.eu-central-1.example.com/-/healthy"),
  }),
  /** Address of the primary region that the other site asks to know that the region is there. */
  regionHealth: is.words("https://ingress.eu-central-1.example.com/healthz"),
  siteCheck: is.timing("50 5 * * *", "30m", "5m"),
  azure: azureSites.optional(),
  /** Oldest version of the API server that this program may be applied to. */
  kubernetes: is.words("1.30").default("1.30"),
  alerts: z.strictObject({
    interval: span("15s"),
    /** Folder of the runbook pages. */
    runbooks: is.words("https://runbooks.example.com/platform"),
    lostFor: span("2m"),
    escalateAfter: span("15m"),
    /** Existing Secret of the namespace with addresses of the paging service and the password of the mail account. */
    secret: is.objectName().default("platform-alert-routes"),
    mail: z.strictObject({
      from: is.words("alerts@company.com"),
      smarthost: is.words("smtp.company.com:587"),
      username: is.words("alerts@company.com"),
    }),
  }),
  scrape: z.strictObject({ interval: span("15s"), timeout: span("10s") }).prefault({}),
});

type Parsed = z.output<typeof platformSchema>;

/** Settings of one asset, with its objectives inherited. */
export type AssetConfig = Omit<Parsed["assets"][AssetName], "objectives"> & { objectives: ObjectivesArgs };

/** What a stack says about the platform, with what it left out filled in. */
export type PlatformConfig = Omit<Parsed, "objectives" | "assets"> & { assets: Record<AssetName, AssetConfig> };

/** The platform as a system of a stack. */
export const platformSystem: SystemSettings<typeof platformSchema, PlatformConfig> = {
  schema: platformSchema,
  resolve: ({ objectives, assets, ...rest }) => {
    const resolved = assetNames.map((name) => {
      const own = assets[name];
      const layers = inherit(tiers[TIER], assetObjectives[name], objectives, own.objectives);
      return [name, { ...own, objectives: layers.objectives }];
    });
    return { ...rest, assets: Object.fromEntries(resolved) as Record<AssetName, AssetConfig> };
  },
  contradictions,
  sites: (raw) => [...sitesUsed(raw, platformSchema.shape), ...azureUsed(raw)],
};

function azureUsed(raw: Readonly<Record<string, unknown>>): SiteUse[] {
  const azure = azureSites.safeParse(raw.azure).data;
  if (!azure) return [];
  const checked = azure.sites.map((site, at) => ({ key: `azure.sites[${at}]`, site, needsCluster: true }));
  return [...checked, { key: "azure.cleanRoom", site: azure.cleanRoom, needsCluster: false }];
}

function contradictions(raw: Readonly<Record<string, unknown>>): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const refuse = (key: string, must: string, got: unknown) =>
    problems.push({ key, message: `must be ${must}, got ${JSON.stringify(got)}` });
  const sites = platformSchema.shape.sites.safeParse(raw.sites).data;
  if (sites && sites.primary === sites.secondary) {
    refuse("sites.secondary", "another site than sites.primary, or both are lost together", sites.secondary);
  }
  const backups = platformSchema.shape.backups.safeParse(raw.backups).data;
  if (backups && duration(backups.expire) <= duration(backups.lock)) {
    refuse("backups.expire", `longer than backups.lock ${backups.lock}: what is locked cannot expire`, backups.expire);
  }
  const state = platformSchema.shape.state.safeParse(raw.state).data;
  if (state && state.bucket === state.replica) {
    refuse("state.replica", "another bucket than state.bucket, or a recovery writes over what it saves", state.replica);
  }
  return problems;
}
