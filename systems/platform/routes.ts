import type { AlertRoutes, RouteArgs } from "../alerts/routing";
import { teamRoutes } from "../alerts/teamRoutes";

/** Who acts on the platform's alerts, and who is called when nobody does. */
export const contacts = {
  "on-call": { who: "primary on-call", reach: "+1-555-0100", above: "Slack #platform-oncall" },
  platform: { who: "platform team", reach: "platform@company.com", above: "manager +1-555-0103" },
  security: { who: "security team", reach: "security@company.com", above: "CISO +1-555-0102" },
} as const;

/** Who is told of which alert. */
export function alertRoutes(args: RouteArgs): AlertRoutes {
  const { platform, security } = contacts;
  const channel = "#platform-oncall";
  const team = {
    name: "platform",
    label: "platform",
    channel,
    mail: platform.reach,
    securityMail: security.reach,
  } as const;
  return teamRoutes(team, args);
}
