import {
  type Asset,
  type Copy,
  copySurvives,
  formatBound,
  formatSeconds,
  isBounded,
  isUnbounded,
  isUnknown,
  type Protection,
  type Rule,
  reachBack,
  type Violation,
} from "../../recovery";
import { isDerived } from "../derived";

/** Whoever can deploy can delete, unless a lock binds them too. */
export const aCopyCannotBeDeleted: Rule = {
  name: "a-copy-cannot-be-deleted",
  description:
    "Every asset has restore points that even this program's credentials cannot delete, for its whole retention.",
  level: "mandatory",
  severity: "critical",
  controls: ["ISO/IEC 27001:2022 A.8.13", "NIST SP 800-53 CP-9(8)", "DORA 12(3)"],
  remediation: "Lock the copy in compliance mode for the retention, plus two cycles of full backups and one run.",
  check: ({ plan, asOf }) =>
    plan.assets.flatMap((asset): Violation[] => {
      if (isDerived(plan, asset)) return [];
      const points = plan.protections.filter((one) => one.asset === asset.id && one.kind === "restore-points");
      // A log that is restored without any points stands for them, moment by moment.
      if (plan.protections.some((one) => one.asset === asset.id && isLockedLog(one, asset, asOf))) return [];
      const weak: { copy: Copy; why: string; unknown: boolean }[] = [];
      for (const one of points) {
        if (one.kind !== "restore-points") continue;
        for (const copy of one.copies) {
          const answer = copySurvives(copy, { at: asset.at, disruption: "compromise", asOf });
          if (answer.survives !== true) {
            weak.push({ copy, why: answer.reason, unknown: answer.survives === "unknown" });
            continue;
          }
          const locked = copy.lock.keptFor.value;
          const reach = reachBack(one, locked, asOf, copy.relay);
          if (isUnknown(locked) || isUnknown(reach)) {
            const why = isUnknown(locked) ? locked.unknown : isUnknown(reach) ? reach.unknown : "";
            weak.push({ copy, why, unknown: true });
          } else if (asset.retention && isBounded(reach) && reach < asset.retention.atLeast) {
            const why = `locked ${formatBound(locked)}, which reaches ${formatSeconds(reach)} back, less than the retention of ${formatSeconds(asset.retention.atLeast)}`;
            weak.push({ copy, why, unknown: false });
          } else return [];
        }
      }
      const first = weak[0];
      return [
        {
          assets: [asset.id],
          disruption: "compromise",
          source: first?.copy.lock.keptFor.source ?? asset.source,
          message: first
            ? weak.map(({ copy, why }) => `${copy.source.name}: ${why}`).join("; ")
            : "there are no restore points at all, locked or not",
          ...(weak.some((one) => one.unknown) ? { cannotProve: true } : {}),
        },
      ];
    }),
};

function isLockedLog(one: Protection, { at, retention }: Asset, asOf: number): boolean {
  if (one.kind !== "archive" || one.base !== undefined) return false;
  return one.copies.some((copy) => {
    const { value } = copy.lock.keptFor;
    const lasts = isUnbounded(value) || (isBounded(value) && value >= (retention?.atLeast ?? 0));
    return lasts && copySurvives(copy, { at, disruption: "compromise", asOf }).survives === true;
  });
}
