import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readProject } from "../../preview/project";
import { ConfigError, readConfig, type StackConfig } from "../../systems/config";

const root = path.resolve(__dirname, "../..");
const prod = readProject(root, "prod").config;

/** Settings as JSON gives them. */
interface Group {
  [key: string]: unknown;
}

type Change = (settings: { omendb: Group; platform: Group; sites: Group } & Group) => void;

describe("the configuration of a stack", () => {
  it.each(["prod", "staging"])("of %s is right", (stack) => {
    const values = readProject(root, stack).config;
    expect(readConfig({ stack, values, isSecret: () => false, root }).omendb?.replicas).toBe(3);
  });

  it.each<[string, Change, string, string]>([
    [
      "a limit in words",
      ({ omendb }) => set(omendb, "objectives.region.rpo", "15 minutes"),
      "holdfast:omendb.objectives.region.rpo",
      'must be a duration such as "15m" or "under 15m", got "15 minutes"',
    ],
    [
      "an unknown key, with the nearest known one",
      ({ omendb }) => set(omendb, "replica", 3),
      "holdfast:omendb.replica",
      'is not a setting; did you mean "replicas"?',
    ],
    [
      "an unknown key far inside",
      ({ omendb }) => set(omendb, "backups.full.shedule", "0 2 * * 0"),
      "holdfast:omendb.backups.full.shedule",
      'is not a setting; did you mean "schedule"?',
    ],
    [
      "an unknown recovery step",
      ({ omendb }) => set(omendb, "recovery.restore-clean.restores", "5m"),
      "holdfast:omendb.recovery.restore-clean.restores",
      'is not a setting; did you mean "restore"?',
    ],
    [
      "an unknown key of omendb.toml",
      ({ omendb }) => set(omendb, "toml.wal.sync_on_writes", true),
      "holdfast:omendb.toml.wal.sync_on_writes",
      'is not a setting; did you mean "sync_on_write"?',
    ],
    [
      "a wrong type in omendb.toml",
      ({ omendb }) => set(omendb, "toml.wal.sync_on_write", "yes"),
      "holdfast:omendb.toml.wal.sync_on_write",
      'must be true or false, got "yes"',
    ],
    [
      "settings of omendb.toml that contradict each other",
      ({ omendb }) => set(omendb, "toml.storage.batch_size", 100_000),
      "holdfast:omendb.toml.storage.batch_size",
      "must be at most limits.max_insert_batch_size 50000, got 100000",
    ],
    [
      "memory that the container does not have",
      ({ omendb }) => set(omendb, "resources.memoryMib", 24_576),
      "holdfast:omendb.toml.limits.memory_limit_mb",
      "must be below the container's 24576 MiB, got 24576",
    ],
    [
      "an image by its tag",
      ({ omendb }) => set(omendb, "image", "omendb/omendb:latest"),
      "holdfast:omendb.image",
      'must be an image with its digest, such as "omendb/omendb@sha256:" and 64 hexadecimal digits (a tag can be moved), got "omendb/omendb:latest"',
    ],
    [
      "a schedule Kubernetes does not read",
      ({ omendb }) => set(omendb, "backups.incremental.schedule", "every 3 minutes"),
      "holdfast:omendb.backups.incremental.schedule",
      'must be a five-field schedule as Kubernetes reads it, such as "*/15 * * * *", got "every 3 minutes"',
    ],
    [
      "a time zone nobody has",
      ({ omendb }) => set(omendb, "backups.full.timeZone", "Europe/Atlantis"),
      "holdfast:omendb.backups.full.timeZone",
      'must be a time zone such as "Etc/UTC" or "Europe/Berlin", got "Europe/Atlantis"',
    ],
    [
      "half a day of lock",
      ({ omendb }) => set(omendb, "backups.lock", "36h"),
      "holdfast:omendb.backups.lock",
      'must be a duration of whole days such as "45d", got "36h"',
    ],
    [
      "an expiry before the lock ends",
      ({ omendb }) => set(omendb, "backups.expire", "45d"),
      "holdfast:omendb.backups.expire",
      'must be longer than backups.lock 45d: what is locked cannot expire, got "45d"',
    ],
    [
      "a budget that forbids every drain",
      ({ omendb }) => set(omendb, "keep", 3),
      "holdfast:omendb.keep",
      "must be below replicas 3, or no node could ever be drained, got 3",
    ],
    [
      "an account of another cloud",
      ({ sites }) => set(sites, "primary.account", "00000000-0000-0000-0000-000000000001"),
      "holdfast:sites.primary.account",
      'must be an account number of 12 digits where cloud is "aws", got "00000000-0000-0000-0000-000000000001"',
    ],
    [
      "no subscription at a site in Azure",
      ({ sites }) => set(sites, "analytics-primary.account", "111111111111"),
      "holdfast:sites.analytics-primary.account",
      'must be the id of a subscription where cloud is "azure", got "111111111111"',
    ],
    [
      "a cluster of Azure that nobody can ask for",
      ({ sites }) => set(sites, "analytics-primary.cluster.resourceGroup", undefined),
      "holdfast:sites.analytics-primary.cluster.resourceGroup",
      'must be the resource group of the cluster where cloud is "azure", got nothing',
    ],
    [
      "a cluster of AWS in a resource group",
      ({ sites }) => set(sites, "primary.cluster.resourceGroup", "clusters"),
      "holdfast:sites.primary.cluster.resourceGroup",
      'must be left out where cloud is "aws", got "clusters"',
    ],
    [
      "an account that YAML took for a number",
      ({ sites }) => set(sites, "primary.account", 111111111111),
      "holdfast:sites.primary.account",
      'must be a quoted account number of 12 digits, such as "123456789012", or the id of a subscription of Azure, got 111111111111',
    ],
    [
      "a group where there is a text",
      ({ sites }) => set(sites, "primary.cluster", "prod-eu-central-1"),
      "holdfast:sites.primary.cluster",
      'must be a group of settings, got "prod-eu-central-1"',
    ],
    [
      "a site that is not there",
      ({ omendb }) => set(omendb, "sites.secondary", "secondry"),
      "holdfast:omendb.sites.secondary",
      'must be a site of holdfast:sites (analytics-clean-room, analytics-primary, analytics-secondary, clean-room, primary, secondary), got "secondry"',
    ],
    [
      "one site for both roles",
      ({ omendb }) => set(omendb, "sites.secondary", "primary"),
      "holdfast:omendb.sites.secondary",
      'must be another site than sites.primary, or both are lost together, got "primary"',
    ],
    [
      "backups to a site that holds no cluster of ours",
      ({ omendb }) => set(omendb, "backups.site", "clean-room"),
      "holdfast:omendb.backups.site",
      'must be a site with a cluster, got "clean-room", which has none',
    ],
    [
      "a register file that is not there",
      (settings) => set(settings, "register", ["registers/prd/omendb.yaml"]),
      "registers/prd/omendb.yaml",
      "must be a file of the project, but cannot be read",
    ],
    [
      "a missing setting",
      ({ omendb }) => set(omendb, "dns.zoneId", undefined),
      "holdfast:omendb.dns.zoneId",
      'must be a text such as "Z0123456789EXAMPLE", got nothing',
    ],
  ])("names %s", (_, change, key, message) => {
    expect(problemsOf(change)).toEqual([{ key, message }]);
  });

  it("names a missing group with what it must be", () => {
    expect(problemsIn({ ...prod, "holdfast:sites": undefined })).toEqual([
      { key: "holdfast:sites", message: "must be a group of settings, got nothing" },
    ]);
  });

  it("declares the systems that the stack says something of, and no others", () => {
    const { platform, omendb } = read({ ...without("holdfast:omendb") });
    expect([platform === undefined, omendb === undefined]).toEqual([false, true]);
    expect(read(without("holdfast:platform")).platform).toBeUndefined();
  });

  it("must declare one system at least", () => {
    expect(
      problemsIn(without("holdfast:platform", "holdfast:omendb", "holdfast:omniverse", "holdfast:analytics")),
    ).toEqual([
      {
        key: "holdfast",
        message:
          "must declare at least one system: holdfast:platform, holdfast:omendb, holdfast:omniverse, holdfast:analytics",
      },
    ]);
  });

  it.each<[string, Change, string, string]>([
    [
      "a public key that is none",
      ({ platform }) => set(platform, "keys.recipient", "age1short"),
      "holdfast:platform.keys.recipient",
      'must be a public key of age, "age1" and 58 more characters, got "age1short"',
    ],
    [
      "a recovery that writes over what it saves",
      ({ platform }) => set(platform, "state.replica", "company-holdfast-state"),
      "holdfast:platform.state.replica",
      'must be another bucket than state.bucket, or a recovery writes over what it saves, got "company-holdfast-state"',
    ],
    [
      "one site for both roles",
      ({ platform }) => set(platform, "sites.secondary", "primary"),
      "holdfast:platform.sites.secondary",
      'must be another site than sites.primary, or both are lost together, got "primary"',
    ],
    [
      "a site that is not there",
      ({ platform }) => set(platform, "backups.site", "tertiary"),
      "holdfast:platform.backups.site",
      'must be a site of holdfast:sites (analytics-clean-room, analytics-primary, analytics-secondary, clean-room, primary, secondary), got "tertiary"',
    ],
    [
      "exports that expire while they are locked",
      ({ platform }) => set(platform, "backups.lock", "60d"),
      "holdfast:platform.backups.expire",
      'must be longer than backups.lock 60d: what is locked cannot expire, got "46d"',
    ],
  ])("of the platform names %s", (_, change, key, message) => {
    expect(problemsOf(change)).toEqual([{ key, message }]);
  });

  it("names a key of another namespace", () => {
    expect(problemsIn({ ...prod, "holdfats:sites": "{}" })).toEqual([
      { key: "holdfats:sites", message: expect.stringContaining('did you mean "holdfast:sites"?') as string },
    ]);
    expect(problemsIn({ ...prod, "pulumi:disable-default-providers": "[]" })).toEqual([]);
  });

  it("says everything at once, ready to print", () => {
    const change: Change = ({ omendb }) => {
      set(omendb, "objectives.region.rpo", "15 minutes");
      set(omendb, "replica", 3);
    };
    const error = errorOf(valuesWith(change));
    expect(error?.message).toBe(
      [
        "Pulumi.prod.yaml has 2 problems:",
        '  holdfast:omendb.objectives.region.rpo   must be a duration such as "15m" or "under 15m", got "15 minutes"',
        '  holdfast:omendb.replica                 is not a setting; did you mean "replicas"?',
      ].join("\n"),
    );
  });

  it("never prints the value of a key that is marked secret", () => {
    const values = valuesWith(({ omendb }) => {
      set(omendb, "objectives.region.rpo", "canary-1");
      set(omendb, "toml.storage.batch_size", 987_654);
      set(omendb, "keep", 7);
      set(omendb, "sites.primary", "canary-2");
    });
    const error = errorOf(values, (key) => key === "holdfast:omendb");
    expect(error?.problems).toHaveLength(4);
    expect(error?.message).toContain('must be a duration such as "15m" or "under 15m", got [secret]');
    expect(error?.message).not.toMatch(/canary|987|got 7|50000|replicas 3/);
  });
});

