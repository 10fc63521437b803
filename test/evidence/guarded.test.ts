import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import { expect, test } from "vitest";
import { explain, json, markdown } from "../../evidence";
import type { Alert } from "../../recovery";
import { term } from "../recovery/build";
import { healthy, meta } from "./judgement";

const schema = JSON.parse(readFileSync(join(__dirname, "../../docs/schemas/evidence.schema.json"), "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: false }).compile(schema);

/** The healthy judgement, with its one alert on the process changed. */
function judgedWith(change: Partial<Alert>) {
  const judgement = healthy();
  const [alert] = judgement.plan.alerts;
  if (alert === undefined) throw new Error("no alert");
  Object.assign(alert, change);
  return judgement;
}

const inhibited = "an inhibition silences it while Watchdog fires";

test.each<[string, Partial<Alert>, string]>([
  ["that is silenced", { detect: [term("who is told", { unbounded: inhibited })] }, inhibited],
  ["of which nobody knows who hears it", { detect: [term("who is told", { unknown: "an output" })] }, "an output"],
  ["that does not notice", { flaw: "it compares with another job" }, "it compares with another job"],
  ["that may not notice", { flaw: { unknown: "its expression is an output" } }, "its expression is an output"],
])("an alert %s guards nothing, and every report says why", (_, change, why) => {
  const judgement = judgedWith(change);
  const evidence = JSON.parse(json(judgement, meta));
  validate(evidence);
  expect(validate.errors).toBeNull();
  const process = evidence.assessments.find((one: { disruption: string }) => one.disruption === "process");
  expect(process).toMatchObject({ alerts: [], silentAlerts: [{ name: "OmenDBDown", guards: "health", why }] });

  const shown = explain(judgement, "omendb/data", "process", { colour: false, width: 160 });
  expect(shown).toMatch(/Guarded by\n {2}no alert\n {2}NOT by OmenDBDown \(health\): /);
  expect(shown).toContain(why);
  const text = markdown(judgement, meta);
  expect(text).toContain("- guarded by: no alert");
  expect(text).toContain(`- not guarded by: OmenDBDown: ${why}`);
});

test("an alert that is heard is listed, and none is silent", () => {
  const process = JSON.parse(json(healthy(), meta)).assessments[0];
  expect(process.alerts).toHaveLength(1);
  expect(process).not.toHaveProperty("silentAlerts");
});
