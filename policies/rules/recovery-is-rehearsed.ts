import {
  type Bound,
  type DrillRecord,
  daysSince,
  drillBound,
  drilledTime,
  drillLifeDays,
  drillsByPath,
  type Evidence,
  formatSeconds,
  isBounded,
  isDrilledBy,
  isUnknown,
  max,
  newestDrill,
  type Path,
  type Plan,
  type Protection,
  type Rule,
  slowestDrill,
  type Violation,
} from "../../recovery";
import { rarelyRehearsed } from "../rehearsals";
import { distinct } from "./violations";

/** A restore nobody has tried is a hope; until one has been tried, somebody must answer for the number. */
export const recoveryIsRehearsed: Rule = {
  name: "recovery-is-rehearsed",
  description:
    "Every asset with restore points has a verification and a drill that run by themselves, each quarter at least, the drill within an RTO; the newest record of every rehearsed path is verified, at most 90 days old and within its deadlines, and a path without one has a current register entry.",
  level: "mandatory",
  severity: "high",
  controls: ["ISO/IEC 27001:2022 A.5.30", "NIST SP 800-53 CP-4", "SOC 2 A1.3", "DORA 11(6)"],
  remediation:
    "Declare a monthly drill and verification; record drills, or enter the path as undrilled with owner and expiry.",
  // What is on record is held to, even where nobody says what runs by itself.
  check: (evidence) => [
    ...(evidence.unstated?.includes("rehearsals") ? [] : unrehearsed(evidence)),
    ...failedDrills(evidence),
  ],
};

function unrehearsed(evidence: Evidence): Violation[] {
  const { plan, assessments } = evidence;
  return [
    ...rarelyRehearsed(evidence),
    ...plan.assets.flatMap((asset): Violation[] => {
      if (!plan.protections.some((one) => one.asset === asset.id && isRestored(one))) return [];
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
  ];
}

function failedDrills({ plan, asOf }: Evidence): Violation[] {
  return drillsByPath(plan.register.drills).flatMap((drills): Violation[] => {
    const newest = newestDrill(drills);
    if (newest === undefined) return [];
    const paths = plan.paths.filter((path) => isDrilledBy(path, newest));
    const bytes = bytesOf(newest, paths, plan);
    return [...faultsOf(newest, bytes, asOf), ...slownessOf(drills, paths, bytes, asOf)];
  });
}

/** Restore points, and a log that is restored without any others. */
function isRestored(one: Protection): boolean {
  return one.kind === "restore-points" || (one.kind === "archive" && one.base === undefined);
}

/** Bytes that a drill of these paths stands for; a path that restores nothing takes as long whatever there is. */
function bytesOf({ asset }: DrillRecord, paths: readonly Path[], plan: Plan): number | undefined {
  const restores = paths.some(({ steps }) => steps.some((step) => step.restores));
  return restores ? plan.assets.find(({ id }) => id === asset)?.bytes : undefined;
}

/** Why the newest record does not stand for its path: only another drill mends it, none that is older. */
function faultsOf(drill: DrillRecord, bytes: number | undefined, asOf: number): Violation[] {
  const why = faultOf(drill, bytes, asOf);
  return why === undefined ? [] : [violationOf(drill, why)];
}

function faultOf(drill: DrillRecord, bytes: number | undefined, asOf: number): string | undefined {
  const age = daysSince(drill, asOf);
  if (!drill.verified) return "was not verified";
  if (age === undefined) return "has no date that can be read";
  if (age < 0) return "is dated in the future";
  if (age > drillLifeDays) return `is ${age} days old, more than ${drillLifeDays}`;
  if (drilledTime(drill, bytes) !== undefined) return undefined;
  return `moved ${drill.bytes} bytes, less than a tenth of the ${bytes} of ${drill.asset}`;
}

/** A drill that was slower than the deadlines is not undone by one that was faster since. */
function slownessOf(
  drills: readonly DrillRecord[],
  paths: readonly Path[],
  bytes: number | undefined,
  asOf: number,
): Violation[] {
  const slowest = slowestDrill(drills, asOf, bytes);
  const longest = paths
    .map(drillBound)
    .reduce<Bound | undefined>((a, b) => (a === undefined ? b : max(a, b)), undefined);
  if (slowest === undefined || longest === undefined || !isBounded(longest) || slowest.took <= longest) return [];
  const { drill, took } = slowest;
  const stretched = took === drill.seconds ? "" : `, ${formatSeconds(took)} for all of its data`;
  const why = `took ${formatSeconds(drill.seconds)}${stretched}, and the deadlines of ${drill.path} allow ${formatSeconds(longest)}`;
  return [violationOf(drill, why)];
}

function violationOf({ id, asset }: DrillRecord, why: string): Violation {
  const source = { resource: `register:${id}`, name: `drill record ${id}` };
  return { assets: [asset], source, message: `drill record ${id} ${why}` };
}
