import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Log } from "sarif";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sarif } from "../../evidence";
import { judge } from "../../policies/judge";
import { rules } from "../../policies/rules";
import { loadGraph } from "../../preview/offline";
import { say } from "../../tools/packages";
import { ensureSarifMultitool } from "../../tools/sarifMultitool";
import { asOf, broken, meta } from "../evidence/judgement";

const folder = mkdtempSync(path.join(tmpdir(), "holdfast-sarif-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let multitool = "";
beforeAll(() => {
  multitool = ensureSarifMultitool();
});

/** Rules of SARIF's schema, of its specification, and of what GitHub takes, that a log breaks. */
function refused(log: string): string[] {
  const file = path.join(folder, "evidence.sarif");
  const report = path.join(folder, "report.sarif");
  writeFileSync(file, log);
  rmSync(report, { force: true });
  const args = ["validate", file, "--output", report, "--rule-kind", "Sarif;Ghas;Gh", "--level", "Error"];
  const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" };
  const said = say(multitool, args, { env });
  expect(said.output).toContain("Analysis completed successfully");
  const { runs } = JSON.parse(readFileSync(report, "utf8")) as Log;
  return (runs[0]?.results ?? []).map(({ ruleId }) => ruleId ?? "");
}

describe("SARIF's own validator, with the official schema and GitHub's rules, accepts", () => {
  test.each([
    ["production", ".", "prod", 0],
    ["the guide of OmenDB as it is written", "examples/as-written/omendb", "prod", 10],
  ])("%s", async (_, program, stack, least) => {
    const { graph, positions } = await loadGraph({ program, stack });
    const judgement = judge(graph, asOf);
    const log = sarif(judgement, { ...meta, program, stack }, { rules, positions });
    const [run] = (JSON.parse(log) as Log).runs;
    expect(run?.results?.length).toBeGreaterThanOrEqual(least);
    expect(refused(log)).toEqual([]);
  });

  test("waived findings, findings that cannot be proven, and rules of elsewhere", () => {
    expect(refused(sarif(broken(), meta, { rules, positions: new Map() }))).toEqual([]);
  });
});

describe("it refuses", () => {
  const spoilt = (spoil: (log: { runs: Record<string, unknown>[] }) => void) => {
    const log = JSON.parse(sarif(broken(), meta, { rules, positions: new Map() })) as {
      runs: Record<string, unknown>[];
    };
    spoil(log);
    return JSON.stringify(log);
  };

  test("a property that the schema does not know", () => {
    const log = spoilt(({ runs }) => Object.assign(runs[0] ?? {}, { invented: true }));
    expect(refused(log)).toContain("JSON1005");
  });

  test("a result without a place, which GitHub does not take", () => {
    const log = spoilt(({ runs }) => {
      Object.assign(runs[0] ?? {}, { results: [{ ruleId: "rpo-is-met", message: { text: "nowhere" } }] });
    });
    expect(refused(log)).toContain("GH1015");
  });
});
