import {
  type Assessment,
  assess,
  type Bound,
  type Disruption,
  type Plan,
  type RestorePoints,
  type Schedule,
  type Series,
} from "../../recovery";
import { asOf, asset, copy, path, plan, points, series, term } from "./build";

/** One hour and one day in seconds. */
export const hour = 3_600;
export const day = 24 * hour;

/** A schedule of a CronJob. */
export const cron = (expression: string, timeZone = "Etc/UTC"): Schedule => ({
  scheduler: "kubernetes",
  expression,
  timeZone,
});

/** Restore points of one series, kept for twenty years, that need no time to leave the failed domain. */
export const taken = (edit: Partial<Series> = {}, more: Partial<RestorePoints> = {}): RestorePoints =>
  points({
    series: [series(edit)],
    transfer: term("transfer", "0s"),
    copies: [copy({ keptFor: term("kept", "7305d"), lock: { mode: "compliance", keptFor: term("locked", "7305d") } })],
    ...more,
  });

/** What the model says of the first promise of a plan. */
export function only(one: Plan, at = asOf): Assessment {
  const [assessment] = assess(one, at);
  if (assessment === undefined) throw new Error("nothing was assessed");
  return assessment;
}

/** What the model says of one promise that a protection keeps by the path of `build.ts`. */
export function against(
  disruption: Disruption,
  protection: Plan["protections"][number],
  edit: Partial<Plan> = {},
  [rpo, rto]: [rpo: string, rto: string] = ["300h", "300h"],
  at = asOf,
): Assessment {
  return only(
    plan({
      assets: [asset({ [disruption]: [rpo, rto] })],
      protections: [protection],
      paths: [path({ protection: protection.id })],
      ...edit,
    }),
    at,
  );
}

/** Worst losses, with every run succeeding and with one failed. */
export function losses({ chosen }: Assessment): Bound[] {
  return chosen?.rpo.map(({ total }) => total) ?? [];
}
