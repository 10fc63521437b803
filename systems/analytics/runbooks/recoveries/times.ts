import { duration, type Seconds, seconds } from "../../../../recovery/duration";
import { type PathName, type PathPlan, recoveryPaths } from "../../recovery/recoverySteps";

/** How long the steps of a way back take at most, one after the other; up to one of them where it is named. */
export function lasts(path: PathName, until?: string): Seconds {
  const steps = Object.entries((recoveryPaths[path] as PathPlan).steps);
  const count = until === undefined ? steps.length : steps.findIndex(([step]) => step === until) + 1;
  return seconds(steps.slice(0, count).reduce((sum, [, { deadline }]) => sum + duration(deadline), 0));
}

/** When a way back, or a step of it, has ended at the latest where all are begun at once. */
export function endsAfter(path: PathName, until?: string): Seconds {
  const { waitsFor = [] }: PathPlan = recoveryPaths[path];
  const waits = waitsFor.map((other) => endsAfter(...stepOf(other)));
  return seconds(Math.max(0, ...waits) + lasts(path, until));
}

/** `lake-in-secondary.verify`, taken apart. */
export function stepOf(other: string): [path: PathName, step: string] {
  const [path, step = ""] = other.split(".");
  return [path as PathName, step];
}
