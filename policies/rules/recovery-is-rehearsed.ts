import {
  type Bound,
  type DrillRecord,
  daysSince,
  drillBound,
  drilledTime,
  drillLifeDays,
  formatSeconds,
  isBounded,
  isDrilledBy,
  isUnknown,
  max,
  newestDrills,
  type Plan,
  type Rule,
  type Violation,
} from "../../recovery";
import { rarelyRehearsed } from "../rehearsals";
import { distinct } from "./violations";

/** A restore nobody has tried is a hope; until one has been tried, somebody must answer for the number. */
export const recoveryIsRehearsed: Rule = {
  name: "recovery-is-rehearsed",
  description:
    "Every asset with restore points has a verification and a drill that run by themselves, each quarter at least; the newest record of every rehearsed path is verified, at most 90 days old and within its deadlines, and a path without one has a current register entry.",
  level: "mandatory",
  severity: "high",
  controls: ["ISO/IEC 27001:2022 A.5.30", "NIST SP 800-53 CP-4", "SOC 2 A1.3", "DORA 11(6)"],
  remediation:
    "Declare a monthly drill and verification; record drills, or enter the path as undrilled with owner and expiry.",
  check: ({ plan, asOf, assessments, problems }) => [
    ...rarelyRehearsed({ plan, asOf, assessments, problems }),
    ...plan.assets.flatMap((asset): Violation[] => {
      if (!plan.protections.some((one) => one.kind === "restore-points" && one.asset === asset.id)) return [];
      return (["verification", "drill"] as const)
        .filter((role) => !plan.rehearsals.some((one) => one.asset === asset.id && one.role === role))
        .map((role) => ({
          assets: [asset.id],
          source: asset.source,
          message: `restore points, but no scheduled ${role}`,
        }));
    }),
    ...distinct(
      plan.paths.flatMap((path): Violation[] => {
        if (!assessments.some((one) => one.chosen?.path === path.id)) return [];
        const loose = path.steps.filter(
          ({ bound }) => bound.grade === "assumed" && bound.assumption === undefined && !isUnknown(bound.value),
        );
        const first = loose[0];
        if (first === undefined) return [];
        return [
          {
            assets: [path.asset],
            source: first.source,
            message: `${path.label}: nobody has rehearsed ${loose.map((step) => step.name).join(", ")}, and no current register entry answers for it`,
          },
        ];
      }),
    ),
    ...newestDrills(plan.register.drills).flatMap((drill): Violation[] => {
      const why = faultOf(drill, plan, asOf);
      const source = { resource: `register:${drill.id}`, name: `drill record ${drill.id}` };
      return why ? [{ assets: [drill.asset], source, message: `drill record ${drill.id} ${why}` }] : [];
    }),
  ],
};

/** Why a drill record does not stand for its path; the newest counts, so only another drill mends it. */
function faultOf(drill: DrillRecord, plan: Plan, asOf: number): string | undefined {
  const age = daysSince(drill, asOf);
  if (!drill.verified) return "was not verified";
  if (Number.isNaN(age)) return "has no date that can be read";
  if (age < 0) return "is dated in the future";
  if (age > drillLifeDays) return `is ${age} days old, more than ${drillLifeDays}`;
  const paths = plan.paths.filter((path) => isDrilledBy(path, drill));
  const restores = paths.some(({ steps }) => steps.some((step) => step.restores));
  const bytes = restores ? plan.assets.find(({ id }) => id === drill.asset)?.bytes : undefined;
  const took = drilledTime(drill, bytes);
  if (took === undefined) return `moved ${drill.bytes} bytes, less than a tenth of the ${bytes} of ${drill.asset}`;
  const longest = paths
    .map(drillBound)
    .reduce<Bound | undefined>((a, b) => (a === undefined ? b : max(a, b)), undefined);
  if (longest === undefined || !isBounded(longest) || took <= longest) return undefined;
  const scaled = took === drill.seconds ? "" : `, ${formatSeconds(took)} for all of its data`;
  return `took ${formatSeconds(drill.seconds)}${scaled}, and the deadlines of ${drill.path} allow ${formatSeconds(longest)}`;
}
