import { stringify } from "smol-toml";
import { z } from "zod";

/** Where the guide keeps the data; the log is its sibling `wal`. */
export const guideDataDir = "/var/lib/omendb/data";

const count = z.int().min(1);
const port = z.int().min(1).max(65_535);
const name = z
  .string()
  .regex(/^[a-z][a-z0-9_-]*$/, 'must be lower-case letters, digits, "_" and "-", starting with a letter');

/**
 * The whole `omendb.toml` of the guide: nine sections, 34 keys, and no others. Every default is the guide's, but one:
 * its `batch_size` 100000 is above its own `max_insert_batch_size` 50000, so a full batch would be refused; ours is 50000.
 */
export const omendbSettings = z
  .strictObject({
    database: z
      .strictObject({
        name: name.default("omendb_production"),
        data_dir: z.string().default(guideDataDir),
        /** Memory the engine may use, MiB. */
        max_memory_mb: count.default(8192),
        /** Records the volumes are sized for. */
        expected_size: count.default(100_000_000),
      })
      .prefault({}),
    storage: z
      .strictObject({
        enable_compression: z.boolean().default(true),
        batch_size: count.default(50_000),
        sync_interval_ms: count.default(5000),
      })
      .prefault({}),
    index: z
      .strictObject({
        /** The guide names only `recursive`. */
        model_type: name.default("recursive"),
        max_error: count.default(50),
        retrain_threshold: count.default(1_000_000),
      })
      .prefault({}),
    wal: z
      .strictObject({
        enabled: z.boolean().default(true),
        /** A write is acknowledged after it is durable: without it a lost pod costs `sync_interval_ms`. */
        sync_on_write: z.boolean().default(true),
        max_file_size_mb: count.default(100),
        rotation_interval_hours: count.default(24),
      })
      .prefault({}),
    http: z
      .strictObject({
        host: z.union([z.ipv4(), z.ipv6(), z.hostname()]).default("0.0.0.0"),
        port: port.default(3000),
        request_timeout_ms: count.default(30_000),
        max_concurrent_requests: count.default(1000),
      })
      .prefault({}),
    security: z
      .strictObject({
        auth_enabled: z.boolean().default(true),
        session_timeout_seconds: count.default(3600),
        tls_enabled: z.boolean().default(true),
      })
      .prefault({}),
    monitoring: z
      .strictObject({
        prometheus_enabled: z.boolean().default(true),
        prometheus_port: port.default(9090),
        health_check_interval_ms: count.default(10_000),
        log_level: z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
        /** The guide names only `json`. */
        log_format: name.default("json"),
      })
      .prefault({}),
    performance: z
      .strictObject({
        worker_threads: count.default(8),
        io_threads: count.default(4),
        enable_simd: z.boolean().default(true),
        prefetch_size: count.default(2000),
      })
      .prefault({}),
    limits: z
      .strictObject({
        max_connections: count.default(1000),
        max_query_duration_ms: count.default(30_000),
        max_insert_batch_size: count.default(50_000),
        /** Memory at which the engine refuses work, MiB. */
        memory_limit_mb: count.default(8192),
      })
      .prefault({}),
  })
  .superRefine((settings, context) => {
    for (const { key, message } of contradictions(settings)) {
      context.addIssue({ code: "custom", path: key.split("."), message });
    }
  });

/** Settings with every key present. */
export type OmendbSettings = z.output<typeof omendbSettings>;

/** Settings as a person writes them: any key may be left out. */
export type OmendbSettingsArgs = z.input<typeof omendbSettings>;

/** A key whose value cannot be, and what it must be. */
export interface SettingProblem {
  /** `storage.batch_size`. */
  key: string;
  message: string;
}

/** The guide's three tunings of the learned index: more error allowed is faster, less is more accurate. */
export const indexProfiles = {
  base: { model_type: "recursive", max_error: 50, retrain_threshold: 1_000_000 },
  "high-throughput": { model_type: "recursive", max_error: 100, retrain_threshold: 500_000 },
  "high-accuracy": { model_type: "recursive", max_error: 10, retrain_threshold: 100_000 },
} as const satisfies Record<string, OmendbSettings["index"]>;

