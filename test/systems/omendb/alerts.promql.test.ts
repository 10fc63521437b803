import { parser } from "@prometheus-io/lezer-promql";
import { describe, expect, test } from "vitest";
import { allRules } from "./alertsFixture";

/** Texts at which Prometheus's own grammar finds something wrong. */
function errors(expr: string): string[] {
  const found: string[] = [];
  parser.parse(expr).iterate({
    enter(node) {
      if (node.type.isError) found.push(expr.slice(Math.max(0, node.from - 20), node.to + 20));
    },
  });
  return found;
}

describe("alert expressions", () => {
  test.each(allRules().map(({ alert, expr }) => [alert, expr] as const))("%s parses as PromQL", (_, expr) => {
    expect(errors(expr)).toEqual([]);
  });

  test("that do not parse are noticed", () => {
    expect(errors("sum by (x) (up == )")).not.toEqual([]);
  });
});
