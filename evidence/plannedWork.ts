import { type Budget, budgets } from "../recovery/assess";
import { isBounded, isUnbounded } from "../recovery/bound";
import { formatSeconds } from "../recovery/duration";
import type { Judgement } from "../recovery/finding";
import type { PlannedWork } from "../recovery/plan";
import { formatShare } from "../recovery/share";
import { byText, count } from "./words";

/** Planned work beside one promise of availability, in a sentence. */
export interface WorkLine {
  text: string;
  /** Whether the promise leaves room for all work that counts; undefined where nobody can tell. */
  fits?: boolean;
}

/** One sentence for each promise of availability, by system: `analytics: 99.99 % available leaves 4m 19s in 30d; ...`. */
export function workLines(judgement: Judgement): WorkLine[] {
  return budgetsOf(judgement).map(lineOf);
}

/** Planned work beside each promise of availability, by system. */
export function budgetsOf({ plan, asOf }: Pick<Judgement, "plan" | "asOf">): Budget[] {
  return budgets(plan, asOf).sort(
    ({ availability: a }, { availability: b }) =>
      byText(a.system, b.system) || a.over - b.over || a.perMillion - b.perMillion,
  );
}

function lineOf(budget: Budget): WorkLine {
  const { availability, allowed, planned, work } = budget;
  const { system, perMillion, over } = availability;
  const left = allowed === 0 ? "no time" : formatSeconds(allowed);
  const promise = `${system}: ${formatShare(perMillion)} available leaves ${left} in ${formatSeconds(over)}`;
  if (work.length === 0) return { text: `${promise}; no planned work is declared`, fits: true };
  const what = [...work].sort((a, b) => byText(a.work.name, b.work.name)).map(workOf);
  const all = `(${what.join("; ")})`;
  if (!isBounded(planned)) {
    return isUnbounded(planned)
      ? { text: `${promise}; nothing bounds planned work ${all}: ${planned.unbounded}`, fits: false }
      : { text: `${promise}; nobody can tell what planned work takes ${all}: ${planned.unknown}` };
  }
  if (!work.some(({ counts }) => counts)) return { text: `${promise}; no planned work counts ${all}`, fits: true };
  const takes = `${promise}; planned work takes ${formatSeconds(planned)} ${all}`;
  return { text: `${takes}: ${compared(planned, allowed)}`, fits: planned <= allowed };
}

function compared(planned: number, allowed: number): string {
  if (planned === allowed) return "exactly as much";
  if (planned < allowed) return `${formatSeconds(allowed - planned)} to spare`;
  // Below twice as much, the difference tells more than a rounded number of times.
  if (planned < 2 * allowed || allowed === 0) return `${formatSeconds(planned - allowed)} too much`;
  return `${Math.ceil(planned / allowed)} times as much`;
}

const effects: Record<PlannedWork["effect"], string> = {
  none: "not noticed",
  "read-only": "read-only",
  down: "down",
};

function workOf({ work: { name, effect, lasts }, windows, counts }: Budget["work"][number]): string {
  const often = isBounded(windows) && windows !== 1 ? [count(windows, "window")] : [];
  const long = often.length > 0 && isBounded(lasts.value) ? [`${often[0]} of ${formatSeconds(lasts.value)}`] : often;
  return [name, ...long, effects[effect], counts ? "counts" : "does not count"].join(", ");
}
