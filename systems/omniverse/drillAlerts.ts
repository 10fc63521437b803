import { type AlertRule, alertRule, type RuleContext, series } from "../alerts/rule";
import { jobNames } from "./names";
import { type AssetName, assetIds } from "./objectives";

const drills: Readonly<Record<AssetName, string>> = {
  database: jobNames.drillDatabase,
  assets: jobNames.drillAssets,
  accounts: jobNames.drillAccounts,
};

/**
 * What a drill measured was worse than promised or planned. It goes on until a drill was better, because until then a real
 * recovery would be no better either; and it tells where a drill has ended well and nobody knows what it measured.
 */
export function drillFellShort(context: RuleContext): AlertRule {
  const { namespace } = context;
  const measured = (asset: string) => series("holdfast_drill_shortfalls", { asset, role: "drill" });
  const expr = (Object.entries(drills) as [AssetName, string][]).map(([name, cronjob]) => {
    const short = measured(assetIds[name]);
    const ended = series("kube_cronjob_status_last_successful_time", { namespace, cronjob });
    return `max by (asset) (${short}) > 0 or (absent(${short}) and on () max(${ended}) > 0)`;
  });
  return alertRule(context, {
    alert: "OmniverseDrillFellShort",
    expr: expr.join(" or "),
    // A gateway that was read a moment before the push.
    for: "5m",
    severity: "warning",
    team: "database",
    guards: "health",
    summary: "A rehearsed recovery was worse than promised",
    description:
      "The drill of {{ $labels.asset }} took longer, or lost more, than is promised or planned; or what it measured is not known.",
  });
}
