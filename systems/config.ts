import { z } from "zod";
import type { SiteArgs } from "../recovery/plan";
import { AGREE, ConfigError, type ConfigProblem, problemsOf } from "./config/problems";
import { rawSettings } from "./config/raw";
import { pathText, type RegisterEntries, readRegister } from "./config/register";
import { some, words } from "./config/settings";
import { registered, type Site, site } from "./config/sites";
import { type OmendbConfig, omendbContradictions, omendbSchema, resolveOmendb } from "./omendb/config";

export { ConfigError, type ConfigProblem } from "./config/problems";

/** Where a stack's configuration comes from. */
export interface ConfigSource {
  /** `prod` of `Pulumi.prod.yaml`. */
  stack: string;
  /** As `pulumi.runtime.allConfig()` gives it: texts, objects as JSON. */
  values: Readonly<Record<string, string>>;
  /** Whether a top-level key, `holdfast:omendb`, is marked secret: its value is never printed. */
  isSecret: (key: string) => boolean;
  /** Folder that register files are named from. */
  root: string;
}

/** A stack's configuration, checked as a whole. */
export interface StackConfig {
  sites: Record<string, Site>;
  register: RegisterEntries & { sites: SiteArgs[] };
  omendb: OmendbConfig;
}

const NAMESPACE = "holdfast";

const schema = z.strictObject({
  sites: z.record(z.string(), site),
  /** Files with assumptions, waivers and drill records. */
  register: some(words("registers/prod.yaml"), '["registers/prod.yaml"]'),
  omendb: omendbSchema,
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
  if (problems.length > 0) throw new ConfigError(`Pulumi.${source.stack}.yaml`, problems);

  const { sites, omendb } = schema.parse(raw);
  return {
    sites,
    register: { sites: Object.entries(sites).map(([name, one]) => registered(name, one)), ...register.entries },
    omendb: resolveOmendb(omendb, raw.omendb as { toml?: object } | undefined),
  };
}

/** Names that resolve to nothing, and what the single settings cannot see. */
function contradictions(raw: Record<string, unknown>, isSecret: ConfigSource["isSecret"]): ConfigProblem[] {
  const omendb = asObject(raw.omendb);
  const sites = asObject(raw.sites);
  const problems = omendb ? omendbContradictions(omendb) : [];
  if (omendb && sites) problems.push(...unknownSites(omendb, Object.keys(sites), sites));
  const hidden = [`${NAMESPACE}:omendb`, `${NAMESPACE}:sites`].some(isSecret);
  return problems.map(({ key, message }) => ({
    key: `${NAMESPACE}:omendb.${key}`,
    message: hidden ? `${AGREE}, got [secret]` : message,
  }));
}

function unknownSites(
  omendb: Record<string, unknown>,
  names: readonly string[],
  sites: Record<string, unknown>,
): ConfigProblem[] {
  const roles = omendbSchema.shape.sites.safeParse(omendb.sites);
  const backups = omendbSchema.shape.backups.safeParse(omendb.backups);
  const used: [string, string | undefined, boolean][] = [
    ["sites.primary", roles.data?.primary, true],
    ["sites.secondary", roles.data?.secondary, true],
    ["sites.cleanRoom", roles.data?.cleanRoom, false],
    ["backups.site", backups.data?.site, true],
  ];
  return used.flatMap(([key, name, needsCluster]) => {
    if (name === undefined) return [];
    if (!names.includes(name)) {
      return [
        { key, message: `must be a site of ${NAMESPACE}:sites (${names.join(", ")}), got ${JSON.stringify(name)}` },
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
