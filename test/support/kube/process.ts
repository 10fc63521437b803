import { spawn } from "node:child_process";
import * as path from "node:path";
import { lastLine } from "../../../tools/packages";

/** A command that runs beside the tests. */
export interface Started {
  name: string;
  /** Its last words. */
  said(): string;
  ended(): boolean;
  end(): Promise<void>;
}

/** Waits beside the command for the end of its own input, which comes with the end of who started it. */
const guarded = 'exec 3<&0; (read -r _ <&3; kill -9 $$) 2>/dev/null & exec "$0" "$@" </dev/null 3<&-';

/** Starts a command in a folder; it ends when this process does, however that ends. */
export function start(command: string, cwd: string, args: string[]): Started {
  const child = spawn("/bin/sh", ["-c", guarded, command, ...args], { cwd, stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  let ended = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2_000);
  });
  const closed = new Promise<void>((resolve) => {
    child.on("error", (error) => {
      said = error.message;
      ended = true;
      resolve();
    });
    child.on("exit", () => {
      ended = true;
      resolve();
    });
  });
  return {
    name: path.basename(command),
    said: () => lastLine(said),
    ended: () => ended,
    end: () => {
      child.kill("SIGKILL");
      child.stdin.destroy();
      return closed;
    },
  };
}
