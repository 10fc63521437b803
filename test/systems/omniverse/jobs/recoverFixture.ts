import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ACCOUNTS } from "../../../../systems/omniverse/names";
import { type PathName, recoveryPaths } from "../../../../systems/omniverse/recoverySteps";
import { type Calls, callsIn, refusals, since } from "../../../support/access/asked";
import { declaredGraph } from "../../../support/declaredGraph";
import { jobsPath, type Running, type RunResult, run, start } from "../../../support/doubles";
import { declaredNames, environment } from "./recoverEnv";
import { ago, buckets, writeState } from "./recoverState";
import { filesIn, putVersion } from "./recoverVersions";

export { ago, BEFORE, buckets, hosts, restored, zoneOf } from "./recoverState";

/** 200 or 503; no answer in time; a connection that breaks. Of several the last stays. */
export type Answer = boolean | "hangs" | "breaks";

/** Both sites of Omniverse as doubles, in a folder of one test. */
export interface Recovery {
  dir: string;
  /**
   * Runs a step of a path as the path declares it.
   * @throws Error when it asked AWS or the cluster for what the recovery's account may not do.
   */
  step(path: PathName, step: string, env?: Record<string, string>): Promise<RunResult>;
  /** The same without waiting for its end. */
  begin(path: PathName, step: string, env?: Record<string, string>): Running;
  /** Runs a step that must refuse; returns the last line that it said. */
  refused(path: PathName, step: string, env?: Record<string, string>): Promise<string>;
  /** Runs steps one after the other; each must succeed. Returns what the last one printed. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON as the script wrote it
  steps(path: PathName, names: readonly string[], env?: Record<string, string>): Promise<any>;
  /** Notes steps as ended, by their key in the ConfigMap, so that a test can begin with the one after. */
  ended(steps: Readonly<Record<string, Record<string, unknown>>>): void;
  /** What the ConfigMap holds, by key. */
  noted(): Record<string, string>;
  /** Reads a JSON file of a double; a change is written back. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON of doubles
  json(file: string, change?: (value: any) => void): any;
  /** Puts a version, or a delete marker, into a bucket as it was written at a moment. */
  version(bucket: string, key: string, at: string, body: string | undefined, more?: Record<string, unknown>): string;
  /** What is in a bucket now, by key. */
  files(bucket: string): Record<string, string>;
  /** Operations that were asked of AWS, in order. */
  asked(): { operation: string; [option: string]: unknown }[];
  /** What was asked of the cluster, as kubectl says it. */
  kubectl(): string[];
  /** How the two sites answer at /health, whether somebody takes notifications, and what the probe has seen. */
  answers: { first: Answer | Answer[]; here: Answer; told: boolean; seen: boolean | "nobody knows" };
  notifications: unknown[];
  /** What Prometheus was asked. */
  questions: string[];
  /** Folder of commands that come before the doubles. @default none */
  before: string;
  close(): void;
}

const open: Recovery[] = [];

/** Ends what the tests of a file have set up. */
export function closeAll(): void {
  for (const recovery of open.splice(0)) recovery.close();
}

async function expectAllowed(path: PathName, calls: Calls): Promise<void> {
  const { runsAt } = recoveryPaths[path];
  const cluster = runsAt === "primary" ? "primary" : "secondary";
  const asker = { cluster, account: ACCOUNTS.recovery, elsewhere: runsAt === "cleanRoom" };
  const refused = refusals(
    await declaredGraph("prod"),
    asker,
    JSON.parse(declaredNames(JSON.stringify(calls))) as Calls,
  );
  if (refused.length > 0) throw new Error(`${path} asks for what it may not do:\n${refused.join("\n")}`);
}

