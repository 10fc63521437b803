import { duration } from "../../../recovery/duration";
import { type Page, page } from "../../runbooks/page";
import { type AlertRule, type PrimaryAlertArgs, primaryAlertGroups, secondaryAlertGroups } from "../alerts";
import { CLAIMS, CONTAINER, WORKLOAD } from "../names";
import { DATA } from "../objectives";
import { alertPages } from "./alertPages";
import { checklistPage } from "./checklists";
import { NAMESPACE } from "./commands";
import { jobNames } from "./jobNames";
import { pathPages } from "./pathPages";
import { troubleshootingPages } from "./troubleshooting";

/** Every page of `docs/runbooks/omendb/`. */
export function runbookPages(): Page[] {
  const alerts = alertPages(documentedRules());
  const paths = pathPages();
  const others = [...troubleshootingPages(), checklistPage()];
  return [...alerts, ...paths, ...others, index(alerts, paths, others)];
}

/** Every alert that OmenDB can have, once. */
export function documentedRules(): AlertRule[] {
  const common = { namespace: NAMESPACE, asset: DATA, runbooks: ".", interval: "15s" };
  const job = (cronJob: string) => [{ cronJob, overdueAfter: duration("35d") }];
  const watched = {
    jobs: "omendb",
    verifications: job(jobNames.verification),
    drills: job(jobNames.drill),
    audits: job(jobNames.audit),
    intrusionChecks: job(jobNames.audit),
  };
  // Thresholds depend on the stack and stand in each alert's own description; a page prints none of these.
  const args: PrimaryAlertArgs = {
    ...common,
    ...watched,
    workload: WORKLOAD,
    container: CONTAINER,
    replicas: 3,
    scrapeJob: WORKLOAD,
    lease: { name: WORKLOAD, leaseSeconds: duration("15s") },
    memoryLimitMib: 8192,
    maxConnections: 1000,
    claims: [{ name: CLAIMS.data, bytes: 1 }],
    scratch: { name: CLAIMS.scratch, bytes: 1 },
    certificate: WORKLOAD,
    freshness: { warn: duration("6m"), page: duration("9m"), credit: false },
    fullAge: duration("7d"),
  };
  const groups = [...primaryAlertGroups(args), ...secondaryAlertGroups({ ...common, ...watched, probeJob: "omendb" })];
  return [...new Map(groups.flatMap(({ rules }) => rules).map((rule) => [rule.alert, rule])).values()];
}

function index(alerts: readonly Page[], paths: readonly Page[], others: readonly Page[]): Page {
  const links = (pages: readonly Page[]) =>
    pages.map(({ file }) => `- [${file.replace(/\.md$/, "")}](${file})`).join("\n");
  return page("README.md", "OmenDB runbooks", [
    "Paged? Open the page of your alert. Not sure? [Incident response](incident-response.md).",
    "## Recoveries and upgrade",
    links(paths),
    "## Alerts",
    links(alerts),
    "## Trouble, access, checklists",
    links(others),
  ]);
}
