import type { Step } from "../../recovery/plan";
import { annotationProperty } from "./annotations";
import type { Problems } from "./problems";

/**
 * Notes a recovery whose steps are in an order in which it does not recover: everything comes before the restore or
 * after it, what was restored is verified, and clients are sent to verified data only. One step may do several of these.
 */
export function noteOrder(path: string, steps: readonly Step[], asset: string | undefined, problems: Problems): void {
  const [first] = steps;
  const restoring = steps.filter(({ restores }) => restores);
  // A path that restores nothing is no path at all: whatever its order, it is excluded.
  if (first === undefined || restoring.length === 0) return;
  const wrong = [
    ...apart(steps, restoring),
    ...unverified(steps, restoring),
    ...steps.filter(({ redirects }) => redirects).flatMap((step) => blind(step, steps)),
  ];
  if (wrong.length === 0) return;
  const source = { ...first.source, property: annotationProperty("after") };
  problems.add(source, `the steps of path ${path} are in no order that recovers: ${wrong.join("; ")}`, asset);
}

function apart(steps: readonly Step[], restoring: readonly Step[]): string[] {
  const loose = steps.filter((step) =>
    restoring.some((restore) => !waitsFor(step, restore, steps) && !waitsFor(restore, step, steps)),
  );
  if (loose.length === 0) return [];
  return [`${namesOf(loose)} may run at the same time as ${namesOf(restoring)}, which restores`];
}

function unverified(steps: readonly Step[], restoring: readonly Step[]): string[] {
  const verifying = steps.filter(({ verifies }) => verifies);
  if (verifying.length === 0) return ["none has the effect verifies, so nobody checks what was restored"];
  const early = verifying.filter((step) => !restoring.every((restore) => waitsFor(step, restore, steps)));
  return early.length === 0 ? [] : [`${namesOf(early)} verifies before ${namesOf(restoring)} has restored`];
}

function blind(step: Step, steps: readonly Step[]): string[] {
  const verifying = steps.filter(({ verifies }) => verifies);
  if (verifying.length === 0 || verifying.every((verify) => waitsFor(step, verify, steps))) return [];
  return [`${step.name} sends clients there before ${namesOf(verifying)} has verified it`];
}

/** Whether a step is another one, or starts only after it has ended. */
function waitsFor(step: Step, other: Step, steps: readonly Step[]): boolean {
  const before = new Set([step]);
  for (const one of before) {
    for (const earlier of steps) if (one.after.includes(earlier.name)) before.add(earlier);
  }
  return before.has(other);
}

function namesOf(steps: readonly Step[]): string {
  return steps.map(({ name }) => name).join(", ");
}
