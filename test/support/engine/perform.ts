import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { commandOf } from "./command";
import { observe } from "./events";
import { pulumiHome } from "./home";
import { load } from "./load";
import { copyConfig, policiesOf, projectSettings } from "./project";
import type { ChildRun, EngineResult, StateResource } from "./run";
import { youngSpace } from "./youngSpace";

/** Performs one run and writes what became of it into `result`; a command that fails is a result, not an error. */
export async function perform(run: ChildRun, result: EngineResult, debugProviders: string): Promise<void> {
  const environment = process.env;
  process.env = { ...environment, ...run.env };
  try {
    await inWorkspace(run, result, debugProviders);
  } finally {
    process.env = environment;
  }
}

async function inWorkspace(run: ChildRun, result: EngineResult, debugProviders: string): Promise<void> {
  const settings = projectSettings(run.program);
  // A folder of its own: the engine writes the stack's configuration file there.
  const workDir = path.join(run.state, "project");
  const backend = path.join(run.state, "backend");
  for (const folder of [workDir, backend]) fs.mkdirSync(folder, { recursive: true });
  if (run.configFile !== undefined) copyConfig(run.configFile, path.join(workDir, `Pulumi.${run.stack}.yaml`));
  const envVars = {
    PULUMI_DEBUG_PROVIDERS: debugProviders,
    // No login, plugin or workspace of the user's takes part.
    PULUMI_HOME: pulumiHome(run.state),
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: "simulated",
    // The simulated provider is attached; the engine would download the real ones for what is in the state.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // For the process of the pack, as for this one.
    NODE_OPTIONS: youngSpace,
    ...(run.saves === "at the end" ? { PULUMI_SKIP_CHECKPOINTS: "true" } : {}),
  };
  // Pulumi runs a program in its project's folder.
  process.chdir(run.program);
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: run.stack, projectName: settings.name, program: () => load(run.program) },
    { workDir, projectSettings: settings, envVars, pulumiCommand: await commandOf(run) },
  );
  const entries = Object.entries(run.config);
  if (entries.length > 0) await stack.setAllConfig(Object.fromEntries(entries));
  try {
    await operate(stack, run, result, pulumi);
  } catch (error) {
    const { commandResult, message } = error as Error & { commandResult?: object };
    if (commandResult === undefined) throw error;
    // The Automation API's own code is -2 for every failure; its message holds the command's.
    result.code = Number(/exit code (\d+)/.exec(message)?.[1] ?? 1);
  }
  if (run.operation !== "preview") exported();

  /** Not `stack.exportStack()`: that one passes `--show-secrets`. */
  function exported(): void {
    result.stateText = pulumi("stack", "export");
    const { deployment } = JSON.parse(result.stateText) as { deployment: Deployment };
    result.resources = deployment.resources ?? [];
    result.pending = (deployment.pending_operations ?? []).map(({ resource }) => resource.urn);
  }

  function pulumi(...args: string[]): string {
    const env = { ...process.env, ...envVars };
    const options = { cwd: workDir, env, stdio: "pipe", encoding: "utf8", maxBuffer: 2 ** 30 } as const;
    return execFileSync("pulumi", [...args, "--stack", run.stack, "--non-interactive"], options);
  }
}

interface Deployment {
  resources?: StateResource[];
  pending_operations?: { resource: { urn: string } }[];
}

type Pulumi = (...args: string[]) => string;

async function operate(stack: Stack, run: ChildRun, result: EngineResult, pulumi: Pulumi): Promise<void> {
  const common = {
    onOutput: (text: string) => {
      result.stdout += text;
    },
    onError: (text: string) => {
      result.stderr += text;
    },
    onEvent: (event: Parameters<typeof observe>[0]) => observe(event, result),
    color: "never" as const,
  };
  const policies = policiesOf(run);
  switch (run.operation) {
    case "preview":
      await stack.preview({ ...common, ...policies });
      return;
    case "up":
    case "bare-up":
      await stack.up({ ...common, ...policies });
      return;
    case "refresh":
    case "refresh-clear":
      await stack.refresh({ ...common, clearPendingCreates: run.operation === "refresh-clear" });
      return;
    case "destroy":
    case "bare-destroy":
      if (run.unprotect) pulumi("state", "unprotect", "--all", "--yes");
      await stack.destroy(common);
      return;
    case "cancel":
      await stack.cancel();
      return;
    case "export":
  }
}
