import { type Duration, duration, isProblem } from "../../recovery/duration";
import { type Limit, type LimitText, largestKept, parseLimit } from "../../recovery/objective";
import { healthyAge } from "../alerts/freshness";
import { gapsOf } from "../spans";
import type { OmniverseConfig } from "./config";
import type { AssetName } from "./objectives";
import { type PathName, type PathPlan, recoveryPaths } from "./recoverySteps";

/** The steps of a way back that bring data back and look at them. */
const dataSteps = ["find", "restore", "verify"];

/** The ways back that begin with the locked copies, which are what a drill restores. */
const rehearsed: Readonly<Record<AssetName, readonly PathName[]>> = {
  database: ["database-in-clean-room"],
  assets: ["assets-in-clean-room", "database-in-clean-room"],
  accounts: ["accounts-in-clean-room", "accounts-in-secondary"],
};

/**
 * What a drill is held against: the strictest objective of what it rehearses, and what the plan reckons with: the
 * deadlines of the steps that it goes through, and the age of the newest copy through one failed run.
 */
export function drillPromise(config: OmniverseConfig, asset: AssetName): Record<string, string> {
  const objectives = rehearsed[asset].flatMap((path) => {
    const { asset: of, disruptions }: PathPlan = recoveryPaths[path];
    return disruptions.map((disruption) => config.objectives[of][disruption]);
  });
  const strictest = (limits: readonly LimitText[]) =>
    String(Math.min(...limits.map((text) => largestKept(limitOf(text)))));
  return {
    REHEARSES: rehearsed[asset].join(" "),
    PROMISED_RPO_SECONDS: strictest(objectives.map(({ rpo }) => rpo)),
    PROMISED_RTO_SECONDS: strictest(objectives.map(({ rto }) => rto)),
    PLANNED_AGE_SECONDS: String(oldest(config, asset)),
    PLANNED_SECONDS: String(longest(config, asset)),
  };
}

function limitOf(text: LimitText): Limit {
  const limit = parseLimit(text);
  if (isProblem(limit)) throw new RangeError(limit.problem);
  return limit;
}

/** Files that come back with their database end in a service that has started on both. */
function longest({ recovery }: OmniverseConfig, asset: AssetName): number {
  const steps = asset === "assets" ? [...dataSteps, "resume"] : dataSteps;
  const took = rehearsed[asset].map((path) =>
    Object.entries(recovery[path] as Record<string, Duration>)
      .filter(([step]) => steps.includes(step))
      .reduce((sum, [, deadline]) => sum + duration(deadline), 0),
  );
  // Two ways to the same copy are alternatives; files and database come one after the other.
  return asset === "accounts" ? Math.min(...took) : took.reduce((sum, one) => sum + one, 0);
}

/** A pair is as old as its dump, which the copy of the assets beside it was taken after. */
function oldest({ backups }: OmniverseConfig, asset: AssetName): number {
  const one = backups[asset === "accounts" ? "accounts" : "assets"];
  const newest = healthyAge(gapsOf(one)[1], duration(one.startWithin), duration(one.deadline));
  if (asset === "accounts") return newest;
  return newest + gapsOf(backups.database)[0] + duration(backups.database.startWithin);
}
