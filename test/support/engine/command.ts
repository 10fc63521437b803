import { PulumiCommand } from "@pulumi/pulumi/automation";
import type { ChildRun } from "./run";
import { runScript } from "./script";

/** What `PulumiCommand` has besides its declared members: the one way by which the Automation API runs a command. */
interface Runs {
  run(
    args: string[],
    cwd: string,
    env: Record<string, string>,
    onOutput?: (text: string) => void,
    onError?: (text: string) => void,
    ...rest: unknown[]
  ): Promise<unknown>;
}

/** The command is asked for its version once, and not at every run. */
let installed: Promise<PulumiCommand> | undefined;

/**
 * The command line as a person types it: the Automation API adds `--skip-preview` to `up` and `destroy`, which is
 * taken out again unless the run asks for the bare one. A run with a script has it in place of the command.
 */
export async function commandOf(run: ChildRun): Promise<PulumiCommand> {
  installed ??= PulumiCommand.get();
  const found = (await installed) as PulumiCommand & Runs;
  const original = found.run.bind(found);
  const command = Object.create(found) as PulumiCommand & Runs;
  command.run = async (args, cwd, env, onOutput, onError, ...rest) => {
    // Asked for after every `up`; nobody here reads it, and each opens the stack's secrets anew.
    if (args[0] === "stack" && args[1] === "output") return { stdout: "{}", stderr: "", code: 0 };
    if (args[0] === "stack" && args[1] === "history") return { stdout: "[]", stderr: "", code: 0 };
    const attached = attachmentIn(args);
    if (run.script !== undefined && attached.length > 0)
      return runScript({ text: run.script, program: run.program, attached, cwd, env }, onOutput, onError);
    return original(bare(run) ? args : documented(args), cwd, env, onOutput, onError, ...rest);
  };
  return command;
}

function bare({ operation }: ChildRun): boolean {
  return operation.startsWith("bare-");
}

function documented(args: string[]): string[] {
  return args[0] === "up" || args[0] === "destroy" ? args.filter((arg) => arg !== "--skip-preview") : args;
}

/** The arguments that attach the command to the inline program: `--client=...`, `--exec-kind ...`, `--event-log ...`. */
function attachmentIn(args: string[]): string[] {
  const attaches = (arg: string | undefined) => /^--(client|exec-kind|event-log)\b/.test(arg ?? "");
  return args.filter((arg, index) => attaches(arg) || (attaches(args[index - 1]) && !arg.startsWith("--")));
}
