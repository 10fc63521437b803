import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { judge } from "../../policies/judge";
import { loadGraph } from "../../preview/offline";
import { systemStacks, systemsIn } from "../../tools/ci/systemStacks";
import { checkout } from "../ci/workflow";

const asOf = Date.UTC(2026, 10, 21) / 1000;
const prod = readFileSync(path.join(checkout, "Pulumi.prod.yaml"), "utf8");

const two = `# Secrets of this stack are encrypted by:
secretsprovider: awskms://alias/key
config:
  pulumi:disable-default-providers: ["*"]
  holdfast:register: [registers/prod/omendb.yaml]
  holdfast:sites: { primary: { cloud: aws } }
  # The database.
  holdfast:omendb: { namespace: omendb }
  holdfast:platform: { namespace: platform }
`;

describe("a stack of its own for each system", () => {
  test("has what all systems share, its own settings, and none of the others'", () => {
    const stacks = systemStacks("prod", two);
    expect(Object.keys(stacks)).toEqual(["prod-omendb", "prod-platform"]);
    const { config, ...rest } = parse(two);
    for (const [system, other] of [
      ["omendb", "platform"],
      ["platform", "omendb"],
    ]) {
      const { [`holdfast:${other}`]: _, ...own } = config;
      expect(parse(stacks[`prod-${system}`] ?? "")).toEqual({ ...rest, config: own });
    }
    expect(stacks["prod-omendb"]).toContain("  # The database.\n");
  });

  test("is exported by the platform in the place of the one stack, beside what it exported already", () => {
    const state = `state:
      # Whose states are exported.
      stacks:
        - organization/holdfast/prod
        - organization/dns/prod-zones
        # Another project's.
        - organization/dns/main
`;
    const text = two.replace("{ namespace: platform }", `\n    ${state}`);
    const written = systemStacks("prod", text)["prod-platform"] ?? "";
    expect(parse(written).config["holdfast:platform"].state.stacks).toEqual([
      "organization/holdfast/prod-omendb",
      "organization/holdfast/prod-platform",
      "organization/dns/prod-zones",
      "organization/dns/main",
    ]);
    for (const comment of ["# Whose states", "# Another project's"]) expect(written).toContain(comment);
  });

  test("is none where nothing is configured", () => {
    expect(systemStacks("prod", "")).toEqual({});
    expect(systemStacks("prod", "config:\n  holdfast:sites: {}\n  aws:region: eu-west-1\n")).toEqual({});
  });
});

describe("each system of production alone", () => {
  const home = path.join(checkout, ".holdfast", "tests");
  mkdirSync(home, { recursive: true });
  const folder = mkdtempSync(path.join(home, "systems-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const up = path.relative(folder, checkout).replaceAll(path.sep, "/");
  const program = readFileSync(path.join(checkout, "index.ts"), "utf8").replaceAll('from "./', `from "${up}/`);
  writeFileSync(path.join(folder, "index.ts"), program);
  cpSync(path.join(checkout, "Pulumi.yaml"), path.join(folder, "Pulumi.yaml"));
  cpSync(path.join(checkout, "registers"), path.join(folder, "registers"), { recursive: true });
  for (const [name, text] of Object.entries(systemStacks("prod", prod))) {
    writeFileSync(path.join(folder, `Pulumi.${name}.yaml`), text);
  }

  test.each(systemsIn(prod))("%s keeps its promises, as somebody in each cloud that it is in", async (system) => {
    const { graph } = await loadGraph({ program: folder, stack: `prod-${system}` });
    const { plan, findings } = judge(graph, asOf);
    const { spec } = parse(readFileSync(path.join(checkout, `deploy/operator/${system}.yaml`), "utf8"));
    const isIn = (prefix: string) => graph.resources.some(({ type }) => type.startsWith(prefix));
    expect([system, "ARM_USE_OIDC" in spec.envRefs]).toEqual([system, isIn("azure-native:")]);
    expect([system, "DATABRICKS_AUTH_TYPE" in spec.envRefs]).toEqual([system, isIn("databricks:")]);
    expect([...new Set(plan.assets.map((asset) => asset.system))]).toEqual([system]);
    expect(findings).toEqual([]);
  });

  test("is exported: the platform covers the state of every stack, and of no other", async () => {
    const { graph } = await loadGraph({ program: folder, stack: "prod-platform" });
    const state = judge(graph, asOf).plan.assets.find(({ id }) => id === "platform/state");
    const stacks = state?.covers?.filter((name) => name.startsWith("organization/"));
    const named = systemsIn(prod).map((system) => `organization/holdfast/prod-${system}`);
    expect(stacks).toEqual(named.sort());
  });

  test("is refused where the platform does not export it", async () => {
    const file = path.join(folder, "Pulumi.prod-more.yaml");
    cpSync(path.join(folder, "Pulumi.prod-omendb.yaml"), file);
    try {
      await expect(loadGraph({ program: folder, stack: "prod-more" })).rejects.toThrow(
        "holdfast:platform.state.stacks   of Pulumi.prod-platform.yaml must name organization/holdfast/prod-more, or nothing exports the state of this stack",
      );
    } finally {
      rmSync(file);
    }
  });
});
