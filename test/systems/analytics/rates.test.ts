import { describe, expect, it } from "vitest";
import { duration } from "../../../recovery/duration";
import { firstRoundTakes, roundsTake } from "../../../systems/analytics/copies/rates";
import { failBackFits, LAST_ROUND } from "../../../systems/analytics/recovery/failBack";

const rates = (copied: number, written: number) => ({ copied: copied * 1e9, written: written * 1e9 });

describe("rounds of a fail-back", () => {
  it("bring each what was written during the one before it, until one is short enough", () => {
    const spans = roundsTake(rates(4, 1), LAST_ROUND);
    expect(spans[0]).toBe(firstRoundTakes(rates(4, 1)));
    expect(spans.slice(1)).toEqual(spans.slice(0, -1).map((span) => Math.ceil(span / 4)));
    expect(spans.filter((span) => span <= duration(LAST_ROUND))).toEqual([spans.at(-1)]);
  });

  it("have no end where as much is written as copied", () => {
    expect(() => roundsTake(rates(1, 1), LAST_ROUND)).toThrow(
      "more is copied than written, got 1000000000 and 1000000000",
    );
  });

  it.each([
    ["fits at the rates of the register", 4.2, 1.3, undefined],
    ["has one round that its step has no time for", 4.2, 1.6, "its step lake must have the 5d 8h"],
    ["has rounds that outlast what they rest on", 4.2, 1.49, "its rounds must have the 15d"],
  ])("%s", (_title, copied, written, problem) => {
    const fits = () => failBackFits(rates(copied, written));
    problem === undefined ? expect(fits).not.toThrow() : expect(fits).toThrow(problem);
  });
});
