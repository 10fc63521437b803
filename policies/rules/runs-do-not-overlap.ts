import {
  formatSeconds,
  gapsOf,
  isBounded,
  isUnknown,
  type MaintenanceRuns,
  type Rule,
  type Violation,
} from "../../recovery";
import { besideBackups, besideWork, calendarFrom } from "./meetings";
import { distinct } from "./violations";

/** Two runs that write the same chain corrupt it; one that replaces the other never ends. */
export const runsDoNotOverlap: Rule = {
  name: "runs-do-not-overlap",
  description:
    "No run of a schedule that takes restore points runs beside or instead of the one before, and no planned work on an asset beside its backups or beside other work on it.",
  level: "mandatory",
  severity: "medium",
  controls: ["NIST SP 800-53 CP-9"],
  remediation:
    "Set concurrencyPolicy to Forbid, and a deadline no longer than the shortest gap; move planned work to where neither a backup nor other work runs, or say in holdfast.dev/reads that it only reads.",
  check: ({ plan, asOf }) => {
    const calendar = calendarFrom(asOf);
    const work = plan.safeguards.filter((one): one is MaintenanceRuns => one.kind === "maintenance");
    const besidePoints = plan.protections.flatMap((points): Violation[] => {
      if (points.kind !== "restore-points") return [];
      const besideOthers = points.series.flatMap((series): Violation[] => {
        const source = { ...series.source, property: "spec.concurrencyPolicy" };
        const base = { assets: [points.asset], source };
        if (isUnknown(series.overlap)) {
          return [{ ...base, message: `${series.name}: ${series.overlap.unknown}`, cannotProve: true }];
        }
        if (series.overlap !== "forbid") {
          return [{ ...base, message: `${series.name} must forbid overlapping runs, its policy is ${series.overlap}` }];
        }
        const gaps = gapsOf(series, asOf);
        if (isUnknown(gaps) || !isBounded(series.run.value) || series.run.value <= gaps.minGapSeconds) return [];
        const message = `${series.name} may run ${formatSeconds(series.run.value)}, longer than its shortest gap of ${formatSeconds(gaps.minGapSeconds)}, and then skips a run`;
        return [{ ...base, source: series.run.source, message }];
      });
      return [...besideOthers, ...work.flatMap((one) => besideBackups(one, points, calendar))];
    });
    const besideEachOther = work.flatMap((one, i) =>
      work.slice(i + 1).flatMap((other) => besideWork(one, other, calendar)),
    );
    return distinct([...besidePoints, ...besideEachOther]);
  },
};
