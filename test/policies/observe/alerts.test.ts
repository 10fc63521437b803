import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../policies/graph";
import { eachObjectiveHasAnAlert } from "../../../policies/rules/each-objective-has-an-alert";
import type { Alert } from "../../../recovery/plan";
import { asOf, edit, healthy, ignore, messages, type Parts, read, without } from "./program";

function alert(parts: Parts, name: string): Alert {
  const found = read(parts).plan.alerts.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no alert ${name}`);
  return found;
}

const values = (parts: Parts) => alert(parts, "OmenDBDown").detect.map(({ value }) => value);
const down = "spec.groups[0].rules[0]";
const stale = "spec.groups[0].rules[1]";
const fresh = "OmenDBRestorePointStale";
const metric = 'holdfast_capture_timestamp_seconds{asset="omendb/data"}';

describe("alerts", () => {
  it("adds up scrape, timeout, evaluation, waiting rounded up to evaluations, and notification", () => {
    expect(values(healthy())).toEqual([10, 5, 15, 30, 10]);
    expect(alert(healthy(), "OmenDBDown")).toMatchObject({
      asset: "omendb/data",
      guards: "detection",
      disruptions: ["process", "node", "zone"],
      severity: "critical",
      complete: true,
      at: { region: "eu-central-1" },
    });
  });

  it("reads durations as Prometheus writes them, and only those", () => {
    expect(values(edit(healthy(), "monitor", "spec.endpoints[0].interval", "1m30s"))[0]).toBe(90);
    expect(values(edit(healthy(), "monitor", "spec.endpoints[0].interval", "1500ms"))[0]).toBe(2);
    expect(values(edit(healthy(), "monitor", "spec.endpoints[0].interval", "soon"))[0]).toHaveProperty("unknown");
  });

  it("counts what scrapes every asset of a system, and not what scrapes another's", () => {
    const at = 'metadata.annotations["holdfast.dev/asset"]';
    expect(values(edit(healthy(), "monitor", at, "omendb/*"))[0]).toBe(10);
    expect(values(edit(healthy(), "monitor", at, "shop/*"))[0]).toHaveProperty("unknown");
  });

  it("counts the slowest of what scrapes the asset in the same cluster", () => {
    const parts = edit(healthy(), "monitor", "spec.endpoints[1]", { interval: "60s" });
    expect(values(parts).slice(0, 2)).toEqual([60, 60]);
    expect(values(edit(healthy(), "farMonitor", "spec.endpoints[0].interval", "60s"))[0]).toBe(10);
  });

  it("waits 30 s for a group where no route says, and as long as the route that takes it", () => {
    expect(values(edit(healthy(), "alertmanager", "spec.route.groupWait", undefined)).at(-1)).toBe(30);
    const routes = [{ groupWait: "1m" }, { receiver: "on-call" }];
    expect(values(edit(healthy(), "alertmanager", "spec.route.routes", routes)).at(-1)).toBe(60);
  });

  it.each([
    ["the interval is missing", edit(healthy(), "monitor", "spec.endpoints[0].interval", undefined)],
    ["the interval is not known", edit(healthy(), "monitor", "spec.endpoints[0].interval", UNKNOWN)],
    ["the interval is ignored", ignore(healthy(), "monitor", "spec.endpoints")],
    ["nothing scrapes the asset", without(healthy(), "monitor")],
    ["the group has no interval", edit(healthy(), "rules", "spec.groups[0].interval", undefined)],
    ["the group's interval is not known", edit(healthy(), "rules", "spec.groups[0].interval", UNKNOWN)],
    ["what it waits is not known", edit(healthy(), "rules", `${down}.for`, UNKNOWN)],
    ["what it waits is ignored", ignore(healthy(), "rules", `${down}.for`)],
    ["nobody is told", without(healthy(), "alertmanager")],
    ["the group wait is not known", edit(healthy(), "alertmanager", "spec.route.groupWait", UNKNOWN)],
  ])("does not know how fast it is when %s", (_what, parts) => {
    expect(values(parts)).toContainEqual({ unknown: expect.any(String) });
  });

  it.each(["labels.severity", "annotations.summary", "annotations.description", "annotations.runbook_url"])(
    "is not complete without %s",
    (path) => {
      expect(alert(edit(healthy(), "rules", `${down}.${path}`, undefined), "OmenDBDown").complete).toBe(false);
      expect(alert(edit(healthy(), "rules", `${down}.${path}`, ""), "OmenDBDown").complete).toBe(false);
    },
  );

  it.each([
    [`time() - max(${metric}) > 360`, 360],
    [`time() - ${metric} >= 90`, 90],
    [`(time() - max by (asset) (${metric})) > 360 or absent(${metric})`, 360],
    [`time() - max(${metric}) > 360 or absent(${metric})`, 360],
  ])("reads the age from %s", (expr, threshold) => {
    expect(alert(edit(healthy(), "rules", `${stale}.expr`, expr), fresh).threshold).toBe(threshold);
  });

  it.each([
    [`time() - max(${metric}) > 360 and on() vector(0)`],
    [`time() - max(${metric}) > 360 * 10`],
    [`time() - max(${metric}) > 3.6e2`],
    [`time() - max(${metric.replace("omendb/data", "other")}) > 360`],
    [`time() - max(${metric} offset 1h) > 360`],
    [`max(${metric}) > 360`],
    ["vector(1)"],
  ])("does not understand %s", (expr) => {
    const parts = edit(healthy(), "rules", `${stale}.expr`, expr);
    expect(alert(parts, fresh).threshold).toHaveProperty("unknown");
    expect(read(parts).problems).toMatchObject([{ cannotProve: true, asset: "omendb/data" }]);
  });

  const only = (labels: string) => metric.replace("}", `,${labels}}`);
  it.each<[string, Pick<Alert, "role" | "threshold">]>([
    [`time() - max(${only('role="full"')}) > 90000`, { role: "full", threshold: 90_000 }],
    [`time() - max(${only('role="incremental"')}) > 360`, { role: "incremental", threshold: 360 }],
    [`time() - max(${only('role="drill"')}) > 360`, {}],
    [`time() - max(${only('role="full", cluster="a"')}) > 360`, {}],
    [`time() - max(${only('cluster="a"')}) > 360`, {}],
  ])("reads the kind of restore points that %s watches, and no age where it watches less", (expr, watched) => {
    const { role, threshold } = alert(edit(healthy(), "rules", `${stale}.expr`, expr), fresh);
    expect([role, threshold]).toEqual([watched.role, watched.threshold]);
  });

  it.each([
    ["all points", metric, []],
    ["incremental ones, which alone are the newest", only('role="incremental"'), []],
    ["full ones only", only('role="full"'), ["no alert notices the age of its newest restore point"]],
  ])("is noticed when it is the only alert on the age of restore points and watches %s", (_, watched, missing) => {
    const expr = `time() - max(${watched}) > 360 or absent(${watched})`;
    const { plan } = read(edit(healthy(), "rules", `${stale}.expr`, expr));
    const found = eachObjectiveHasAnAlert.check({ plan, assessments: [], problems: [], asOf });
    const about = found.map(({ message }) => message).filter((message) => message.includes("restore point"));
    expect(about).toEqual(missing);
  });

  it("covers absence by itself or through another alert of its kind, and for the same series", () => {
    const covers = (parts: Parts) => alert(parts, fresh).coversAbsence;
    expect(covers(healthy())).toBe(true);
    const alone = edit(healthy(), "rules", `${stale}.expr`, `time() - max(${metric}) > 360`);
    expect(covers(alone)).toBe(false);
    const annotations = { holdfast_asset: "omendb/data", holdfast_guards: "freshness" };
    const another = (expr: string) =>
      edit(alone, "rules", "spec.groups[0].rules[2]", { alert: "Gone", expr, annotations });
    expect(covers(another(`absent(${metric})`))).toBe(true);
    expect(covers(another("absent(up)"))).toBe(false);
    expect(covers(another('absent(holdfast_capture_timestamp_seconds{asset="other"})'))).toBe(false);
  });

  it("sees points of one kind gone only where their own series is asked for, and all of them gone by any", () => {
    const covers = (watched: string, absent: string, other?: string) => {
      const own = `time() - max(${watched}) > 360 or absent(${absent})`;
      const parts = edit(healthy(), "rules", `${stale}.expr`, own);
      const annotations = { holdfast_asset: "omendb/data", holdfast_guards: "freshness" };
      const expr = `time() - max(${other}) > 90000 or absent(${other})`;
      const rules = "spec.groups[0].rules[2]";
      return alert(other ? edit(parts, "rules", rules, { alert: "Other", expr, annotations }) : parts, fresh)
        .coversAbsence;
    };
    const [full, incremental] = [only('role="full"'), only('role="incremental"')];
    expect(covers(full, full)).toBe(true);
    expect(covers(full, metric)).toBe(false);
    expect(covers(full, incremental)).toBe(false);
    expect(covers(full, metric, metric)).toBe(false);
    expect(covers(metric, full)).toBe(true);
    expect(covers(metric, "up", full)).toBe(true);
  });

  it("guards every asset that a pattern covers", () => {
    expect(alert(edit(healthy(), "rules", `${down}.annotations.holdfast_asset`, "omendb/*"), "OmenDBDown").asset).toBe(
      "omendb/data",
    );
  });

  it("notes an alert that guards nothing, or in a way that nobody knows", () => {
    const of = (path: string, value: string | undefined) =>
      messages(edit(healthy(), "rules", `${down}.annotations.${path}`, value))[0];
    const where = "alert OmenDBDown of PrometheusRule omendb";
    expect(of("holdfast_asset", "omendb/dta")).toBe(
      `${where} guards omendb/dta, for which nothing promises objectives`,
    );
    expect(of("holdfast_asset", undefined)).toBe(`${where} must name both holdfast_asset and holdfast_guards`);
    expect(of("holdfast_guards", "sleep")).toMatch(/holdfast_guards must be one of freshness/);
    expect(of("holdfast_disruptions", "flood")).toMatch(/holdfast_disruptions must be among process/);
  });

  it("leaves alone an alert that says nothing about recovery", () => {
    const parts = edit(healthy(), "rules", `${down}.annotations`, {});
    expect(messages(parts)).toEqual([]);
    expect(read(parts).plan.alerts.map(({ name }) => name)).not.toContain("OmenDBDown");
  });

  it("cannot prove that anything is noticed by rules that are not known", () => {
    for (const path of ["spec", "spec.groups", "spec.groups[0].rules"]) {
      expect(read(edit(healthy(), "rules", path, UNKNOWN)).problems).toMatchObject([{ cannotProve: true }]);
    }
    expect(read(ignore(healthy(), "rules", "spec")).problems).toMatchObject([{ cannotProve: true }]);
  });
});
