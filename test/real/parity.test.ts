import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { judgedByEngine, judgedOffline, root, type Subject } from "../support/parity";

/** A stack of production whose incrementals run every two hours. */
const mutant = join(root, "node_modules/.cache/holdfast-mutant");

const subjects: [name: string, subject: Subject, findings: "none" | "some"][] = [
  ["prod", { program: root, stack: "prod" }, "none"],
  ["prod with incrementals every two hours", { program: mutant, stack: "prod" }, "some"],
  ["OmenDB as written", { program: join(root, "examples/as-written/omendb"), stack: "prod" }, "some"],
];

interface ProdConfig {
  config: { "holdfast:omendb": { backups: { incremental?: { schedule: string } } } };
}

beforeAll(() => {
  mkdirSync(mutant, { recursive: true });
  const settings = parse(readFileSync(join(root, "Pulumi.prod.yaml"), "utf8")) as ProdConfig;
  settings.config["holdfast:omendb"].backups.incremental = { schedule: "0 */2 * * *" };
  const main = relative(mutant, join(root, "index.ts"));
  writeFileSync(join(mutant, "Pulumi.prod.yaml"), stringify(settings, { version: "1.1" }));
  writeFileSync(join(mutant, "Pulumi.yaml"), stringify({ name: "holdfast", main, runtime: "nodejs" }));
  writeFileSync(join(mutant, "package.json"), JSON.stringify({ name: "mutant", private: true, main }));
});

afterAll(() => rmSync(mutant, { recursive: true, force: true }));

describe("the real Pulumi engine with the pack judges as the offline preview does", () => {
  it.each(subjects)("%s", async (_, subject, findings) => {
    const offline = await judgedOffline(subject);
    const { run, ...engine } = await judgedByEngine(subject);
    expect(engine).toEqual(offline);
    const mandatory = run.policyViolations.filter(({ level }) => level === "mandatory").map(({ policy }) => policy);
    if (findings === "none") {
      expect([run.code, offline.findings, run.policyViolations]).toEqual([0, [], []]);
    } else {
      expect(offline.findings).not.toEqual([]);
      expect(run.code).not.toBe(0);
      expect(mandatory.sort()).toEqual(
        offline.findings
          .filter(({ level }) => level === "mandatory")
          .map(({ rule }) => rule)
          .sort(),
      );
    }
  });
});
