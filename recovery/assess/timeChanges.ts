import { duration, formatSeconds, seconds } from "../duration";
import type { Path, Plan, Term } from "../plan";
import { criticalPath } from "../time/criticalPath";
import type { Assessment } from "./assessment";
import { type Change, editPath, isEnforced } from "./change";

/** Alternatives that take less time, in groups of which a fix takes at most one each; the mildest first. */
export function timeChanges(plan: Plan, { disruption, chosen }: Assessment): Change[][] {
  const path = plan.paths.find((one) => one.id === chosen?.path && one.excluded[disruption] === undefined);
  return path ? pathChanges(path).filter((group) => group.length > 0) : [];
}

function pathChanges(path: Path): Change[][] {
  const { steps, waits } = criticalPath(path.steps);
  // What the longest chain does not meet cannot make it shorter.
  const counted = new Set([...path.detect, ...[...steps, ...waits].map(({ bound }) => bound)]);
  const shorter = (term: Term, edit: (path: Path, term: Term) => Partial<Path>): Change[] => {
    const { value } = term;
    const values =
      typeof value === "number"
        ? [2, 4, 8, 16, 32].map((divisor) => Math.floor(value / divisor)).filter((part) => part >= 1)
        : ["30m", "15m", "5m", "1m"].map(duration);
    return values.map((part) => ({
      what: `${term.source.property ?? term.name} of ${term.source.name}: ${formatSeconds(part)}`,
      source: term.source,
      ...(typeof value === "number" ? { saves: counted.has(term) ? value - part : 0 } : {}),
      apply: (plan) => editPath(plan, path.id, (current) => edit(current, { ...term, value: seconds(part) })),
    }));
  };
  return [
    ...path.steps
      .filter((step) => isEnforced(step.bound))
      .map(({ name, bound }) =>
        shorter(bound, ({ steps }, term) => ({
          steps: steps.map((one) => (one.name === name ? { ...one, bound: term } : one)),
        })),
      ),
    ...path.detect.filter(isEnforced).map((term) =>
      shorter(term, ({ detect }, edited) => ({
        detect: detect.map((one) => (one.name === term.name ? edited : one)),
      })),
    ),
  ];
}
