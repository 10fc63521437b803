import {
  type Alert,
  type Asset,
  ageTerms,
  formatBound,
  formatLimit,
  formatSeconds,
  freshest,
  isBounded,
  isUnknown,
  largestKept,
  type Plan,
  type Rule,
  sum,
  type Violation,
} from "../../recovery";

/** A promise that nobody watches is broken unseen: freshness, verification and drills each need an alert that also fires on silence. */
export const eachObjectiveHasAnAlert: Rule = {
  name: "each-objective-has-an-alert",
  description:
    "For each asset, alerts notice restore points that age, verification and drills that are overdue, and a site that is lost; each fires when its series is absent.",
  level: "mandatory",
  severity: "high",
  controls: ["ISO/IEC 27001:2022 A.8.16", "NIST SP 800-53 SI-4", "SOC 2 CC7.2"],
  remediation: "Declare the alert with severity, summary, description and runbook, and an absent() branch.",
  check: ({ plan, asOf }) => plan.assets.flatMap((asset) => violationsOf(plan, asset, asOf)),
};

function violationsOf(plan: Plan, asset: Asset, asOf: number): Violation[] {
  const points = plan.protections.filter((one) => one.asset === asset.id && one.kind === "restore-points");
  const wanted: [string, string, boolean][] = [
    ["freshness", "the age of its newest restore point", points.length > 0],
    ["verification", "overdue verification", has(plan, asset, "verification")],
    ["drill", "an overdue drill", has(plan, asset, "drill")],
    ["watchdog", "alerting that stopped", true],
  ];
  const alerts = plan.alerts.filter((alert) => alert.asset === asset.id);
  const found: Violation[] = [];
  for (const [guards, what, needed] of wanted) {
    // A freshness alert without a threshold watches restore points of one kind only, not the newest.
    const guarding = alerts.filter(
      (alert) => alert.guards === guards && (guards !== "freshness" || alert.threshold !== undefined),
    );
    if (!needed) continue;
    if (guarding.length === 0) {
      found.push(violation(asset, asset.source, `no alert notices ${what}`));
    } else if (guards !== "watchdog" && !guarding.some((alert) => alert.coversAbsence)) {
      found.push(
        violation(
          asset,
          guarding[0]?.source ?? asset.source,
          `no alert notices that ${what} is not measured at all (absent)`,
        ),
      );
    }
  }
  const bare = alerts.filter((alert) => !alert.complete);
  const [first] = bare;
  if (first) {
    const names = bare.map(({ name }) => name).join(", ");
    found.push(violation(asset, first.source, `without a severity, summary, description or runbook: ${names}`));
  }
  return [...found, ...freshness(plan, asset, alerts, asOf)];
}

/** The threshold must let healthy days pass in silence and fire before the promise is broken. */
function freshness(plan: Plan, asset: Asset, alerts: readonly Alert[], asOf: number): Violation[] {
  const limits = [asset.objectives.region, asset.objectives.zone, asset.objectives.node].flatMap(
    (one) => one?.rpo ?? [],
  );
  return plan.protections.flatMap((points): Violation[] => {
    if (points.kind !== "restore-points" || points.asset !== asset.id) return [];
    const cadence = freshest(points, asOf);
    if (cadence === undefined) return [];
    const healthy = sum(ageTerms(points, cadence, 0).map(({ value }) => value));
    const region = asset.objectives.region?.rpo ?? limits[0];
    return alerts
      .filter((alert) => alert.guards === "freshness" && alert.threshold !== undefined)
      .flatMap((alert): Violation[] => {
        const { threshold } = alert;
        if (threshold === undefined) return [];
        if (isUnknown(threshold)) {
          return [{ ...violation(asset, alert.source, `${alert.name}: ${threshold.unknown}`), cannotProve: true }];
        }
        const detect = sum(alert.detect.map((term) => term.value));
        if (isBounded(healthy) && threshold < healthy) {
          return [
            violation(
              asset,
              alert.source,
              `${alert.name} fires at an age of ${formatSeconds(threshold)}, on healthy days too: points reach ${formatSeconds(healthy)}`,
            ),
          ];
        }
        if (!isBounded(detect)) {
          const unproven = isUnknown(detect);
          const why = unproven ? detect.unknown : detect.unbounded;
          return [
            { ...violation(asset, alert.source, `${alert.name}: ${why}`), ...(unproven && { cannotProve: true }) },
          ];
        }
        if (region && threshold + detect > largestKept(region)) {
          return [
            violation(
              asset,
              alert.source,
              `${alert.name} fires ${formatSeconds(threshold)} + ${formatBound(detect)} after the newest point, later than the RPO of ${formatLimit(region)}`,
            ),
          ];
        }
        return [];
      });
  });
}

function has(plan: Plan, asset: Asset, role: "verification" | "drill"): boolean {
  return plan.rehearsals.some((one) => one.asset === asset.id && one.role === role);
}

function violation(asset: Asset, source: Violation["source"], message: string): Violation {
  return { assets: [asset.id], source, message };
}
