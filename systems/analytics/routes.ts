import type { AlertRoutes, RouteArgs } from "../alerts/routing";
import { teamRoutes } from "../alerts/teamRoutes";

/** Who acts on the platform's alerts, and who is called when nobody does. The document names the team alone: the rest is ours. */
export const contacts = {
  "on-call": { who: "primary on-call", reach: "+1-555-0100", above: "Slack #analytics-oncall" },
  platform: {
    who: "Platform Operations Team",
    reach: "platform-operations@company.com",
    above: "manager +1-555-0105",
  },
  security: { who: "security team", reach: "security@company.com", above: "CISO +1-555-0102" },
} as const;

/** Who is told of which alert of Prometheus; Azure's own go through its action groups. */
export function alertRoutes(args: RouteArgs): AlertRoutes {
  const { platform, security } = contacts;
  const team = {
    name: "analytics",
    label: "platform",
    channel: "#analytics-oncall",
    mail: platform.reach,
    securityMail: security.reach,
  } as const;
  return teamRoutes(team, args);
}
