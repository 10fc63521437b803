import { describe, expect, it } from "vitest";
import { schedulesRun } from "../../../policies/rules/schedules-run";
import type { Plan } from "../../../recovery";
import { evidence, path, plan, points, redundancy, rehearsal, series, source } from "../../recovery/build";

const check = (edit: Partial<Plan>) => schedulesRun.check(evidence(plan(edit)));
const suspend = { ...source("backup"), property: "spec.suspend" };

describe("schedules-run", () => {
  it("accepts backups, verifications and drills that run by themselves", () => {
    expect(check({ rehearsals: [rehearsal(), rehearsal({ role: "verification" })] })).toEqual([]);
  });

  it("refuses a suspended backup, though another series runs", () => {
    const chain = [series({ suspended: true }), series({ name: "increments", role: "incremental" })];
    expect(check({ protections: [points({ series: chain })] })).toEqual([
      {
        assets: ["s/data"],
        source: suspend,
        message: "backup is suspended: it never runs",
        fix: { change: "spec.suspend of backup: false", source: suspend, result: "it runs" },
      },
    ]);
  });

  it("refuses a suspended drill", () => {
    expect(check({ rehearsals: [rehearsal({ suspended: true })] })).toMatchObject([
      { assets: ["s/data"], source: { name: "rehearse" }, message: "rehearse is suspended: it never runs" },
    ]);
  });

  it("refuses a schedule that fits no day: 29 February comes, 30 February never does", () => {
    const on = (expression: string) =>
      check({ rehearsals: [rehearsal({ schedule: { scheduler: "kubernetes", expression, timeZone: "Etc/UTC" } })] });
    expect(on("0 5 29 2 *")).toEqual([]);
    expect(on("0 5 30 2 *")).toEqual([
      {
        assets: ["s/data"],
        source: source("rehearse"),
        message: "rehearse never runs: 0 5 30 2 * fits no day of the next ten years",
      },
    ]);
    expect(on("every day")).toMatchObject([{ message: expect.stringMatching(/^rehearse: ./), cannotProve: true }]);
  });

  it("cannot prove that a schedule runs when it or its suspension is unknown, and says both", () => {
    const unread = series({ suspended: { unknown: "ignored by the engine" }, schedule: { unknown: "not yet known" } });
    expect(check({ protections: [points({ series: [unread] })] })).toEqual([
      { assets: ["s/data"], source: suspend, message: "backup: ignored by the engine", cannotProve: true },
      { assets: ["s/data"], source: source("backup"), message: "backup: not yet known", cannotProve: true },
    ]);
  });

  it("cannot prove that a drill without a readable schedule runs", () => {
    expect(check({ rehearsals: [rehearsal({ schedule: { unknown: "it has no spec.schedule" } })] })).toMatchObject([
      { message: "rehearse: it has no spec.schedule", cannotProve: true },
    ]);
  });

  it("says nothing where nothing is scheduled: storage has no runs, recoveries wait for people", () => {
    expect(check({ protections: [redundancy()], paths: [path()] })).toEqual([]);
  });
});
