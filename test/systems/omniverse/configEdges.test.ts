import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { GraphMonitor } from "../../../preview/monitor";
import { readProject } from "../../../preview/project";
import { inOwnRuntime } from "../../../preview/runtime";
import { isProblem, parseDuration } from "../../../recovery/duration";
import { readConfig, type StackConfig } from "../../../systems/config";
import { Omniverse } from "../../../systems/omniverse";
import { omniverseSchema, omniverseSystem } from "../../../systems/omniverse/config";
import { Reach } from "../../../systems/reach";

const root = path.resolve(__dirname, "../../..");
const values = readProject(root, "prod").config;

/** Settings as JSON gives them. */
type Settings = Record<string, unknown>;

/** One setting at one edge of what its kind allows. */
interface Edge {
  path: string[];
  value: unknown;
}

/** As stacks write them: spans at their ends and of no whole days, numbers far out, each flag turned. */
function edgesOf(value: unknown): unknown[] {
  if (typeof value === "boolean") return [!value];
  if (typeof value === "number") return [0, 1_000_000];
  if (typeof value !== "string" || isProblem(parseDuration(value))) return [];
  return ["0s", "36h", "1d", "1000000d"];
}

function edges(value: unknown, at: string[] = []): Edge[] {
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => edges(inner, [...at, key]));
  return edgesOf(value).map((edge) => ({ path: at, value: edge }));
}

function changed<T>(value: T, [key, ...rest]: string[], to: unknown): T {
  if (key === undefined) return to as T;
  const inner = (value as Settings)[key];
  if (Array.isArray(value)) return value.with(Number(key), changed(inner, rest, to)) as T;
  return { ...value, [key]: changed(inner, rest, to) };
}

const isAccepted = (settings: Settings) =>
  omniverseSchema.safeParse(settings).success && omniverseSystem.contradictions(settings).length === 0;

/** What a stack with these settings declares. */
async function declared({ sites, register }: StackConfig, settings: Settings): Promise<number> {
  const monitor = new GraphMonitor("prod", "holdfast", () => undefined);
  const config = omniverseSystem.resolve(omniverseSchema.parse(settings), settings);
  const run = { stack: "prod", project: "holdfast", config: {}, folder: root, secretKeys: [], monitor };
  await inOwnRuntime(run, async () => {
    new Omniverse("omniverse", { config, reach: new Reach(sites), assumptions: register.assumptions });
  });
  return monitor.registrations.size;
}

describe("every setting of Omniverse at its edges", () => {
  let stack: StackConfig;
  let whole: Settings;
  let accepted: Edge[];
  beforeAll(() => {
    stack = readConfig({ stack: "prod", values, isSecret: () => false, root });
    const written = values["holdfast:omniverse"] ?? "";
    whole = omniverseSchema.parse(JSON.parse(written)) as unknown as Settings;
    accepted = edges(whole).filter(({ path: at, value }) => isAccepted(changed(whole, at, value)));
  });

  it.each([
    ["assets.keepVersions", "1d", 'must be at least 56d, which is promised of the assets, such as "60d", got "1d"'],
    [
      "database.backups",
      "1d",
      'must be 30d to 35d, from what is promised of the database to the longest that RDS keeps, such as "35d", got "1d"',
    ],
    [
      "backups.lock",
      "86d",
      'must be at least 87d: what is promised of the assets, and a month that a repository grows, such as "90d", got "86d"',
    ],
  ])("is one clear problem where it breaks a promise: %s", (key, value, message) => {
    expect(omniverseSystem.contradictions(changed(whole, key.split("."), value))).toEqual([{ key, message }]);
  });

  it("is tried, refused or not: the settings that are tried are most of them", () => {
    expect(edges(whole).length).toBeGreaterThan(500);
    expect(accepted.length).toBeGreaterThan(100);
    expect(accepted.length).toBeLessThan(edges(whole).length);
  });

  it("is refused by the configuration, or declared without an error", async () => {
    // Each edge that is accepted alone is declared with as many others as are accepted with it.
    let left = accepted;
    let rounds = 0;
    while (left.length > 0) {
      const taken: Edge[] = [];
      const settings = left.reduce((all, edge) => {
        if (taken.some(({ path: at }) => at.join() === edge.path.join())) return all;
        const more = changed(all, edge.path, edge.value);
        if (!isAccepted(more)) return all;
        taken.push(edge);
        return more;
      }, whole);
      const told = taken.map(({ path: at, value }) => `${at.join(".")}: ${value}`);
      await expect(declared(stack, settings), told.join("\n")).resolves.toBeGreaterThan(500);
      left = left.filter((edge) => !taken.includes(edge));
      expect(++rounds).toBeLessThan(30);
    }
  });
});
