import { formatBound, isBounded, isUnbounded, type Rule, type Series, type Violation } from "../../recovery";

/** A run that may start or last however long makes every sum infinite. */
export const runsAreBounded: Rule = {
  name: "runs-are-bounded",
  description: "Every run that takes restore points has a starting deadline and a deadline.",
  level: "mandatory",
  severity: "high",
  controls: ["NIST SP 800-53 CP-9", "ISO/IEC 27001:2022 A.8.13"],
  remediation: "Set startingDeadlineSeconds (at least 10) and the Job's activeDeadlineSeconds.",
  check: ({ plan }) =>
    plan.protections.flatMap((points) => {
      if (points.kind !== "restore-points") return [];
      return points.series.flatMap((series) => violationsOf(series, points.asset));
    }),
};

function violationsOf(series: Series, asset: string): Violation[] {
  return [series.startSlack, series.run]
    .filter((term) => !isBounded(term.value))
    .map(({ name, value, source }) => ({
      assets: [asset],
      source,
      message: `${series.name}: ${name} is ${formatBound(value)}: ${isUnbounded(value) ? value.unbounded : isBounded(value) ? "" : value.unknown}`,
      ...(isUnbounded(value) ? {} : { cannotProve: true }),
    }));
}
