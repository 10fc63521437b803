import { describe, expect, test } from "vitest";
import { receiversOf } from "../../../systems/alerts/routing";
import { alertRoutes, routeSecretKeys } from "../../../systems/omendb/routes";
import { allRules } from "./alertsFixture";

const routes = alertRoutes({
  secret: "omendb-alerting",
  mail: { from: "alerts@company.com", smarthost: "mail.company.com:587", username: "alerts" },
});
const to = (severity: string, team: string, owner = "") =>
  receiversOf(routes.route, { severity, team, owner }).map((one) => `${one.receiver} ${one.wait}`);

describe("alert routes", () => {
  test.each([
    ["critical", "on-call", ["primary-on-call 30s", "database-team 30s"]],
    ["critical", "database", ["primary-on-call 30s", "database-team 30s"]],
    ["critical", "security", ["primary-on-call 30s", "security-team 30s"]],
    ["warning", "on-call", ["database-team 30s"]],
    ["warning", "database", ["database-team 30s"]],
    ["warning", "security", ["security-team 30s"]],
    ["none", "watchdog", ["heartbeat 0s"]],
    ["warning", "nobody", ["primary-on-call 30s"]],
  ])("send %s of team %s to %j", (severity, team, receivers) => {
    expect(to(severity, team)).toEqual(receivers);
  });

  test("call the one above when a critical alert stays: the CISO for security's, the manager for the rest", () => {
    expect(to("critical", "management", "security")).toEqual(["ciso 30s"]);
    expect(to("critical", "management", "database")).toEqual(["database-manager 30s"]);
    const escalated = allRules().find(({ alert }) => alert === "OmenDBEscalated");
    expect(escalated?.for).toBe("15m");
    expect(escalated?.labels).toMatchObject({ severity: "critical", team: "management" });
  });

  test("make nobody wait longer than 30 seconds for the first notice", () => {
    const waits = (routes.route.routes ?? []).flatMap((one) => one.groupWait ?? []);
    expect([routes.route.groupWait, ...waits]).toEqual(["30s", "0s"]);
  });

  test("send every alert to somebody who is declared", () => {
    const declared = routes.receivers.map(({ name }) => name);
    for (const { labels } of allRules()) {
      for (const { receiver } of receiversOf(routes.route, labels)) expect(declared).toContain(receiver);
    }
  });

  test("reach everyone the guide names, through no receiver that nothing uses", () => {
    const used = new Set(
      [...allRules(), { labels: { team: "management", owner: "security" } }].flatMap(({ labels }) =>
        receiversOf(routes.route, labels).map(({ receiver }) => receiver),
      ),
    );
    expect(used).toEqual(new Set(routes.receivers.map(({ name }) => name)));
    expect(routes.receivers.flatMap((one) => one.emailConfigs ?? []).map((one) => one.to)).toEqual([
      "db-team@company.com",
      "security@company.com",
    ]);
    expect(new Set(routes.receivers.flatMap((one) => one.slackConfigs ?? []).map((one) => one.channel))).toEqual(
      new Set(["#omendb-oncall"]),
    );
  });

  test("page the on-call again until it ends, and wait 30 seconds for the first", () => {
    expect(routes.route.groupWait).toBe("30s");
    expect(routes.route.routes?.find((one) => one.receiver === "primary-on-call")?.repeatInterval).toBe("15m");
  });

  test("hold no address that is a secret: each comes from a key of the Secret", () => {
    const keys = [...JSON.stringify(routes).matchAll(/"name":"omendb-alerting","key":"([^"]+)"/g)].map(
      (match) => match[1],
    );
    expect(new Set(keys)).toEqual(new Set(Object.values(routeSecretKeys)));
    expect(JSON.stringify(routes)).not.toMatch(/https?:\/\//);
  });

  test("keep what is said of an intrusion out of the shared channel", () => {
    const security = routes.receivers.find(({ name }) => name === "security-team");
    expect(security?.slackConfigs).toBeUndefined();
  });
});
