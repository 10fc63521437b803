import { describe, expect, it } from "vitest";
import { eachObjectiveHasAnAlert } from "../../../policies/rules/each-objective-has-an-alert";
import { type Alert, duration, prometheusDetection, type Term } from "../../../recovery";
import { asOf, edit, healthy, type Parts, read } from "../../policies/observe/program";
import { against, day, losses, taken } from "../answers";
import { alert, evidence, plan, rehearsal, source, term } from "../build";

/** Losses of a daily backup of 30 min whose failed run one alert notices. */
const watched = (more: Partial<Alert>) =>
  losses(against("region", taken(), { alerts: [alert({ rerun: [term("acknowledge", "30m")], ...more })] }));
const twoGaps = 2 * day + 30 * 60;

/** What is said of alerts on a daily backup of 30 min and an RPO of 30 h. */
const said = (...alerts: Alert[]) =>
  eachObjectiveHasAnAlert
    .check(evidence(plan({ alerts, protections: [taken()], rehearsals: [rehearsal()] })))
    .map(({ message }) => message);

const expression = "spec.groups[0].rules[1].expr";
const metric = 'holdfast_capture_timestamp_seconds{asset="omendb/data"}';
const fresh = (expr: string) =>
  read(edit(healthy(), "rules", expression, expr)).plan.alerts.find(({ guards }) => guards === "freshness");
const about = (parts: Parts) => {
  const { plan: one, problems } = read(parts);
  return eachObjectiveHasAnAlert.check({ plan: one, assessments: [], problems, asOf }).map(({ message }) => message);
};

// An alert on capacity whose threshold lies at or above the hard limit that it watches (EX4) is not read yet: what guards
// capacity has no threshold in a plan.
describe("group 12: alerts", () => {
  it("with a threshold at the promise itself fire too late", () => {
    expect(said(alert({ threshold: duration("30h") }))).toContain(
      "Stale fires 30h + 1m after the newest point, later than the RPO of 30h",
    );
    expect(said(alert({ threshold: duration("29h59m") })).join()).not.toMatch(/later than the RPO/);
  });

  it("that leave no time for a rerun earn no credit: the next run on schedule is the rerun", () => {
    // 25 h, 1 min to notice, 30 min to acknowledge, and 30 min of a run.
    expect(watched({})[1]).toBe(duration("26h1m"));
    const at = (threshold: string) => watched({ threshold: duration(threshold) })[1];
    expect([at("47h28m59s"), at("47h29m"), at("60h")]).toEqual([twoGaps - 1, twoGaps, twoGaps]);
  });

  it("that fire on healthy days, when points reach 24 h 30 min, earn no credit", () => {
    const at = (threshold: string) => watched({ threshold: duration(threshold) })[1];
    expect([at("24h29m59s"), at("24h30m")]).toEqual([twoGaps, duration("25h31m")]);
  });

  it("that nobody says how to answer earn no credit", () => {
    expect(losses(against("region", taken(), { alerts: [alert()] }))[1]).toBe(twoGaps);
  });

  it("without a branch for absence are a finding, and earn no credit", () => {
    expect(watched({ coversAbsence: false })[1]).toBe(twoGaps);
    expect(said(alert({ coversAbsence: false }))).toContain(
      "no alert notices that the age of its newest restore point is not measured at all (absent)",
    );
    expect(fresh(`time() - max(${metric}) > 360`)?.coversAbsence).toBe(false);
  });

  it("over the increase() of a gauge are not understood, so they prove nothing", () => {
    const read = fresh(`increase(${metric}[1h]) < 1 or absent(${metric})`);
    expect(read?.threshold).toHaveProperty("unknown");
    const earned = alert({ threshold: { unknown: "its expr is of another form" }, rerun: [] });
    expect(losses(against("region", taken(), { alerts: [earned] }))[1]).toBe(twoGaps);
  });

  it("over a metric that nothing exports prove nothing, absent or not", () => {
    const other = "backup_last_success_timestamp";
    const read = fresh(`time() - max(${other}) > 360 or absent(${other})`);
    expect([read?.threshold, read?.coversAbsence]).toEqual([{ unknown: expect.any(String) }, false]);
  });

  it("that hold for longer than what is left of the promise fire too late", () => {
    const holding = (holds: string): Term[] =>
      prometheusDetection({
        scrape: { value: duration("30s"), source: source("scrape") },
        scrapeTimeout: { value: duration("10s"), source: source("timeout") },
        evaluation: { value: duration("30s"), source: source("evaluation") },
        for: { value: duration(holds), source: source("for") },
        wait: { value: duration("30s"), source: source("wait") },
      });
    const late = (holds: string) => said(alert({ threshold: duration("29h"), detect: holding(holds) })).join();
    // 100 s beside what it holds for, and that in whole evaluations: 58 min 20 s are the most of the hour that is left.
    expect(late("58m")).not.toMatch(/later than the RPO/);
    expect(late("58m1s")).toMatch(/later than the RPO of 30h/);
  });

  it("over the sum() of a series that is gone stay silent in the very outage", () => {
    const region = (expr: string) => {
      const parts = edit(healthy(), "farRules", "spec.groups[0].rules[0].expr", expr);
      return read(parts).plan.alerts.find(({ name }) => name === "OmenDBRegionLost");
    };
    const sum = 'sum(probe_success{job="omendb"}) == 0';
    expect(region(sum)?.flaw).toBe("it stays silent when what it asks is absent");
    expect(region(`${sum} or absent(probe_success{job="omendb"})`)?.flaw).toBeUndefined();
  });

  it("over a series that was pushed must look at the time in it: it is never absent, though its job has died", () => {
    expect(fresh(`absent(${metric})`)?.threshold).toHaveProperty("unknown");
    expect(fresh(`time() - max(${metric}) > 360 or absent(${metric})`)?.threshold).toBe(360);
  });

  it("that stand in the region that failed notice nothing, and their silence takes a watchdog elsewhere", () => {
    const inside = edit(
      healthy(),
      "rules",
      "spec.groups[0].rules[0].annotations.holdfast_disruptions",
      "process,node,zone,region",
    );
    const alone = edit(inside, "farRules", "spec.groups[0].rules", []);
    const restore = read(alone).plan.paths.find(
      ({ id }) => id.startsWith("omendb/data/restore-in-secondary") && id.includes("region"),
    );
    expect(restore?.detect.map(({ value }) => value)).toEqual([
      { unbounded: "every alert that notices it is lost with it" },
    ]);
    expect(about(healthy())).toContain("no alert notices alerting that stopped");
  });
});
