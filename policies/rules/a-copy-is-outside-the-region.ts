import { type Archive, isUnknown, type Protection, placeSurvives, type Rule, type Violation } from "../../recovery";
import { isDerived } from "../derived";

/** A region takes its backups with it. */
export const aCopyIsOutsideTheRegion: Rule = {
  name: "a-copy-is-outside-the-region",
  description: "Every asset has restore points in another region.",
  level: "mandatory",
  severity: "high",
  controls: ["ISO/IEC 27001:2022 A.8.14", "NIST SP 800-53 CP-6", "SOC 2 A1.2"],
  remediation: "Upload restore points to a bucket of another region in the run that takes them.",
  check: ({ plan }) =>
    plan.assets.flatMap((asset): Violation[] => {
      if (isDerived(plan, asset)) return [];
      const copies = plan.protections
        .filter((one) => one.asset === asset.id)
        .flatMap((one) => (one.kind === "restore-points" || isWhole(one) ? one.copies : []));
      const answers = copies.map((copy) => placeSurvives(copy.at, { at: asset.at, disruption: "region" }));
      if (answers.some((answer) => answer.survives === true)) return [];
      const unknown = answers.some((answer) => answer.survives === "unknown");
      const where = isUnknown(asset.at) ? "its region" : asset.at.region;
      const first = copies[0];
      return [
        {
          assets: [asset.id],
          disruption: "region",
          source: first?.source ?? asset.source,
          message: first
            ? `restore points are kept ${copies.map((copy, i) => `in ${copy.source.name} (${reason(answers[i])})`).join(", ")}`
            : `there are no restore points at all, in or outside ${where}`,
          ...(unknown ? { cannotProve: true } : {}),
          ...(isUnknown(asset.at) || first === undefined
            ? {}
            : {
                fix: {
                  change: `upload restore points to a bucket of a region other than ${where}`,
                  source: first.source,
                  result: "a copy outlives the region",
                },
              }),
        },
      ];
    }),
};

/** A log with bases of its own is restored without any other points. */
function isWhole(one: Protection): one is Archive {
  return one.kind === "archive" && one.base === undefined;
}

function reason(answer: ReturnType<typeof placeSurvives> | undefined): string {
  return answer && "reason" in answer ? answer.reason : "";
}
