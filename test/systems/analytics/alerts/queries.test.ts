import { describe, expect, it } from "vitest";
import { guideAlerts } from "../../../../systems/analytics/alerts/guide";
import { heartbeatAlert } from "../../../../systems/analytics/alerts/heartbeat";
import { logTables } from "../../../../systems/analytics/alerts/logTables";
import type { AnalyticsAlert } from "../../../../systems/analytics/alerts/rule";
import { targetAlerts } from "../../../../systems/analytics/alerts/targets";
import { sentinelRules } from "../../../../systems/analytics/monitoring/sentinelRules";
import { charts } from "../../../../systems/analytics/monitoring/workbook";
import { kustoProblems } from "../../../support/kusto";

const scopes = { logs: "/logs", compute: "/compute", lake: "/lake" };
const sizes = { lakeBytes: 5e15, eventsPerSecond: 1.2e6, bytesPerSecond: 4.2e9, deployer: "deployer" };
const alerts: AnalyticsAlert[] = [...guideAlerts(scopes, sizes), ...targetAlerts("/logs"), heartbeatAlert("/logs")];
const queries: [name: string, query: string][] = [
  ...alerts.flatMap((one): [string, string][] => ("query" in one ? [[one.alert, one.query]] : [])),
  ...sentinelRules(sizes).map(({ rule, query }): [string, string] => [rule, query]),
  ...charts().map(({ title, query }): [string, string] => [title, query]),
];

// Nothing here evaluates Kusto: whether a query finds what it should on lines of Azure is for its drill to show.
describe("the queries of alerts, of Sentinel's rules and of the workbook", () => {
  it("are found wrong where they are", () => {
    expect(kustoProblems("AppRequests | where Durations > 1", logTables)).toHaveLength(1);
    expect(kustoProblems('AppRequests | where Success > "x"', logTables)).toHaveLength(1);
    expect(kustoProblems("AppRequest | count", logTables)).toHaveLength(1);
    expect(kustoProblems("AppRequests | summarise count()", logTables)).not.toEqual([]);
  });

  it.each(queries)("%s: every word, name and type is one that Kusto and the tables have", (_, query) => {
    expect(kustoProblems(query, logTables)).toEqual([]);
  });

  it("read every table and every column that is declared, so that none is kept for nothing", () => {
    const all = queries.map(([, query]) => query).join("\n");
    const unread = Object.entries(logTables).flatMap(([table, columns]) => [
      ...(all.includes(table) ? [] : [table]),
      ...Object.keys(columns)
        // Every line has its time: rules look back by it, whether they name it or not.
        .filter((column) => column !== "TimeGenerated")
        .filter((column) => !queries.some(([, query]) => query.includes(table) && query.includes(column)))
        .map((column) => `${table}.${column}`),
    ]);
    expect(unread).toEqual([]);
  });

  it("name no operator that rules of Azure Monitor refuse", () => {
    for (const [, query] of queries) expect(query).not.toMatch(/bag_unpack|pivot|narrow|AggregatedValue/);
  });

  it("that look back themselves look no further than their rule, and no rule further than two days", () => {
    const seconds: Record<string, number> = { m: 60, h: 3_600, d: 86_400 };
    const spans = { PT5M: 300, PT15M: 900, PT30M: 1_800, PT1H: 3_600, PT6H: 21_600, P2D: 172_800 };
    for (const one of alerts) {
      const window = spans[one.window as keyof typeof spans];
      expect(window, one.alert).toBeGreaterThan(0);
      if (!("query" in one)) continue;
      for (const [, length, unit] of one.query.matchAll(/ago\((\d+)([mhd])\)/g))
        expect(Number(length) * (seconds[unit ?? ""] ?? 0), one.alert).toBeLessThanOrEqual(window);
    }
  });
});
