import { duration } from "../../recovery/duration";
import { type PathName, type PathPlan, recoveryPaths } from "./recoverySteps";

/** A step, by its path. */
export interface StepOf {
  path: PathName;
  step: string;
}

const of = (path: PathName, step: string): StepOf => ({ path, step });
const files = of("assets-in-secondary", "verify");
const accounts = of("accounts-in-secondary", "verify");

/** Steps of other paths that a step waits for besides those of its own: it refuses before they have ended. */
export const crossWaits: Readonly<Partial<Record<PathName, Readonly<Record<string, readonly StepOf[]>>>>> = {
  "promote-replica": { lag: [of("assets-in-secondary", "take")], resume: [accounts, files] },
  "database-in-secondary": { restore: [of("assets-in-secondary", "take")], resume: [accounts, files] },
};

/** Steps that one person starts one after the other, each when the one before has ended. */
export type Window = readonly StepOf[];

/** All steps of a path, from one and up to one. */
function stepsOf(path: PathName, { from, to }: { from?: string; to?: string } = {}): Window {
  const names = Object.keys(recoveryPaths[path].steps);
  const first = from === undefined ? 0 : names.indexOf(from);
  const last = to === undefined ? names.length - 1 : names.indexOf(to);
  return names.slice(first, last + 1).map((step) => of(path, step));
}

/** Paths that are begun at once beside the database's when a region is lost, each in a window of its own. */
export const besideDatabase = ["assets-in-secondary", "accounts-in-secondary"] as const satisfies readonly PathName[];

const beside = besideDatabase.map((path) => stepsOf(path));

/** What people are sent through when a region is lost, by the path that ends it: windows that are begun at once. */
export const regionWays = {
  "database-in-secondary": [stepsOf("database-in-secondary"), ...beside],
  "promote-replica": [stepsOf("promote-replica"), ...beside],
} as const satisfies Partial<Record<PathName, readonly Window[]>>;

/** The same where the replica was tried first, and its step lag refused it: the other path goes on after its fence. */
export const afterLag: readonly Window[] = [
  [...stepsOf("promote-replica", { to: "lag" }), ...stepsOf("database-in-secondary", { from: "restore" })],
  ...beside,
];

/** Seconds from when windows are begun until the last step has ended, with each step at its deadline. */
export function lasts(
  windows: readonly Window[],
  deadlineOf = ({ path, step }: StepOf): string => planOf(path).steps[step]?.deadline ?? "",
): number {
  const ends = new Map<string, number>();
  const keyOf = ({ path, step }: StepOf) => `${path} ${step}`;
  const left = windows.map((window) => ({ steps: [...window], free: 0 }));
  // Until no window goes on: those that wait for what nobody starts never end.
  for (let moved = true; moved; ) {
    moved = false;
    for (const window of left) {
      const [next] = window.steps;
      const waits = next && (crossWaits[next.path]?.[next.step] ?? []).map((one) => ends.get(keyOf(one)) ?? Infinity);
      const start = Math.max(window.free, ...(waits ?? []));
      if (!next || start === Infinity) continue;
      window.free = start + duration(deadlineOf(next));
      ends.set(keyOf(next), window.free);
      window.steps.shift();
      moved = true;
    }
  }
  return left.every(({ steps }) => steps.length === 0) ? Math.max(...ends.values()) : Infinity;
}

function planOf(path: PathName): PathPlan {
  return recoveryPaths[path];
}
