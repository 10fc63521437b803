import type { Page } from "../../runbooks/page";
import { issuePages } from "./commonIssues";
import { escalationPage, incidentPage, reviewPage } from "./incident";
import { maintenancePage, upgradePage } from "./maintenancePages";

/** Pages on incidents, on the document's common issues, and on the regular work; `call` is whom to call. */
export function operationsPages(call: string): { incidents: Page[]; issues: Page[]; work: Page[] } {
  return {
    incidents: [incidentPage(call), escalationPage(call), reviewPage()],
    issues: issuePages(call),
    work: [maintenancePage(call), upgradePage(call)],
  };
}
