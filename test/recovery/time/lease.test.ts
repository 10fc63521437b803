import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leaseLeft, leaseTakeover } from "../../../recovery";
import { term } from "../build";
import { keepsTheLaws, listed, span, total } from "./laws";

describe("a Lease", () => {
  it.each([
    [15, 6],
    [3, 2],
    [16, 8],
    [600, 240],
  ])("of %i s is seen to have run out up to %i s later", (duration, looks) => {
    expect(listed(leaseTakeover(span(duration)))).toEqual([
      ["Lease runs out", duration],
      ["standby looks at the Lease", looks],
    ]);
  });

  it("keeps the laws", () => {
    keepsTheLaws({ spans: ["duration"], total: ({ duration }) => total(leaseTakeover(span(duration))) });
  });

  it("of a lost pod runs while other things are waited for", () => {
    expect(leaseLeft(span(15), []).value).toBe(21);
    expect(leaseLeft(span(15), [term("node", "20s")]).value).toBe(1);
    expect(leaseLeft(span(15), [term("node", "50s")]).value).toBe(0);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), fc.nat(900), (duration, waited) => {
        const left = Number(leaseLeft(span(duration), [term("node", `${waited}s`)]).value);
        const whole = Number(total(leaseTakeover(span(duration))));
        expect(left + waited).toBe(Math.max(whole, waited));
      }),
    );
  });

  it("is waited for in full where nobody knows how long the rest takes", () => {
    expect(leaseLeft(span(15), [term("node", { unknown: "not yet" })]).value).toBe(21);
    expect(leaseLeft(span({ unknown: "not yet" }), []).value).toEqual({ unknown: "not yet" });
    expect(leaseLeft(span({ unbounded: "no limit" }), []).value).toEqual({ unbounded: "no limit" });
  });
});
