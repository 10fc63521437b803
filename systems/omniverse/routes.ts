import type { AlertRoutes, RouteArgs } from "../alerts/routing";
import { teamRoutes } from "../alerts/teamRoutes";

/** Who acts on Omniverse's alerts, and who is called when nobody does. The runbook names nobody: these are ours. */
export const contacts = {
  "on-call": { who: "primary on-call", reach: "+1-555-0100", above: "Slack #omniverse-oncall" },
  content: { who: "content platform team", reach: "content-platform@company.com", above: "manager +1-555-0104" },
  security: { who: "security team", reach: "security@company.com", above: "CISO +1-555-0102" },
} as const;

/** Who is told of which alert. */
export function alertRoutes(args: RouteArgs): AlertRoutes {
  const { content, security } = contacts;
  const channel = "#omniverse-oncall";
  const team = {
    name: "content",
    label: "database",
    channel,
    mail: content.reach,
    securityMail: security.reach,
  } as const;
  return teamRoutes(team, args);
}
