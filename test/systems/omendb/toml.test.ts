import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import {
  indexProfiles,
  memoryProblems,
  type OmendbSettingsArgs,
  omendbEnvironment,
  omendbSettings,
  omendbToml,
  threeQuarters,
  withIndexProfile,
} from "../../../systems/omendb/toml";

/** `omendb.toml` as the guide prints it, key by key. */
const guide = {
  database: {
    name: "omendb_production",
    data_dir: "/var/lib/omendb/data",
    max_memory_mb: 8192,
    expected_size: 100000000,
  },
  storage: { enable_compression: true, batch_size: 100000, sync_interval_ms: 5000 },
  index: { model_type: "recursive", max_error: 50, retrain_threshold: 1000000 },
  wal: { enabled: true, sync_on_write: true, max_file_size_mb: 100, rotation_interval_hours: 24 },
  http: { host: "0.0.0.0", port: 3000, request_timeout_ms: 30000, max_concurrent_requests: 1000 },
  security: { auth_enabled: true, session_timeout_seconds: 3600, tls_enabled: true },
  monitoring: {
    prometheus_enabled: true,
    prometheus_port: 9090,
    health_check_interval_ms: 10000,
    log_level: "info",
    log_format: "json",
  },
  performance: { worker_threads: 8, io_threads: 4, enable_simd: true, prefetch_size: 2000 },
  limits: { max_connections: 1000, max_query_duration_ms: 30000, max_insert_batch_size: 50000, memory_limit_mb: 8192 },
};

function problems(settings: OmendbSettingsArgs): string[] {
  const result = omendbSettings.safeParse(settings);
  return result.success ? [] : result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
}

describe("omendb.toml", () => {
  test("has the guide's nine sections and 34 keys, and differs from the guide in one value", () => {
    const ours = omendbSettings.parse({});
    expect(ours).toEqual({ ...guide, storage: { ...guide.storage, batch_size: 50000 } });
    expect(Object.keys(ours)).toHaveLength(9);
    expect(Object.values(ours).flatMap((section) => Object.keys(section))).toHaveLength(34);
  });

  test("is written in the guide's order, read back as it was, and the same whatever order it was given in", () => {
    const text = omendbToml(omendbSettings.parse({}));
    expect(parse(text)).toEqual(omendbSettings.parse({}));
    expect([...text.matchAll(/^\[(\w+)\]$/gm)].map((match) => match[1])).toEqual(Object.keys(guide));
    const backwards = Object.fromEntries(
      Object.entries(omendbSettings.parse({}))
        .reverse()
        .map(([section, values]) => [section, Object.fromEntries(Object.entries(values).reverse())]),
    ) as ReturnType<typeof omendbSettings.parse>;
    expect(omendbToml(backwards)).toBe(text);
    expect(text.endsWith("\n") && !text.endsWith("\n\n")).toBe(true);
  });

  test.each(
    Object.entries(guide).flatMap(([section, keys]) => Object.keys(keys).map((key) => [section, key] as const)),
  )("%s.%s can be overridden and refuses a value of another type", (section, key) => {
    const value = (guide as Record<string, Record<string, unknown>>)[section]?.[key];
    const words = key === "data_dir" ? "/data" : "warn";
    const other = typeof value === "number" ? Math.floor(value / 2) : typeof value === "boolean" ? !value : words;
    // Room for each key to move without contradicting another.
    const room: Record<string, Record<string, unknown>> = {
      database: { max_memory_mb: 1 },
      storage: { batch_size: 1 },
      wal: { sync_on_write: false },
      limits: { max_query_duration_ms: 1 },
    };
    const parsed: Record<string, Record<string, unknown>> = omendbSettings.parse({
      ...room,
      [section]: { ...room[section], [key]: other },
    });
    expect(parsed[section]?.[key]).toBe(other);
    expect(problems({ [section]: { [key]: ["not this"] } } as OmendbSettingsArgs)).not.toEqual([]);
  });

  test("refuses a section and a key that the guide does not have", () => {
    expect(problems({ replication: {} } as OmendbSettingsArgs)).toHaveLength(1);
    expect(problems({ wal: { archive_command: "cp" } } as OmendbSettingsArgs)).toHaveLength(1);
  });

  test("names the guide's own contradiction: a batch larger than the largest insert", () => {
    expect(problems(guide as OmendbSettingsArgs)).toEqual([
      "storage.batch_size must be at most limits.max_insert_batch_size 50000, got 100000",
    ]);
  });

  test.each<[string, OmendbSettingsArgs, string]>([
    [
      "memory above its limit",
      { database: { max_memory_mb: 8193 } },
      "database.max_memory_mb must be at most limits.memory_limit_mb 8192, got 8193",
    ],
    [
      "requests given up before their query",
      { http: { request_timeout_ms: 29999 } },
      "http.request_timeout_ms must be at least limits.max_query_duration_ms 30000, got 29999",
    ],
    [
      "one port for two servers",
      { monitoring: { prometheus_port: 3000 } },
      "monitoring.prometheus_port must differ from http.port 3000, got 3000",
    ],
    [
      "a relative folder",
      { database: { data_dir: "data" } },
      'database.data_dir must be an absolute path such as "/var/lib/omendb/data", got "data"',
    ],
    [
      "a folder that climbs",
      { database: { data_dir: "/var/../etc" } },
      'database.data_dir must be an absolute path such as "/var/lib/omendb/data", got "/var/../etc"',
    ],
    [
      "a log synced but switched off",
      { wal: { enabled: false } },
      "wal.sync_on_write must be false where wal.enabled is false, got true",
    ],
  ])("refuses %s", (_, settings, message) => {
    expect(problems(settings)).toEqual([message]);
  });

  test("names all contradictions at once", () => {
    expect(problems({ http: { port: 9090, request_timeout_ms: 1 }, database: { data_dir: "x" } })).toHaveLength(3);
  });

  test("refuses a memory limit that the container reaches first", () => {
    const settings = omendbSettings.parse({});
    expect(memoryProblems(settings, 8193)).toEqual([]);
    expect(memoryProblems(settings, 8192)).toEqual([
      { key: "limits.memory_limit_mb", message: "must be below the container's 8192 MiB, got 8192" },
    ]);
    expect(memoryProblems(settings, 6144), "the guide's own 6Gi patch").toHaveLength(1);
    expect(threeQuarters(32_768)).toBe(24_576);
  });
});

