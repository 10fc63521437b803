import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { duration, isProblem, seconds } from "../../../recovery/duration";
import { disruptions, type Limit } from "../../../recovery/objective";
import {
  type FreshnessArgs,
  freshnessThresholds,
  primaryAlertGroups,
  secondaryAlertGroups,
} from "../../../systems/omendb/alerts";
import { allRules, primaryArgs, secondaryArgs } from "./alertsFixture";

const rule = (name: string) => {
  const found = allRules().find(({ alert }) => alert === name);
  if (!found) throw new Error(`no alert ${name}`);
  return found;
};

describe("the guide's four alerts", () => {
  test.each([
    ["OmenDBDown", "30s", "critical", "OmenDB instance is down", "== 0"],
    ["HighQueryLatency", "2m", "warning", "95th percentile query latency > 1s", "> 1"],
    ["HighMemoryUsage", "5m", "critical", "Memory usage > 90%", "> 0.9"],
    ["WALSizeGrowth", "15m", "warning", "WAL growing faster than 1GB/hour", "> 1e9"],
  ])("%s keeps its duration, severity, summary and threshold", (name, lasting, severity, summary, threshold) => {
    const { for: held, labels, annotations, expr } = rule(name);
    expect([held, labels.severity, annotations.summary]).toEqual([lasting, severity, summary]);
    expect(expr).toContain(threshold);
  });

  test("also fire where the guide's expressions stay silent", () => {
    expect(rule("OmenDBDown").expr, "a target that vanished has no up").toContain(
      'absent(up{namespace="omendb-prod",job="prod-omendb-metrics"})',
    );
    expect(rule("HighQueryLatency").expr, "buckets need a rate").toMatch(
      /sum by \(namespace, le\) \(rate\(.*\[5m\]\)\)/,
    );
    expect(rule("HighMemoryUsage").expr, "8192 MiB from the configuration").toContain("/ 8589934592");
    expect(rule("HighMemoryUsage").expr).not.toContain("omendb_memory_limit_bytes");
    expect(rule("WALSizeGrowth").expr, "a gauge has no increase").toMatch(/^delta\(/);
  });
});

describe("every alert", () => {
  test.each(allRules().map((one) => [one.alert, one] as const))(
    "%s has what its reader and the policies need",
    (_, one) => {
      expect(Object.keys(one.labels)).toEqual(["severity", "team", "system", "namespace"]);
      expect(["critical", "warning", "none"]).toContain(one.labels.severity);
      for (const text of [one.annotations.summary, one.annotations.description])
        expect(text?.length).toBeGreaterThan(10);
      expect(one.annotations.runbook_url).toBe(`https://docs.example/runbooks/omendb/${one.alert}.md`);
      expect(one.annotations.holdfast_asset).toBe("omendb/data");
      expect(one.annotations.holdfast_disruptions !== undefined).toBe(one.annotations.holdfast_guards === "detection");
    },
  );

  test("has a name of its own in its site", () => {
    for (const groups of [primaryAlertGroups(primaryArgs), secondaryAlertGroups(secondaryArgs)]) {
      const names = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
      expect(new Set(names).size).toBe(names.length);
    }
  });

  test("is routed by the namespace it is deployed in, which aggregation drops", () => {
    expect(
      primaryAlertGroups(primaryArgs)
        .flatMap((group) => group.rules)
        .every((one) => one.labels.namespace === "omendb-prod"),
    ).toBe(true);
    expect(
      secondaryAlertGroups(secondaryArgs)
        .flatMap((group) => group.rules)
        .every((one) => one.labels.namespace === "omendb-dr"),
    ).toBe(true);
  });
});

describe("what the objectives need", () => {
  test("is there: each disruption has an alert that detects it", () => {
    const detected = allRules().flatMap((one) => one.annotations.holdfast_disruptions?.split(",") ?? []);
    expect(new Set(detected)).toEqual(new Set(disruptions));
  });

  test.each(["freshness", "verification", "drill", "watchdog", "capacity", "health", "detection"])(
    "is there: %s is guarded",
    (guards) => {
      expect(allRules().some((one) => one.annotations.holdfast_guards === guards)).toBe(true);
    },
  );

  test("a region is judged lost by the other site, not by itself", () => {
    const detects = (groups: ReturnType<typeof primaryAlertGroups>) =>
      groups.flatMap((group) => group.rules).filter((one) => one.annotations.holdfast_disruptions?.includes("region"));
    expect(detects(primaryAlertGroups(primaryArgs))).toEqual([]);
    expect(detects(secondaryAlertGroups(secondaryArgs)).map((one) => one.alert)).toEqual(["OmenDBRegionLost"]);
  });

  test.each([
    "OmenDBDown",
    "OmenDBLeaseStale",
    "OmenDBStandbyMissing",
    "OmenDBRestorePointLate",
    "OmenDBRestorePointStale",
    "OmenDBFullBackupOverdue",
    "OmenDBVerificationOverdue",
    "OmenDBDrillOverdue",
    "OmenDBAuditOverdue",
    "OmenDBVolumeFilling",
    "OmenDBScratchFull",
    "OmenDBCertificateExpiry",
    "OmenDBRegionLost",
    "OmenDBServedCertificateExpiry",
  ])("%s fires when its series is absent", (name) => {
    expect(rule(name).expr).toMatch(/absent(_over_time)?\(/);
  });

  test("a drill counts as overdue after 35 days", () => {
    expect(rule("OmenDBDrillOverdue").expr).toContain("> 3024000 ");
  });

  test("a job that is not declared has no alert", () => {
    const names = primaryAlertGroups({
      ...primaryArgs,
      audits: [],
      drills: [],
      verifications: [],
      intrusionChecks: [],
    }).flatMap((group) => group.rules.map(({ alert }) => alert));
    expect(names.filter((name) => /Audit|Drill|Verification|Integrity|Intrusion/.test(name))).toEqual([]);
  });

  test("the watchdog always fires, on both sites", () => {
    expect(allRules().filter(({ expr }) => expr === "vector(1)")).toHaveLength(2);
  });
});

describe("freshness thresholds", () => {
  const rpo = (text: string): Limit => ({ seconds: duration(text), strict: true });
  const design: FreshnessArgs = {
    gap0: duration("3m"),
    gap1: duration("6m"),
    startSlack: duration("1m"),
    run: duration("2m"),
    rpo: rpo("15m"),
    detection: duration("70s"),
    acknowledge: duration("5m"),
  };

  test("warn above the healthy maximum and page above the loss with one missed run", () => {
    expect(freshnessThresholds(design)).toEqual({ warn: 360, page: 540, credit: false });
  });

  test("earn no credit where the next run comes before a rerun by hand", () => {
    // Daily at 02:00 with a rerun of two hours: told at 27h, done at 29h40m, long before the 51h of the next run.
    const daily = {
      ...design,
      gap0: duration("24h"),
      gap1: duration("48h"),
      run: duration("2h"),
      rpo: rpo("60h"),
      acknowledge: duration("30m"),
    };
    expect(freshnessThresholds(daily)).toMatchObject({ credit: true });
    expect(freshnessThresholds({ ...daily, acknowledge: duration("30h") })).toMatchObject({ credit: false });
  });

  test("are refused when the page comes after the promise is broken", () => {
    expect(freshnessThresholds({ ...design, rpo: rpo("10m10s") })).toEqual({
      problem:
        "the page comes at an age of 10m 10s (9m with one run missed + 1m 10s to tell somebody), the rpo is under 10m 10s: run the backup more often or shorten its deadline",
    });
    expect(freshnessThresholds({ ...design, rpo: { seconds: duration("10m10s"), strict: false } })).toMatchObject({
      page: 540,
    });
  });

  test("never warn of a healthy run, and never page when it is too late", () => {
    const span = fc.integer({ min: 0, max: 10_000 }).map(seconds);
    fc.assert(
      fc.property(
        fc.tuple(span, span, span, span, span, span, span),
        ([gap0, extra, startSlack, run, limit, detection, acknowledge]) => {
          const gap1 = seconds(gap0 + extra);
          const result = freshnessThresholds({
            gap0,
            gap1,
            startSlack,
            run,
            rpo: { seconds: limit, strict: false },
            detection,
            acknowledge,
          });
          if (isProblem(result)) {
            expect(gap1 + startSlack + run + detection).toBeGreaterThan(limit);
          } else {
            expect(result.warn).toBe(gap0 + startSlack + run);
            expect(result.page).toBeGreaterThanOrEqual(result.warn);
            expect(result.page + detection).toBeLessThanOrEqual(limit);
            if (result.credit) expect(result.warn + detection + acknowledge + run).toBeLessThan(result.page);
          }
        },
      ),
    );
  });
});
