import { duration } from "../../../recovery/duration";
import type { AlertRule } from "../../alerts/rule";
import { alertPage } from "../../runbooks/alertPage";
import { bullets, type Page, page, table } from "../../runbooks/page";
import { guideAlerts } from "../alerts/guide";
import { heartbeatAlert } from "../alerts/heartbeat";
import { primaryAlertGroups, secondaryAlertGroups } from "../alerts/prometheus";
import type { AnalyticsAlert } from "../alerts/rule";
import { incidentSeverities, severities } from "../alerts/severities";
import { targetAlerts } from "../alerts/targets";
import { analyticsSchema } from "../config";
import { copyAges } from "../copies/copyLag";
import { budgetAlerts } from "../monitoring/budgetAlerts";
import { sentinelRules } from "../monitoring/sentinelRules";
import { activityAlerts } from "../monitoring/serviceHealth";
import { LAKE_ID } from "../objectives";
import { contacts } from "../routes";
import { capacityTexts } from "./alertTexts/capacity";
import { type AnalyticsAlertText, guideTexts } from "./alertTexts/guide";
import { recoveryTexts } from "./alertTexts/recovery";
import { targetTexts } from "./alertTexts/targets";
import { askLogs } from "./commands";
import { issuesOf } from "./commonIssues";
import { answersTo, inOrder } from "./recoveries/pathPages";

const texts: Readonly<Record<string, AnalyticsAlertText>> = {
  ...guideTexts,
  ...capacityTexts,
  ...targetTexts,
  ...recoveryTexts,
};

/** An alert of whatever tells it, as far as its page goes. */
export interface DocumentedAlert {
  alert: string;
  /** What it is, in one line. */
  head: string;
  /** The query that it looks by, and the span over which. */
  query?: { text: string; span: string };
}

/** Every alert that the platform can have, once. */
export function documentedAlerts(): DocumentedAlert[] {
  const all = [...ofAzure(), ...ofServices(), ...ofPrometheus()];
  return all.filter((one, i) => all.findIndex(({ alert }) => alert === one.alert) === i);
}

/** The pages of all alerts, and the one on how they are told. */
export function alertPages(): Page[] {
  return [...documentedAlerts().map(pageOf), levelsPage()];
}

// Ids and sizes depend on the stack and are printed nowhere.
const sizes = { lakeBytes: 5e15, eventsPerSecond: 1.2e6, bytesPerSecond: 4.2e9, deployer: "<id of the deployer>" };

function azureAlerts(): AnalyticsAlert[] {
  return [...guideAlerts({ logs: "", compute: "", lake: "" }, sizes), ...targetAlerts(""), heartbeatAlert("")];
}

function ofAzure(): DocumentedAlert[] {
  return azureAlerts().map((one) => ({
    alert: one.alert,
    head: `**${one.severity}**, answered within ${severities[one.severity].response} · ${one.level} · told by Azure Monitor`,
    ...("query" in one ? { query: { text: one.query, span: one.window } } : {}),
  }));
}

function ofServices(): DocumentedAlert[] {
  const critical = `**critical**, answered within ${severities.critical.response} · critical`;
  return [
    ...activityAlerts([]).map(({ alert }) => ({ alert, head: `${critical} · told by Azure's activity log` })),
    ...budgetAlerts.map(({ alert, severity, level }) => ({
      alert,
      head: `**${severity}**, answered within ${severities[severity].response} · ${level} · told by Cost Management`,
    })),
  ];
}

function ofPrometheus(): DocumentedAlert[] {
  return documentedRules().map(({ alert, annotations, labels }) => ({
    alert,
    head: `**${annotations.holdfast_guards ?? ""}** · ${labels.severity ?? ""} · told: ${labels.team ?? ""}, by Prometheus`,
  }));
}

