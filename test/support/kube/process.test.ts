import { spawn } from "node:child_process";
import { once } from "node:events";
import * as os from "node:os";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { start } from "./process";

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("a command beside the tests", () => {
  it("is ended, and its last words are kept", async () => {
    const script = `console.error("first"); console.error("last"); setInterval(() => {}, 1_000);`;
    const one = start(process.execPath, os.tmpdir(), ["-e", script]);
    await expect.poll(() => one.said()).toBe("last");
    expect(one.ended()).toBe(false);
    await one.end();
    expect(one.ended()).toBe(true);
  });

  it("tells that it ended by itself, or never began", async () => {
    const one = start(process.execPath, os.tmpdir(), ["-e", `console.error("no port left"); process.exit(1);`]);
    await expect.poll(() => one.ended()).toBe(true);
    expect(one.said()).toBe("no port left");
    const none = start("/nowhere/etcd", os.tmpdir(), []);
    await expect.poll(() => none.ended()).toBe(true);
    expect(none.said()).toMatch(/not found/);
    expect(none.name).toBe("etcd");
  });

  it("ends with the process that started it, even where that one is killed", async () => {
    const beside = path.join(__dirname, "process.ts");
    const script = `
      const { start } = require(${JSON.stringify(beside)});
      const one = start(process.execPath, "/", ["-e", "console.error(process.pid); setInterval(() => {}, 1000);"]);
      setInterval(() => one.said() && console.log(one.said()), 100);
    `;
    const starter = spawn(process.execPath, ["--require", require.resolve("tsx/cjs"), "--eval", script]);
    const [said] = await once(starter.stdout.setEncoding("utf8"), "data");
    const pid = Number(String(said).split("\n")[0]);
    expect(lives(pid)).toBe(true);
    starter.kill("SIGKILL");
    await expect.poll(() => lives(pid), { timeout: 5_000 }).toBe(false);
  });
});
