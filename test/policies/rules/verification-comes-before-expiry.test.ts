import { describe, expect, it } from "vitest";
import { verificationComesBeforeExpiry } from "../../../policies/rules/verification-comes-before-expiry";
import type { Plan, Rehearsal } from "../../../recovery";
import { copy, evidence, plan, points, redundancy, rehearsal, series, source, term } from "../../recovery/build";

/** A verification on a schedule, one hour long. */
const verification = (expression: string, edit: Partial<Rehearsal> = {}): Rehearsal =>
  rehearsal({
    name: "verify",
    role: "verification",
    schedule: { scheduler: "kubernetes", expression, timeZone: "Etc/UTC" },
    source: source("verify"),
    ...edit,
  });
const monthly = verification("0 5 1 * *");

/** Daily fulls of half an hour: through one that fails, points reach two days and half an hour less far back than they are kept. */
const kept = (span: Parameters<typeof term>[1]) => [points({ copies: [copy({ keptFor: term("kept", span) })] })];
const check = (edit: Partial<Plan>) =>
  verificationComesBeforeExpiry.check(evidence(plan({ rehearsals: [monthly], protections: kept("45d"), ...edit })));
const atSchedule = { ...source("verify"), property: "spec.schedule" };

describe("verification-comes-before-expiry", () => {
  it("accepts a monthly verification of points that reach 42 days back", () => {
    expect(check({})).toEqual([]);
  });

  it("needs points that reach further back than the longest month and the run: 31 days and an hour", () => {
    expect(check({ protections: kept("33d1h40m1s") })).toEqual([]);
    expect(check({ protections: kept("33d1h40m") })).toHaveLength(1);
  });

  it("refuses points that expire before the next verification, and says how often would do", () => {
    expect(check({ protections: kept("30d") })).toEqual([
      {
        assets: ["s/data"],
        source: atSchedule,
        message:
          "a fault can outlive every good point: verify may notice it 31d 1h after it struck, and points kept 30d in bucket reach 27d 23h 20m back",
        fix: {
          change: 'spec.schedule of verify: "0 5 * * 0"',
          source: atSchedule,
          result: "a fault is noticed within 7d 1h",
        },
      },
    ]);
  });

  it("proposes a day where a week is too long, and nothing where no schedule would do", () => {
    expect(check({ protections: kept("5d") })[0]?.fix?.change).toBe('spec.schedule of verify: "0 5 * * *"');
    expect(check({ protections: kept("1d") })[0]).not.toHaveProperty("fix");
  });

  it("counts how far back a chain reaches: one whose base is gone restores nothing", () => {
    const chain = (expression: string) => {
      const weekly = series({ schedule: { scheduler: "kubernetes", expression, timeZone: "Etc/UTC" } });
      const daily = series({ name: "increments", role: "incremental" });
      return [points({ series: [weekly, daily], copies: [copy({ keptFor: term("kept", "40d") })] })];
    };
    expect(check({ protections: chain("0 2 * * 0") })[0]?.message).toMatch(/points kept 40d in bucket reach 25d 23h/);
    expect(check({ protections: chain("0 2 * * *") })).toEqual([]);
  });

  it("takes the verification that looks oftenest and the copy that is kept longest", () => {
    expect(check({ rehearsals: [monthly, verification("0 5 * * 0")], protections: kept("30d") })).toEqual([]);
    const both = [copy({ keptFor: term("kept", "30d") }), copy({ keptFor: term("kept", "45d") })];
    expect(check({ protections: [points({ copies: both })] })).toEqual([]);
    expect(check({ protections: [...kept("30d"), ...kept("45d")] })).toEqual([]);
  });

  it("does not ask for a verification that succeeds after one that failed: its failure is an alert of its own", () => {
    expect(check({ protections: kept("34d") })).toEqual([]);
  });

  it("accepts any verification of points that are kept without end", () => {
    expect(check({ protections: kept({ unbounded: "nothing deletes them" }) })).toEqual([]);
  });

  it("refuses a verification that never runs twice, or a run of any length", () => {
    expect(check({ rehearsals: [verification("0 5 30 2 *")] })).toEqual([
      {
        assets: ["s/data"],
        source: atSchedule,
        message:
          "a fault can outlive every good point: nothing bounds when verify notices it: its schedule never runs twice",
      },
    ]);
    const run = term("run", { unbounded: "no activeDeadlineSeconds" });
    expect(check({ rehearsals: [verification("0 5 * * *", { run })] })).toEqual([
      {
        assets: ["s/data"],
        source: run.source,
        message:
          "a fault can outlive every good point: nothing bounds when verify notices it: no activeDeadlineSeconds",
      },
    ]);
  });

  it("cannot prove it when schedule, run or retention is unknown", () => {
    const unknown = { unknown: "not yet known" };
    const unproven = {
      assets: ["s/data"],
      source: atSchedule,
      message: "it cannot be proven that verify notices a fault while good points are kept: not yet known",
      cannotProve: true,
    };
    expect(check({ rehearsals: [{ ...monthly, schedule: unknown }] })).toEqual([unproven]);
    expect(check({ rehearsals: [{ ...monthly, run: term("run", unknown) }] })).toEqual([unproven]);
    expect(check({ protections: kept(unknown) })).toEqual([unproven]);
  });

  it("proves it though something is unknown that cannot change it", () => {
    const unknown = { unknown: "not yet known" };
    expect(check({ rehearsals: [monthly, { ...monthly, schedule: unknown }] })).toEqual([]);
    expect(check({ protections: [...kept(unknown), ...kept("45d")] })).toEqual([]);
  });

  it("leaves it to other rules that there is no verification, a suspended one, or nothing to verify", () => {
    const short = { protections: kept("1d") };
    expect(check({ ...short, rehearsals: [] })).toEqual([]);
    expect(check({ ...short, rehearsals: [{ ...monthly, suspended: true }] })).toEqual([]);
    expect(check({ ...short, rehearsals: [{ ...monthly, role: "drill" }] })).toEqual([]);
    expect(check({ ...short, rehearsals: [{ ...monthly, asset: "s/other" }] })).toEqual([]);
    expect(check({ protections: [redundancy()] })).toEqual([]);
  });
});
