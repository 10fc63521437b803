import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { afterAll, expect, test } from "vitest";
import { judgePlan } from "../../policies/judge";
import type { BadInput } from "../../preview/badInput";
import { loadPlan, planJson } from "../../preview/planFile";
import type { ReadProblem } from "../../recovery/finding";
import { readPlanFile } from "../../recovery/plan/file";
import { asOf, plan, source } from "../recovery/build";
import { planOf, written } from "../recovery/plan/written";
import { checkout } from "./programs";

const home = path.join(checkout, ".holdfast", "tests");
mkdirSync(home, { recursive: true });
const folder = mkdtempSync(path.join(home, "plan-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const name = (file: string) => path.relative(checkout, path.join(folder, file));

function messageOf(text: string | Buffer): string {
  const file = path.join(folder, "plan.yaml");
  writeFileSync(file, text);
  try {
    loadPlan(file);
  } catch (error) {
    expect((error as BadInput).name).toBe("BadInput");
    return (error as BadInput).message.replaceAll(name("plan.yaml"), "plan.yaml");
  }
  return "";
}

test.each([
  ["nothing", "", /^plan\.yaml has 1 problem:\n {2}plan\.yaml {3}must be a map of .*\.yaml, got an empty file$/],
  ["comments only", "# to be done\n", /^plan\.yaml has 1 problem:\n {2}plan\.yaml {3}must be .*, got an empty file$/],
  ["a text", "orders", /^plan\.yaml has 1 problem:\n {2}plan\.yaml {3}must be a map of .*, got "orders"$/],
  ["a list", "[]", /, got a list$/],
  ["YAML that is none", "assets:\n  - id: 'shop\n", /^plan\.yaml:\d+:\d+ is neither YAML nor JSON: .*quote/],
  ["JSON that ends too soon", '{ "assets": [', /^plan\.yaml:\d+:\d+ is neither YAML nor JSON: /],
  [
    "a key written twice",
    "assets: []\nassets: []\n",
    /^plan\.yaml:2:1 is neither YAML nor JSON: Map keys must be unique$/,
  ],
  [
    "a JSON key written twice",
    '{ "assets": [], "assets": [] }',
    /^plan\.yaml:1:17 is neither YAML nor JSON: Map keys must be unique$/,
  ],
  ["two documents", "assets: []\n---\nassets: []\n", /^plan\.yaml:2:1 is neither YAML nor JSON: .*multiple documents/],
  ["an unknown tag", "assets: !!js/function 'x'\n", /^plan\.yaml:1:9 is neither YAML nor JSON: Unresolved tag/],
  ["an alias of nothing", "assets: *here\n", /^plan\.yaml is neither YAML nor JSON: Unresolved alias/],
  [
    "aliases without end",
    `a: &a [x, x, x, x, x, x, x, x, x]\n${[..."bcdefghi"].map((key, index) => `${key}: &${key} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(", ")}]\n`).join("")}`,
    /^plan\.yaml is neither YAML nor JSON: Excessive alias count/,
  ],
  ["a map as a key", "? { a: b }\n: c\n", /^plan\.yaml.* is neither YAML nor JSON|is not a setting/],
  ["a depth that nobody writes", "[".repeat(50_000), /^plan\.yaml.* is neither YAML nor JSON: /],
  ["bytes that are no text", Buffer.from([0xff, 0xfe, 0x00, 0x01]), /^plan\.yaml/],
])("a file of %s is refused in one message", (_, text, expected) => {
  expect(messageOf(text)).toMatch(expected);
});

test("a file that is not there, or a folder, is refused with an example", () => {
  const said = (file: string) => {
    try {
      return loadPlan(file);
    } catch (error) {
      return (error as Error).message;
    }
  };
  mkdirSync(path.join(folder, "inner"));
  expect(said(path.join(folder, "none.yaml"))).toBe(
    `${name("none.yaml")} cannot be read: there is no such file; e.g. --plan .holdfast/prod/plan.json`,
  );
  expect(said(path.join(folder, "inner"))).toBe(
    `${name("inner")} cannot be read: it is a folder; e.g. --plan .holdfast/prod/plan.json`,
  );
});

test("YAML may name a part once and merge it where it is needed", () => {
  const file = path.join(folder, "merged.yaml");
  const objective = "{ rpo: 1h, rto: 1h, owner: shop, reason: agreed }";
  const head = `assets:\n  - id: shop/orders\n    kind: database\n    at: { unknown: nobody said }\n    objectives:\n      zone: &all ${objective}\n      node: { <<: *all, rto: 5m }\n`;
  writeFileSync(file, `${head}protections: []\npaths: []\n`);
  const { plan: read } = loadPlan(file);
  expect(read.assets[0]?.objectives.node).toMatchObject({
    rpo: { seconds: 3_600 },
    rto: { seconds: 300 },
    owner: "shop",
  });
});

test("a judged plan is written with what did not resolve, and read back with it", () => {
  const problems: ReadProblem[] = [
    { source: source("a"), message: "it names nothing", asset: "s/data", cannotProve: true },
    { source: source("a"), message: "nor does this" },
  ];
  const judgement = judgePlan({ plan: plan(), problems, asOf }, 312);
  expect(judgement.problems).toEqual(problems);
  const text = planJson(judgement);
  expect(text).toMatch(/[^\n]\n$/);
  expect(readPlanFile(JSON.parse(text), "plan.json")).toEqual({
    plan: plan(),
    unstated: [],
    observed: { resources: 312, problems },
  });
});

test("a waiver of no rule is one finding, however often the plan is written and judged again", () => {
  const waiver = { rule: "no-such-rule", asset: "s/data", owner: "a", reason: "b", ticket: "c", expires: "2027-03-01" };
  const waived = plan({ register: { sites: [], assumptions: [], waivers: [waiver], drills: [] } });
  const first = judgePlan({ plan: waived, problems: [], asOf }, 1);
  const again = readPlanFile(JSON.parse(planJson(first)), "plan.json");
  if (Array.isArray(again)) throw new Error(JSON.stringify(again));
  const second = judgePlan({ plan: again.plan, problems: again.observed?.problems ?? [], asOf }, 1);
  expect(second).toEqual(first);
  expect(second.findings.filter(({ rule }) => rule === "links-resolve")).toHaveLength(1);
});

test("a plan written by hand and one read from its JSON are one plan", () => {
  const file = path.join(folder, "orders.yaml");
  writeFileSync(file, JSON.stringify(written()));
  const here = JSON.stringify(loadPlan(file).plan).replaceAll(name("orders.yaml"), "orders.yaml");
  expect(JSON.parse(here)).toEqual(JSON.parse(JSON.stringify(planOf(written()))));
});
