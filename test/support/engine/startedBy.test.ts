import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { startedBy } from "./startedBy";

it("finds what a process started, in a group of its own too, the older first, where the system tells", async () => {
  const told = existsSync("/proc");
  const own = spawn("sh", ["-c", "setsid sleep 60 & wait"], { stdio: "ignore" });
  const pid = own.pid ?? 0;
  try {
    await expect.poll(() => startedBy(pid)).toHaveLength(told ? 1 : 0);
    const all = startedBy(process.pid);
    const expected = told ? [pid, ...startedBy(pid)] : [];
    expect(all.filter((one) => expected.includes(one))).toEqual(expected);
  } finally {
    for (const one of [...startedBy(pid), pid]) process.kill(one, "SIGKILL");
  }
});
