import { describe, expect, it } from "vitest";
import { judge } from "../../../policies/judge";
import { pair } from "./pair";
import { asOf, declaredGraph, kubernetes, type Parts, read } from "./program";
import { asset } from "./rdsProgram";

const series = `holdfast_restorable_timestamp_seconds{asset="${asset}",protection="point-in-time"}`;

/** The example with an alert of Prometheus on the database. */
function watched(expr: string): Parts {
  const annotations = { summary: "a", description: "b", runbook_url: "https://example.com/runbook" };
  const links = { holdfast_asset: asset, holdfast_guards: "freshness" };
  const labels = { severity: "critical", namespace: "omendb-prod" };
  const rule = { alert: "LogStale", expr, for: "0s", labels, annotations: { ...annotations, ...links } };
  const spec = { groups: [{ name: "nucleus", interval: "15s", rules: [rule] }] };
  return { ...pair(), rules: kubernetes("monitoring.coreos.com/v1:PrometheusRule", "nucleus", {}, { spec }) };
}

const alert = (expr: string) => read(watched(expr)).plan.alerts[0];

describe("an alert on the latest moment that a log can restore", () => {
  it("watches the one archive that it names, and fires on absence where it says so", () => {
    const whole = `time() - max(${series}) > 900 or absent(${series})`;
    expect(alert(whole)).toMatchObject({
      threshold: 900,
      protection: `${asset}/point-in-time`,
      coversAbsence: true,
    });
    expect(alert(whole)).not.toHaveProperty("flaw");
    expect(alert(`time() - max(${series}) > 900`)?.coversAbsence).toBe(false);
    const other = series.replace("point-in-time", "replicated-backups");
    expect(alert(`time() - max(${series}) > 900 or absent(${other})`)?.coversAbsence).toBe(false);
  });

  it("is what each-objective-has-an-alert asks for of an archive", () => {
    const about = (parts: Parts) =>
      judge(declaredGraph(parts), asOf)
        .findings.filter(({ message }) => message.includes(`${asset}/point-in-time is`))
        .map(({ message }) => message);
    expect(about(pair())).toEqual([`no alert notices how far behind ${asset}/point-in-time is`]);
    expect(about(watched(`time() - max(${series}) > 900 or absent(${series})`))).toEqual([]);
  });

  it.each<[string, string]>([
    ["no archive", series.replace(',protection="point-in-time"', "")],
    ["several archives", series.replace('protection="', 'protection=~"')],
    ["another asset", series.replace(asset, "nucleus/assets")],
    ["less than the archive", series.replace("}", ',instance="a"}')],
  ])("cannot be read where it names %s", (_, selector) => {
    expect(alert(`time() - max(${selector}) > 900 or absent(${selector})`)?.threshold).toHaveProperty("unknown");
  });

  it("says nothing of the age of restore points", () => {
    const found = judge(declaredGraph(watched(`time() - max(${series}) > 900 or absent(${series})`)), asOf).findings;
    const own = found.filter(({ assets }) => assets.includes(asset)).map(({ message }) => message);
    expect(own).toContainEqual("no alert notices the age of its newest restore point");
  });
});
