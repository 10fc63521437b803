import { budgets, formatBound, formatSeconds, isBounded, isUnbounded, type Rule, type Violation } from "../../recovery";
import { formatShare } from "../../recovery/share";

/** Users cannot tell planned work from a failure: what a promise of availability leaves is all that there is for it. */
export const plannedWorkFitsAvailability: Rule = {
  name: "planned-work-fits-availability",
  description: "The planned work of a system that users notice fits into what its promise of availability leaves.",
  level: "mandatory",
  severity: "high",
  controls: ["ISO/IEC 27001:2022 A.5.30", "SOC 2 A1.1"],
  remediation:
    "Make the work shorter or rarer, let it take nothing away, or promise less: over a longer span, or without counting reads.",
  check: ({ plan, asOf }) =>
    budgets(plan, asOf).flatMap(({ availability, allowed, planned, work }): Violation[] => {
      if (isBounded(planned) && planned <= allowed) return [];
      const { system, perMillion, over, source } = availability;
      const counting = work.filter(({ counts }) => counts).map((one) => `${one.work.name}, ${one.work.effect}`);
      const promise = `${system} promises ${formatShare(perMillion)} of ${formatSeconds(over)}, which leaves ${formatSeconds(allowed)}`;
      const why = isBounded(planned) ? "" : `: ${isUnbounded(planned) ? planned.unbounded : planned.unknown}`;
      return [
        {
          assets: plan.assets.filter((one) => one.system === system).map(({ id }) => id),
          source,
          message: `${promise}, and its planned work takes ${formatBound(planned)} (${counting.join("; ")})${why}`,
          ...(isBounded(planned) || isUnbounded(planned) ? {} : { cannotProve: true }),
        },
      ];
    }),
};
