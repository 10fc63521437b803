import {
  formatBound,
  isBounded,
  isUnknown,
  longestChain,
  type Path,
  type ReadRate,
  type Rule,
  readTime,
  restoreTime,
  type Violation,
} from "../../recovery";
import { distinct } from "./violations";

/** A deadline shorter than the restore only makes it fail on time: long chains are slow to replay. */
export const restoresFitTheirDeadline: Rule = {
  name: "restores-fit-their-deadline",
  description:
    "Restoring the longest chain, or reading what is kept, at the declared rates, fits the deadline of every step that restores.",
  level: "mandatory",
  severity: "high",
  controls: ["NIST SP 800-53 CP-10", "ISO/IEC 27001:2022 A.5.30"],
  remediation: "Start chains more often (more full backups), or give the step a longer deadline.",
  check: ({ plan, asOf }) =>
    distinct(
      plan.paths.flatMap((path) => {
        const points = plan.protections.find((one) => one.id === path.protection);
        if (points?.kind === "archive" || points?.kind === "versions") return slowToRead(path, points.readRate);
        if (points?.kind !== "restore-points") return [];
        const time = restoreTime(points, asOf);
        const links = longestChain(points, asOf);
        const restoring = path.steps.filter((step) => step.restores);
        if (restoring.length === 0) {
          const message = `${path.label}: none of its steps restores anything (${path.steps.map(({ name }) => name).join(", ")})`;
          return [{ assets: [path.asset], source: path.source, message }];
        }
        return restoring.flatMap(({ name, bound }): Violation[] => {
          const base = { assets: [path.asset], source: bound.source };
          if (time === undefined) {
            const message = `${path.label}: no rate of restoring is declared for ${path.asset}`;
            return [{ ...base, message, cannotProve: true }];
          }
          if (isBounded(time) && isBounded(bound.value) && time <= bound.value) return [];
          if (!isBounded(bound.value)) return [];
          const must = `${path.label}: step ${name} must end in ${formatBound(bound.value)}`;
          if (isUnknown(time)) {
            return [{ ...base, message: `${must}, and it cannot be proven: ${time.unknown}`, cannotProve: true }];
          }
          const chain = typeof links === "number" ? `${links} incrementals` : "a chain without end";
          return [
            {
              ...base,
              message: `${must}, but restoring a full backup and ${chain} takes ${formatBound(time)}`,
            },
          ];
        });
      }),
    ),
};

/** Steps that must end before what they read can have been read; one without a rate reads nothing. */
function slowToRead(path: Path, rate: ReadRate | undefined): Violation[] {
  if (rate === undefined) return [];
  const time = readTime(rate);
  return path.steps.flatMap(({ name, bound, restores }): Violation[] => {
    if (!restores || !isBounded(bound.value) || (isBounded(time) && time <= bound.value)) return [];
    const must = `${path.label}: step ${name} must end in ${formatBound(bound.value)}`;
    const base = { assets: [path.asset], source: bound.source };
    if (isUnknown(time))
      return [{ ...base, message: `${must}, and it cannot be proven: ${time.unknown}`, cannotProve: true }];
    return [
      {
        ...base,
        message: `${must}, but reading ${rate.bytes} bytes, ${rate.bytesPerSecond} a second, takes ${formatBound(time)}`,
      },
    ];
  });
}