/** One of the guide's index tunings. */
export type IndexProfile = keyof typeof indexProfiles;

/** Puts a profile under what a person wrote: a key written out wins over the profile's. */
export function withIndexProfile(args: OmendbSettingsArgs, profile: IndexProfile): OmendbSettingsArgs {
  return { ...args, index: { ...indexProfiles[profile], ...args.index } };
}

/**
 * What the container's memory limit (MiB) forbids: the engine must reach its own limit, and refuse work, before the
 * kernel kills it. Apart from the schema because the limit belongs to the pod, not to the file.
 */
export function memoryProblems(settings: OmendbSettings, containerLimitMib: number): SettingProblem[] {
  const limit = settings.limits.memory_limit_mb;
  return limit < containerLimitMib
    ? []
    : [
        {
          key: "limits.memory_limit_mb",
          message: `must be below the container's ${containerLimitMib} MiB, got ${limit}`,
        },
      ];
}

/** The guide's memory tuning, 75 % of RAM, taken of the container's limit: `free` in a container shows the node's. */
export function threeQuarters(containerLimitMib: number): number {
  return Math.floor((containerLimitMib * 3) / 4);
}

/** Writes `omendb.toml`: the same settings give the same bytes, in the guide's order. */
export function omendbToml(settings: OmendbSettings): string {
  const sections = Object.entries(omendbSettings.shape).map(([section, schema]) => {
    const values: Record<string, unknown> = settings[section as keyof OmendbSettings];
    return [section, Object.fromEntries(Object.keys(schema.unwrap().shape).map((key) => [key, values[key]]))];
  });
  return `${stringify(Object.fromEntries(sections)).trimEnd()}\n`;
}

/** The guide's five environment variables, saying what the file says so that the two cannot differ. */
export function omendbEnvironment(settings: OmendbSettings, rustLog?: string): Record<string, string> {
  return {
    OMENDB_DATA_DIR: settings.database.data_dir,
    OMENDB_HTTP_PORT: String(settings.http.port),
    OMENDB_AUTH_DISABLED: String(!settings.security.auth_enabled),
    OMENDB_LOG_LEVEL: settings.monitoring.log_level,
    RUST_LOG: rustLog ?? settings.monitoring.log_level,
  };
}

function contradictions({ database, storage, wal, http, monitoring, limits }: OmendbSettings): SettingProblem[] {
  const problems: SettingProblem[] = [];
  const refuse = (key: string, must: string, got: string | number | boolean) =>
    problems.push({ key, message: `must ${must}, got ${JSON.stringify(got)}` });

  if (!/^(\/[A-Za-z0-9._-]+)+$/.test(database.data_dir) || database.data_dir.split("/").includes("..")) {
    refuse("database.data_dir", `be an absolute path such as "${guideDataDir}"`, database.data_dir);
  }
  if (database.max_memory_mb > limits.memory_limit_mb) {
    refuse(
      "database.max_memory_mb",
      `be at most limits.memory_limit_mb ${limits.memory_limit_mb}`,
      database.max_memory_mb,
    );
  }
  if (storage.batch_size > limits.max_insert_batch_size) {
    // The guide's own pair, 100000 and 50000, fails here.
    refuse(
      "storage.batch_size",
      `be at most limits.max_insert_batch_size ${limits.max_insert_batch_size}`,
      storage.batch_size,
    );
  }
  if (http.request_timeout_ms < limits.max_query_duration_ms) {
    // A request given up first leaves its query running for nobody.
    refuse(
      "http.request_timeout_ms",
      `be at least limits.max_query_duration_ms ${limits.max_query_duration_ms}`,
      http.request_timeout_ms,
    );
  }
  if (http.port === monitoring.prometheus_port) {
    refuse("monitoring.prometheus_port", `differ from http.port ${http.port}`, monitoring.prometheus_port);
  }
  if (wal.sync_on_write && !wal.enabled) {
    refuse("wal.sync_on_write", "be false where wal.enabled is false", wal.sync_on_write);
  }
  return problems;
}
