import type { Layer } from "../data/tables";
import type { Chore } from "./operationsConfig";

/** Names of the CronJobs that keep the platform going: none of them belongs to a copy or to a recovery. */
export const choreNames: Readonly<Record<Chore, string>> = {
  restartBronze: "analytics-restart-bronze",
  restartSilver: "analytics-restart-silver",
  restartGold: "analytics-restart-gold",
  patchSecondary: "analytics-patch-secondary",
  patchPrimary: "analytics-patch-primary",
  capacity: "analytics-capacity-review",
  review: "analytics-performance-review",
  diagnostics: "analytics-diagnostics",
};

/** Steps of the quarterly upgrade, each with its deadline; together they fit into the document's 4 hours. */
export const upgradeSteps = { prepare: "1h", move: "30m", verify: "30m", finish: "1h" } as const;

/** The way back from any of them. */
export const BACK = "1h";

/** A step of the upgrade. */
export type UpgradeStep = keyof typeof upgradeSteps | "back";

/** Name of the CronJob of a step of the upgrade. */
export function upgradeJob(step: UpgradeStep): string {
  return `analytics-upgrade-${step}`;
}

/** Jobs of Databricks that work on the files of the lake. */
export const lakeChores = {
  optimize: "analytics-optimize",
  optimizeDaily: "analytics-optimize-daily",
  vacuum: "analytics-vacuum",
} as const;

/** Name of the cluster on which the pipeline of a layer works, the same in both workspaces. */
export function clusterName(layer: Layer): string {
  return `analytics-${layer}`;
}

/** Service accounts of the regular work, by what they do. */
export const CHORE_ACCOUNTS = {
  operate: "analytics-operate",
  look: "analytics-look",
  patch: "analytics-patch",
} as const;
