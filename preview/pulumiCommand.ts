import * as path from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { ensurePulumi } from "../tools/pulumi";

/** What `PulumiCommand` has besides its declared members: the one way by which the Automation API runs a command. */
interface Runs {
  run(args: string[], cwd: string, env: Record<string, string>, ...rest: unknown[]): Promise<unknown>;
}

/**
 * The Pulumi command line, for the Automation API. It is found or obtained, runs with the user's own login and
 * workspace, and never selects a stack: that would change which one the user's own commands are about.
 */
export async function pulumiCommand(): Promise<PulumiCommand> {
  const { command, env } = await ensurePulumi();
  const found = (await PulumiCommand.get({ root: path.resolve(command, "../..") })) as PulumiCommand & Runs;
  const original = found.run.bind(found);
  // PULUMI_HOME stays the user's: the login is kept there, and the plugins.
  const added = { PATH: env.PATH ?? "", PULUMI_SKIP_UPDATE_CHECK: "true" };
  found.run = async (args, cwd, own, ...rest) =>
    args[0] === "stack" && args[1] === "select" ? undefined : original(args, cwd, { ...own, ...added }, ...rest);
  return found;
}
