import { isBounded } from "../../bound";
import type { ReadProblem } from "../../finding";
import { drillBound, isDrilledBy, slowestDrill } from "../../time/drills";
import type { Path } from "../path";
import type { Plan } from "../plan";
import type { Register } from "../register";
import { registerSource } from "./entries";
import type { PlanFile } from "./readPlan";
import { startOfDay } from "./values";

const secondsPerDay = 86_400;
/** Days ahead that an entry may reach: what nobody looks at for longer than a year is forgotten. */
const longestDays = 366;

/** A plan as it stands on a day, and what of its register does not count then. */
export interface CurrentPlan {
  plan: Plan;
  problems: ReadProblem[];
}

/**
 * What counts of a plan at an instant (seconds since 1970): entries of the register that have expired, drills that have
 * not come yet and numbers that rested on either do not, as for a program that is read on that day.
 */
export function currentPlan({ plan, observed }: PlanFile, asOf: number): CurrentPlan {
  const { sites, assumptions, waivers, drills } = plan.register;
  const entries: Dated[] = [
    ...sites.map((one) => ({ ...one, what: `site ${one.name}`, ids: [one.name, `site:${one.name}`] })),
    ...assumptions.map((one) => ({ ...one, what: `assumption ${one.id}`, ids: [one.id] })),
    ...waivers.map((one) => ({ ...one, what: `waiver of ${one.rule} for ${one.asset}`, ids: [] })),
  ];
  const early = drills.filter(({ date }) => (startOfDay(date) ?? 0) > asOf);
  const register: Register = {
    sites: sites.filter((one) => !isOver(one, asOf)),
    assumptions: assumptions.filter((one) => !isOver(one, asOf)),
    waivers: waivers.filter((one) => !isOver(one, asOf)),
    drills: drills.filter((one) => !early.includes(one)),
  };
  const expired = entries.filter((one) => isOver(one, asOf));
  const ended = new Map(
    expired.flatMap(({ ids, what, expires }) => ids.map((id) => [id, `${what} expired on ${expires}`])),
  );
  const resting = ended.size === 0 ? plan : withoutEntries(plan, ended);
  return {
    plan: {
      ...resting,
      paths: observed ? resting.paths : resting.paths.map((path) => regraded(path, plan, register, asOf)),
      register,
    },
    problems: [
      ...expired.map((one) =>
        problemOf(
          one.what,
          `${one.what} expired on ${one.expires}: renew it with a reason, or mend what it stands for`,
        ),
      ),
      // What a program's register says for too long was noted where it was read.
      ...(observed ? [] : entries.filter((one) => isFar(one, asOf))).map((one) =>
        problemOf(
          one.what,
          `${one.what} expires on ${one.expires}, more than ${longestDays} days ahead: somebody must look at it once a year`,
        ),
      ),
      ...early.map(({ id, date }) =>
        problemOf(`drill record ${id}`, `drill record ${id} is dated ${date}, which has not come yet`),
      ),
    ],
  };
}

interface Dated {
  what: string;
  /** What numbers that rest on it call it. */
  ids: string[];
  expires: string;
}

function isOver({ expires }: { expires: string }, asOf: number): boolean {
  return asOf >= (startOfDay(expires) ?? 0) + secondsPerDay;
}

function isFar({ expires }: Dated, asOf: number): boolean {
  return (startOfDay(expires) ?? 0) - asOf > longestDays * secondsPerDay;
}

function problemOf(entry: string, message: string): ReadProblem {
  return { source: registerSource(entry), message };
}

/** A number that rested on an entry is not known; something needed is there only where its own place says so. */
function withoutEntries<T>(part: T, ended: ReadonlyMap<string, string>): T {
  if (Array.isArray(part)) return part.map((one) => withoutEntries(one, ended)) as T;
  if (typeof part !== "object" || part === null) return part;
  const { assumption, ...rest } = Object.fromEntries(
    Object.entries(part).map(([key, one]) => [key, withoutEntries(one, ended)]),
  );
  const why = typeof assumption === "string" ? ended.get(assumption) : undefined;
  if (why !== undefined) return ("value" in rest ? { ...rest, value: { unknown: why } } : rest) as T;
  return (assumption === undefined ? rest : { ...rest, assumption }) as T;
}

/** What was measured counts as measured while the slowest drill that counts stays within the deadlines. */
function regraded(path: Path, { assets }: Plan, { drills }: Register, asOf: number): Path {
  if (path.steps.every(({ bound }) => bound.grade !== "measured")) return path;
  const restores = path.steps.some((step) => step.restores);
  const bytes = restores ? assets.find(({ id }) => id === path.asset)?.bytes : undefined;
  const slowest = slowestDrill(
    drills.filter((drill) => isDrilledBy(path, drill)),
    asOf,
    bytes,
  );
  const longest = drillBound(path);
  if (slowest !== undefined && isBounded(longest) && slowest.took <= longest) return path;
  return {
    ...path,
    steps: path.steps.map((step) =>
      step.bound.grade === "measured" ? { ...step, bound: { ...step.bound, grade: "assumed" } } : step,
    ),
  };
}
