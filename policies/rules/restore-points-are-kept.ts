import {
  type Asset,
  base,
  formatBound,
  formatSeconds,
  isBounded,
  isUnbounded,
  isUnknown,
  keptTerm,
  type Plan,
  type Protection,
  type RestorePoints,
  type Rule,
  reachBack,
  type Term,
  type Violation,
} from "../../recovery";

/** A restore point deleted early cannot be restored, however good the backup was; a chain ends where its base ends. */
export const restorePointsAreKept: Rule = {
  name: "restore-points-are-kept",
  description:
    "Every moment of the asset's retention can be restored, though one full backup failed; nothing is kept past its end.",
  level: "mandatory",
  severity: "high",
  controls: ["ISO/IEC 27001:2022 A.8.13", "NIST SP 800-53 CP-9", "GDPR 5(1)(e)"],
  remediation: "Keep points for the retention, plus two cycles of full backups and one run.",
  check: ({ plan, asOf }) => [
    ...plan.assets.flatMap((asset) => versionsDeleted(plan, asset)),
    ...plan.protections.flatMap((points): Violation[] => {
      const retention = plan.assets.find((asset) => asset.id === points.asset)?.retention;
      if (points.kind !== "restore-points" || retention === undefined) return [];
      const violation = (rest: Omit<Violation, "assets">): Violation => ({ assets: [points.asset], ...rest });
      return points.copies.flatMap((copy): Violation[] => {
        const { value, source } = keptTerm(points, copy, asOf);
        if (isUnknown(value)) {
          const message = `retention is ${formatSeconds(retention.atLeast)}, and it cannot be proven: ${value.unknown}`;
          return [violation({ source, message, cannotProve: true })];
        }
        const found: Violation[] = [];
        const endless = endlessRun(points, asOf);
        const reach = reachBack(points, value, asOf, copy.relay);
        if (isUnknown(reach)) {
          const message = `retention is ${formatSeconds(retention.atLeast)}, and it cannot be proven: ${reach.unknown}`;
          found.push(violation({ source, message, cannotProve: true }));
        } else if (endless !== undefined) {
          const message = `retention is ${formatSeconds(retention.atLeast)}, but nothing says how far back points reach: ${endless}`;
          found.push(violation({ source, message }));
        } else if (isBounded(reach) && reach < retention.atLeast) {
          const kept = isBounded(value) ? value : 0;
          const needed = Math.ceil((retention.atLeast + (kept - reach)) / 86_400);
          found.push(
            violation({
              source,
              message: `retention is ${formatSeconds(retention.atLeast)}, but points kept ${formatBound(value)} in ${copy.source.name} can be restored ${formatSeconds(reach)} back only: a chain needs its base, and one full backup may fail`,
              ...(reach > 0
                ? {
                    fix: {
                      change: `${source.property ?? "retention"} of ${source.name}: ${needed} days`,
                      source,
                      result: `every moment of ${formatSeconds(retention.atLeast)} can be restored`,
                    },
                  }
                : {}),
            }),
          );
        }
        const gone = copy.deletedBy ?? copy.keptFor;
        if (retention.atMost !== undefined && !(isBounded(gone.value) && gone.value <= retention.atMost)) {
          const message = `points must be deleted after ${formatSeconds(retention.atMost)}, but ${copy.source.name} keeps them ${formatBound(gone.value)}`;
          const unproven = isUnknown(gone.value) ? { cannotProve: true } : {};
          found.push(violation({ source: gone.source, message, ...unproven }));
        }
        return found;
      });
    }),
  ],
};

/**
 * Earlier versions, or backups that a service keeps by itself, are kept as long: where nothing else takes restore points
 * they keep the promise alone, and what brings back damage in place is what people will reach for first.
 */
function versionsDeleted({ protections, paths }: Plan, { id, retention }: Asset): Violation[] {
  const own = protections.filter(({ asset }) => asset === id);
  if (retention === undefined) return [];
  const isAlone = own.every(({ kind }) => kind !== "restore-points");
  const isUsed = (one: Protection) =>
    paths.some(({ protection, disruptions }) => protection === one.id && disruptions.includes("corruption"));
  return own.flatMap((one): Violation[] => {
    const kept = isAlone || isUsed(one) ? keptByItself(one) : undefined;
    if (kept === undefined) return [];
    const { value, source } = kept;
    const promised = `retention is ${formatSeconds(retention.atLeast)}`;
    if (isUnknown(value)) {
      return [
        { assets: [id], source, message: `${promised}, and it cannot be proven: ${value.unknown}`, cannotProve: true },
      ];
    }
    if (!isBounded(value) || value >= retention.atLeast) return [];
    return [
      {
        assets: [id],
        source,
        message: `${promised}, but ${one.kind === "archive" ? one.label : "earlier versions"} are deleted after ${formatSeconds(value)}`,
      },
    ];
  });
}

function keptByItself(one: Protection): Term | undefined {
  if (one.kind === "versions") return one.keptFor;
  return one.kind === "archive" && one.base === undefined ? one.copies[0]?.keptFor : undefined;
}

/** Why a full backup may never be usable, if nothing bounds its run. */
function endlessRun(points: RestorePoints, asOf: number): string | undefined {
  const full = base(points, asOf);
  const endless = [full?.startSlack.value, full?.run.value].find(isUnbounded);
  return endless?.unbounded;
}
