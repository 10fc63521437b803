import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import { expect, test } from "vitest";
import { json } from "../../evidence";
import { broken, healthy, meta } from "./judgement";
import { everything } from "./plans";

const schema = JSON.parse(readFileSync(join(__dirname, "../../docs/schemas/evidence.schema.json"), "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: false }).compile(schema);

test.each([
  ["every promise is kept", healthy],
  ["promises are broken", broken],
  ["a plan holds all that the model knows", everything],
])("the evidence is what its schema describes when %s", (_, build) => {
  validate(JSON.parse(json(build(), meta)));
  expect(validate.errors).toBeNull();
});

/** Everything the report says of one promise of a plan with all that the model knows. */
function written(asset: string, disruption: string) {
  const { assessments } = JSON.parse(json(everything(), meta));
  return assessments.find(
    (one: { asset: string; disruption: string }) => one.asset === asset && one.disruption === disruption,
  );
}

test("a set that must fit together has its worst moment and the numbers behind it", () => {
  const { chosen } = written("omniverse/database", "region");
  expect(chosen.witness).toEqual({
    at: "2026-11-23T02:31:00Z",
    captured: [
      { name: "omniverse/assets", at: "2026-11-21T02:00:00Z" },
      { name: "omniverse/database", at: "2026-11-21T01:00:00Z" },
    ],
    failed: "omniverse/assets",
  });
  expect(chosen.rests.map(({ name, value }: { name: string; value: number }) => [name, value])).toEqual([
    ["longest gap with one failed run", 172_800],
    ["start slack", 60],
    ["run", 1_200],
    ["transfer", 600],
    ["restore the database", 3_600],
    ["longest gap with one failed run", 172_800],
    ["start slack", 60],
    ["run", 1_200],
  ]);
});

test("shares have what they can lose and for how long, and other protections have none", () => {
  expect(written("media/objects", "node").chosen.shares).toMatchObject({
    needed: 5,
    total: 9,
    away: 1,
    toleratedLosses: 3,
    lostFor: 32_400,
    rebuild: { value: 32_400, grade: "measured" },
  });
  expect(written("media/objects", "region").chosen).not.toHaveProperty("shares");
});

test("a way has how long until it is protected again, where that is stated, and its terms their facts", () => {
  const { chosen } = written("shop/orders", "region");
  expect(chosen.reprotect).toMatchObject({ total: 87_000, terms: [{ value: 86_400 }, { value: 600 }] });
  expect(chosen.rto.terms.map(({ facts }: { facts?: string[] }) => facts)).toEqual([
    ["kubernetes.toleration"],
    ["kubernetes.eviction-interval", "kubernetes.zone-eviction-stop"],
    undefined,
  ]);
  expect(written("media/objects", "region").chosen).not.toHaveProperty("reprotect");
});

test("a way of which nobody can tell whether it survives is told apart", () => {
  expect(
    written("media/objects", "region").dropped.map(({ path, unknown }: { path: string; unknown: boolean }) => [
      path,
      unknown,
    ]),
  ).toEqual([
    ["promote", true],
    ["shares", false],
  ]);
});

test("the schema refuses a field that nobody described", () => {
  const report = JSON.parse(json(healthy(), meta));
  report.assessments[0].chosen.rto.terms[0].comment = "x";
  expect(validate(report)).toBe(false);
});

test("every field of the schema has a description, so that an auditor need not ask", () => {
  const silent: string[] = [];
  const visit = (node: unknown, at: string): void => {
    if (typeof node !== "object" || node === null) return;
    const properties = "properties" in node && typeof node.properties === "object" ? node.properties : {};
    for (const [name, field] of Object.entries(properties ?? {})) {
      if (!("description" in field || "$ref" in field || "const" in field)) silent.push(`${at}.${name}`);
      visit(field, `${at}.${name}`);
    }
    if ("items" in node) visit(node.items, `${at}[]`);
    if ("$defs" in node) for (const [name, one] of Object.entries(node.$defs ?? {})) visit(one, name);
  };
  visit(schema, "");
  expect(silent).toEqual([]);
});

test("the same judgement gives the same bytes, whatever the order of its parts and however long it took", () => {
  const shuffled = broken();
  shuffled.assessments.reverse();
  shuffled.findings.reverse();
  shuffled.plan.register.assumptions.reverse();
  for (const site of shuffled.plan.register.sites) {
    site.storageClasses = Object.fromEntries(Object.entries(site.storageClasses).reverse());
  }
  expect(json(shuffled, { ...meta, seconds: 99 })).toBe(json(broken(), meta));
});

test("it ends with one line feed, and says the instant of judgement and no duration of its own making", () => {
  const text = json(healthy(), meta);
  expect(text).toMatch(/[^\n]\n$/);
  expect(JSON.parse(text)).toMatchObject({ asOf: "2026-11-21T00:00:00Z", commit: "4fc09e4", engine: "offline" });
  expect(text).not.toContain("2.94");
});

test("a field that no writer names stays inside", () => {
  const judgement = healthy();
  Object.assign(judgement.plan.register.sites[0] ?? {}, { kubeconfig: "canary-7f3a" });
  Object.assign(judgement.assessments[0]?.chosen?.rto.terms[0]?.source ?? {}, { inputs: "canary-7f3a" });
  expect(json(judgement, meta)).not.toContain("canary-7f3a");
});

test("each assessment names the alerts that guard it and the last drill of its path", () => {
  const process = JSON.parse(json(healthy(), meta)).assessments.find(
    (one: { disruption: string }) => one.disruption === "process",
  );
  expect(process.alerts.map((alert: { name: string }) => alert.name)).toEqual(["OmenDBDown"]);
  expect(process.lastDrill).toMatchObject({ id: "2026-09-01-takeover", seconds: 58 });
});

test("assessments come in the order of disruptions that reports use", () => {
  const order = JSON.parse(json(broken(), meta)).assessments.map((one: { disruption: string }) => one.disruption);
  expect(order).toEqual(["process", "node", "zone", "region", "corruption", "compromise"]);
});

test("a bound that is no number says why", () => {
  const judgement = healthy();
  const first = judgement.assessments[0]?.chosen;
  if (first) first.rto.total = { unbounded: "the run has no deadline" };
  const report = JSON.parse(json(judgement, meta));
  expect(report.assessments[0].chosen.rto.total).toEqual({ unbounded: "the run has no deadline" });
  expect(validate(report)).toBe(true);
});
