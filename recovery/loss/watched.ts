import type { Alert, Protection, RestorePoints } from "../plan";

/**
 * The alerts that can tell a missing point of these: one on the age of an asset's newest point stays silent as long as
 * another protection of that asset takes points that it counts as well.
 */
export function alertsOn(
  points: RestorePoints,
  alerts: readonly Alert[],
  protections: readonly Protection[],
): readonly Alert[] {
  if (alerts.length === 0) return alerts;
  const others = protections.filter(
    (one): one is RestorePoints => one.kind === "restore-points" && one.asset === points.asset && one.id !== points.id,
  );
  const series = others.flatMap((one) => one.series).filter(({ suspended }) => suspended !== true);
  if (series.length === 0) return alerts;
  return alerts.filter(
    ({ guards, role }) => guards !== "freshness" || (role !== undefined && series.every((one) => one.role !== role)),
  );
}
