import type { Counterexample } from "../recovery/assess/assessment";
import { calendar } from "./dates";
import { displayWidth, hang, pad } from "./text";

/** Lines of a counterexample: dated events in UTC, then what follows from them. */
export function story({ events, conclusion }: Counterexample, year: number, indent: string, width: number): string[] {
  // The zone is said once, where the eye starts, so that a copied finding still says it.
  const dates = events.map(({ at }, index) => `${calendar(at, year)}${index === 0 ? " UTC" : ""}`);
  const widest = Math.max(0, ...dates.map(displayWidth));
  return [
    ...events.flatMap(({ what }, index) => hang(`${indent}${pad(dates[index] ?? "", widest)}  `, what, width)),
    ...hang(`${indent}→ `, conclusion, width),
  ];
}

/** Lines of labelled texts, aligned: `binding:`, `fix:`. */
export function labelled(parts: readonly (readonly [string, string])[], indent: string, width: number): string[] {
  const widest = Math.max(0, ...parts.map(([label]) => label.length + 1));
  return parts.flatMap(([label, text]) => hang(`${indent}${pad(`${label}:`, widest)} `, text, width));
}
