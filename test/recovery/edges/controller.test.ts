import { describe, expect, it } from "vitest";
import { cronJobs } from "../../../recovery";
import { edit, healthy, read } from "../../policies/observe/program";
import { against, cron, day, hour, losses, taken } from "../answers";
import { term } from "../build";

describe("group 4: the controller of CronJobs", () => {
  it("goes on after more than 100 missed starts by its code, which the model follows; its guide says otherwise", () => {
    // In two hours a schedule for each minute misses 120 starts.
    const dense = taken({ schedule: cron("* * * * *"), startSlack: term("slack", "2h"), run: term("run", "30s") });
    expect(losses(against("region", dense))).toEqual([60 + 2 * hour + 30, 120 + 2 * hour + 30]);
    expect(cronJobs.missedMost).toMatchObject({ value: 100, standing: "unverified" });
  });

  it("that is down for longer than the deadline has missed the run: the promise holds through one such", () => {
    const [healthy, failed] = losses(against("region", taken({ startSlack: term("slack", "1h") })));
    expect([healthy, failed]).toEqual([day + hour + 30 * 60, 2 * day + hour + 30 * 60]);
  });

  it("without a deadline starts a missed run at any later time", () => {
    const late = against("region", taken({ startSlack: term("slack", { unbounded: "no startingDeadlineSeconds" }) }));
    for (const loss of losses(late)) expect(loss).toHaveProperty("unbounded");
  });

  it("takes a Job that somebody started by hand for a success, so no age is counted from that", () => {
    const success = 'kube_cronjob_status_last_successful_time{cronjob="omendb-incremental"}';
    const counted = edit(
      healthy(),
      "rules",
      "spec.groups[0].rules[1].expr",
      `time() - max(${success}) > 360 or absent(${success})`,
    );
    const stale = read(counted).plan.alerts.find(({ guards }) => guards === "freshness");
    expect(stale?.threshold).toHaveProperty("unknown");
    expect(stale?.coversAbsence).toBe(false);
  });
});
