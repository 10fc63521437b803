import type { Disruption } from "../../../recovery/objective";
import type { AssetName } from "../objectives";

/** One step of a way back. */
export interface StepPlan {
  deadline: string;
  effect?: "restores" | "stops-writes" | "verifies";
}

/** Where a way back leads: to the other region, to where the asset is, or to a subscription that none of ours reaches. */
export type Way = "secondary" | "place" | "room";

/** One way back of one asset; its steps come one after the other. */
export interface PathPlan {
  asset: AssetName;
  disruption: Extract<Disruption, "region" | "corruption" | "compromise">;
  way: Way;
  /** What it brings back, where no CronJob takes it. */
  from?: string;
  /** Steps of other paths, `path.step`, without which its first refuses. Kafka waits for nobody. */
  waitsFor?: readonly string[];
  steps: Readonly<Record<string, StepPlan>>;
}

const [region, corruption, compromise] = ["region", "corruption", "compromise"] as const;
const find = { deadline: "5m" } as const;
const restore = (deadline: string) => ({ deadline, effect: "restores" }) as const;
const verify = (deadline: string) => ({ deadline, effect: "verifies" }) as const;
const stop = { deadline: "5m", effect: "stops-writes" } as const;
/** People prepare the clean room: it is their time that this bounds. */
const room = { deadline: "45m" } as const;
/** The room stands already, since what came before has used it. */
const used = { deadline: "5m" } as const;

/**
 * The document's failover of "storage, databricks, kafka, powerbi" at once, as the order that their dependencies are in:
 * whatever serves starts, is looked at, and only then is anybody led there.
 */
export const recoveryPaths = {
  /** Nobody writes in the lost region any more; then the clones are named where they lie. */
  "lake-in-secondary": {
    asset: "lake",
    disruption: region,
    way: "secondary",
    from: "clones",
    steps: { fence: { deadline: "5m" }, restore: restore("15m"), verify: verify("15m") },
  },
  /** Promotion of all namespaces; their names lead to the other region by themselves. */
  "kafka-in-secondary": {
    asset: "kafka",
    disruption: region,
    way: "secondary",
    from: "geo-replica",
    steps: { restore: restore("6m"), verify: verify("2m") },
  },
  "databricks-in-secondary": {
    asset: "databricks",
    disruption: region,
    way: "secondary",
    waitsFor: ["lake-in-secondary.verify"],
    steps: { find, restore: restore("15m"), verify: verify("10m"), resume: { deadline: "10m" } },
  },
  "powerbi-in-secondary": {
    asset: "powerbi",
    disruption: region,
    way: "secondary",
    waitsFor: ["databricks-in-secondary.verify"],
    steps: { find, capacity: { deadline: "10m" }, restore: restore("30m"), verify: verify("30m") },
  },
  "configuration-in-secondary": {
    asset: "configuration",
    disruption: region,
    way: "secondary",
    steps: { find, restore: restore("15m"), verify: verify("10m") },
  },
  /** The pair of the region reads the vault, once Microsoft has failed it over. */
  "keys-in-secondary": {
    asset: "keys",
    disruption: region,
    way: "secondary",
    from: "geo-replica",
    steps: { find, restore: restore("15m"), verify: verify("5m") },
  },
  "logs-in-secondary": {
    asset: "logs",
    disruption: region,
    way: "secondary",
    from: "geo-replica",
    steps: { restore: restore("35m"), verify: verify("20m") },
  },

  /** Each table at a version before the damage; analytics-replay brings what came after it. */
  "lake-in-place": {
    asset: "lake",
    disruption: corruption,
    way: "place",
    from: "time-travel",
    steps: { stop, find, restore: restore("10m"), verify: verify("15m"), resume: { deadline: "5m" } },
  },
  /** Events are never changed where they lie: what was made of them is made again. */
  "kafka-in-place": {
    asset: "kafka",
    disruption: corruption,
    way: "place",
    from: "retained-events",
    // An hour of events, by the rate of the register, and the start of what reads them; all of it is compared, body by body,
    // which takes 19 minutes at the rate that the register assumes of tables.
    steps: { stop, restore: restore("55m"), verify: verify("20m"), resume: { deadline: "5m" } },
  },
  "databricks-in-place": {
    asset: "databricks",
    disruption: corruption,
    way: "place",
    steps: { find, restore: restore("15m"), verify: verify("10m") },
  },
  "powerbi-in-place": {
    asset: "powerbi",
    disruption: corruption,
    way: "place",
    steps: { find, restore: restore("30m"), verify: verify("30m") },
  },
  "configuration-in-place": {
    asset: "configuration",
    disruption: corruption,
    way: "place",
    // Whoever changes things goes on until all is as it was: what they change counts as lost.
    steps: { find: { deadline: "3m" }, restore: restore("7m"), verify: verify("5m") },
  },
  "keys-in-place": {
    asset: "keys",
    disruption: corruption,
    way: "place",
    from: "soft-delete",
    steps: { find, restore: restore("10m"), verify: verify("5m") },
  },
  "logs-in-place": {
    asset: "logs",
    disruption: corruption,
    way: "place",
    steps: { find, restore: restore("4h"), verify: verify("30m") },
  },

  /** From the account under the lock alone, in a subscription this program holds no credentials for. */
  "lake-in-clean-room": {
    asset: "lake",
    disruption: compromise,
    way: "room",
    from: "clones-2",
    steps: { room, restore: restore("30m"), verify: verify("20m") },
  },
  "kafka-in-clean-room": {
    asset: "kafka",
    disruption: compromise,
    way: "room",
    from: "capture",
    // It writes into the table of events, which comes with the lake there.
    waitsFor: ["lake-in-clean-room.restore"],
    steps: { room, restore: restore("60m"), verify: verify("15m") },
  },
  "databricks-in-clean-room": {
    asset: "databricks",
    disruption: compromise,
    way: "room",
    waitsFor: ["lake-in-clean-room.verify"],
    steps: { room: used, find, restore: restore("15m"), verify: verify("10m"), resume: { deadline: "10m" } },
  },
  "powerbi-in-clean-room": {
    asset: "powerbi",
    disruption: compromise,
    way: "room",
    waitsFor: ["databricks-in-clean-room.verify"],
    steps: { room: used, find, capacity: used, restore: restore("30m"), verify: verify("15m") },
  },
  "configuration-in-clean-room": {
    asset: "configuration",
    disruption: compromise,
    way: "room",
    steps: { room, find, restore: restore("20m"), verify: verify("10m") },
  },
  "keys-in-clean-room": {
    asset: "keys",
    disruption: compromise,
    way: "room",
    steps: { room, find, restore: restore("15m"), verify: verify("5m") },
  },
  "logs-in-clean-room": {
    asset: "logs",
    disruption: compromise,
    way: "room",
    steps: { room, find, restore: restore("4h"), verify: verify("30m") },
  },
} as const satisfies Record<string, PathPlan>;

/** Name of a way back. */
export type PathName = keyof typeof recoveryPaths;

/** Names of all ways back. */
export const pathNames = Object.keys(recoveryPaths) as PathName[];

/** Name of the CronJob of a step. */
export function stepJob(path: PathName, step: string): string {
  return `analytics-${path}-${step}`;
}