describe("register files", () => {
  let folder = "";
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-register-"));
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  const entry = {
    id: "a",
    term: "undrilled",
    assets: ["omendb/data"],
    owner: "x",
    reason: "y",
    drill: "z",
    expires: "2027-03-01",
  };

  it.each<[string, object, string, string]>([
    ["no expiry", { ...entry, expires: "soon" }, "expires", 'must be a day such as "2027-03-01", got "soon"'],
    [
      "a span without a value",
      { ...entry, term: "decide" },
      "value",
      'must be a duration such as "5m" where term is "decide", got nothing',
    ],
    ["an unknown field", { ...entry, onwer: "x" }, "onwer", 'is not a setting; did you mean "owner"?'],
  ])("are refused for %s", (_, wrong, field, message) => {
    fs.writeFileSync(path.join(folder, "register.json"), JSON.stringify({ assumptions: [wrong] }));
    expect(problemsIn({ ...prod, "holdfast:register": '["register.json"]' }, folder)).toEqual([
      { key: `register.json: assumptions[0].${field}`, message },
    ]);
  });

  it("are refused for an id that two entries have, and for broken YAML", () => {
    fs.writeFileSync(path.join(folder, "twice.yaml"), JSON.stringify({ assumptions: [entry, entry] }));
    fs.writeFileSync(path.join(folder, "broken.yaml"), "assumptions: [");
    const problems = problemsIn({ ...prod, "holdfast:register": '["twice.yaml", "broken.yaml"]' }, folder);
    expect(problems.map(({ key }) => key)).toEqual(["broken.yaml", "register entry a"]);
    expect(problems[0]?.message).toMatch(/^must be YAML or JSON: /);
  });

  it("give the register sites, assumptions, no waiver and no drill nobody held", () => {
    const { register } = read(prod);
    expect(register.sites.map(({ name }) => name)).toEqual([
      "analytics-clean-room",
      "analytics-primary",
      "analytics-secondary",
      "clean-room",
      "primary",
      "secondary",
    ]);
    expect(register.sites.find(({ name }) => name === "clean-room")).not.toHaveProperty("context");
    expect(register.assumptions.length).toBeGreaterThan(10);
    expect(register.assumptions.every(({ owner, reason, drill, expires }) => owner && reason && drill && expires)).toBe(
      true,
    );
    expect([register.waivers, register.drills]).toEqual([[], []]);
  });
});

