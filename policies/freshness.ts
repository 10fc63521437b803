import {
  type Alert,
  type Assessment,
  type Asset,
  alertsOn,
  type Evidence,
  formatBound,
  formatLimit,
  formatSeconds,
  healthyAge,
  isBounded,
  isUnknown,
  type Limit,
  largestKept,
  type Plan,
  type RestorePoints,
  sum,
  type Violation,
} from "../recovery";

/** The threshold must let healthy days pass in silence and fire before the promise is broken. */
export function ageIsWatched(
  { plan, assessments, asOf }: Evidence,
  asset: Asset,
  alerts: readonly Alert[],
): Violation[] {
  const own = pointsOf(plan, asset);
  return own.flatMap((points): Violation[] => {
    const healthy = healthyAge(points, asOf);
    if (healthy === undefined) return [];
    const limit = limitOf(asset, points, assessments);
    return alertsOn(points, alerts, own, asOf).flatMap((alert): Violation[] => {
      const { threshold } = alert;
      if (threshold === undefined) return [];
      if (isUnknown(threshold)) {
        return [{ ...violationOf(asset, alert.source, `${alert.name}: ${threshold.unknown}`), cannotProve: true }];
      }
      // A warning may take its time: what must come in time wakes somebody.
      if (alert.severity !== "critical") return [];
      const detect = sum(alert.detect.map((term) => term.value));
      const { age, unread } = healthy;
      if (isBounded(age) && threshold < age) {
        const often = unread ? "and nobody can tell whether on healthy days too" : "on healthy days too";
        const why = unread
          ? `points reach ${formatSeconds(age)} unless others are newer: ${unread.unknown}`
          : `points reach ${formatSeconds(age)}`;
        const message = `${alert.name} fires at an age of ${formatSeconds(threshold)}, ${often}: ${why}`;
        return [{ ...violationOf(asset, alert.source, message), ...(unread && { cannotProve: true }) }];
      }
      if (!isBounded(detect)) {
        const unproven = isUnknown(detect);
        const why = unproven ? detect.unknown : detect.unbounded;
        return [
          { ...violationOf(asset, alert.source, `${alert.name}: ${why}`), ...(unproven && { cannotProve: true }) },
        ];
      }
      if (limit && threshold + detect > largestKept(limit)) {
        return [
          violationOf(
            asset,
            alert.source,
            `${alert.name} fires ${formatSeconds(threshold)} + ${formatBound(detect)} after the newest point, later than the RPO of ${formatLimit(limit)}`,
          ),
        ];
      }
      return [];
    });
  });
}

/** The RPO that these points keep when a region, a zone or a node is lost; none where a log or a replica keeps it. */
function limitOf(asset: Asset, points: RestorePoints, assessments: readonly Assessment[]): Limit | undefined {
  const [widest] = (["region", "zone", "node"] as const).filter((one) => asset.objectives[one] !== undefined);
  const answer = assessments.find((one) => one.asset === asset.id && one.disruption === widest);
  const kept = answer?.chosen === undefined || answer.chosen.protection === points.id;
  return widest !== undefined && kept ? asset.objectives[widest]?.rpo : undefined;
}

/** The restore points of an asset. */
export function pointsOf({ protections }: Plan, { id }: Asset): RestorePoints[] {
  return protections.filter((one): one is RestorePoints => one.kind === "restore-points" && one.asset === id);
}

/** A violation of one asset. */
export function violationOf(asset: Asset, source: Violation["source"], message: string): Violation {
  return { assets: [asset.id], source, message };
}

/** Nothing guards; or what says so does not, for reasons of its own. */
export function unnoticed(asset: Asset, what: string, saying: readonly Alert[]): Violation {
  const why = saying.map(({ name, flaw }) => `${name}: ${isUnknown(flaw) ? flaw.unknown : flaw}`).join("; ");
  const message = `no alert notices ${what}${why === "" ? "" : ` (${why})`}`;
  const unproven = saying.some(({ flaw }) => isUnknown(flaw));
  return {
    ...violationOf(asset, saying[0]?.source ?? asset.source, message),
    ...(unproven ? { cannotProve: true } : {}),
  };
}

/** A severity that is not known is a finding already. */
export function isQuiet({ severity }: Alert): boolean {
  return !isUnknown(severity) && severity !== "critical";
}
