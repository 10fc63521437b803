import { isUnknown, type Rule, type Violation } from "../../recovery";
import { distinct } from "./violations";

const staleAfterDays = 90;

/** A restore nobody has tried is a hope; until one has been tried, somebody must answer for the number. */
export const recoveryIsRehearsed: Rule = {
  name: "recovery-is-rehearsed",
  description:
    "Every asset with restore points has a verification and a drill that run by themselves; every path was rehearsed in the last 90 days and verified, or has a current register entry.",
  level: "mandatory",
  severity: "high",
  controls: ["ISO/IEC 27001:2022 A.5.30", "NIST SP 800-53 CP-4", "SOC 2 A1.3", "DORA 11(6)"],
  remediation:
    "Declare a monthly drill and verification; record drills, or enter the path as undrilled with owner and expiry.",
  check: ({ plan, asOf, assessments }) => [
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
    ...plan.register.drills.flatMap((drill): Violation[] => {
      const age = Math.floor((asOf - Date.parse(`${drill.date}T00:00:00Z`) / 1_000) / 86_400);
      const why = !drill.verified
        ? "was not verified"
        : Number.isNaN(age)
          ? "has no date that can be read"
          : age < 0
            ? "is dated in the future"
            : age > staleAfterDays
              ? `is ${age} days old, more than ${staleAfterDays}`
              : undefined;
      const source = { resource: `register:${drill.id}`, name: `drill record ${drill.id}` };
      return why ? [{ assets: [drill.asset], source, message: `drill record ${drill.id} ${why}` }] : [];
    }),
  ],
};
