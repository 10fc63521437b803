import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ResourceGraph } from "../../policies/graph";
import { jobNames } from "../../systems/omniverse/names";
import { callsIn, refusals, since } from "./access/asked";
import { Pods, type RunWith, serviceAccountOf } from "./cronJob";
import { type Pushgateway, startPushgateway } from "./doubles";
import type { JobRun } from "./runToDeadline";

/** The two sites of Omniverse as folders, with a Pushgateway. */
export interface OmniverseRun {
  folder: string;
  gateway: Pushgateway;
  /**
   * Runs a declared job where it runs by itself, or at the site that is named: what sleeps at the second is woken there.
   * @throws Error when it asked AWS or the cluster for what its service account may not do.
   */
  job(name: string, runWith?: RunWith, at?: "primary" | "secondary"): Promise<JobRun>;
  /** Writes commands, each the text of a shell script, into a folder for the `PATH`; returns the folder. */
  commands(name: string, scripts: Readonly<Record<string, string>>): string;
  /** Everything the jobs said. */
  said(): string;
  close(): void;
}

/** The site that runs a job, where both might declare it: the one at which it is of use. */
function siteOf(job: string): "primary" | "secondary" {
  return /-drill-|-in-secondary-|-in-clean-room-|-stand-down-|-follow-again-|-promote-replica-/.test(job)
    ? "secondary"
    : "primary";
}

/** What every run gets besides: addresses and commands, made from the folder of the test. */
export async function startOmniverse(
  graph: ResourceGraph,
  everyRun: (folder: string) => RunWith = () => ({}),
): Promise<OmniverseRun> {
  // Short: the path of a socket below it has 107 characters at most.
  const folder = fs.mkdtempSync(path.join(tmpdir(), "omni-"));
  const gateway = await startPushgateway();
  const always = everyRun(folder);
  const runWith = { ...always, replace: { PUSHGATEWAY_URL: gateway.url, ...always.replace } };
  const sites = ["primary", "secondary"].map(
    (cluster) => new Pods(graph, cluster, path.join(folder, cluster), runWith),
  );
  const [primary, secondary] = sites;
  const runs: JobRun[] = [];
  return {
    folder,
    gateway,
    job: async (name, more, at) => {
      // A copy of the assets holds a whole second: one that is to hold what a dump refers to begins in the next.
      if (name === jobNames.assets) await sleep(1_000 - (Date.now() % 1_000));
      const cluster = at ?? siteOf(name);
      const pods = cluster === "secondary" ? secondary : primary;
      const { AWS_DOUBLE_DIR: aws, KUBECTL_DOUBLE_DIR: kubectl } = { ...always.doubles, ...more?.doubles };
      const before = callsIn({ aws, kubectl });
      const run = await pods?.run(name, more);
      if (!run) throw new Error(`no site runs ${name}`);
      runs.push(run);
      const asker = {
        cluster,
        account: serviceAccountOf(graph, cluster, name),
        elsewhere: name.includes("-in-clean-room-"),
      };
      const refused = refusals(graph, asker, since(before, callsIn({ aws, kubectl })));
      if (refused.length > 0) throw new Error(`${name} asks for what it may not do:\n${refused.join("\n")}`);
      return run;
    },
    commands: (name, scripts) => {
      const into = path.join(folder, `commands-${name}`);
      fs.mkdirSync(into, { recursive: true });
      for (const [file, script] of Object.entries(scripts)) {
        fs.writeFileSync(path.join(into, file), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      }
      return into;
    },
    said: () => runs.map(({ stdout, stderr }) => stdout + stderr).join(""),
    close: () => {
      gateway.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
