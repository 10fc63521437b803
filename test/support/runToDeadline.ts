import { spawn } from "node:child_process";

/** How a run ended. */
export interface JobRun {
  /** Exit code; null when the deadline ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** Unix time in milliseconds. */
  started: number;
  ended: number;
}

/** Runs a command with exactly this environment until it ends or its deadline ends it, and all that it started. */
export async function runToDeadline(
  [file = "", ...args]: readonly string[],
  options: { cwd: string; env: Record<string, string> },
  deadlineMs: number,
): Promise<JobRun> {
  const started = Date.now();
  const child = spawn(file, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  // All of the container: what its first process leaves behind ends with it.
  const end = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // Nothing is left of it.
    }
  };
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end();
  }, deadlineMs);
  child.on("exit", end);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject).on("close", resolve);
    });
    return { code: late ? null : (code ?? 1), ...output, started, ended: Date.now() };
  } finally {
    clearTimeout(timer);
  }
}
