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

/** What is said of drills of an asset of 1000 bytes, whose path may take an hour. */
const drills = (...records: Partial<DrillRecord>[]) => {
  const last = { id: "last", asset: "s/data", path: "restore", date: "2026-11-20", bytes: 1000, verified: true };
  const register = {
    sites: [],
    assumptions: [],
    waivers: [],
    drills: records.map((record): DrillRecord => ({ ...last, seconds: duration("40m"), ...record })),
  };
  const paths = [path({ id: "s/data/restore", steps: [step("restore", "1h", { restores: true })] })];
  const assets = [{ ...asset({}), bytes: 1000 }];
  return check({ paths, assets, register }).map(({ message }) => message);
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

  it("judges the newest record of a path, whatever is older", () => {
    expect(drills({ date: "2026-05-01" }, { id: "new" })).toEqual([]);
    expect(drills({ date: "2026-11-01", verified: false }, { id: "new" })).toEqual([]);
    expect(drills({}, { id: "new", date: "2026-11-21", verified: false })).toEqual([
      "drill record new was not verified",
    ]);
    expect(drills({}, { id: "same", verified: false })).toEqual(["drill record same was not verified"]);
    expect(drills({ verified: false, path: "other" }, {})).toEqual(["drill record last was not verified"]);
  });

  it("refuses a drill that took longer than the deadlines, or would for all of the data", () => {
    expect(drills({ seconds: duration("1h") })).toEqual([]);
    expect(drills({ seconds: duration("1h1s") })).toEqual([
      "drill record last took 1h 1s, and the deadlines of restore allow 1h",
    ]);
    expect(drills({ bytes: 100, seconds: duration("6m") })).toEqual([]);
    expect(drills({ bytes: 100, seconds: duration("6m1s") })).toEqual([
      "drill record last took 6m 1s, 1h 10s for all of its data, and the deadlines of restore allow 1h",
    ]);
    expect(drills({ bytes: 99 })).toEqual([
      "drill record last moved 99 bytes, less than a tenth of the 1000 of s/data",
    ]);
  });

  it("judges the slowest drill that still counts, though a newer one was faster", () => {
    const slow = { id: "slow", date: "2026-09-01", seconds: duration("61m") };
    const told = ["drill record slow took 1h 1m, and the deadlines of restore allow 1h"];
    expect(drills(slow, {})).toEqual(told);
    expect(drills({}, slow)).toEqual(told);
    expect(drills({ ...slow, date: "2026-08-23" }, {})).toEqual(told);
    expect(drills({ ...slow, date: "2026-08-22" }, {})).toEqual([]);
    expect(drills({ ...slow, verified: false }, {})).toEqual([]);
    expect(drills({ ...slow, bytes: 99 }, {})).toEqual([]);
    expect(drills(slow, { verified: false })).toEqual(["drill record last was not verified"]);
  });

  it("tells of a newest drill that moved too little, and of the slowest that moved enough", () => {
    expect(drills({ bytes: 99 }, { id: "older", date: "2026-11-01", bytes: 500, seconds: duration("31m") })).toEqual([
      "drill record last moved 99 bytes, less than a tenth of the 1000 of s/data",
      "drill record older took 31m, 1h 2m for all of its data, and the deadlines of restore allow 1h",
    ]);
  });

  it("leaves a step of unknown length to rto-is-met, which cannot prove it", () => {
    expect(check(graded("assumed", { unknown: "not yet known" }))).toEqual([]);
  });

  it("leaves paths that no promise rests on and assets without restore points alone", () => {
    expect(check({ ...graded("assumed"), assets: [asset({})] })).toEqual([]);
    expect(check({ protections: [redundancy()], rehearsals: [] })).toEqual([]);
  });

  it("asks for a drill and a verification each quarter, that start and end", () => {
    const quarterly = { scheduler: "kubernetes" as const, expression: "0 5 1 */3 *", timeZone: "Etc/UTC" };
    const yearly = { ...quarterly, expression: "0 5 1 1 *" };
    const drills = (...edits: Parameters<typeof rehearsal>) =>
      check({
        ...graded("measured"),
        rehearsals: [
          rehearsal(...edits),
          rehearsal({ role: "verification", schedule: { ...yearly, expression: "0 5 * * *" } }),
        ],
      });
    expect(drills({ schedule: quarterly })).toEqual([]);
    expect(drills({ schedule: yearly })).toMatchObject([
      { message: "rehearse is a drill that runs every 366d at worst, more seldom than every 92d" },
    ]);
    expect(drills({ run: term("run", { unbounded: "no deadline" }) })).toMatchObject([
      { message: "rehearse is a drill that may never end: no deadline" },
    ]);
    expect(drills({ startSlack: term("late start", { unknown: "not known" }) })).toMatchObject([{ cannotProve: true }]);
    expect(drills({ schedule: yearly, suspended: true })).toEqual([]);
  });

  it("refuses a drill that may take longer than everything that is promised", () => {
    const lasting = (run: string, role: "drill" | "verification" = "drill") =>
      check({
        ...graded("measured"),
        assets: [asset({ zone: ["0s", "15m"], region: ["30h", "2h"] })],
        rehearsals: rehearsals.map((one) => (one.role === role ? rehearsal({ role, run: term("run", run) }) : one)),
      }).map(({ message }) => message);
    expect(lasting("2h")).toEqual([]);
    expect(lasting("2h1s")).toEqual([
      "rehearse is a drill that may take 2h 1s, longer than every RTO of s/data (2h at most): that it succeeds proves none of them",
    ]);
    // A look at copies is no recovery.
    expect(lasting("3h", "verification")).toEqual([]);
  });
});
