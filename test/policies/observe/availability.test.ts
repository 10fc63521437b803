import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { healthy, messages, read, resource } from "./program";

const upgrade = { name: "upgrade", schedule: "0 4 1 */3 *", lasts: "4h", effect: "read-only" };
const promise: Record<string, Value> = {
  system: "omendb",
  atLeast: "99.99%",
  over: "30d",
  readOnlyCounts: false,
  owner: "platform",
  reason: "the contract",
  work: [upgrade],
};

/** The example program with a promise of availability. */
function promising(edit: Record<string, Value> = {}) {
  return {
    ...healthy(),
    availability: resource("holdfast:availability:Availability", "omendb", { availability: { ...promise, ...edit } }),
  };
}

const working = (edit: Record<string, Value>) => promising({ work: [{ ...upgrade, ...edit }] });

describe("a promise of availability", () => {
  it("is read with the planned work beside it", () => {
    const { plan } = read(promising());
    expect(messages(promising())).toEqual(messages(healthy()));
    expect(plan.availability).toMatchObject([
      { system: "omendb", perMillion: 999_900, over: 2_592_000, readOnlyCounts: false, owner: "platform" },
    ]);
    expect(plan.work).toMatchObject([
      {
        name: "upgrade",
        system: "omendb",
        schedule: { scheduler: "kubernetes", expression: "0 4 1 */3 *", timeZone: "Etc/UTC" },
        lasts: { value: 14_400 },
        effect: "read-only",
      },
    ]);
  });

  it.each<[string, Record<string, Value>, string]>([
    ["more than all of the time", { atLeast: "100.1%" }, "atLeast of the availability of omendb must be a share"],
    ["a share not known before deployment", { atLeast: UNKNOWN }, "atLeast of the availability of omendb must be"],
    ["no span", { over: "0s" }, "over of the availability of omendb must be a span"],
    ["nothing on reads", { readOnlyCounts: UNKNOWN }, "readOnlyCounts of the availability of omendb must be true"],
    ["nobody who answers", { owner: "" }, "owner of the availability of omendb must be a text"],
    ["no reason", { reason: UNKNOWN }, "reason of the availability of omendb must be a text"],
    ["a system without assets", { system: "shop" }, "promises how much of the time shop is there"],
    ["a system that is not known", { system: UNKNOWN }, "a system that is not known is there"],
    ["work that is not known", { work: UNKNOWN }, "is not known before deployment"],
  ])("cannot be proven with %s", (_, edit, says) => {
    const problem = read(promising(edit)).problems.find(({ message }) => message.includes(says));
    expect(problem?.cannotProve).toBe(true);
  });

  it.each<[string, Record<string, Value>, string]>([
    ["no schedule", { schedule: null }, "upgrade has no schedule"],
    ["a schedule that is none", { schedule: "every quarter" }, "must have five fields"],
    ["a time zone that is none", { timeZone: "Mars/Olympus" }, "Mars/Olympus"],
  ])("has work that nobody knows when it begins by %s", (_, edit, says) => {
    expect(JSON.stringify(read(working(edit)).plan.work[0]?.schedule)).toContain(says);
  });

  it("takes work whose effect nobody can read for one that takes the system away", () => {
    expect(read(working({ effect: UNKNOWN })).plan.work[0]?.effect).toBe("down");
    expect(messages(working({ effect: "some" }))).toContain("effect of upgrade must be none, read-only, down");
    expect(read(working({ lasts: UNKNOWN })).plan.work[0]?.lasts.value).toHaveProperty("unknown");
  });
});
