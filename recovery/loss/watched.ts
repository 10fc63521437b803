import type { Alert, Protection, RestorePoints } from "../plan";
import { freshest } from "./restorePoints";

/**
 * The alerts that can tell a missing point of these: they watch the newest of them, and stay silent while another
 * protection of the asset takes points that they count as well.
 */
export function alertsOn(
  points: RestorePoints,
  alerts: readonly Alert[],
  protections: readonly Protection[],
  asOf: number,
): readonly Alert[] {
  if (alerts.length === 0) return alerts;
  const beside = protections.flatMap((one) => {
    const isOther = one.kind === "restore-points" && one.asset === points.asset && one.id !== points.id;
    return isOther ? one.series.filter(({ suspended }) => suspended !== true) : [];
  });
  return alerts.filter((alert) => {
    const { guards, asset, role, protection } = alert;
    if (guards !== "freshness" || asset !== points.asset || !watchesNewest(alert, points, asOf)) return false;
    return (
      beside.length === 0 ||
      protection !== undefined ||
      (role !== undefined && beside.every((one) => one.role !== role))
    );
  });
}

/** An alert on points of one kind watches the newest where one schedule of that kind alone is the freshest. */
function watchesNewest({ threshold, role, protection }: Alert, points: RestorePoints, asOf: number): boolean {
  if (threshold === undefined || (protection !== undefined && protection !== points.id)) return false;
  if (role === undefined) return true;
  const newest = freshest(points, asOf);
  return points.series.some((series) => series.name === newest?.name && series.role === role);
}
