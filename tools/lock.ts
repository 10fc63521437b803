import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const pause = 500;

/** Runs `work` while no other process is at it under the same lock file; who comes second waits. */
export async function alone<T>(file: string, work: () => Promise<T>): Promise<T> {
  let free = take(file);
  for (; free === undefined; free = take(file)) await sleep(pause);
  try {
    return await work();
  } finally {
    free();
  }
}

/** As `alone`, for work that blocks. */
export function aloneSync<T>(file: string, work: () => T): T {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  let free = take(file);
  for (; free === undefined; free = take(file)) Atomics.wait(clock, 0, 0, pause);
  try {
    return work();
  } finally {
    free();
  }
}

/** Takes the lock, unless somebody has it; returns what gives it back. */
function take(file: string): (() => void) | undefined {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (;;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (!isStale(file)) return undefined;
    fs.rmSync(file, { force: true });
  }
}

/** A lock whose process is gone does not count. */
function isStale(file: string): boolean {
  try {
    const pid = Number(fs.readFileSync(file, "utf8"));
    // Written and not yet filled: its owner is between two system calls.
    if (!Number.isInteger(pid) || pid <= 0) return Date.now() - fs.statSync(file).mtimeMs > 5_000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
