import * as fs from "node:fs";
import * as path from "node:path";
import type { Call } from "../provider/behaviour";
import { clustersOf } from "../provider/kubernetes";
import { startSimulatedProvider } from "../provider/server";
import { perform } from "./perform";
import type { ChildRun, EngineResult } from "./run";
import { startedBy } from "./startedBy";

// The SDK notes a stack with every promise, hundreds of thousands a run, and each is looked up in the source maps: an
// eighth of this process's time. Positions in a stack are those of the compiled text instead, line by line the same.
process.setSourceMapsEnabled(false);

/** The folder that holds `runs.json` and receives `0.json` and so on. */
const exchange = process.argv[2] ?? ".";

async function main(): Promise<void> {
  const runs = JSON.parse(fs.readFileSync(path.join(exchange, "runs.json"), "utf8")) as ChildRun[];
  for (const [index, run] of runs.entries()) {
    const started = Date.now();
    const result: EngineResult = {
      code: 0,
      killed: false,
      stdout: "",
      stderr: "",
      policyViolations: [],
      errors: [],
      warnings: [],
      eventLog: "",
      resources: [],
      pending: [],
      calls: [],
      took: 0,
    };
    const write = () => {
      result.took = Date.now() - started;
      const file = path.join(exchange, `${index}.json`);
      fs.writeFileSync(`${file}.part`, JSON.stringify(result));
      fs.renameSync(`${file}.part`, file);
    };
    fs.mkdirSync(run.state, { recursive: true });
    const clusters = clustersOf(run.provider?.clusters ?? {}, (warning) => result.warnings.push(warning));
    const killer = (after: boolean) => (call: Call) => {
      const { killAt } = run;
      if (killAt === undefined || call.preview || (killAt.before ?? false) === after) return;
      if (killAt.method !== call.method || killAt.name !== call.name) return;
      result.killed = true;
      write();
      killAll();
    };
    const provider = await startSimulatedProvider({
      backendOf: clusters.backendOf,
      behaviour: run.provider ?? {},
      folder: run.state,
      calls: result.calls,
      onCall: killer(false),
      onDone: killer(true),
    });
    try {
      await perform(run, result, provider.debugProviders);
    } finally {
      provider.close();
      clusters.close();
    }
    write();
  }
}

/** This process and all that it started: the engine gives its plugins process groups of their own. */
function killAll(): void {
  for (const one of startedBy(process.pid)) {
    try {
      process.kill(one, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
  process.kill(-process.pid, "SIGKILL");
}

process.stdin.on("end", killAll).resume();
main().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    process.exit(1);
  },
);
