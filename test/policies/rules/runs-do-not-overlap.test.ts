import { describe, expect, it } from "vitest";
import { runsDoNotOverlap } from "../../../policies/rules/runs-do-not-overlap";
import type { MaintenanceRuns } from "../../../recovery";
import { evidence, plan, points, redundancy, series, source, term } from "../../recovery/build";

const check = (edit: Parameters<typeof series>[0]) =>
  runsDoNotOverlap.check(evidence(plan({ protections: [points({ series: [series(edit)] })] })));
const policy = { ...source("backup"), property: "spec.concurrencyPolicy" };

describe("runs-do-not-overlap", () => {
  it.each(["30m", "24h"])("accepts daily runs of %s under Forbid", (run) => {
    expect(check({ run: term("run", run) })).toEqual([]);
  });

  it("refuses a run a second longer than the gap, which then skips the next", () => {
    expect(check({ run: term("run", "24h1s") })).toEqual([
      {
        assets: ["s/data"],
        source: { resource: "urn:run", name: "run", property: "spec.run" },
        message: "backup may run 24h 1s, longer than its shortest gap of 24h, and then skips a run",
      },
    ]);
  });

  it("measures the shortest gap where the clocks change, not the usual one", () => {
    const schedule = { scheduler: "kubernetes" as const, expression: "0 4 * * *", timeZone: "Europe/Berlin" };
    expect(check({ schedule, run: term("run", "23h") })).toEqual([]);
    expect(check({ schedule, run: term("run", "23h1m") }).map(({ message }) => message)).toEqual([
      "backup may run 23h 1m, longer than its shortest gap of 23h, and then skips a run",
    ]);
  });

  it.each(["allow", "replace"] as const)("refuses the policy %s, however short the runs", (overlap) => {
    expect(check({ overlap, run: term("run", "1s") })).toEqual([
      { assets: ["s/data"], source: policy, message: `backup must forbid overlapping runs, its policy is ${overlap}` },
    ]);
  });

  it("cannot prove a policy that is unknown", () => {
    expect(check({ overlap: { unknown: "not yet known" } })).toEqual([
      { assets: ["s/data"], source: policy, message: "backup: not yet known", cannotProve: true },
    ]);
  });

  it("leaves a missing deadline to runs-are-bounded and an unknown schedule to schedules-run", () => {
    expect(check({ run: term("run", { unbounded: "it has no deadline" }) })).toEqual([]);
    expect(check({ schedule: { unknown: "not yet known" } })).toEqual([]);
  });

  describe("beside planned work that must keep away", () => {
    const daily = (expression: string, timeZone = "Etc/UTC") => ({
      scheduler: "kubernetes" as const,
      expression,
      timeZone,
    });
    const work = (edit: Partial<MaintenanceRuns> = {}): MaintenanceRuns => ({
      kind: "maintenance",
      name: "reindex",
      at: { unknown: "anywhere" },
      schedule: daily("0 3 * * 0"),
      suspended: false,
      startSlack: term("late start", "5m"),
      run: term("run", "55m"),
      apartFrom: ["s/data"],
      source: source("reindex"),
      ...edit,
    });
    const backup = series({
      schedule: daily("0 2,4 * * *"),
      startSlack: term("late start", "10m"),
      run: term("run", "50m"),
    });
    const beside = (edit: Partial<MaintenanceRuns>) =>
      runsDoNotOverlap
        .check(evidence(plan({ protections: [points({ series: [backup] })], safeguards: [work(edit)] })))
        .map(({ message, cannotProve }) => (cannotProve ? `? ${message}` : message));

    it("accepts what ends with the minute in which a backup is due, and begins when it must have ended", () => {
      expect(beside({})).toEqual([]);
    });

    it("refuses a minute more, with the first date on which both may run", () => {
      expect(beside({ run: term("run", "56m") })).toEqual([
        expect.stringMatching(
          /^reindex must not run beside backup: its run of \d{4}-\d\d-\d\d 03:00 UTC may last 1h 1m, and that of [\d-]+ 04:00 UTC may last 1h$/,
        ),
      ]);
    });

    it("refuses what only the summer of its zone brings together", () => {
      const winter = { schedule: daily("30 4 * * 0", "Europe/Berlin"), run: term("run", "20m") };
      expect(beside(winter)).toEqual([expect.stringContaining("must not run beside backup")]);
    });

    it("cannot prove what has no bound or no known schedule, and leaves alone what sleeps or keeps away from nothing", () => {
      expect(beside({ run: term("run", { unbounded: "no deadline" }) })).toEqual([
        "? reindex must keep away from s/data: a run may start or last however long",
      ]);
      expect(beside({ schedule: { unknown: "not yet known" } })).toEqual([
        "? reindex must keep away from s/data: not yet known",
      ]);
      const meets = { run: term("run", "5h") };
      expect(beside({ ...meets, suspended: true })).toEqual([]);
      expect(beside({ ...meets, apartFrom: ["s/other"] })).toEqual([]);
      const { apartFrom: _, ...nothing } = work(meets);
      const all = plan({ protections: [points({ series: [backup] })], safeguards: [nothing] });
      expect(runsDoNotOverlap.check(evidence(all))).toEqual([]);
    });
  });

  describe("beside other planned work on the same asset", () => {
    const job = (name: string, edit: Partial<MaintenanceRuns> = {}): MaintenanceRuns => ({
      kind: "maintenance",
      name,
      at: { unknown: "anywhere" },
      schedule: { scheduler: "kubernetes", expression: "0 3 * * 0", timeZone: "Etc/UTC" },
      suspended: false,
      startSlack: term("late start", "0s"),
      run: term("run", "1h"),
      apartFrom: ["s/data"],
      source: source(name),
      ...edit,
    });
    const beside = (edit: Partial<MaintenanceRuns>) =>
      runsDoNotOverlap
        .check(evidence(plan({ protections: [], safeguards: [job("reindex"), job("upgrade", edit)] })))
        .map(({ message, cannotProve, assets }) => `${assets} ${cannotProve ? "? " : ""}${message}`);
    const at = (expression: string) => ({
      schedule: { scheduler: "kubernetes" as const, expression, timeZone: "Etc/UTC" },
    });

    it("accepts what begins as the other must have ended", () => {
      expect(beside(at("0 4 * * 0"))).toEqual([]);
    });

    it("refuses a minute less, and names each pair once", () => {
      expect(beside(at("59 3 * * 0"))).toEqual([
        expect.stringMatching(
          /^s\/data reindex must not run beside upgrade: its run of [\d-]+ 03:00 UTC may last 1h, and that of [\d-]+ 03:59 UTC may last 1h$/,
        ),
      ]);
    });

    it("cannot prove what has no known time, and leaves alone what sleeps or works on something else", () => {
      expect(beside({ schedule: { unknown: "AWS picks one" } })).toEqual([
        "s/data ? upgrade must keep away from s/data: AWS picks one",
      ]);
      expect(beside({ suspended: true })).toEqual([]);
      expect(beside({ apartFrom: ["s/other"] })).toEqual([]);
    });
  });

  it("leaves storage alone", () => {
    expect(runsDoNotOverlap.check(evidence(plan({ protections: [redundancy()] })))).toEqual([]);
  });
});
