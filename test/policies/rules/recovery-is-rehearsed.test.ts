import { describe, expect, it } from "vitest";
import { recoveryIsRehearsed } from "../../../policies/rules/recovery-is-rehearsed";
import { type Bound, type DrillRecord, duration, type Grade, type Plan } from "../../../recovery";
import { asset, evidence, path, plan, redundancy, rehearsal, source, step, term } from "../../recovery/build";

const rehearsals = [rehearsal(), rehearsal({ role: "verification" })];
const check = (edit: Partial<Plan> = {}) => recoveryIsRehearsed.check(evidence(plan({ rehearsals, ...edit })));

/** A recovery whose only step has a bound of some grade. */
const graded = (grade: Grade, value: string | Bound = "1h", assumption?: string) => {
  const bound = { ...term("restore", value, grade), ...(assumption ? { assumption } : {}) };
  return { paths: [path({ steps: [{ ...step("restore", value, { restores: true }), bound }] })] };
};

/** A drill of some day, judged on 21 November 2026. */
const drilled = (date: string, verified = true) => {
  const drill: DrillRecord = {
    id: "last",
    asset: "s/data",
    path: "restore",
    date,
    seconds: duration("40m"),
    bytes: 1,
    verified,
  };
  return check({ register: { sites: [], assumptions: [], waivers: [], drills: [drill] } });
};

describe("recovery-is-rehearsed", () => {
  it("accepts restore points that are verified and drilled, and a path whose number was measured", () => {
    expect(check(graded("measured"))).toEqual([]);
  });

  it.each(["verification", "drill"] as const)("refuses restore points without a scheduled %s", (role) => {
    expect(check({ rehearsals: rehearsals.filter((one) => one.role !== role) })).toEqual([
      { assets: ["s/data"], source: source("asset"), message: `restore points, but no scheduled ${role}` },
    ]);
  });

  it("does not take the drill of another asset for its own", () => {
    expect(check({ rehearsals: rehearsals.map((one) => ({ ...one, asset: "s/other" })) })).toHaveLength(2);
  });

  it("accepts an assumed step only where a register entry answers for it", () => {
    expect(check(graded("assumed", "1h", "undrilled"))).toEqual([]);
    expect(check(graded("assumed"))).toEqual([
      {
        assets: ["s/data"],
        source: source("restore"),
        message: "restore: nobody has rehearsed restore, and no current register entry answers for it",
      },
    ]);
  });

  it("tells a step once that serves several disruptions by paths of their own", () => {
    const [near] = graded("assumed").paths;
    const paths = [path({ ...near, disruptions: ["region"] }), path({ ...near, id: "far", disruptions: ["zone"] })];
    expect(check({ paths, assets: [asset({ zone: ["72h", "2h"], region: ["72h", "2h"] })] })).toHaveLength(1);
  });

  it.each(["2026-11-21", "2026-08-23"])("accepts the drill of %s, at most 90 days ago", (date) => {
    expect(drilled(date)).toEqual([]);
  });

  it.each([
    ["is 91 days old, more than 90", "2026-08-22", true],
    ["was not verified", "2026-11-01", false],
    ["is dated in the future", "2026-11-22", true],
    ["has no date that can be read", "last Friday", true],
  ])("refuses a drill record that %s", (why, date, verified) => {
    expect(drilled(date, verified)).toEqual([
      {
        assets: ["s/data"],
        source: { resource: "register:last", name: "drill record last" },
        message: `drill record last ${why}`,
      },
    ]);
  });

  it("leaves a step of unknown length to rto-is-met, which cannot prove it", () => {
    expect(check(graded("assumed", { unknown: "not yet known" }))).toEqual([]);
  });

  it("leaves paths that no promise rests on and assets without restore points alone", () => {
    expect(check({ ...graded("assumed"), assets: [asset({})] })).toEqual([]);
    expect(check({ protections: [redundancy()], rehearsals: [] })).toEqual([]);
  });
});
