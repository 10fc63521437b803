import { expect, test } from "vitest";
import { explain, markdown } from "../../evidence";
import { afterwards } from "../../evidence/afterwards";
import type { Sum } from "../../recovery/assess/assessment";
import type { Shares } from "../../recovery/plan";
import { meta } from "./judgement";
import { judged, nine, objects, orders, read } from "./plans";

/** What is said of the time after the loss of a region, once a path says how long until it is protected again. */
function saidOf(terms: Sum["terms"] | undefined): string[] {
  const given = orders();
  const { reprotect: __, ...replay } = given.paths[0] ?? raise();
  const { assessments, plan } = judged({ ...given, paths: [terms ? { ...replay, reprotect: terms } : replay] });
  return assessments.flatMap((one) => afterwards(one, plan));
}

function raise(): never {
  throw new Error("no path");
}

const base = (value: Parameters<typeof read>[1]) => read("next base", value, "CronJob base", "spec.schedule");

test.each<[string, Sum["terms"] | undefined, string]>([
  ["nobody states it", undefined, "nobody says how long until the next such loss would be survived"],
  ["nothing has to be done for it", [], "protected again at once"],
  ["one number is stated", [base("24h")], "protected again within 24h: next base 24h (CronJob base · spec.schedule)"],
  [
    "several are, of which one was measured and one is assumed",
    [base("24h"), { ...base("10m"), grade: "measured" }, { ...base("1m"), grade: "assumed", assumption: "upload" }],
    "protected again within 24h 11m: next base 24h (CronJob base · spec.schedule), " +
      "next base 10m (CronJob base · spec.schedule, measured), " +
      "next base 1m (CronJob base · spec.schedule, assumed: upload)",
  ],
  [
    "nothing bounds it",
    [base("1h"), base({ unbounded: "evictions may stop" })],
    "nothing bounds the time until it is protected again: evictions may stop",
  ],
  [
    "it cannot be read yet",
    [base({ unknown: "the schedule is an output" })],
    "nobody can tell when it is protected again: the schedule is an output",
  ],
])("how long a next loss would not be survived, when %s", (_, terms, said) => {
  expect(saidOf(terms)).toEqual([said]);
});

const { rebuild: _, ...unstated } = nine;
const inNineHours = "lost shares are rebuilt within 9h (Pool media, measured); until then further losses add up";

test.each<[string, Shares, string, string]>([
  [
    "while planned work takes a member away",
    nine,
    "5 of 9 shares suffice: while planned work takes 1 node away, 3 more nodes may be lost at once",
    inNineHours,
  ],
  [
    "down to the last that may be lost",
    { ...nine, needed: 7 },
    "7 of 9 shares suffice: while planned work takes 1 node away, 1 more node may be lost at once",
    inNineHours,
  ],
  [
    "without planned work, two of them on each node",
    { ...nine, away: 0, together: { node: 2 } },
    "5 of 9 shares suffice: 2 nodes may be lost at once",
    inNineHours,
  ],
  [
    "held by processes",
    { ...nine, away: 2, together: { process: 1, node: 1 } },
    "5 of 9 shares suffice: while planned work takes 2 processes away, 2 more processes may be lost at once",
    inNineHours,
  ],
  [
    "without a spare member to rebuild on",
    { ...nine, members: 10 },
    "5 of 9 shares suffice: while planned work takes 1 node away, 3 more nodes may be lost at once",
    "lost shares stay lost: 10 members leave no spare to rebuild on: 9 must hold shares",
  ],
  [
    "without a word on rebuilding",
    unstated,
    "5 of 9 shares suffice: while planned work takes 1 node away, 3 more nodes may be lost at once",
    "nobody can tell when lost shares are rebuilt: nothing says how long lost shares take to rebuild",
  ],
])("shares say what more they can lose, and for how long: %s", (_, shares, suffice, rebuilt) => {
  const { assessments, plan } = judged(objects(shares));
  const node = assessments.find(({ disruption }) => disruption === "node") ?? raise();
  expect(afterwards(node, plan)).toEqual([suffice, rebuilt]);
});

test("shares are told only of the way that rests on them", () => {
  const { assessments, plan } = judged(objects());
  const region = assessments.find(({ disruption }) => disruption === "region") ?? raise();
  expect(afterwards(region, plan)).toEqual(["nobody says how long until the next such loss would be survived"]);
});

test("without a way to recover there is no time after it", () => {
  const { assessments, plan } = judged({ ...orders(), paths: [] });
  expect(assessments.map((one) => [one.chosen, afterwards(one, plan)])).toEqual([[undefined, []]]);
});

test("it stands in the derivation on a terminal and in Markdown", () => {
  const judgement = judged(orders());
  const said =
    "protected again within 24h 10m: next base 24h (CronJob base · spec.schedule), upload 10m (CronJob base · upload, measured)";
  const text = explain(judgement, "shop/orders", "region", { colour: false, width: 200 });
  expect(text.replace(/\n {4}/g, " ")).toContain(`\nAfter it\n  ${said}\n\n`);
  expect(markdown(judgement, meta)).toContain(`- after it: ${said}\n`);
});
