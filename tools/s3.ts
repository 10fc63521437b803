import { spawn } from "node:child_process";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./freePorts";
import { cached, findOnPath, install, say } from "./packages";

/** A running S3 server. */
export interface S3Server {
  /** On loopback only. */
  url: string;
  stop(): void;
}

/**
 * moto and not versitygw: version 1.8 of the latter does apply a bucket's default retention, but shows no lock on the
 * versions that have it from there, and these are what a backup has to read back.
 */
const moto = "moto[server]==5.2.5";

const startLimit = 30_000;

/**
 * Finds the S3 server, or obtains it: moto from PyPI, in a virtual environment of its own in the user's cache.
 * @returns the Python that has it.
 * @throws Error with one line that names what is missing.
 */
export function ensureS3(): string {
  const folder = cached(moto.replace(/[^a-z0-9.]+/g, "-"), (into) => {
    if (!say("python3", ["-c", "import ensurepip, venv"]).ok) {
      install("Python 3 with venv, which the S3 server moto needs,", "python3", "python3-venv");
    }
    process.stderr.write(`Installing ${moto} into the cache: some half a minute, once.\n`);
    const environment = say("python3", ["-m", "venv", into]);
    if (!environment.ok) throw new Error(`the S3 server moto is missing, and so is its place: ${environment.last}`);
    const pip = say(path.join(into, "bin", "python"), ["-m", "pip", "install", "--quiet", moto]);
    if (!pip.ok) throw new Error(`the S3 server ${moto} is missing, and pip cannot install it: ${pip.last}`);
  });
  return path.join(folder, "bin", "python");
}

/**
 * Starts an empty S3 server (Route 53 included) on loopback.
 * @throws Error when it does not answer.
 */
export async function startS3(): Promise<S3Server> {
  const python = ensureS3();
  const port = await freePort();
  // Started as a module: the environment was made under another name, so the first lines of its commands are wrong.
  const server = spawn(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2_000);
  });
  server.on("error", (error) => {
    said = error.message;
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = () => void server.kill("SIGKILL");
  for (const end = Date.now() + startLimit; Date.now() < end && server.exitCode === null; await sleep(200)) {
    const answers = await fetch(url).catch(() => undefined);
    if (answers?.ok) return { url, stop };
  }
  stop();
  throw new Error(`the S3 server moto does not start: ${said.trim().split("\n").at(-1) ?? ""}`);
}

/**
 * Finds the command line of AWS, or installs Debian's.
 * @returns its absolute path.
 * @throws Error with one line that names what is missing.
 */
export function ensureAwsCli(): string {
  const works = () => {
    const file = findOnPath("aws");
    return file !== undefined && say(file, ["--version"]).ok ? file : undefined;
  };
  const found = works();
  if (found !== undefined) return found;
  install("the AWS command line", "awscli");
  const installed = works();
  if (installed === undefined) throw new Error("the AWS command line is installed, and aws --version fails");
  return installed;
}

if (require.main === module) {
  try {
    process.stdout.write(`${ensureS3()}\n${ensureAwsCli()}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
