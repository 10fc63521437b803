import { describe, expect, it } from "vitest";
import { plannedWorkFitsAvailability } from "../../../policies/rules/planned-work-fits-availability";
import { seconds } from "../../../recovery";
import type { Availability, PlannedWork } from "../../../recovery/plan";
import { evidence, plan, source, term } from "../../recovery/build";

const promise: Availability = {
  system: "s",
  perMillion: 999_900,
  over: seconds(30 * 86_400),
  readOnlyCounts: true,
  owner: "platform",
  reason: "the contract",
  source: source("availability"),
};
const upgrade: PlannedWork = {
  name: "upgrade",
  system: "s",
  schedule: { scheduler: "kubernetes", expression: "0 4 1 */3 *", timeZone: "Etc/UTC" },
  lasts: term("planned work", seconds(4 * 3_600)),
  effect: "read-only",
  source: source("availability"),
};

const found = (availability: Partial<Availability>, work: Partial<PlannedWork>) =>
  plannedWorkFitsAvailability.check(
    evidence(plan({ availability: [{ ...promise, ...availability }], work: [{ ...upgrade, ...work }] })),
  );

describe("planned-work-fits-availability", () => {
  it("refuses four hours of read-only mode a quarter beside 99.99 %, where a time without writes counts", () => {
    expect(found({}, {})).toEqual([
      {
        assets: ["s/data"],
        source: source("availability"),
        message: "s promises 99.99 % of 30d, which leaves 4m 19s, and its planned work takes 4h (upgrade, read-only)",
      },
    ]);
  });

  it.each<[string, Partial<Availability>, Partial<PlannedWork>]>([
    ["that counts for nothing", { readOnlyCounts: false }, {}],
    ["that nobody notices", {}, { effect: "none" }],
    ["that is short enough", {}, { lasts: term("planned work", seconds(259)) }],
    ["of another system", {}, { system: "other" }],
    ["beside a promise that leaves room", { perMillion: 990_000 }, {}],
  ])("accepts work %s", (_, availability, work) => {
    expect(found(availability, work)).toEqual([]);
  });

  it("refuses what takes the system away although reads count for nothing, and one second too much", () => {
    expect(found({ readOnlyCounts: false }, { effect: "down" })).toHaveLength(1);
    expect(found({}, { lasts: term("planned work", seconds(260)) })).toHaveLength(1);
  });

  it("cannot prove what nobody can read, and refuses what nothing bounds", () => {
    const unread = found({}, { schedule: { unknown: "not known before deployment" } });
    expect(unread).toMatchObject([{ cannotProve: true }]);
    expect(unread[0]?.message).toContain("not known before deployment");
    const endless = found({}, { lasts: term("planned work", { unbounded: "no deadline" }) });
    expect(endless).toHaveLength(1);
    expect(endless[0]?.cannotProve).toBeUndefined();
  });
});
