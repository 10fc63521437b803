import { describe, expect, it } from "vitest";
import { recoveryIsRehearsed } from "../../../policies/rules/recovery-is-rehearsed";
import { type DrillRecord, duration, measuredTime, type Path } from "../../../recovery";
import { asOf, asset, evidence, path, plan, rehearsal, step, term } from "../build";

/** A verified drill of all of the data, the day before it is judged. */
const last: DrillRecord = {
  id: "last",
  asset: "s/data",
  path: "restore",
  date: "2026-11-20",
  seconds: duration("40m"),
  bytes: 1_000,
  verified: true,
};
const register = (drills: DrillRecord[]) => ({ sites: [], assumptions: [], waivers: [], drills });
const rehearsals = [rehearsal(), rehearsal({ role: "verification" })];

/** What is said of the recovery of 1,000 bytes whose only step may take an hour. */
function said(drills: DrillRecord[], edit: Partial<Path> = {}): string[] {
  const paths = [path({ id: "s/data/restore", steps: [step("restore", "1h", { restores: true })], ...edit })];
  const assets = [asset({ region: ["72h", "2h"] }, { bytes: 1_000 })];
  return recoveryIsRehearsed
    .check(evidence(plan({ assets, paths, rehearsals, register: register(drills) })))
    .map(({ message }) => message);
}

/** How long the recovery of so many bytes takes by one drill. */
const measured = (edit: Partial<DrillRecord>, bytes = 1_000) => measuredTime([{ ...last, ...edit }], asOf, bytes);

describe("group 11: evidence", () => {
  it("that does not exist measures nothing, and a path without it needs somebody to answer for it", () => {
    expect(measuredTime([], asOf, 1_000)).toBeUndefined();
    const assumed = { ...step("restore", "1h", { restores: true }), bound: term("restore", "1h", "assumed") };
    expect(said([], { steps: [assumed] })).toEqual([
      "restore: nobody has rehearsed restore, and no current register entry answers for it",
    ]);
  });

  it("counts for 90 days and not for 91", () => {
    expect([measured({ date: "2026-08-23" }), measured({ date: "2026-08-22" })]).toEqual([3_000, undefined]);
    expect(said([{ ...last, date: "2026-08-22" }])).toEqual(["drill record last is 91 days old, more than 90"]);
  });

  it("of less data is stretched by the bytes, up to ten times: further it says nothing", () => {
    expect([measured({ bytes: 500 }), measured({ bytes: 100 }), measured({ bytes: 99 })]).toEqual([
      6_000,
      30_000,
      undefined,
    ]);
    expect(said([{ ...last, bytes: 99 }])).toEqual([
      "drill record last moved 99 bytes, less than a tenth of the 1000 of s/data",
    ]);
  });

  it("that took longer than it may is a finding, though a faster drill came after it", () => {
    const slow = { ...last, id: "slow", date: "2026-11-01", seconds: duration("61m") };
    const message = "drill record slow took 1h 1m, and the deadlines of restore allow 1h";
    expect(said([slow])).toEqual([message]);
    expect(said([slow, last])).toEqual([message]);
    expect(said([last])).toEqual([]);
  });

  it("without verification measures nothing", () => {
    expect(measured({ verified: false })).toBeUndefined();
    expect(said([{ ...last, verified: false }])).toEqual(["drill record last was not verified"]);
  });

  it("that is dated in the future measures nothing", () => {
    expect(measured({ date: "2026-11-22" })).toBeUndefined();
    expect(said([{ ...last, date: "2026-11-22" }])).toEqual(["drill record last is dated in the future"]);
  });
});
