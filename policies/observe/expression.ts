import { isUnknown, type Maybe } from "../../recovery/bound";
import type { Read } from "./read";

/** The metric that a job pushes: when the newest restore point's state was captured. */
const captureMetric = "holdfast_capture_timestamp_seconds";

const age = new RegExp(
  String.raw`time\(\)\s*-\s*(?:(?:max|min)(?:\s*(?:by|without)\s*\([^)]*\))?\s*\(\s*)?` +
    String.raw`${captureMetric}\s*\{([^}]*)\}[\s)]*>=?\s*(\d+)(?![\d.eE])(?!\s*[-+*/%^])`,
  "g",
);

/**
 * The age in seconds of the newest restore point at which a freshness alert fires; nothing when it watches restore
 * points of one kind only, and unknown when its expression is of any other form.
 */
export function freshnessThreshold(expression: Read<string>, asset: string): Maybe<number> | undefined {
  if (isUnknown(expression)) return expression;
  const [first, ...others] = [...(expression ?? "").matchAll(age)];
  const threshold = Number(first?.[2]);
  if (!Number.isSafeInteger(threshold) || others.length > 0 || /\b(and|unless)\b/.test(expression ?? "")) {
    return { unknown: `its expr is not of the form time() - max(${captureMetric}{asset="${asset}"}) > 360` };
  }
  const labels = first?.[1];
  if (!hasLabel(labels, asset)) return { unknown: `its expr does not select asset="${asset}"` };
  return labelsOf(labels).length === 1 ? threshold : undefined;
}

/** Whether an alert fires when the series it watches is absent. */
export function coversAbsence(expression: Read<string>, guards: string, asset: string): boolean {
  if (typeof expression !== "string") return false;
  const absences = [...expression.matchAll(/\babsent(?:_over_time)?\(\s*(\w*)\s*(?:\{([^}]*)\})?/g)];
  if (guards !== "freshness") return absences.length > 0;
  return absences.some(([, metric, labels]) => metric === captureMetric && hasLabel(labels, asset));
}

function hasLabel(labels: string | undefined, asset: string): boolean {
  return labelsOf(labels).includes(`asset="${asset}"`);
}

function labelsOf(labels: string | undefined): string[] {
  return (labels ?? "")
    .split(",")
    .map((label) => label.trim())
    .filter((label) => label !== "");
}
