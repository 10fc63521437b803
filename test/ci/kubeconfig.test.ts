import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { commandsOf } from "../../tools/ci/kubeconfig";
import { checkout } from "./workflow";

describe("the clusters of a stack", () => {
  test.each(["prod", "staging"])("%s are asked for by the contexts that its providers name", (stack) => {
    const text = readFileSync(path.join(checkout, `Pulumi.${stack}.yaml`), "utf8");
    expect(commandsOf(text).map((command) => command.join(" "))).toEqual(
      ["eu-central-1", "eu-west-1"].map(
        (region) => `aws eks update-kubeconfig --name ${stack}-${region} --alias ${stack}-${region} --region ${region}`,
      ),
    );
  });

  test("are those of the sites that have one", () => {
    expect(commandsOf("config: { 'holdfast:sites': { clean-room: { cloud: aws, region: eu-north-1 } } }")).toEqual([]);
    expect(commandsOf("config: {}")).toEqual([]);
  });

  test("of a cloud that is not known here are refused by name", () => {
    const site = "{ cloud: azure, region: westeurope, cluster: { context: prod } }";
    expect(() => commandsOf(`config: { 'holdfast:sites': { primary: ${site} } }`)).toThrow(
      "holdfast:sites.primary: only clusters of aws with a region are known here, got azure",
    );
  });
});

test.each([
  ["goes through all of them", "exit 0", 0, 2],
  ["stops at the first that fails", "exit 3", 1, 1],
])("the script %s", (_, end, code, asked) => {
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-clusters-"));
  try {
    const aws = path.join(folder, "aws");
    writeFileSync(aws, `#!/bin/sh\necho "$@" >> ${folder}/log\n${end}\n`, { mode: 0o755 });
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const said = spawnSync(process.execPath, ["--import", "tsx", "tools/ci/kubeconfig.ts", "prod"], {
      cwd: checkout,
      env,
    });
    expect(said.status).toBe(code);
    expect(readFileSync(path.join(folder, "log"), "utf8").trim().split("\n")).toHaveLength(asked);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