/** Sets up both sites with two files, and a database that refers to them. */
export async function makeRecovery(): Promise<Recovery> {
  const graph = await declaredGraph("prod");
  const dir = mkdtempSync(join(tmpdir(), "omniverse-"));
  const at = (file: string) => join(dir, file);
  for (const folder of ["scratch", "run", "kube", "aws", "psql"]) mkdirSync(at(folder));
  const write = (file: string, value: unknown) => writeFileSync(at(file), JSON.stringify(value));
  writeState(at, write);

  const answers: Recovery["answers"] = { first: true, here: true, told: true, seen: true };
  const notifications: unknown[] = [];
  const questions: string[] = [];
  const server = http.createServer((request, response) => {
    const [, who = ""] = (request.url ?? "").split("/");
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      if (who === "told" && answers.told) notifications.push(JSON.parse(body));
      if (who === "prometheus") {
        questions.push(new URL(request.url ?? "", url).searchParams.get("query") ?? "");
        const result = answers.seen === "nobody knows" ? [] : [{ value: [0, answers.seen ? "1" : "0"] }];
        response.writeHead(200).end(JSON.stringify({ status: "success", data: { result } }));
        return;
      }
      const kept = answers[who as keyof typeof answers];
      const answer = Array.isArray(kept) ? (kept.length > 1 ? kept.shift() : kept[0]) : kept;
      if (answer === "breaks") request.socket.destroy();
      else if (answer !== "hangs") response.writeHead(answer ? 200 : 503).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;

  const command = (path: PathName, step: string) => {
    const { asset } = recoveryPaths[path];
    const words = asset === "accounts" ? ["recoverAccounts.sh", step] : ["recover.sh", asset, step];
    const job = [join(jobsPath("omniverse"), words[0] ?? ""), ...words.slice(1)];
    // The doubles come first on PATH, so what goes before them is set by a shell.
    return recovery.before === "" ? job : ["bash", "-c", 'PATH=$0:$PATH exec "$@"', recovery.before, ...job];
  };
  const env = (path: PathName, step: string, more: Record<string, string> = {}) => ({
    ...environment(graph, path, step, at, url),
    ...more,
  });
  const recovery: Recovery = {
    dir,
    answers,
    notifications,
    questions,
    before: "",
    begin: (path, step, more) => start(command(path, step), { env: env(path, step, more) }),
    step: async (path, step, more) => {
      const recorded = () => callsIn({ aws: at("aws"), kubectl: at("kube") });
      const before = recorded();
      const ended = await run(command(path, step), { env: env(path, step, more), timeoutMs: 60_000 });
      await expectAllowed(path, since(before, recorded()));
      return ended;
    },
    refused: async (path, step, more) => {
      const { code, stderr } = await recovery.step(path, step, more);
      if (code !== 1) throw new Error(`${path} ${step} ended with ${code}: ${stderr}`);
      return stderr.trimEnd().split("\n").at(-1) ?? "";
    },
    steps: async (path, names, more) => {
      let last: unknown;
      for (const name of names) {
        const { code, stdout, stderr } = await recovery.step(path, name, more);
        if (code !== 0) throw new Error(`${path} ${name}: ${stderr}`);
        last = JSON.parse(stdout);
      }
      return last;
    },
    ended: (steps) => {
      recovery.json("kube/state.json", ({ objects }) => {
        const map = objects["configmap/omniverse-recovery"];
        for (const [key, value] of Object.entries(steps)) {
          map.data = { ...map.data, [key]: JSON.stringify({ at: ago(0), seconds: 1, ...value }) };
        }
      });
    },
    noted: () => recovery.json("kube/state.json").objects["configmap/omniverse-recovery"].data ?? {},
    json: (file, change) => {
      const value: unknown = JSON.parse(readFileSync(at(file), "utf8"));
      if (change) {
        change(value);
        write(file, value);
      }
      return value;
    },
    version: (bucket, key, moment, body, more = {}) => putVersion(at(`aws/${bucket}/objects`), key, moment, body, more),
    files: (bucket) => filesIn(at(`aws/${bucket}/objects`)),
    asked: () =>
      existsSync(at("aws/calls.jsonl"))
        ? readFileSync(at("aws/calls.jsonl"), "utf8")
            .split("\n")
            .filter((line) => line !== "")
            .map((line) => JSON.parse(line) as { operation: string })
        : [],
    kubectl: () =>
      readFileSync(at("kube/calls.jsonl"), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => (JSON.parse(line) as string[]).slice(3).join(" ")),
    close: () => {
      server.closeAllConnections();
      server.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  for (const bucket of [buckets.first, buckets.other]) {
    recovery.version(bucket, "a.usd", ago(1_440), "first a");
    recovery.version(bucket, "b/c d.usd", ago(480), "first b");
  }
  open.push(recovery);
  return recovery;
}
