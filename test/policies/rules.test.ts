import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { rules } from "../../policies/rules";
import type { Rule } from "../../recovery";
import { root } from "../support/parity";

/** Shared by rules, and none itself. */
const shared = ["meetings.ts", "violations.ts"];
const names = readdirSync(path.join(root, "policies/rules"))
  .filter((file) => !shared.includes(file))
  .map((file) => path.basename(file, ".ts"));
const documentation = path.join(root, "docs/rules.md");

async function ruleIn(name: string): Promise<Rule> {
  const exported: Record<string, Rule> = await import(`../../policies/rules/${name}.ts`);
  const [rule, ...others] = Object.values(exported);
  if (rule === undefined || others.length > 0) throw new Error(`${name}.ts must export one rule and nothing else`);
  return rule;
}

describe("the list of rules", () => {
  it("keeps the order in which reports show findings: promises first, then what they rest on", () => {
    expect(rules.map(({ name }) => name)).toEqual([
      "rpo-is-met",
      "rto-is-met",
      "data-stores-have-objectives",
      "restore-points-are-kept",
      "verification-comes-before-expiry",
      "a-copy-is-outside-the-region",
      "a-copy-cannot-be-deleted",
      "schedules-run",
      "runs-are-bounded",
      "runs-do-not-overlap",
      "restores-fit-their-deadline",
      "each-objective-has-an-alert",
      "recovery-is-rehearsed",
      "volumes-hold-their-data",
      "planned-work-fits-availability",
      "links-resolve",
    ]);
  });

  it("names each rule once, and holds no rule without a file", () => {
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    expect(rules.map(({ name }) => name).sort()).toEqual([...names].sort());
  });
});

describe.each(names)("%s", (name) => {
  it("is the one rule its file exports, is listed, and is named like its file", async () => {
    const rule = await ruleIn(name);
    expect(rule.name).toBe(name);
    expect(rules).toContain(rule);
  });

  it("says what it demands, how grave a violation is, how to mend it, and what it gives evidence for", async () => {
    const { description, remediation, level, severity, controls } = await ruleIn(name);
    expect(description).toMatch(/^[A-Z].*\.$/);
    expect(remediation).toMatch(/^[A-Z].*\.$/);
    expect(["mandatory", "advisory"]).toContain(level);
    expect(["low", "medium", "high", "critical"]).toContain(severity);
    expect(controls.length).toBeGreaterThan(0);
    expect(new Set(controls).size).toBe(controls.length);
  });

  it("has a test file", () => {
    expect(existsSync(path.join(root, `test/policies/rules/${name}.test.ts`))).toBe(true);
  });

  it("has a section in docs/rules.md that says what it demands", async () => {
    expect(existsSync(documentation), "docs/rules.md is missing; run: npx holdfast docs").toBe(true);
    const [, section] = readFileSync(documentation, "utf8").split(`\n## ${name}\n`);
    expect(section?.split("\n## ")[0]).toContain((await ruleIn(name)).description);
  });
});
