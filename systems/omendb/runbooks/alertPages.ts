import { receiversOf } from "../../alerts/routing";
import { alertPage } from "../../runbooks/alertPage";
import type { Page } from "../../runbooks/page";
import type { AlertRule } from "../alerts";
import { alertRoutes, contacts } from "../routes";
import { alertTexts } from "./alertTexts";

/** One page for every alert; throws for an alert that has no text: nobody may be paged to an empty page. */
export function alertPages(rules: readonly AlertRule[]): Page[] {
  return rules.map((rule) => {
    const text = alertTexts[rule.alert];
    if (!text) throw new RangeError(`the alert ${rule.alert} must have a text in systems/omendb/runbooks/alertTexts`);
    const { annotations, labels } = rule;
    const head = `**${annotations.summary ?? ""}** · ${labels.severity ?? ""} · ${held(rule.for)} · told: ${toldOf(rule)}`;
    return alertPage(rule.alert, head, text, callOf(rule));
  });
}

const names: Readonly<Record<string, string>> = {
  "primary-on-call": "primary on-call",
  "database-team": "database team",
  "security-team": "security team",
  "database-manager": "database manager",
  ciso: "CISO",
  heartbeat: "external heartbeat",
};

// Who is told does not depend on the stack's Secret and mail account.
const routes = alertRoutes({ secret: "any", mail: { from: "any", smarthost: "any:25", username: "any" } });

function toldOf(rule: AlertRule): string {
  if (rule.labels.team === "management") return "database manager; for an alert of the security team, the CISO";
  const told = receiversOf(routes.route, rule.labels).map(({ receiver }) => names[receiver] ?? receiver);
  const above = rule.labels.team === "security" ? "CISO" : "database manager";
  return [...told, ...(rule.labels.severity === "critical" ? [`${above} if it stays`] : [])].join(", ");
}

function held(span: string): string {
  return span === "0s" ? "fires at once" : `fires after ${span}`;
}

function callOf(rule: AlertRule): string {
  const key = rule.labels.team === "security" ? "security" : "database";
  const onCall = contacts["on-call"];
  return `Primary on-call: ${onCall.reach}, ${onCall.above}. ${key === "security" ? "Security" : "Database"} team: ${contacts[key].reach}, ${contacts[key].above}.`;
}
