import { type Bound, compare, sum } from "../bound";
import { seconds } from "../duration";
import type { Path, Step, Term } from "../plan";

/** The longest chain of steps, in order; a step that waits for itself makes it unbounded. */
export function criticalPath(steps: readonly Step[]): { steps: Step[]; total: Bound } {
  const done = new Map<string, { steps: Step[]; total: Bound }>();
  const visit = (step: Step, waiting: readonly string[]): { steps: Step[]; total: Bound } => {
    if (waiting.includes(step.name)) {
      return { steps: [step], total: { unbounded: `step ${step.name} waits for itself` } };
    }
    const known = done.get(step.name);
    if (known) return known;
    const before = steps.filter((other) => step.after.includes(other.name));
    const longest = before
      .map((other) => visit(other, [...waiting, step.name]))
      .sort((a, b) => compare(b.total, a.total))[0];
    const answer = {
      steps: [...(longest?.steps ?? []), step],
      total: sum([longest?.total ?? seconds(0), step.bound.value]),
    };
    done.set(step.name, answer);
    return answer;
  };
  const all = steps.map((step) => visit(step, []));
  return all.sort((a, b) => compare(b.total, a.total))[0] ?? { steps: [], total: seconds(0) };
}

/** Terms of a recovery, from the disruption to verified service. */
export function recoveryTerms(path: Path): Term[] {
  const steps = criticalPath(path.steps);
  const looped = typeof steps.total !== "number" && path.steps.every((step) => typeof step.bound.value === "number");
  const stepTerms = steps.steps.map((step) => (looped ? { ...step.bound, value: steps.total } : step.bound));
  return [...path.detect, ...path.decide, ...stepTerms, ...path.redirect];
}

/** Terms from damage until nothing is written any more: noticing, deciding, and the step that stops writes. */
export function untilWritesStop(path: Path): Term[] {
  const stop = path.steps.find((step) => step.stopsWrites);
  const upTo = stop ? criticalPath([...ancestors(path.steps, stop), stop]).steps : criticalPath(path.steps).steps;
  return [...path.detect, ...path.decide, ...upTo.map((step) => step.bound)];
}

function ancestors(steps: readonly Step[], step: Step): Step[] {
  const found = new Set<Step>();
  const add = (name: string) => {
    const other = steps.find((candidate) => candidate.name === name);
    if (other === undefined || found.has(other) || other === step) return;
    found.add(other);
    for (const before of other.after) add(before);
  };
  for (const name of step.after) add(name);
  return steps.filter((candidate) => found.has(candidate));
}