describe("objectives", () => {
  const of = (change: Change) => {
    const { omendb } = read(valuesWith(change));
    if (omendb === undefined) throw new Error("OmenDB is not declared");
    return omendb.objectives;
  };

  it("come from the tier where the guide is silent, and from the guide where it is not", () => {
    const objectives = of(() => undefined);
    expect(objectives.corruption).toMatchObject({ rpo: "1h", rto: "2h", owner: "database team" });
    expect(objectives.region).toMatchObject({
      rpo: "under 15m",
      rto: "under 1h",
      reason: "operations guide, region failure",
    });
  });

  it("are overridden by the stack field by field, and by the asset above it", () => {
    const objectives = of(({ omendb }) => {
      set(omendb, "objectives.region.rpo", "30m");
      set(omendb, "objectives.region.rto", "2h");
      set(omendb, "assets.data.objectives.region.rto", "3h");
    });
    expect(objectives.region).toMatchObject({ rpo: "30m", rto: "3h", owner: "database team" });
  });
});

describe("the index profile", () => {
  it("lies under what the stack writes out", () => {
    const { omendb: config } = read(
      valuesWith(({ omendb }) => {
        set(omendb, "profile", "high-throughput");
        set(omendb, "toml.index.max_error", 75);
      }),
    );
    expect(config?.toml.index).toEqual({ model_type: "recursive", max_error: 75, retrain_threshold: 500_000 });
  });
});

