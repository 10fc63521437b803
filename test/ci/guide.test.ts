import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { judge } from "../../policies/judge";
import { loadGraph } from "../../preview/offline";
import { checkout, workflows } from "./workflow";

const guide = readFileSync(path.join(checkout, "docs/ci.md"), "utf8");
const yaml = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = ""]) => parse(text) as Record<string, unknown>);
const all = workflows();
const texts = all.map(({ text }) => text).join("\n");
const asOf = Date.UTC(2026, 10, 21) / 1000;

const home = path.join(checkout, ".holdfast", "tests");
mkdirSync(home, { recursive: true });
const folder = mkdtempSync(path.join(home, "guide-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Rows of the table whose first column has this title. */
function column(title: string): string[] {
  const lines = guide.split("\n");
  const at = lines.findIndex((line) => line.startsWith(`| ${title} `));
  const rows = lines.slice(
    at + 2,
    lines.findIndex((line, index) => index > at && !line.startsWith("|")),
  );
  return rows.map((row) => row.split("|")[1]?.trim() ?? "");
}

const named = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

describe("the guide tells of", () => {
  test("every workflow that runs by itself", () => {
    const files = column("workflow")
      .flatMap(named)
      .filter((name) => name.endsWith(".yml"));
    expect(files.sort()).toEqual(all.map(({ file }) => file).filter((file) => file !== "deploy-stack.yml"));
  });

  test("every variable that a workflow reads", () => {
    const read = new Set([...texts.matchAll(/vars\.(\w+)/g)].map(([, name]) => name));
    expect(column("variable").flatMap(named).sort()).toEqual([...read].sort());
  });

  test("every environment that a workflow uses", () => {
    const used = ["prod", "staging"].flatMap((stack) => [stack, `${stack}-preview`]);
    expect(column("environment").flatMap(named).sort()).toEqual(used.sort());
    const written = [...texts.matchAll(/environment: (.*)/g)].map(([, name = ""]) =>
      name.replace(/\$\{\{.*?\}\}/, "*"),
    );
    expect([...new Set(written)].sort()).toEqual(["*", "*-preview", "staging-preview"]);
  });

  test("the checks to require, by the names that jobs have", () => {
    const [line = ""] = guide.split("\n").filter((one) => one.startsWith("- these checks, by name"));
    const jobs = Object.values(all.find(({ file }) => file === "pull-request.yml")?.jobs ?? {});
    const names = jobs
      .map((job) => (job as { name?: string }).name ?? "")
      .flatMap((name) => (name.includes("matrix") ? ["preview (prod)", "preview (staging)"] : [name]));
    expect(named(line).sort()).toEqual(names.filter((name) => !name.startsWith("pulumi")).sort());
  });
});

describe("what the guide has a reader try", () => {
  const program = (change: (config: Record<string, unknown>) => void, register: object = {}) => {
    const at = mkdtempSync(path.join(folder, "program-"));
    const up = path.relative(at, checkout).replaceAll(path.sep, "/");
    writeFileSync(
      path.join(at, "index.ts"),
      readFileSync(path.join(checkout, "index.ts"), "utf8").replaceAll('from "./', `from "${up}/`),
    );
    cpSync(path.join(checkout, "Pulumi.yaml"), path.join(at, "Pulumi.yaml"));
    cpSync(path.join(checkout, "registers"), path.join(at, "registers"), { recursive: true });
    const stack = parse(readFileSync(path.join(checkout, "Pulumi.prod.yaml"), "utf8")) as {
      config: Record<string, unknown>;
    };
    change(stack.config);
    writeFileSync(path.join(at, "Pulumi.prod.yaml"), JSON.stringify(stack));
    const file = path.join(at, "registers/prod/omendb.yaml");
    writeFileSync(file, JSON.stringify({ ...(parse(readFileSync(file, "utf8")) as object), ...register }));
    return at;
  };

  test("breaks the promise that it says, with a schedule that would keep it", async () => {
    const [{ "holdfast:omendb": change } = {}] = yaml as Record<string, { backups: object }>[];
    const changed = program((config) => {
      const own = config["holdfast:omendb"] as { backups: object };
      Object.assign(own.backups, change?.backups);
    });
    const { graph } = await loadGraph({ program: changed, stack: "prod" });
    const [finding] = judge(graph, asOf).findings;
    expect(finding).toMatchObject({ rule: "rpo-is-met", level: "mandatory", disruption: "region" });
    expect(finding?.fix?.change).toContain("spec.schedule of CronJob omendb-backup-incremental");
    expect(finding?.counterexample?.events.length).toBeGreaterThan(2);
  });

  test("is a waiver that the register takes", async () => {
    const waivers = yaml[1]?.waivers as { asset: string }[];
    const { graph } = await loadGraph({ program: program(() => undefined, { waivers }), stack: "prod" });
    const { plan, findings } = judge(graph, asOf);
    expect(findings).toEqual([]);
    expect(plan.register.waivers).toEqual(waivers);
    expect(plan.assets.map(({ id }) => id)).toContain(waivers[0]?.asset);
  });
});
