import type { Plan } from "../plan";
import { namesIn } from "./names";
import { readPlaces } from "./places";
import { mayBeUnstated, type Observed, planForm, type Section } from "./planForm";
import { below, isMap, own, type PlanProblem, type Reading, shown, topOf } from "./spot";

/** A plan with what its file says beside it. */
export interface PlanFile {
  plan: Plan;
  /** Sections that the file leaves out: the plan has none of them, and nobody said so. */
  unstated: Section[];
  /** What `preview` found where it read the plan; absent in a file written by hand. */
  observed?: Observed;
}

/** Reads a plan; `file` is what sources call it. All problems at once, never a throw. */
export function readPlan(value: unknown, file: string): Plan | PlanProblem[] {
  const read = readPlanFile(value, file);
  return Array.isArray(read) ? read : read.plan;
}

/** The same with what the file says beside the plan. */
export function readPlanFile(value: unknown, file: string): PlanFile | PlanProblem[] {
  if (!isMap(value)) return [{ path: file, problem: noPlan(value) }];
  const problems: PlanProblem[] = [];
  const reading: Reading = {
    file,
    byHand: own(value, "observed") === undefined,
    names: namesIn(value),
    places: new Map(),
    accounts: new Map(),
    problems,
  };
  const top = topOf(reading);
  const places = readPlaces(own(value, "places"), below(top, "places"));
  const parts = planForm.read(value, { ...top, reading: { ...reading, places } });
  if (parts === undefined || problems.length > 0) return inOrder(problems, Object.keys(value));
  const { version: _, observed, places: __, alerts = [], rehearsals = [], stores = [], ...rest } = parts;
  return {
    plan: { ...rest, alerts, rehearsals, stores },
    unstated: mayBeUnstated.filter((section) => own(value, section) === undefined),
    ...(observed === undefined ? {} : { observed }),
  };
}

function noPlan(value: unknown): string {
  const got = value === null || value === undefined ? "an empty file" : shown(value);
  return `must be a map of assets, protections and paths, such as examples/plans/orders-postgres.yaml, got ${got}`;
}

/** Problems in the order of the file's sections, each once. */
function inOrder(problems: readonly PlanProblem[], sections: readonly string[]): PlanProblem[] {
  const rank = ({ path }: PlanProblem) => sections.indexOf(/^[\w-]*/.exec(path)?.[0] ?? "");
  const each = new Map(problems.map((one) => [`${one.path}\n${one.problem}`, one]));
  return [...each.values()].sort((a, b) => rank(a) - rank(b));
}
