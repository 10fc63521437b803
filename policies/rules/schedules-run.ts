import { isUnknown, type Rule, type Violation, worstGaps } from "../../recovery";

/** A suspended schedule looks like protection and gives none. */
export const schedulesRun: Rule = {
  name: "schedules-run",
  description: "Schedules that protect, verify or rehearse are not suspended, and have runs to come.",
  level: "mandatory",
  severity: "critical",
  controls: ["NIST SP 800-53 CP-9", "NIST SP 800-53 CP-4", "ISO/IEC 27001:2022 A.8.13"],
  remediation: "Set suspend to false.",
  check: ({ plan, asOf }) => {
    const schedules = [
      ...plan.protections.flatMap((points) =>
        points.kind === "restore-points" ? points.series.map((one) => ({ ...one, asset: points.asset })) : [],
      ),
      ...plan.rehearsals,
    ];
    return schedules.flatMap(({ name, suspended, schedule, source, asset }): Violation[] => {
      const at = { ...source, property: "spec.suspend" };
      const found: Violation[] = [];
      if (suspended === true) {
        found.push({
          assets: [asset],
          source: at,
          message: `${name} is suspended: it never runs`,
          fix: { change: `spec.suspend of ${source.name}: false`, source: at, result: "it runs" },
        });
      } else if (isUnknown(suspended)) {
        found.push({ assets: [asset], source: at, message: `${name}: ${suspended.unknown}`, cannotProve: true });
      }
      if (isUnknown(schedule)) {
        found.push({ assets: [asset], source, message: `${name}: ${schedule.unknown}`, cannotProve: true });
      } else {
        const ahead = worstGaps(schedule, asOf);
        const never = `${name} never runs: ${schedule.expression} fits no day of the next ten years`;
        if ("problem" in ahead) {
          found.push({ assets: [asset], source, message: `${name}: ${ahead.problem}`, cannotProve: true });
        } else if (ahead.runs === 0) found.push({ assets: [asset], source, message: never });
      }
      return found;
    });
  },
};