function set(group: Group, dotted: string, value: unknown): void {
  const keys = dotted.split(".");
  const last = keys.pop() ?? "";
  const inner = keys.reduce<Group>((one, key) => {
    one[key] ??= {};
    return one[key] as Group;
  }, group);
  inner[last] = value;
}

function valuesWith(change: Change): Record<string, string> {
  const setting = (key: string) => JSON.parse(prod[`holdfast:${key}`] ?? "") as Group;
  const settings = {
    register: setting("register"),
    sites: setting("sites"),
    omendb: setting("omendb"),
    platform: setting("platform"),
  };
  change(settings);
  return {
    ...prod,
    ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [`holdfast:${key}`, JSON.stringify(value)])),
  };
}

function without(...keys: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(prod).filter(([key]) => !keys.includes(key)));
}

function read(values: Record<string, string>): StackConfig {
  return readConfig({ stack: "prod", values, isSecret: () => false, root });
}

function errorOf(
  values: Record<string, string | undefined>,
  isSecret: (key: string) => boolean = () => false,
  folder = root,
): ConfigError | undefined {
  const given = Object.fromEntries(
    Object.entries(values).filter((one): one is [string, string] => one[1] !== undefined),
  );
  try {
    readConfig({ stack: "prod", values: given, isSecret, root: folder });
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

function problemsIn(values: Record<string, string | undefined>, folder = root) {
  return errorOf(values, undefined, folder)?.problems ?? [];
}

function problemsOf(change: Change) {
  return problemsIn(valuesWith(change));
}