describe("the index profiles", () => {
  test("are the guide's numbers", () => {
    expect(indexProfiles.base).toEqual(guide.index);
    expect(indexProfiles["high-throughput"]).toEqual({
      model_type: "recursive",
      max_error: 100,
      retrain_threshold: 500000,
    });
    expect(indexProfiles["high-accuracy"]).toEqual({
      model_type: "recursive",
      max_error: 10,
      retrain_threshold: 100000,
    });
  });

  test("give way to a key that is written out", () => {
    const settings = omendbSettings.parse(withIndexProfile({ index: { max_error: 20 } }, "high-throughput"));
    expect(settings.index).toEqual({ model_type: "recursive", max_error: 20, retrain_threshold: 500000 });
  });
});

describe("the environment", () => {
  test("has the guide's five variables with its defaults", () => {
    expect(omendbEnvironment(omendbSettings.parse({}))).toEqual({
      OMENDB_DATA_DIR: "/var/lib/omendb/data",
      OMENDB_HTTP_PORT: "3000",
      OMENDB_AUTH_DISABLED: "false",
      OMENDB_LOG_LEVEL: "info",
      RUST_LOG: "info",
    });
  });

  test("follows the file, so that the two cannot differ", () => {
    const settings = omendbSettings.parse({
      http: { port: 8443 },
      security: { auth_enabled: false },
      monitoring: { log_level: "debug" },
      database: { data_dir: "/data" },
    });
    expect(omendbEnvironment(settings, "omendb=trace")).toEqual({
      OMENDB_DATA_DIR: "/data",
      OMENDB_HTTP_PORT: "8443",
      OMENDB_AUTH_DISABLED: "true",
      OMENDB_LOG_LEVEL: "debug",
      RUST_LOG: "omendb=trace",
    });
  });
});
