import {
  type Alert,
  type Asset,
  alertsOn,
  type Evidence,
  isUnknown,
  type Plan,
  type RestorePoints,
  type Rule,
  type Violation,
} from "../../recovery";
import { copiesAreWatched } from "../copies";
import { ageIsWatched, isQuiet, pointsOf, unnoticed, violationOf } from "../freshness";

/** A promise that nobody watches is broken unseen: freshness, verification and drills each need an alert that also fires on silence. */
export const eachObjectiveHasAnAlert: Rule = {
  name: "each-objective-has-an-alert",
  description:
    "For each asset, alerts notice restore points that age, logs and replicas that fall behind, verification and drills that are overdue, and a site that is lost; each fires when its series is absent.",
  level: "mandatory",
  severity: "high",
  controls: ["ISO/IEC 27001:2022 A.8.16", "NIST SP 800-53 SI-4", "SOC 2 CC7.2"],
  remediation: "Declare the alert with severity, summary, description and runbook, and an absent() branch.",
  check: (evidence) => evidence.plan.assets.flatMap((asset) => violationsOf(evidence, asset)),
};

/** Something that must be noticed, and the alerts that say they do. */
interface Wanted {
  guards: string;
  what: string;
  saying: readonly Alert[];
}

function violationsOf(evidence: Evidence, asset: Asset): Violation[] {
  const { plan } = evidence;
  const alerts = plan.alerts.filter((alert) => alert.asset === asset.id);
  const wantedOf = (guards: string, what: string): Wanted => {
    return { guards, what, saying: alerts.filter((alert) => alert.guards === guards) };
  };
  const wanted = [
    ...aging(evidence, asset, alerts),
    ...(has(plan, asset, "verification") ? [wantedOf("verification", "overdue verification")] : []),
    ...(has(plan, asset, "drill") ? [wantedOf("drill", "an overdue drill")] : []),
    wantedOf("watchdog", "alerting that stopped"),
  ];
  const found: Violation[] = [];
  for (const { guards, what, saying } of wanted) {
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
  return [...found, ...ageIsWatched(evidence, asset, alerts), ...copiesAreWatched(evidence, asset, alerts)];
}

/** Points that keep a promise must each be noticed when they age; where none do, or there are no others, any of them. */
function aging(evidence: Evidence, asset: Asset, alerts: readonly Alert[]): Wanted[] {
  const all = pointsOf(evidence.plan, asset);
  if (all.length === 0) return [];
  const wantedOf = (what: string, some: readonly RestorePoints[]): Wanted => {
    const on = (beside: readonly RestorePoints[]) =>
      new Set(some.flatMap((one) => alertsOn(one, alerts, beside, evidence.asOf)));
    const heard = on(all);
    const saying = [...on([])].map((alert): Alert => (heard.has(alert) ? alert : { ...alert, flaw: silent }));
    return { guards: "freshness", what: `the age of ${what}`, saying };
  };
  const keeping = all.length > 1 ? keepingPoints(evidence, asset, all) : [];
  if (keeping.length === 0) return [wantedOf("its newest restore point", all)];
  return keeping.map((one) => wantedOf(`the newest of ${one.label}`, [one]));
}

const silent = "it stays silent while other points of the asset are taken";

/** Points by which a promise is kept, or upon which the log is replayed that keeps one. */
function keepingPoints({ plan, assessments }: Evidence, { id }: Asset, all: readonly RestorePoints[]): RestorePoints[] {
  const ways = new Set(assessments.flatMap(({ asset, chosen }) => (asset === id && chosen ? chosen.protection : [])));
  for (const one of plan.protections) if (one.kind === "archive" && one.base && ways.has(one.id)) ways.add(one.base);
  return all.filter((one) => ways.has(one.id));
}

/** Alerting may stop in one cluster alone: each that guards the asset needs a watchdog of its own. */
function unwatched(asset: Asset, alerts: readonly Alert[], watchdogs: readonly Alert[]): Violation[] {
  const first = new Map(alerts.filter(({ service }) => service === undefined).map((alert) => [alert.cluster, alert]));
  return [...first].flatMap(([cluster, alert]) => {
    if (watchdogs.some((one) => one.cluster === cluster)) return [];
    const own = alerts.filter((one) => one.cluster === cluster && one.guards === "watchdog");
    const what = `alerting that stopped in ${isUnknown(alert.at) ? "the cluster" : alert.at.region}, where ${alert.name} stands`;
    return [{ ...unnoticed(asset, what, own), source: alert.source }];
  });
}

function has(plan: Plan, asset: Asset, role: "verification" | "drill"): boolean {
  return plan.rehearsals.some((one) => one.asset === asset.id && one.role === role);
}
