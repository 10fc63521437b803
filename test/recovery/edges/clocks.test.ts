import { describe, expect, it } from "vitest";
import { isUnknown } from "../../../recovery";
import { edit, healthy, type Parts, read } from "../../policies/observe/program";
import { against, cron, day, hour, losses, taken } from "../answers";
import { series, term } from "../build";

const instantRun = { run: term("run", "0s") };
const region = (expression: string, timeZone: string) =>
  against("region", taken({ ...instantRun, schedule: cron(expression, timeZone) }));

describe("group 1: clocks that change", () => {
  it("in spring a CronJob in the hour that is skipped does not run: 47 h, and the calendar shows the Sunday", () => {
    const answer = against("region", taken({ ...instantRun, schedule: cron("0 2 * * *", "America/New_York") }), {}, [
      "24h",
      "300h",
    ]);
    expect(losses(answer)[0]).toBe(47 * hour);
    const dates = answer.counterexamples.rpo?.events.map(({ at }) => new Date(at * 1_000).toISOString());
    // Clocks go forward on 14 March 2027, so nothing runs on it: of three runs the one of the 13th fails.
    expect(dates?.slice(0, 3)).toEqual([
      "2027-03-12T07:00:00.000Z",
      "2027-03-13T07:00:00.000Z",
      "2027-03-15T06:00:00.000Z",
    ]);
  });

  it("in autumn a CronJob in the hour that is repeated runs twice, which loses nothing", () => {
    expect(losses(region("30 1 * * *", "America/New_York"))[0]).toBe(day);
  });

  it("in autumn a run longer than the repeated hour blocks the second one: 25 h and the run", () => {
    const long = series({ schedule: cron("30 1 * * *", "America/New_York"), run: term("run", "90m") });
    expect(losses(against("region", taken(long)))[0]).toBe(25 * hour + 90 * 60);
  });

  it("a change by half an hour leaves 48 h 30 min", () => {
    expect(losses(region("0 2 * * *", "Australia/Lord_Howe"))[0]).toBe(48.5 * hour);
  });

  it("a change at midnight skips midnight: 47 h", () => {
    expect(losses(region("0 0 * * *", "Africa/Cairo"))[0]).toBe(47 * hour);
    expect(losses(region("0 0 * * *", "America/Havana"))[0]).toBe(47 * hour);
  });

  it("a weekly job on the Sunday of the change leaves 335 h", () => {
    expect(losses(region("0 2 * * 0", "Europe/Berlin"))[0]).toBe(335 * hour);
  });

  it("without a zone a CronJob has that of its controller, which its site says", () => {
    const weekly = edit(edit(healthy(), "full", "spec.schedule", "0 2 * * 0"), "full", "spec.timeZone", undefined);
    const scheduled = (parts: Parts) =>
      read(parts)
        .plan.protections.flatMap((one) => (one.kind === "restore-points" ? one.series : []))
        .find(({ role }) => role === "full")?.schedule;
    const inBerlin = edit(weekly, "register", "sites[0].controllerTimeZone", "Europe/Berlin");
    const schedule = scheduled(inBerlin);
    if (schedule === undefined || isUnknown(schedule)) throw new Error("the schedule was not read");
    expect(losses(against("region", taken({ ...instantRun, schedule })))[0]).toBe(335 * hour);
    expect(scheduled(edit(weekly, "register", "sites[0].context", "nowhere"))).toHaveProperty("unknown");
  });

  it("a zone that nobody knows proves nothing", () => {
    expect(region("0 2 * * *", "Europe/Atlantis")).toMatchObject({ verdict: "cannot prove", broken: ["rpo"] });
  });

  it("a zone in front of the expression is refused, as Kubernetes does", () => {
    for (const prefix of ["CRON_TZ", "TZ"]) {
      const answer = region(`${prefix}=Europe/Berlin 0 2 * * *`, "Etc/UTC");
      expect(answer).toMatchObject({ verdict: "cannot prove", broken: ["rpo"] });
      expect(losses(answer)[0]).toMatchObject({
        unknown: expect.stringContaining("Kubernetes refuses TZ= and CRON_TZ="),
      });
    }
  });
});
