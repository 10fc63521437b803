import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { readProject } from "../../../preview/project";
import type { Disruption } from "../../../recovery/objective";
import { disruptions } from "../../../recovery/objective";
import { names } from "../../../systems/analytics/names";
import { assetNames, assetObjectives } from "../../../systems/analytics/objectives";
import { ConfigError, readConfig } from "../../../systems/config";

const root = path.resolve(__dirname, "../../..");
const prod = readProject(root, "prod").config;
const key = "holdfast:analytics";

/** Configuration of production with one setting of the platform changed. */
function changed(setting: string, value: unknown) {
  const settings = JSON.parse(prod[key] ?? "{}");
  const parts = setting.split(".");
  const last = parts.pop() ?? "";
  const group = parts.reduce((inner, part) => {
    inner[part] ??= {};
    return inner[part];
  }, settings);
  group[last] = value;
  return readConfig({
    stack: "prod",
    values: { ...prod, [key]: JSON.stringify(settings) },
    isSecret: () => false,
    root,
  });
}

function problemsOf(setting: string, value: unknown) {
  try {
    changed(setting, value);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((one) => [one.key, one.message]);
    throw error;
  }
}

describe("the settings of the analytics platform", () => {
  it.each<[string, string, unknown, string]>([
    ["a lag between", "kafka.lag", "1m", 'must be "0s", or "5m" to "1d": Event Hubs takes no other bound, got "1m"'],
    [
      "a lag of two days",
      "kafka.lag",
      "2d",
      'must be "0s", or "5m" to "1d": Event Hubs takes no other bound, got "2d"',
    ],
    [
      "events for 91 days",
      "kafka.keep",
      "91d",
      'must be 1d to 90d, the longest that Event Hubs Premium keeps events, got "91d"',
    ],
    ["a window of 20 minutes", "kafka.capture", "20m", 'must be 1m to 15m, which Capture takes, got "20m"'],
    [
      "soft delete of 366 days",
      "lake.keep",
      "366d",
      'must be 1d to 365d, the longest that Azure keeps what is deleted, got "366d"',
    ],
    [
      "more than there is room for",
      "lake.mostBytes",
      1e15,
      "must be at least lake.bytes 2300000000000000, got 1000000000000000",
    ],
    ["a vault that forgets at once", "keys.keepDeleted", "6d", 'must be 7d to 90d, which Key Vault takes, got "6d"'],
    ["logs for a week", "logs.hot", "7d", 'must be 30d to 730d, which Log Analytics takes, got "7d"'],
    [
      "logs that end before they are cold",
      "logs.keep",
      "60d",
      'must be 90d (logs.hot) to 4383d, which Log Analytics takes, got "60d"',
    ],
    [
      "copies that expire under their lock",
      "backups.expire",
      "35d",
      'must be longer than backups.lock 35d: what is locked cannot expire, got "35d"',
    ],
    [
      "the runtime of the document by its number",
      "databricks.runtime",
      "13.3",
      'must be a runtime of Databricks, such as "16.4.x-scala2.12", got "13.3"',
    ],
    [
      "a prefix that Azure refuses",
      "prefix",
      "Company-Prod",
      'must be 3 to 11 lower-case letters and digits, such as "companyprod", got "Company-Prod"',
    ],
    [
      "one site twice",
      "sites.secondary",
      "analytics-primary",
      'must be another site than sites.primary, or both are lost together, got "analytics-primary"',
    ],
    [
      "a load that no partition takes",
      "kafka.load.eventsPerSecond",
      1e9,
      "must fit into event hubs of 100 partitions, got 18868 for each of 53 namespaces: name fewer events a second",
    ],
  ])("refuse %s with the reason", (_, setting, value, message) => {
    const at = setting.startsWith("kafka.load") ? "kafka.load" : setting;
    expect(problemsOf(setting, value)).toEqual([[`${key}.${at}`, message]]);
  });

  it("refuse clusters over two networks, and one subnet for both", () => {
    const [first = "", second = ""] = JSON.parse(prod[key] ?? "{}").network.primary.workers;
    const other = second.replace("analytics-westeurope", "elsewhere");
    for (const pair of [
      [first, other],
      [first, first],
    ])
      expect(problemsOf("network.primary.workers", pair)).toEqual([
        [`${key}.network.primary.workers`, `must be two subnets of one network, got ${JSON.stringify(pair)}`],
      ]);
    expect(problemsOf("network.primary.workers", [first])).toHaveLength(1);
  });

  it("take a synchronous lag, and the edges of every span", () => {
    const edges: [string, unknown][] = [
      ["kafka.lag", "0s"],
      ["kafka.lag", "1d"],
      ["kafka.keep", "90d"],
      ["lake.keep", "365d"],
      ["keys.keepDeleted", "7d"],
      ["logs.keep", "90d"],
    ];
    for (const [setting, value] of edges) expect(problemsOf(setting, value), setting).toEqual([]);
  });

  it("make names that Azure takes, known before deployment", () => {
    const { analytics } = changed("prefix", "abcdefghijk");
    if (!analytics) throw new Error("no analytics");
    const { lake, locked, namespaces, vault, capacity } = names(analytics);
    for (const account of [lake.written, lake.copy, locked]) expect(account).toMatch(/^[a-z0-9]{3,24}$/);
    for (const namespace of namespaces) expect(namespace).toMatch(/^[a-z][a-z0-9-]{4,48}[a-z0-9]$/);
    expect(vault).toMatch(/^[a-z][a-z0-9-]{1,22}[a-z0-9]$/);
    for (const one of Object.values(capacity)) expect(one).toMatch(/^[a-z][a-z0-9]{2,62}$/);
    expect([namespaces.length, new Set(namespaces).size]).toEqual([53, 53]);
  });
});

describe("the promises of the analytics platform", () => {
  it("are the document's rows for every disruption, but for a few that say why not", () => {
    const rows = {
      lake: "1h 4h",
      databricks: "4h 2h",
      kafka: "5m 30m",
      powerbi: "24h 4h",
      configuration: "1h 1h",
      keys: "1h 1h",
      logs: "1h 4h",
    };
    const exceptions = assetNames.flatMap((asset) =>
      disruptions.flatMap((disruption: Disruption) => {
        const { rpo, rto, owner, reason } = assetObjectives[asset][disruption];
        expect([owner, reason].every((one) => one.length > 5)).toBe(true);
        return `${rpo} ${rto}` === rows[asset] ? [] : [`${asset} ${disruption} ${rpo} ${rto}`];
      }),
    );
    expect(exceptions).toEqual([
      "lake compromise 24h 8h",
      "databricks compromise 24h 8h",
      "kafka corruption 1h 2h",
      "kafka compromise 24h 8h",
      "powerbi compromise 24h 8h",
      "configuration compromise 24h 8h",
      "keys compromise 24h 8h",
      "logs corruption 3d 24h",
      "logs compromise 3d 24h",
    ]);
  });
});
