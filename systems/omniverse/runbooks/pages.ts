import { duration } from "../../../recovery/duration";
import type { AlertRule } from "../../alerts/rule";
import { alertPage } from "../../runbooks/alertPage";
import { type Page, page } from "../../runbooks/page";
import { alarmsOf } from "../alarms";
import { primaryAlertGroups, secondaryAlertGroups } from "../alerts";
import { omniverseSchema } from "../config";
import { contacts } from "../routes";
import { alertTexts } from "./alertTexts";
import { dailyWorkPage } from "./dailyWork";
import { pathPages } from "./pathPages";
import { procedurePages } from "./procedurePages";

/** Every page of `docs/runbooks/omniverse/`. */
export function runbookPages(): Page[] {
  const alerts = documentedAlerts().map(pageOf);
  const paths = pathPages();
  const procedures = procedurePages();
  const work = dailyWorkPage();
  return [...alerts, ...paths, ...procedures, work, index(alerts, paths, procedures, work)];
}

/** An alert of Prometheus or of AWS, as far as its page goes. */
export interface DocumentedAlert {
  alert: string;
  guards: string;
  severity: string;
  told: string;
}

/** Every alert that Omniverse can have, once. */
export function documentedAlerts(): DocumentedAlert[] {
  const all = [...documentedRules().map(ofPrometheus), ...ofAws()];
  // The first is the primary's: what the second site says of itself is promised nothing.
  return all.filter((one, i) => all.findIndex(({ alert }) => alert === one.alert) === i);
}

function documentedRules(): AlertRule[] {
  // Thresholds depend on the stack and stand in each alert's own description.
  const ages = { warn: duration("6h"), page: duration("10h"), credit: false };
  const job = [{ cronJob: "any", overdueAfter: duration("8d") }];
  const common = {
    namespace: "omniverse-prod",
    runbooks: ".",
    interval: "15s",
    certificate: { probe: "other", warnBefore: "30d", pageBefore: "7d" },
    directory: ["dc1:636"],
  } as const;
  const restorable = { "point-in-time": duration("18m"), "replicated-backups": duration("38m") };
  const serving = {
    ...common,
    freshness: { database: ages, assets: ages, accounts: ages },
    restorable,
    served: { renewBefore: "30d", overdueAfter: duration("2d") },
    verifications: job,
    maintenance: job,
    audits: job,
  };
  const groups = [
    ...primaryAlertGroups(serving),
    ...secondaryAlertGroups({ ...serving, drills: job, probe: "region", lostFor: "2m" }),
  ];
  return groups.flatMap(({ rules }) => rules);
}

function ofPrometheus({ alert, annotations, labels }: AlertRule): DocumentedAlert {
  const { severity = "", team = "" } = labels;
  return { alert, guards: annotations.holdfast_guards ?? "", severity, told: team };
}

function ofAws(): DocumentedAlert[] {
  const database = omniverseSchema.shape.database.parse(undefined);
  const assets = omniverseSchema.shape.assets.parse({ bucket: "assets", replica: "replica" });
  const edge = { balancer: "balancer", targets: "targets", check: "check" };
  return Object.values(alarmsOf({ database, assets }, edge)).flatMap((alarms) =>
    alarms.map(({ alarm, guards, severity }) => ({ alert: alarm, guards, severity, told: "on-call, by AWS" })),
  );
}

/** Throws for an alert that has no text: nobody may be paged to an empty page. */
function pageOf({ alert, guards, severity, told }: DocumentedAlert): Page {
  const text = alertTexts[alert];
  if (!text) throw new RangeError(`the alert ${alert} must have a text in systems/omniverse/runbooks/alertTexts.ts`);
  return alertPage(alert, `**${guards}** · ${severity} · told: ${told}`, text, CALL);
}

const CALL = `Primary on-call: ${contacts["on-call"].reach}, ${contacts["on-call"].above}. Content platform team: ${contacts.content.reach}, ${contacts.content.above}. Security team: ${contacts.security.reach}, ${contacts.security.above}.`;

function index(alerts: readonly Page[], paths: readonly Page[], procedures: readonly Page[], work: Page): Page {
  const links = (pages: readonly Page[]) =>
    pages.map(({ file }) => `- [${file.replace(/\.md$/, "")}](${file})`).join("\n");
  return page("README.md", "Omniverse runbooks", [
    "Paged? Open the page of your alert.",
    "## Recoveries",
    "Assets before the database: it is brought to a moment that they hold. Where a region is lost, all are begun at once, and each step waits for what it needs.",
    links(paths),
    "## Procedures",
    "They bring no asset back. A server that is not well first, a database that is not well second.",
    links(procedures),
    "## Work that comes again and again",
    links([work]),
    "## Alerts",
    links(alerts),
  ]);
}
