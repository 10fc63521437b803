import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { commandsOf } from "../../tools/ci/kubeconfig";
import { checkout } from "./workflow";

describe("the clusters of a stack", () => {
  test.each([
    ["prod", "00000000-0000-0000-0000-000000000001"],
    ["staging", "00000000-0000-0000-0000-000000000003"],
  ])("%s are asked for by the contexts that its providers name", (stack, subscription) => {
    const text = readFileSync(path.join(checkout, `Pulumi.${stack}.yaml`), "utf8");
    const group = `--subscription ${subscription} --resource-group clusters`;
    expect(commandsOf(text).map((command) => command.join(" "))).toEqual([
      ...["eu-central-1", "eu-west-1"].map(
        (region) => `aws eks update-kubeconfig --name ${stack}-${region} --alias ${stack}-${region} --region ${region}`,
      ),
      ...["westeurope", "northeurope"].map((region) => {
        const names = `--name ${stack}-${region} --context ${stack}-${region}`;
        return `az aks get-credentials ${group} ${names} --overwrite-existing`;
      }),
      "kubelogin convert-kubeconfig --login workloadidentity",
    ]);
  });

  test("are those of the sites that have one", () => {
    expect(commandsOf("config: { 'holdfast:sites': { clean-room: { cloud: aws, region: eu-north-1 } } }")).toEqual([]);
    expect(commandsOf("config: {}")).toEqual([]);
  });

  test("of AWS alone need nothing of Azure", () => {
    const site = "{ cloud: aws, region: eu-west-1, cluster: { context: one } }";
    const commands = commandsOf(`config: { 'holdfast:sites': { primary: ${site} } }`);
    expect(commands.map(([command]) => command)).toEqual(["aws"]);
  });

  test.each([
    ["gcp, region: europe-west1", "cloud must be aws or azure for its cluster to be known, got gcp"],
    ["aws", "region must be set where cloud is aws, got nothing"],
    ["azure, account: one", "cluster.resourceGroup must be set where cloud is azure, got nothing"],
  ])("of %s are refused by name", (place, problem) => {
    const text = `config: { 'holdfast:sites': { primary: { cloud: ${place}, cluster: { context: prod } } } }`;
    expect(() => commandsOf(text)).toThrow(`holdfast:sites.primary: ${problem}`);
  });
});

test.each([
  ["goes through all of them", "exit 0", 0, 5],
  ["stops at the first that fails", "exit 3", 1, 1],
])("the script %s", (_, end, code, asked) => {
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-clusters-"));
  try {
    for (const name of ["aws", "az", "kubelogin"])
      writeFileSync(path.join(folder, name), `#!/bin/sh\necho "$@" >> ${folder}/log\n${end}\n`, { mode: 0o755 });
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
