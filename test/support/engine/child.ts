import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { type EngineEvent, LocalWorkspace, type ProjectSettings } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { startSimulatedProvider } from "../provider/server";
import type { ChildRequest, ChildResult, PolicyViolation, StateResource } from "./run";

/** The folder that holds `request.json` and receives `result.json`. */
const exchange = process.argv[2] ?? ".";

async function main(): Promise<void> {
  const request = JSON.parse(fs.readFileSync(path.join(exchange, "request.json"), "utf8")) as ChildRequest;
  const provider = await startSimulatedProvider(request.provider);
  const result: ChildResult = {
    code: 0,
    stdout: "",
    stderr: "",
    policyViolations: [],
    errors: [],
    resources: [],
    calls: provider.calls,
  };
  try {
    await perform(request, result, provider.debugProviders);
  } catch (error) {
    const { commandResult, message } = error as Error & { commandResult?: object };
    if (commandResult === undefined) throw error;
    // The Automation API's own code is -2 for every failure; its message holds the command's.
    result.code = Number(/exit code (\d+)/.exec(message)?.[1] ?? 1);
  } finally {
    provider.close();
  }
  fs.writeFileSync(path.join(exchange, "result.json"), JSON.stringify(result));
}

async function perform(request: ChildRequest, result: ChildResult, debugProviders: string): Promise<void> {
  const settings = projectSettings(request.program);
  // A folder of its own: the engine writes the stack's configuration file there.
  const workDir = path.join(request.state, "project");
  fs.mkdirSync(workDir, { recursive: true });
  if (request.configFile !== undefined) {
    copyConfig(request.configFile, path.join(workDir, `Pulumi.${request.stack}.yaml`));
  }
  // Pulumi runs a program in its project's folder.
  process.chdir(request.program);
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: request.stack, projectName: settings.name, program: () => load(request.program) },
    { workDir, projectSettings: settings, envVars: { PULUMI_DEBUG_PROVIDERS: debugProviders } },
  );
  const entries = Object.entries(request.config);
  if (entries.length > 0) await stack.setAllConfig(Object.fromEntries(entries));

  const common = {
    onOutput: (text: string) => {
      result.stdout += text;
    },
    onError: (text: string) => {
      result.stderr += text;
    },
    onEvent: (event: EngineEvent) => observe(event, result),
    color: "never" as const,
  };
  const policies = policiesOf(request);
  try {
    switch (request.operation) {
      case "preview":
        await stack.preview({ ...common, ...policies });
        break;
      case "up":
        await stack.up({ ...common, ...policies });
        break;
      case "refresh":
        await stack.refresh(common);
        break;
      case "destroy":
        if (request.unprotect) pulumi("state", "unprotect", "--all", "--yes");
        await stack.destroy(common);
        break;
    }
  } finally {
    if (request.operation !== "preview") exported();
  }

  /** Not `stack.exportStack()`: that one passes `--show-secrets`. */
  function exported(): void {
    result.stateText = pulumi("stack", "export");
    const { deployment } = JSON.parse(result.stateText) as { deployment: { resources?: StateResource[] } };
    result.resources = deployment.resources ?? [];
  }

  function pulumi(...args: string[]): string {
    const options = { cwd: workDir, stdio: "pipe", encoding: "utf8", maxBuffer: 2 ** 30 } as const;
    return execFileSync("pulumi", [...args, "--stack", request.stack, "--non-interactive"], options);
  }
}

/** As Pulumi's own runner does it: what the module exports are the stack's outputs; a function is called. */
async function load(program: string): Promise<Record<string, unknown>> {
  const loaded: unknown = require(entryOf(program));
  return (await (typeof loaded === "function" ? loaded() : loaded)) as Record<string, unknown>;
}

function entryOf(program: string): string {
  const manifest = path.join(program, "package.json");
  const main = fs.existsSync(manifest) ? (JSON.parse(fs.readFileSync(manifest, "utf8")) as { main?: string }).main : "";
  return path.join(program, main || "index.ts");
}

/** The project as its Pulumi.yaml states it, but for what an inline program does not use. */
function projectSettings(program: string): ProjectSettings {
  const file = path.join(program, "Pulumi.yaml");
  const found = fs.existsSync(file) ? (parse(fs.readFileSync(file, "utf8")) as ProjectSettings) : { name: "fixture" };
  const { backend: _backend, main: _main, ...rest } = found as ProjectSettings & { backend?: unknown };
  return { ...rest, runtime: "nodejs" } as ProjectSettings;
}

interface StackFile {
  encryptionsalt?: string;
  config?: Record<string, unknown>;
}

function copyConfig(from: string, to: string): void {
  const { config = {} } = (parse(fs.readFileSync(from, "utf8")) ?? {}) as StackFile;
  const { encryptionsalt } = (fs.existsSync(to) ? parse(fs.readFileSync(to, "utf8")) : {}) as StackFile;
  const readable = Object.entries(config).filter(([, value]) => !/"secure":/.test(JSON.stringify(value)));
  const file: StackFile = { config: Object.fromEntries(readable) };
  if (encryptionsalt !== undefined) file.encryptionsalt = encryptionsalt;
  fs.writeFileSync(to, stringify(file, { version: "1.1" }));
}

function policiesOf(request: ChildRequest): { policyPacks?: string[]; policyPackConfigs?: string[] } {
  if (request.policyPack === undefined) return {};
  if (request.policyConfig === undefined) return { policyPacks: [request.policyPack] };
  const file = path.join(exchange, "policy-config.json");
  fs.writeFileSync(file, JSON.stringify(request.policyConfig));
  return { policyPacks: [request.policyPack], policyPackConfigs: [file] };
}

function observe(event: EngineEvent, result: ChildResult): void {
  const policy = event.policyEvent;
  if (policy !== undefined) {
    const violation: PolicyViolation = {
      policy: policy.policyName,
      level: policy.enforcementLevel === "mandatory" ? "mandatory" : "advisory",
      message: plain(policy.message),
    };
    if (policy.resourceUrn) violation.urn = policy.resourceUrn;
    result.policyViolations.push(violation);
  }
  const diagnostic = event.diagnosticEvent;
  if (diagnostic?.severity === "error") result.errors.push(plain(diagnostic.message));
}

/** The engine marks colours as `<{%red%}>`. */
function plain(text: string): string {
  return text.replace(/<\{%[^%]*%\}>/g, "").trim();
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    process.exit(1);
  },
);
