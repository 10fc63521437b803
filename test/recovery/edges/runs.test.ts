import { describe, expect, it } from "vitest";
import { eachObjectiveHasAnAlert } from "../../../policies/rules/each-objective-has-an-alert";
import { runsAreBounded } from "../../../policies/rules/runs-are-bounded";
import { schedulesRun } from "../../../policies/rules/schedules-run";
import { next, type RestorePoints, type Schedule, type Series } from "../../../recovery";
import { edit, healthy, type Parts, read } from "../../policies/observe/program";
import { against, cron, day, hour, losses, taken } from "../answers";
import { alert, asOf, evidence, plan, rehearsal, term } from "../build";

const hourly = (overlap: Series["overlap"]) =>
  against("region", taken({ schedule: cron("0 * * * *"), run: term("run", "90m"), overlap }));

const incremental = (parts: Parts): Series => {
  const points = read(parts).plan.protections.find((one): one is RestorePoints => one.kind === "restore-points");
  const found = points?.series.find(({ role }) => role === "incremental");
  if (found === undefined) throw new Error("no incremental series");
  return found;
};

describe("group 3: runs", () => {
  it("longer than the gap run side by side under Allow: each point is as old as a gap and a run", () => {
    expect(losses(hourly("allow"))).toEqual([hour + 90 * 60, 2 * hour + 90 * 60]);
  });

  it("longer than the gap wait for each other under Forbid: every second start at least", () => {
    expect(losses(hourly("forbid"))).toEqual([2 * hour + 90 * 60, 4 * hour + 90 * 60]);
  });

  it("longer than the gap never end under Replace", () => {
    for (const loss of losses(hourly("replace"))) expect(loss).toHaveProperty("unbounded");
  });

  it("with startingDeadlineSeconds below 10 may never start, since the controller looks each 10 s", () => {
    const slack = (deadline: number) =>
      incremental(edit(healthy(), "incremental", "spec.startingDeadlineSeconds", deadline)).startSlack;
    const [never, ten] = [slack(9), slack(10)];
    for (const loss of losses(against("region", taken({ startSlack: never }))))
      expect(loss).toHaveProperty("unbounded");
    expect(losses(against("region", taken({ startSlack: ten })))[0]).toBe(day + 10 + 30 * 60);
    const points = taken({ startSlack: never });
    expect(runsAreBounded.check(evidence(plan({ protections: [points] })))).toHaveLength(1);
  });

  it("that are suspended take no points, and say so", () => {
    const suspended = taken({ suspended: true });
    for (const loss of losses(against("region", suspended))) expect(loss).toHaveProperty("unbounded");
    expect(schedulesRun.check(evidence(plan({ protections: [suspended] })))).toMatchObject([
      { message: "backup is suspended: it never runs" },
    ]);
  });

  it("with a backoffLimit end by the deadline of their Job, whatever it is (11.0); that of a pod counts for each attempt", () => {
    const job = "spec.jobTemplate.spec";
    const retried = (property: string) => {
      const bare = edit(healthy(), "incremental", `${job}.activeDeadlineSeconds`, undefined);
      return incremental(edit(edit(bare, "incremental", property, 90), "incremental", `${job}.backoffLimit`, 3)).run
        .value;
    };
    expect(retried(`${job}.activeDeadlineSeconds`)).toBe(90);
    // Four attempts, and 10, 20 and 40 s between them.
    expect(retried(`${job}.template.spec.activeDeadlineSeconds`)).toBe(4 * 90 + 70);
  });

  it("of a job that was created and never ran have no last success: an alert on its age alone stays silent", () => {
    const watched = (coversAbsence: boolean) => {
      const { threshold: _, ...overdue } = alert({ name: "Overdue", guards: "drill", coversAbsence });
      const rehearsed = plan({ alerts: [overdue], rehearsals: [rehearsal()] });
      return eachObjectiveHasAnAlert.check(evidence(rehearsed)).map(({ message }) => message);
    };
    const silent = "no alert notices that an overdue drill is not measured at all (absent)";
    expect(watched(false)).toContain(silent);
    expect(watched(true)).not.toContain(silent);
  });

  describe("of a new asset", () => {
    /** How old an asset is, at worst, when its first restore point becomes usable. */
    const unprotected = (schedule: Schedule, created: number, run: number): number => {
      const first = next(schedule, created - 1);
      if (typeof first !== "number") throw new Error("it never runs");
      return first + run - created;
    };

    it("have yet to end once: until then its whole age is lost, and never more than is claimed", () => {
      for (const [expression, zone] of [
        ["0 2 * * *", "Etc/UTC"],
        ["0 2 * * *", "Europe/Berlin"],
        ["0 2 * * 0", "Europe/Berlin"],
      ] as const) {
        const schedule = cron(expression, zone);
        const [claimed] = losses(against("region", taken({ schedule })));
        const ages = Array.from({ length: 400 }, (_, i) =>
          unprotected(schedule, asOf + i * day + 2 * hour + 1, 30 * 60),
        );
        expect(Math.max(...ages)).toBeLessThanOrEqual(Number(claimed));
        expect(Math.max(...ages)).toBeGreaterThan(Number(claimed) - day);
      }
    });

    it.each<[Schedule["scheduler"], string]>([
      ["aws", "cron(0 2 * * ? 2030-2099)"],
      ["quartz", "0 0 2 * * ? 2030-2099"],
      ["azure", '{"frequency":"Day","interval":1,"startTime":"2030-01-01T02:00:00Z"}'],
    ])(
      "have years to wait where the schedule of %s begins later, and keep no promise until then",
      (scheduler, expression) => {
        const schedule: Schedule = { scheduler, expression, timeZone: "Etc/UTC" };
        expect(unprotected(schedule, asOf, 0)).toBeGreaterThan(3 * 365 * day);
        expect(["missed", "cannot prove"]).toContain(against("region", taken({ schedule })).verdict);
      },
    );
  });
});
