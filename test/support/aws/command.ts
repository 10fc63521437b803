import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { say } from "../../../tools/packages";
import { ensureAwsCli } from "../../../tools/s3";

/** The real command line of AWS, as a command that starts quickly. */
export interface AwsCommand {
  /** Absolute path. */
  command: string;
  stop(): void;
}

/**
 * Loads the real command line of AWS once, and makes a command of which each call is a fork of that: started anew it takes
 * most of a second to load itself, and the jobs call it hundreds of times. One that is no Python program stays as it is.
 * @throws Error when it does not load.
 */
export async function startAwsCommand(): Promise<AwsCommand> {
  const cli = ensureAwsCli();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-aws-"));
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  const python = pythonOf(cli, folder);
  if (python === undefined) return { command: cli, stop: remove };
  const socket = path.join(folder, "socket");
  // It ends when its input does, so it never outlives us.
  const server = spawn(python, [path.join(__dirname, "forks.py"), socket], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  await new Promise<void>((resolve, reject) => {
    server.stdout.once("data", () => resolve());
    server.on("error", reject);
    server.once("exit", () => reject(new Error(`the command line of AWS does not load: ${said.trim()}`)));
  });
  const command = path.join(folder, "aws");
  const ask = fs.readFileSync(path.join(__dirname, "ask.py"), "utf8");
  fs.writeFileSync(command, `#!${python} -IS\nSOCKET = ${JSON.stringify(socket)}\n${ask}`, { mode: 0o755 });
  const stop = () => {
    server.stdin.destroy();
    remove();
  };
  return { command, stop };
}

/** The Python that runs a command: what it loads first says so, whatever starts it. */
function pythonOf(cli: string, folder: string): string | undefined {
  const file = path.join(folder, "python");
  const probe = `import sys\nopen(${JSON.stringify(file)}, "w").write(sys.executable)\n`;
  fs.writeFileSync(path.join(folder, "sitecustomize.py"), probe);
  say("env", [`PYTHONPATH=${folder}`, cli, "--version"]);
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}
