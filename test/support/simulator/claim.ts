import { type Assessment, assess, type Bound, type Candidate, type Disruption, type Plan } from "../../../recovery";
import { asOf } from "../../recovery/build";

/** What the model says of an asset: the losses it claims in seconds, and the time to recover. */
export interface Claim {
  healthy: number;
  failed: number;
  recovery: number;
  /** Whether the window back to the newest clean point is as wide as needed. */
  reaches: boolean;
}

/** What the model claims of an asset; infinite where it finds no way, and `undefined` where it says `todo`. */
export function claimed(plan: Plan, disruption: Disruption, asset = plan.assets[0]?.id): Claim | undefined {
  const found = assess(plan, asOf).find((one) => one.asset === asset && one.disruption === disruption);
  if (found === undefined) throw new Error(`the model does not judge ${asset} in ${disruption}`);
  return isOpen(found) ? undefined : claimOf(found.chosen);
}

function isOpen({ chosen, dropped }: Assessment): boolean {
  return chosen === undefined && dropped.some(({ reason }) => reason.includes("todo"));
}

function claimOf(chosen: Candidate | undefined): Claim {
  const none = Number.POSITIVE_INFINITY;
  if (chosen === undefined) return { healthy: none, failed: none, recovery: none, reaches: true };
  const [healthy, failed] = lossesOf(chosen);
  const { needed = 0, available = 0 } = chosen.window ?? {};
  return { healthy, failed, recovery: secondsOf(chosen.rto.total), reaches: secondsOf(needed) <= secondsOf(available) };
}

/** The claimed losses in seconds with every run succeeding and with one failed; infinite where no bound is claimed. */
export function lossesOf({ rpo }: Candidate): [healthy: number, failed: number] {
  const [healthy, failed] = rpo;
  return [secondsOf(healthy.total), secondsOf(failed.total)];
}

/** A bound as a number, infinite when it is none. */
export function secondsOf(bound: Bound | number): number {
  return typeof bound === "number" ? bound : Number.POSITIVE_INFINITY;
}
