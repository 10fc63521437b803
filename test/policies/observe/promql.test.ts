import { describe, expect, it } from "vitest";
import { absencesOf, aggregated, branchesOf, comparisonOf, selectorOf } from "../../../policies/observe/promql";

describe("expressions", () => {
  it("splits at or on top only, without comments, blanks and outer parentheses", () => {
    expect(branchesOf("( (a > 1)  OR b # or c\n )")).toEqual(["a>1", "b"]);
    expect(branchesOf('max(a or b) > 1 or absent(c{d=" or # "})')).toEqual(["max(a or b)>1", 'absent(c{d=" or # "})']);
    expect(branchesOf("(a) + (b)")).toEqual(["(a)+(b)"]);
  });

  it("reads one comparison on top, and no chain of them", () => {
    expect(comparisonOf("(a>1)>=2")).toEqual({ left: "a>1", operator: ">=", right: "2" });
    expect(comparisonOf("a>1>2")).toBeUndefined();
    expect(comparisonOf("a+1")).toBeUndefined();
  });

  it("reads selectors whose values hold anything, and nothing that is more than one", () => {
    expect(selectorOf('up{a="x,}",b=~"y"}')).toEqual({
      metric: "up",
      labels: [
        { name: "a", operator: "=", value: "x,}" },
        { name: "b", operator: "=~", value: "y" },
      ],
    });
    expect(selectorOf("up")).toEqual({ metric: "up", labels: [] });
    expect(selectorOf("up offset 1h")).toBeUndefined();
    expect(selectorOf("up{a=}")).toBeUndefined();
  });

  it("looks into one aggregation and not into several", () => {
    expect(aggregated("max by(job)(up)", ["max"])).toBe("up");
    expect(aggregated("max(a)*min(b)", ["max", "min"])).toBe("max(a)*min(b)");
    expect(aggregated("sum(up)", ["max"])).toBe("sum(up)");
  });

  it("finds what must not be absent", () => {
    expect(absencesOf("a > 1 or absent(b) or absent_over_time(c[5m])").map(({ metric }) => metric)).toEqual(["b", "c"]);
    expect(absencesOf("a > 1 or absent(b) > 2")).toEqual([]);
  });
});
