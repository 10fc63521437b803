import { z } from "zod";
import type { SiteArgs } from "../recovery/plan";
import { analyticsSystem } from "./analytics/config";
import { exportedStacks } from "./config/exported";
import { AGREE, ConfigError, type ConfigProblem, problemsOf } from "./config/problems";
import { rawSettings } from "./config/raw";
import { pathText, type RegisterEntries, readRegister } from "./config/register";
import { some, words } from "./config/settings";
import { registered, type Site, site } from "./config/sites";
import type { SystemSettings } from "./config/system";
import { omendbSystem } from "./omendb/config";
import { omniverseSystem } from "./omniverse/config";
import { platformSystem } from "./platform/config";

export { ConfigError, type ConfigProblem } from "./config/problems";

/** Where a stack's configuration comes from. */
export interface ConfigSource {
  /** Its project: with it what is exported of its stacks is checked. @default unchecked */
  project?: string;
  /** `prod` of `Pulumi.prod.yaml`. */
  stack: string;
  /** As `pulumi.runtime.allConfig()` gives it: texts, objects as JSON. */
  values: Readonly<Record<string, string>>;
  /** Whether a top-level key, `holdfast:omendb`, is marked secret: its value is never printed. */
  isSecret: (key: string) => boolean;
  /** Folder that register files are named from. */
  root: string;
}

/** Every system that a stack may declare; one is declared where the stack says something of it. */
const systems = {
  platform: platformSystem,
  omendb: omendbSystem,
  omniverse: omniverseSystem,
  analytics: analyticsSystem,
};

/** Their names, which are their keys in a stack's configuration. */
export const systemNames = Object.keys(systems) as (keyof typeof systems)[];

/** Configuration of the systems that a stack declares. */
export type SystemConfigs = { [Name in keyof typeof systems]?: ReturnType<(typeof systems)[Name]["resolve"]> };

/** A stack's configuration, checked as a whole. */
export interface StackConfig extends SystemConfigs {
  sites: Record<string, Site>;
  register: RegisterEntries & { sites: SiteArgs[] };
}

const NAMESPACE = "holdfast";

const schema = z.strictObject({
  sites: z.record(z.string(), site),
  /** Files with assumptions, waivers and drill records. */
  register: some(words("registers/prod/omendb.yaml"), '["registers/prod.yaml"]'),
  platform: platformSystem.schema.optional(),
  omendb: omendbSystem.schema.optional(),
  omniverse: omniverseSystem.schema.optional(),
  analytics: analyticsSystem.schema.optional(),
});

/** Reads and checks all of a stack's configuration; throws a `ConfigError` that lists every problem. */
export function readConfig(source: ConfigSource): StackConfig {
  const { raw, problems } = rawSettings(source, NAMESPACE, Object.keys(schema.shape));
  problems.push(
    ...problemsOf(
      schema,
      raw,
      (path) => `${NAMESPACE}:${pathText(path)}`,
      ([top]) => source.isSecret(`${NAMESPACE}:${String(top)}`),
    ),
    ...contradictions(raw, source.isSecret),
  );
  const files = schema.shape.register.safeParse(raw.register);
  const register = readRegister(source.root, files.success ? files.data : []);
  problems.push(...register.problems);
  const { project, stack, root } = source;
  if (project !== undefined) problems.push(...exportedStacks({ project, stack, root }));
  if (problems.length > 0) throw new ConfigError(`Pulumi.${source.stack}.yaml`, problems);

  const parsed = schema.parse(raw);
  return {
    sites: parsed.sites,
    register: {
      sites: Object.entries(parsed.sites).map(([name, one]) => registered(name, one)),
      ...register.entries,
    },
    ...(parsed.platform && { platform: platformSystem.resolve(parsed.platform, raw.platform) }),
    ...(parsed.omendb && { omendb: omendbSystem.resolve(parsed.omendb, raw.omendb) }),
    ...(parsed.omniverse && { omniverse: omniverseSystem.resolve(parsed.omniverse, raw.omniverse) }),
    ...(parsed.analytics && { analytics: analyticsSystem.resolve(parsed.analytics, raw.analytics) }),
  };
}

/** Names that resolve to nothing, and what the single settings cannot see. */
function contradictions(raw: Record<string, unknown>, isSecret: ConfigSource["isSecret"]): ConfigProblem[] {
  const sites = asObject(raw.sites);
  if (!systemNames.some((name) => raw[name] !== undefined)) {
    return [{ key: NAMESPACE, message: `must declare at least one system: ${systemNames.map(keyOf).join(", ")}` }];
  }
  return Object.entries(systems).flatMap(([name, system]) => {
    const own = asObject(raw[name]);
    if (own === undefined) return [];
    const hidden = [name, "sites"].map(keyOf).some(isSecret);
    return [...system.contradictions(own), ...(sites ? unknownSites(system, own, sites) : [])].map(
      ({ key, message }) => ({ key: `${keyOf(name)}.${key}`, message: hidden ? `${AGREE}, got [secret]` : message }),
    );
  });
}

function keyOf(name: string): string {
  return `${NAMESPACE}:${name}`;
}

function unknownSites(
  system: Pick<SystemSettings<z.ZodType, unknown>, "sites">,
  own: Record<string, unknown>,
  sites: Record<string, unknown>,
): ConfigProblem[] {
  const names = Object.keys(sites);
  return system.sites(own).flatMap(({ key, site: name, needsCluster }) => {
    if (name === undefined) return [];
    if (!names.includes(name)) {
      return [
        { key, message: `must be a site of ${keyOf("sites")} (${names.join(", ")}), got ${JSON.stringify(name)}` },
      ];
    }
    const hasCluster = asObject(sites[name])?.cluster !== undefined;
    return needsCluster && !hasCluster
      ? [{ key, message: `must be a site with a cluster, got ${JSON.stringify(name)}, which has none` }]
      : [];
  });
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
