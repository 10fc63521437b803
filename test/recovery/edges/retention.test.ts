import { describe, expect, it } from "vitest";
import { restorePointsAreKept } from "../../../policies/rules/restore-points-are-kept";
import { verificationComesBeforeExpiry } from "../../../policies/rules/verification-comes-before-expiry";
import { type Copy, duration, keptTerm, type RestorePoints, reachBack, type Versions } from "../../../recovery";
import { against, cron, day, hour, taken } from "../answers";
import {
  asOf,
  asset,
  cleanRoom,
  copy,
  evidence,
  here,
  path,
  plan,
  points,
  rehearsal,
  series,
  source,
  step,
  term,
} from "../build";

const kept = (text: string, more: Partial<Copy> = {}) => [copy({ keptFor: term("kept", text), ...more })];

describe("group 9: retention", () => {
  it.each<[timeZone: string, newest: number, hours: number]>([
    ["Europe/Berlin", 30, 673],
    ["Etc/UTC", 30, 696],
    ["Etc/UTC", 1, 0],
    ["Australia/Lord_Howe", 30, 696],
  ])("by count keeps the newest over the shortest spans: daily in %s, %i points, %i h", (timeZone, newest, hours) => {
    const daily = points({
      series: [series({ schedule: cron("0 2 * * *", timeZone), startSlack: term("late", "0s") })],
    });
    expect(keptTerm(daily, copy({ keptFor: term("kept", "365d"), newest }), asOf).value).toBe(hours * hour);
  });

  it("by count is that of all series together, less what makes a point older than its run was due", () => {
    const twice = ["0 2 * * *", "0 14 * * *"].map((text, place) =>
      series({
        name: `dump ${place}`,
        schedule: cron(text, "Etc/UTC"),
        startSlack: term("late", "10m"),
        run: term("run", "20m"),
      }),
    );
    const reach = (edit: Partial<RestorePoints>) =>
      keptTerm(points({ series: twice, ...edit }), copy({ keptFor: term("kept", "365d"), newest: 5 }), asOf).value;
    expect(reach({ capture: "start" })).toBe(48 * hour - 600);
    expect(reach({ capture: "end" })).toBe(48 * hour - 1_800);
    expect(reach({ series: [] })).toBe(365 * day);
    const late = term("late", { unbounded: "nothing says how late a run may start" });
    expect(reach({ series: twice.map((one) => ({ ...one, startSlack: late })) })).toBe(0);
  });

  it("by count takes two points for two, though their runs are due at the same instant", () => {
    const both = points({ series: ["first", "second"].map((name) => series({ name })) });
    // The newest four are those of two days.
    expect(keptTerm(both, copy({ keptFor: term("kept", "365d"), newest: 4 }), asOf).value).toBe(24 * hour);
  });

  it("by count is not known where a job of its own carries points, and never longer than the time they are kept", () => {
    const relayed = copy({ keptFor: term("kept", "365d"), newest: 30, relay: series() });
    expect(keptTerm(points(), relayed, asOf).value).toHaveProperty("unknown");
    expect(keptTerm(points(), copy({ keptFor: term("kept", "3d"), newest: 30 }), asOf).value).toBe(3 * day);
  });

  it("by count decides whether damage can still be undone, as a time does", () => {
    const paths = [path({ detect: [term("noticed", "3d")], steps: [step("restore", "4h", { restores: true })] })];
    const answer = (newest: number) =>
      against("corruption", taken({ run: term("run", "0s") }, { copies: kept("365d", { newest }) }), { paths });
    expect(answer(9).verdict).toBe("proven");
    expect([answer(6).verdict, answer(6).broken]).toEqual(["missed", ["rpo", "window"]]);
  });

  it("of exactly what is needed is enough, and a second less is not", () => {
    // Two gaps, noticed in 3 d, restored in 4 h.
    const paths = [path({ detect: [term("noticed", "3d")], steps: [step("restore", "4h", { restores: true })] })];
    const needed = 2 * day + 3 * day + 4 * hour;
    const answer = (text: string) =>
      against("corruption", taken({ run: term("run", "0s") }, { copies: kept(text) }), { paths });
    expect(answer("124h").chosen?.window).toEqual({ needed, available: needed });
    expect([answer("124h").verdict, answer("123h59m59s").verdict]).toEqual(["proven", "missed"]);
  });

  it("that ends before the lock does counts as it ends: what is hidden or moved is not there, locked or not", () => {
    const short = taken({}, { copies: kept("2d", { lock: { mode: "compliance", keptFor: term("locked", "45d") } }) });
    const window = (disruption: "corruption" | "compromise") =>
      against(disruption, short, { paths: [path({ runsAt: cleanRoom })] }).chosen?.window?.available;
    expect([window("corruption"), window("compromise")]).toEqual([2 * day, 2 * day]);
  });

  it("with a lock that ends first protects against hostile credentials as long as the lock only", () => {
    const lock = { mode: "compliance", keptFor: term("locked", "2d") } as const;
    const long = taken({}, { copies: kept("45d", { lock }) });
    const answer = against("compromise", long, { paths: [path({ runsAt: cleanRoom })] });
    expect(answer.chosen?.window?.available).toBe(2 * day);
    expect(answer.verdict).toBe("missed");
  });

  it("no longer than the verification interval lets a fault outlive every good point", () => {
    const verified = (text: string) =>
      verificationComesBeforeExpiry.check(
        evidence(
          plan({
            protections: [taken({}, { copies: kept(text) })],
            rehearsals: [rehearsal({ role: "verification", schedule: cron("0 4 * * 0"), run: term("run", "0s") })],
          }),
        ),
      );
    // A full may fail, so points reach two cycles and a run less far back than they are kept.
    const lost = 2 * day + 30 * 60;
    expect(verified(`${7 * day + lost}s`)).toHaveLength(1);
    expect(verified(`${7 * day + lost + 1}s`)).toEqual([]);
  });

  it("of a base that ends before its increments do ends them as well", () => {
    const chain: RestorePoints = points({
      series: [
        series({ schedule: cron("0 1 * * 0"), run: term("run", "0s") }),
        series({ name: "increments", role: "incremental", schedule: cron("0 1 * * 1-6"), run: term("run", "0s") }),
      ],
      transfer: term("transfer", "0s"),
      copies: kept("20d"),
    });
    // An increment is at most two weeks younger than its base, one full having failed.
    expect(reachBack(chain, duration("20d"), asOf)).toBe(6 * day);
    const paths = [path({ detect: [term("noticed", "5d")], steps: [step("restore", "0s", { restores: true })] })];
    expect(against("corruption", chain, { paths })).toMatchObject({
      verdict: "missed",
      chosen: { window: { needed: 7 * day, available: 6 * day } },
    });
    const fulls = { ...chain, series: chain.series.map((one) => ({ ...one, role: "full" as const })) };
    expect(against("corruption", fulls, { paths }).verdict).toBe("proven");
  });

  const vacuumed: Versions = {
    kind: "versions",
    id: "versions",
    asset: "s/data",
    label: "table versions",
    at: here,
    undoes: ["overwrite", "delete"],
    keptFor: term("kept", "7d"),
    lock: { mode: "none", keptFor: term("locked", "0s") },
    source: source("table"),
  };

  it("of versions that VACUUM deletes sooner than the damage is noticed leaves nothing", () => {
    const paths = [path({ protection: "versions", detect: [term("noticed", "8d")] })];
    expect(against("corruption", vacuumed, { paths })).toMatchObject({ verdict: "missed", broken: ["rpo", "window"] });
  });

  it("of versions that VACUUM deletes sooner than the declared retention is a finding", () => {
    const assets = [asset({}, { retention: { atLeast: duration("30d") } })];
    const found = restorePointsAreKept.check(evidence(plan({ assets, protections: [vacuumed] })));
    expect(found.map(({ assets: of }) => of)).toEqual([["s/data"]]);
  });
});
