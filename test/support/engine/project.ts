import * as fs from "node:fs";
import * as path from "node:path";
import type { ProjectSettings } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import type { ChildRun } from "./run";

/** The project as its Pulumi.yaml states it, but for what an inline program does not use. */
export function projectSettings(program: string): ProjectSettings {
  const file = path.join(program, "Pulumi.yaml");
  const found = fs.existsSync(file) ? (parse(fs.readFileSync(file, "utf8")) as ProjectSettings) : { name: "fixture" };
  const { backend: _backend, main: _main, ...rest } = found as ProjectSettings & { backend?: unknown };
  return { ...rest, runtime: "nodejs" } as ProjectSettings;
}

interface StackFile {
  encryptionsalt?: string;
  config?: Record<string, unknown>;
}

/** Copies a stack's configuration file without its encrypted values, and keeps the salt that the target may have. */
export function copyConfig(from: string, to: string): void {
  const { config = {} } = (parse(fs.readFileSync(from, "utf8")) ?? {}) as StackFile;
  const { encryptionsalt } = (fs.existsSync(to) ? parse(fs.readFileSync(to, "utf8")) : {}) as StackFile;
  const readable = Object.entries(config).filter(([, value]) => !/"secure":/.test(JSON.stringify(value)));
  const file: StackFile = { config: Object.fromEntries(readable) };
  if (encryptionsalt !== undefined) file.encryptionsalt = encryptionsalt;
  fs.writeFileSync(to, stringify(file, { version: "1.1" }));
}

/** The options that name the policy pack and its configuration, which is written to a file. */
export function policiesOf(run: ChildRun): { policyPacks?: string[]; policyPackConfigs?: string[] } {
  if (run.policyPack === undefined) return {};
  if (run.policyConfig === undefined) return { policyPacks: [run.policyPack] };
  const file = path.join(run.state, "policy-config.json");
  fs.writeFileSync(file, JSON.stringify(run.policyConfig));
  return { policyPacks: [run.policyPack], policyPackConfigs: [file] };
}
