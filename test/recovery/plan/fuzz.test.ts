import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { assess } from "../../../recovery";
import { currentPlan, planSchema, readPlanFile, writePlan } from "../../../recovery/plan/file";
import { asOf } from "../build";
import { type Written, written } from "./written";

const folder = join(__dirname, "../../../examples/plans");
const examples = readdirSync(folder).map((name): Written => parse(readFileSync(join(folder, name), "utf8")));
const validate = new Ajv({ strict: true }).compile(planSchema());

/** Files that are read without a problem: by hand, and as `preview` writes them. */
const files = [written(), ...examples].flatMap((file): Written[] => {
  const read = readPlanFile(file, "plan.yaml");
  if (Array.isArray(read)) throw new Error(JSON.stringify(read));
  return [file, JSON.parse(JSON.stringify(writePlan(read.plan, { resources: 1, problems: [] })))];
});

function nested(depth: number): unknown {
  let deep: unknown = {};
  for (let turn = 0; turn < depth; turn++) deep = turn % 2 === 0 ? [deep] : { value: deep };
  return deep;
}

const hostile: readonly unknown[] = [
  null,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  -0,
  0,
  0.5,
  1e308,
  2 ** 53,
  "",
  " ",
  "0s",
  "under 0s",
  "99999999999999999999w",
  "1e3s",
  "\u0000",
  true,
  [],
  {},
  [[]],
  [null],
  { unknown: "x" },
  { unbounded: "x" },
  { value: {} },
  { unknown: null },
  nested(20_000),
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "toString": 1}'),
  "constructor",
  "__proto__",
];

/** Every place of a file. */
function placesOf(part: unknown, at: readonly string[] = []): string[][] {
  if (typeof part !== "object" || part === null) return [[...at]];
  return [[...at], ...Object.entries(part).flatMap(([key, one]) => placesOf(one, [...at, key]))];
}

const spots = files.flatMap((file, index) => placesOf(file).map((keys) => ({ index, keys })));
const values = files.flatMap((file) =>
  placesOf(file)
    .slice(1)
    .map((keys) => follow(file, keys)),
);

function follow(file: unknown, keys: readonly string[]): unknown {
  return keys.reduce((part, key) => (part as Written)[key], file);
}

type Blow = "delete" | "rename" | "twice" | { value: unknown };

const blow: fc.Arbitrary<Blow> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...hostile).map((value) => ({ value })) },
  // What is right elsewhere is nearly right here.
  { weight: 4, arbitrary: fc.constantFrom(...values).map((value) => ({ value })) },
  fc.constantFrom<Blow>("delete", "rename", "twice"),
);

function struck(file: Written, keys: readonly string[], how: Blow): unknown {
  if (keys.length === 0) return typeof how === "object" ? how.value : {};
  const copy = structuredClone(file);
  const last = keys.at(-1) ?? "";
  const parent = follow(copy, keys.slice(0, -1));
  if (typeof parent !== "object" || parent === null) return copy;
  const part = parent as Written;
  if (typeof how === "object") part[last] = how.value;
  else if (how === "twice" && Array.isArray(parent)) parent.push(part[last]);
  else {
    const old = part[last];
    delete part[last];
    if (how === "rename") part[`${last}x`] = old;
  }
  return copy;
}

function hasNaN(part: unknown): boolean {
  if (typeof part === "number") return Number.isNaN(part);
  if (typeof part !== "object" || part === null) return false;
  return Object.values(part).some(hasNaN);
}

it("a file with something wrong in it is problems or a plan, and a plan is assessed without a throw and without NaN", () => {
  let plans = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...spots), blow), { minLength: 1, maxLength: 3 }), (blows) => {
      const index = blows[0]?.[0].index ?? 0;
      const own = blows.filter(([spot]) => spot.index === index);
      const file = own.reduce<unknown>((part, [spot, how]) => {
        try {
          return struck(part as Written, spot.keys, how);
        } catch {
          // An earlier blow took away what this one would hit.
          return part;
        }
      }, files[index]);
      const read = readPlanFile(file, "plan.yaml");
      if (Array.isArray(read)) {
        expect(read.length).toBeGreaterThan(0);
        for (const { path, problem } of read) expect(`${path} ${problem}`).toMatch(/must|is not a/);
        return;
      }
      plans++;
      expect(validate(file), JSON.stringify(validate.errors)).toBe(true);
      const { plan } = currentPlan(read, asOf);
      const assessments = assess(plan, asOf);
      expect(hasNaN(assessments)).toBe(false);
      expect(JSON.stringify(writePlan(plan))).not.toContain("null");
    }),
    { numRuns: 2_000 },
  );
  expect(plans).toBeGreaterThan(100);
  expect(({} as Written).polluted).toBeUndefined();
});
