import {
  type Alert,
  type Asset,
  type Evidence,
  isUnknown,
  type Plan,
  type Rule,
  type Violation,
  watchesNewest,
} from "../../recovery";
import { ageIsWatched, violationOf } from "../freshness";

/** A promise that nobody watches is broken unseen: freshness, verification and drills each need an alert that also fires on silence. */
export const eachObjectiveHasAnAlert: Rule = {
  name: "each-objective-has-an-alert",
  description:
    "For each asset, alerts notice restore points that age, verification and drills that are overdue, and a site that is lost; each fires when its series is absent.",
  level: "mandatory",
  severity: "high",
  controls: ["ISO/IEC 27001:2022 A.8.16", "NIST SP 800-53 SI-4", "SOC 2 CC7.2"],
  remediation: "Declare the alert with severity, summary, description and runbook, and an absent() branch.",
  check: (evidence) => evidence.plan.assets.flatMap((asset) => violationsOf(evidence, asset)),
};

function violationsOf(evidence: Evidence, asset: Asset): Violation[] {
  const { plan, asOf } = evidence;
  const points = plan.protections
    .filter((one) => one.kind === "restore-points")
    .filter((one) => one.asset === asset.id);
  const wanted: [string, string, boolean][] = [
    ["freshness", "the age of its newest restore point", points.length > 0],
    ["verification", "overdue verification", has(plan, asset, "verification")],
    ["drill", "an overdue drill", has(plan, asset, "drill")],
    ["watchdog", "alerting that stopped", true],
  ];
  const alerts = plan.alerts.filter((alert) => alert.asset === asset.id);
  const found: Violation[] = [];
  for (const [guards, what, needed] of wanted) {
    if (!needed) continue;
    const saying = alerts.filter(
      (alert) =>
        alert.guards === guards && (guards !== "freshness" || points.some((one) => watchesNewest(alert, one, asOf))),
    );
    const guarding = saying.filter(({ flaw }) => flaw === undefined);
    const source = guarding[0]?.source ?? asset.source;
    if (guarding.length === 0) {
      found.push(unnoticed(asset, what, saying));
    } else if (guards === "watchdog") {
      found.push(...unwatched(asset, alerts, guarding));
    } else if (!guarding.some((alert) => alert.coversAbsence)) {
      found.push(violationOf(asset, source, `no alert notices that ${what} is not measured at all (absent)`));
    } else if (guards === "freshness" && guarding.every(isQuiet)) {
      found.push(violationOf(asset, source, `no alert that notices ${what} is critical: nobody is woken`));
    }
  }
  const bare = alerts.filter((alert) => !alert.complete);
  const [first] = bare;
  if (first) {
    const names = bare.map(({ name }) => name).join(", ");
    found.push(violationOf(asset, first.source, `without a severity, summary, description or runbook: ${names}`));
  }
  return [...found, ...ageIsWatched(evidence, asset, alerts)];
}

/** Nothing guards; or what says so does not, for reasons of its own. */
function unnoticed(asset: Asset, what: string, saying: readonly Alert[]): Violation {
  const why = saying.map(({ name, flaw }) => `${name}: ${isUnknown(flaw) ? flaw.unknown : flaw}`).join("; ");
  const message = `no alert notices ${what}${why === "" ? "" : ` (${why})`}`;
  const unproven = saying.some(({ flaw }) => isUnknown(flaw));
  return {
    ...violationOf(asset, saying[0]?.source ?? asset.source, message),
    ...(unproven ? { cannotProve: true } : {}),
  };
}

/** Alerting may stop in one cluster alone: each that guards the asset needs a watchdog of its own. */
function unwatched(asset: Asset, alerts: readonly Alert[], watchdogs: readonly Alert[]): Violation[] {
  const first = new Map(alerts.map((alert) => [alert.cluster, alert]));
  return [...first].flatMap(([cluster, alert]) => {
    if (watchdogs.some((one) => one.cluster === cluster)) return [];
    const own = alerts.filter((one) => one.cluster === cluster && one.guards === "watchdog");
    const what = `alerting that stopped in ${isUnknown(alert.at) ? "the cluster" : alert.at.region}, where ${alert.name} stands`;
    return [{ ...unnoticed(asset, what, own), source: alert.source }];
  });
}

/** A severity that is not known is a finding already. */
function isQuiet({ severity }: Alert): boolean {
  return !isUnknown(severity) && severity !== "critical";
}

function has(plan: Plan, asset: Asset, role: "verification" | "drill"): boolean {
  return plan.rehearsals.some((one) => one.asset === asset.id && one.role === role);
}
