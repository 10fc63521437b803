import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cached, findOnPath, say, unpack } from "./packages";
import { asNobody } from "./postgres";

/**
 * Finds nginx, or takes it out of Debian's package, which is not installed: that would start it.
 * @returns its absolute path.
 * @throws Error with one line that names what is missing.
 */
export function ensureNginx(): string {
  const own = findOnPath("nginx");
  if (own !== undefined && say(own, ["-v"]).ok) return own;
  const folder = cached("nginx", (into) => {
    const refused = unpack("nginx", "usr/sbin/nginx", into, "-v");
    if (refused !== undefined) throw new Error(`nginx is missing, ${refused}`);
  });
  return path.join(folder, "nginx");
}

/** An nginx of one test. */
export interface Nginx {
  /** What it has written to stderr. */
  said(): string;
  stop(): Promise<void>;
}

/** As nobody: a pod is never root, and nginx as root would give its files to a user of its own. */
function command(settings: string): [string, string[]] {
  const folder = path.dirname(settings);
  const [file = "", ...args] = [...asNobody(), ensureNginx(), "-e", "stderr", "-p", folder, "-c", settings];
  return [file, args];
}

/** What `nginx -t` says of a file of settings. */
export function checkSettings(settings: string): { ok: boolean; output: string } {
  const [file, args] = command(settings);
  return say(file, [...args, "-t"]);
}

/**
 * Starts it with a file of settings, and waits until it takes connections.
 * @throws Error with what nginx said.
 */
export async function startNginx(settings: string, port: number): Promise<Nginx> {
  const [file, args] = command(settings);
  const errors = `${settings}.said`;
  const out = fs.openSync(errors, "w");
  const child = spawn(file, [...args, "-g", "daemon off;"], { stdio: ["ignore", out, out] });
  fs.closeSync(out);
  const said = () => fs.readFileSync(errors, "utf8");
  const ended = new Promise<void>((done) => child.on("exit", () => done()));
  for (let left = 100; !(await takes(port)); left--) {
    if (left === 0 || child.exitCode !== null) throw new Error(`nginx does not start: ${said().trim()}`);
    await sleep(100);
  }
  return {
    said,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function takes(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = net.connect(port, "127.0.0.1", () => done(true));
    socket.on("error", () => done(false));
    socket.on("connect", () => socket.destroy());
  });
}

if (require.main === module) {
  try {
    process.stdout.write(`${ensureNginx()}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
