import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { blocking } from "../policies/judge";
import type { Judgement } from "../recovery/finding";
import { BadInput } from "./badInput";
import { runProgram, withFreshModules } from "./program";
import { type Project, readProject } from "./project";
import { pulumiCommand } from "./pulumiCommand";

/** What the engine is to preview. */
export interface EngineOptions {
  /** Folder of the `Pulumi.yaml`. */
  program: string;
  stack: string;
  /** Seconds since 1970. */
  asOf: number;
  /** Called with the number of resources the engine has been told of. */
  onProgress?: (resources: number) => void;
}

const pack = path.resolve(__dirname, "../policies");

/**
 * Previews a stack by the real Pulumi engine with the pack, as `pulumi preview --policy-pack policies` does, and
 * returns what the pack found: with the user's backend, login, providers and decrypted configuration.
 * @throws BadInput when the engine gives up, or fails for another reason than the pack; whatever the program throws.
 */
export async function judgedByPulumi(options: EngineOptions): Promise<Judgement> {
  const project = readProject(path.resolve(options.program), options.stack);
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-pulumi-"));
  const home = process.cwd();
  try {
    const out = path.join(folder, "judgement.json");
    const settings = path.join(folder, "settings.json");
    const asOf = new Date(options.asOf * 1_000).toISOString();
    writeFileSync(settings, JSON.stringify({ holdfast: { asOf, out } }));
    const refusal = await previewed(project, settings, options);
    const judgement = existsSync(out) ? (JSON.parse(readFileSync(out, "utf8")) as Judgement) : undefined;
    // A finding makes the engine fail as well, and is the judgement's to report.
    if (judgement === undefined || (refusal !== undefined && blocking(judgement).length === 0)) {
      throw new BadInput(
        `pulumi preview of stack ${options.stack} failed: ${refusal ?? "it ended without running the pack"}`,
      );
    }
    return judgement;
  } finally {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the preview; the answer is why the engine failed, if it did. */
async function previewed(project: Project, settings: string, options: EngineOptions): Promise<string | undefined> {
  let thrown: unknown;
  const program = async () => {
    try {
      process.chdir(project.workFolder);
      return (await withFreshModules(() => runProgram(project.entry))) as Record<string, unknown>;
    } catch (error) {
      thrown = error;
      throw error;
    }
  };
  const stack = await stackOf(project, options.stack, program);
  const said: string[] = [];
  let resources = 0;
  const onEvent = (event: EngineEvent) => {
    if (event.resourcePreEvent) options.onProgress?.(++resources);
    const { severity, message = "" } = event.diagnosticEvent ?? {};
    if (severity === "error") said.push(plain(message));
  };
  let stderr = "";
  const onError = (text: string) => {
    stderr += text;
  };
  try {
    await stack.preview({ policyPacks: [pack], policyPackConfigs: [settings], color: "never", onEvent, onError });
    return undefined;
  } catch (error) {
    if (thrown !== undefined) throw thrown;
    if (!(error instanceof Error && "commandResult" in error)) throw error;
    return [...new Set(said)].join("\n") || stderr.trim() || "the Pulumi command line did not say why";
  }
}

async function stackOf(
  project: Project,
  stackName: string,
  program: () => Promise<Record<string, unknown>>,
): Promise<Stack> {
  return LocalWorkspace.selectStack(
    { stackName, projectName: project.name, program },
    { workDir: project.folder, pulumiCommand: await pulumiCommand() },
  );
}

/** The engine marks colours as `<{%red%}>`. */
function plain(text: string): string {
  return text.replace(/<\{%[^%]*%\}>/g, "").trim();
}
