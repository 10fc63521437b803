import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { systemNames } from "../../../systems/config";
import { judgedOn, root } from "../parity";
import type { EngineRun } from "./run";

/** What the tests change in a stack's configuration. */
interface StackConfig {
  "holdfast:omendb": {
    clients: string[];
    backups: { bucket: string; incremental?: { schedule: string } };
  };
  [other: string]: unknown;
}

/**
 * Makes runs of this repository's program on one of its stacks, with the policy pack. It declares OmenDB alone: what an
 * engine does with one system it does with all, and each resource takes its time in every run.
 */
export function stackRuns(stack: string, folder: string): (changes: Partial<EngineRun>) => EngineRun {
  const configFile = changedConfig(stack, folder, stack, () => undefined);
  return (changes) => ({
    program: root,
    stack,
    config: {},
    configFile,
    policyPack: join(root, "policies"),
    policyConfig: { holdfast: { asOf: judgedOn, out: join(folder, `${stack}.json`) } },
    operation: "preview",
    ...changes,
  });
}

/** Writes the stack's configuration of OmenDB with a change, under a name of its own; returns the file. */
export function changedConfig(
  stack: string,
  folder: string,
  name: string,
  change: (config: StackConfig["holdfast:omendb"]) => void,
): string {
  const settings = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as { config: StackConfig };
  for (const system of systemNames) if (system !== "omendb") delete settings.config[`holdfast:${system}`];
  change(settings.config["holdfast:omendb"]);
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, stringify(settings, { version: "1.1" }));
  return file;
}