/** Every rule of Prometheus of both sites. */
function documentedRules(): AlertRule[] {
  // Thresholds depend on the stack and stand in each alert's own description.
  const job = [{ cronJob: "any", overdueAfter: duration("8d") }];
  const jobs = { verifications: job, drills: job, maintenance: job, audits: job };
  const { kafka, lake, backups, monitoring } = analyticsSchema.shape;
  const ages = { warn: duration("2h"), page: duration("3h"), credit: false };
  const common = { namespace: "analytics-prod", runbooks: ".", interval: "15s", jobs } as const;
  const copies = copyAges({
    kafka: kafka.parse(undefined),
    lake: lake.parse(undefined),
    backups: backups.parse(undefined),
    monitoring: monitoring.parse(undefined),
  });
  const far = { ...common, exports: { [LAKE_ID]: ages }, copies, probe: "region", lostFor: "2m" } as const;
  return [...primaryAlertGroups(common), ...secondaryAlertGroups(far)].flatMap(({ rules }) => rules);
}

/** Throws for an alert that has no text: nobody may be paged to an empty page. */
function pageOf({ alert, head, query }: DocumentedAlert): Page {
  const text = texts[alert];
  if (!text) throw new RangeError(`the alert ${alert} must have a text in systems/analytics/runbooks/alertTexts`);
  const asked = query === undefined ? [] : askLogs(query.text, query.span);
  const known = issuesOf(alert).map(({ title, file }) => `A common cause: [${title}](${file}).`);
  return alertPage(
    alert,
    head,
    { ...text, look: [...asked, ...(text.look ?? [])], act: [...text.act, ...known, ...waysBack(alert)] },
    CALL,
  );
}

/** The recoveries that answer an alert: nobody looks for one at night. */
function waysBack(alert: string): string[] {
  const answers = inOrder(answersTo(alert));
  if (answers.length === 0) return [];
  return [
    `${answers.length === 1 ? "The way back" : "The ways back, each in a window of its own"}:\n\n${bullets(answers)}`,
  ];
}

/** Whom to call, on every page. */
export const CALL = `Primary on-call: ${contacts["on-call"].reach}, ${contacts["on-call"].above}. ${contacts.platform.who}: ${contacts.platform.reach}, ${contacts.platform.above}. Security team: ${contacts.security.reach}, ${contacts.security.above}.`;

/** How the document's levels of alerts become severities, and who answers when. */
function levelsPage(): Page {
  const named = (level: string, severity: string) =>
    azureAlerts()
      .filter((one) => one.level === level && one.severity === severity)
      .map(({ alert }) => alert)
      .join(", ");
  return page("alert-levels.md", "Alert levels and severities", [
    "The document has three levels of alerts and four severities of incidents. Each alert of Azure is in one of each; those of Prometheus that are critical page like critical ones, and its warnings are written to the team like high ones.",
    table(
      ["severity", "answered within", "escalation", "authority"],
      incidentSeverities.map((one) => {
        const { response, escalation, authority } = severities[one];
        return [one, response, escalation, authority];
      }),
    ),
    "The time to answer is the acknowledgement term of every recovery time: an alert that guards half an hour cannot be one that is answered within an hour. The program refuses one.",
    "## Alerts by level",
    table(
      ["level", ...incidentSeverities],
      ["critical", "warning", "information", "target"].map((level) => [
        level,
        ...incidentSeverities.map((severity) => named(level, severity)),
      ]),
    ),
    "Information alerts by its absence: a backup that is missing is AnalyticsExportLate and AnalyticsExportStale, a deployment that did not complete AnalyticsDeploymentIncomplete, maintenance that was not done AnalyticsMaintenanceOverdue.",
    "## Rules of Sentinel",
    "Each opens an incident, which [AnalyticsSecurityBreach](AnalyticsSecurityBreach.md) tells.",
    table(
      ["rule", "severity", "finds"],
      sentinelRules(sizes).map(({ rule, severity, description }) => [rule, severity, description]),
    ),
  ]);
}
