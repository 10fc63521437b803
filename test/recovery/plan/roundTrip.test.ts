import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planSchema, readPlan, readPlanFile, writePlan } from "../../../recovery/plan/file";
import { anyPlan } from "./anyPlan";

const published = JSON.parse(readFileSync(join(__dirname, "../../../docs/schemas/plan.schema.json"), "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: false }).compile(published);

describe("a plan that is written", () => {
  it("is read back as it was, every number, source and silence of it", () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        expect(readPlan(JSON.parse(JSON.stringify(writePlan(plan))), "plan.json")).toEqual(plan);
      }),
      { numRuns: 60 },
    );
  });

  it("is read back whatever sense it makes, where preview read it out of a program", () => {
    fc.assert(
      fc.property(anyPlan, fc.nat(50), (sensible, resources) => {
        const plan = structuredClone(sensible);
        for (const path of plan.paths)
          Object.assign(path, { protection: "gone", steps: [...path.steps, ...path.steps] });
        for (const asset of plan.assets) asset.dependsOn = [asset.id, "gone"];
        plan.register.drills = plan.register.drills.map((drill) => ({ ...drill, path: "gone" }));
        const observed = { resources, problems: [{ source: { resource: "urn:a", name: "a" }, message: "gone" }] };
        const written = JSON.parse(JSON.stringify(writePlan(plan, observed)));
        expect(readPlanFile(written, "plan.json")).toEqual({ plan, unstated: [], observed });
        expect(readPlan({ ...written, observed: undefined }, "plan.json")).not.toEqual(plan);
      }),
      { numRuns: 20 },
    );
  });

  it("has the shape that the schema describes", () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        validate(JSON.parse(JSON.stringify(writePlan(plan, { resources: 1, problems: [] }))));
        expect(validate.errors).toBeNull();
      }),
      { numRuns: 40 },
    );
  });

  it("holds only what its form names: whatever else an object carries stays inside", () => {
    fc.assert(
      fc.property(anyPlan, (sensible) => {
        const plan = structuredClone(sensible);
        Object.assign(plan.assets[0]?.source ?? {}, { inputs: "canary-5d1e" });
        Object.assign(plan.register.sites[0]?.place ?? {}, { kubeconfig: "canary-5d1e" });
        expect(JSON.stringify(writePlan(plan))).not.toContain("canary-5d1e");
      }),
      { numRuns: 5 },
    );
  });
});

describe("the schema", () => {
  it("is the published one", () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(planSchema())));
  });

  it("describes every setting, so that nobody need ask", () => {
    const silent: string[] = [];
    const visit = (node: unknown, at: string): void => {
      if (typeof node !== "object" || node === null) return;
      const properties = "properties" in node && typeof node.properties === "object" ? node.properties : {};
      for (const [name, field] of Object.entries(properties ?? {})) {
        if (typeof field?.description !== "string" && !isWord(at, name)) silent.push(`${at}.${name}`);
        visit(field, `${at}.${name}`);
      }
      if ("items" in node) visit(node.items, `${at}[]`);
      if ("anyOf" in node && Array.isArray(node.anyOf)) for (const one of node.anyOf) visit(one, at);
      if ("$defs" in node) for (const [name, one] of Object.entries(node.$defs ?? {})) visit(one, name);
    };
    visit(published, "");
    expect(silent).toEqual([]);
  });
});

/** Maps by disruption or fault domain are described once, where they stand. */
function isWord(at: string, _name: string): boolean {
  return /\.(objectives|excluded|together)$/.test(at);
}

/** Keys of all maps in a value. */
function keysOf(part: unknown): string[] {
  if (typeof part !== "object" || part === null) return [];
  if (Array.isArray(part)) return part.flatMap(keysOf);
  return [...Object.keys(part), ...Object.values(part).flatMap(keysOf)];
}

/** Settings of all maps that a schema describes. */
function settingsOf(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  const own = "properties" in node ? Object.keys(node.properties as object) : [];
  return [...own, ...Object.values(node).flatMap(settingsOf)];
}

it("the plans of these laws say everything that the format can say", () => {
  const plans = fc.sample(anyPlan, { numRuns: 60, seed: 1 });
  const said = new Set(plans.flatMap((plan) => keysOf(writePlan(plan, { resources: 1, problems: [] }))));
  // Places are written where they are named, and problems are no part of the plan.
  const elsewhere = ["places", "message", "cannotProve"];
  const settings = new Set(settingsOf(published));
  expect(settings.size).toBeGreaterThan(100);
  expect([...settings].filter((key) => !said.has(key) && !elsewhere.includes(key))).toEqual([]);
});
