import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import type { AzureAccess } from "../../../support/access/azureAccess";
import type { SimulatedAzure } from "../../../support/azure";
import type { ArmResource } from "../../../support/azure/arm";
import type { Workspace } from "../../../support/azure/databricks";
import type { Row } from "../../../support/azure/delta";
import { shell } from "../../../support/azure/shell";
import type { RunWith } from "../../../support/cronJob";
import { declaredGraph } from "../../../support/declaredGraph";
import { doublesPath, type Pushgateway } from "../../../support/doubles";
import type { JobRun } from "../../../support/runToDeadline";
import { accessOf, Running } from "./running";

/** Names of staging, which has a twentieth of production's namespaces. */
export const names = {
  written: "companystaglake",
  copy: "companystaglakecopy",
  locked: "companystaglocked",
  vault: "companystag-vault",
} as const;

/** A moment before the damage of the examples, and one after it. */
export const BEFORE = new Date(Math.floor(Date.now() / 1000) * 1000 - 3_600_000);
const minutes = (count: number) => new Date(BEFORE.getTime() + count * 60_000);

/** As whom the jobs of people run. */
export const ANALYST = "analyst@company.example";

/** An export of a workspace that holds nothing but what is given; jobs run as people where nothing else is said. */
export const exportOf = ({ jobs = [], ...lists }: Readonly<Record<string, readonly object[]>>) =>
  Object.fromEntries(
    Object.entries({
      ...{ pools: [], policies: [], warehouses: [], clusters: [], permissions: [], grants: [] },
      ...lists,
      jobs: jobs.map((job) => ({ run_as: ANALYST, ...job })),
    }).map(([list, all]) => [`${list}.json`, JSON.stringify(all)]),
  );

/** A table as whoever serves names it, and where a clone of it lies. */
export const clonedAt = (account: string, table: string) =>
  `delta.abfss://tables@${account}.dfs.core.windows.net/${table.replace(".", "/")}`;

/** Where a table lies that runs of clones keep in an account beside the tables. */
export const keptIn = (account: string, table: "clones" | "serving") =>
  `delta.abfss://tables@${account}.dfs.core.windows.net/_holdfast/${table}`;

/** Both regions as they are in a simulated Azure, and the jobs of the secondary. */
export interface Regions {
  /** Everything that is declared. */
  graph: ResourceGraph;
  /** What each identity may do, and has needed in this file so far. */
  access: AzureAccess;
  folder: string;
  azure: SimulatedAzure;
  gateway: Pushgateway;
  primary: Workspace;
  secondary: Workspace;
  /** Environment that a job is declared with. */
  env(job: string): Record<string, string>;
  /** Runs a declared job; `incident` is what somebody wrote for it. */
  job(name: string, incident?: Record<string, string>, more?: RunWith): Promise<JobRun>;
  /** Puts an export of an asset under the lock, of a moment. */
  exported(asset: string, files: Readonly<Record<string, string | Buffer>>, counts?: object): Promise<void>;
  /** Deploys an account of storage: what is declared of its networks, over what was there, which Azure keeps. */
  deployed(id: string): ArmResource;
  /** Writes commands, each the text of a shell script, into a folder for the `PATH`; returns the folder. */
  commands(name: string, scripts: Readonly<Record<string, string>>): string;
  /** Notes a step of another path, as it does when it has ended. */
  ended(step: string): void;
  /** Has a step that has ended do so some hours earlier. */
  aged(step: string, hours: number): void;
  /** What the steps have noted. */
  progress(): Record<string, string>;
  end(): void;
}

/** What a person writes for this incident. */
export function said(values: Record<string, string> = {}): Record<string, string> {
  return { INCIDENT: "7", INCIDENT_WRITTEN: `${new Date().toISOString().slice(0, 19)}Z`, ...values };
}

/** ISO without fractions. */
export const iso = (at: Date) => `${at.toISOString().slice(0, 19)}Z`;

/** Starts regions of their own for each test of a file, and closes them after it. */
export function eachInRegions(use: (regions: Regions) => void): void {
  let graph: ResourceGraph;
  let access: AzureAccess;
  let regions: Regions;
  beforeAll(async () => {
    graph = await declaredGraph("staging");
    access = accessOf(graph);
  });
  beforeEach(async () => {
    regions = await startRegions(graph, access);
    use(regions);
  });
  afterEach(() => regions.end());
}

/** How a run of a job has ended, as `done` and `says` compare it. */
export const ended = ({ code, stderr }: Pick<JobRun, "code" | "stderr">) => [code, stderr];

/** It has failed, and its log says this. */
export const says = (text: string) => [1, expect.stringContaining(text)];

/** It has done what it should. */
export const done = [0, expect.anything()];

/** Tables that the regions have at first. */
const clonedTables = ["bronze.events", "gold.daily_events"];

/** What a run notes that has found tables and cloned each to a version: as many rows as the number of that version, and one. */
export function cloneRun(tables: readonly string[], at: Date, version: number): Row[] {
  const run = at.toISOString();
  const of = (table: string, rest: Row): Row => {
    const [layer = "", name = ""] = table.split(".");
    return { run, layer, name, ...rest };
  };
  return [
    ...tables.map((table) => of(table, { captured: null, version: null, source: null, rows: null })),
    ...tables.map((table) => of(table, { captured: run, version, source: version, rows: version + 1 })),
  ];
}

/** Adds to what runs have noted in an account. */
export function noted({ secondary: { warehouse } }: Regions, account: string, rows: readonly Row[]): void {
  warehouse.add(keptIn(account, "clones"), [...warehouse.rows(keptIn(account, "clones")), ...rows], "WRITE");
}

/** Has all that runs have noted happen at one moment. */
export function clonedAll({ secondary: { warehouse } }: Regions, at: Date): void {
  for (const account of [names.copy, names.locked]) {
    const log = keptIn(account, "clones");
    const moved = warehouse.rows(log).map((row) => ({
      ...row,
      run: at.toISOString(),
      captured: row.captured === null ? null : at.toISOString(),
    }));
    warehouse.add(log, moved, "WRITE");
  }
}

/** Starts them: tables with clones 20 minutes old, pipelines that run in the primary and are paused in the secondary. */
async function startRegions(graph: ResourceGraph, access: AzureAccess): Promise<Regions> {
  const running = await Running.start(graph, access);
  const { azure, gateway, folder } = running;
  const at = (file: string) => path.join(folder, file);
  const [primary, secondary] = [azure.workspace("primary"), azure.workspace("secondary")];
  for (const [role, workspace] of Object.entries({ primary, secondary })) {
    const id = `${role}-sql`;
    workspace.warehouses.set(id, { id, name: "analytics-sql", state: "STOPPED" });
    workspace.warehouses.set(`${role}-replays`, { id: `${role}-replays`, name: "analytics-replays", state: "STOPPED" });
    declaredReplays(graph, workspace);
    for (const layer of ["bronze", "silver", "gold"]) {
      const cluster_id = `${role}-${layer}`;
      workspace.clusters.set(cluster_id, { cluster_id, cluster_name: `analytics-${layer}`, state: "TERMINATED" });
      workspace.job(`analytics-${layer}`, {
        continuous: { pause_status: workspace === primary ? "UNPAUSED" : "PAUSED" },
        tasks: [
          {
            task_key: "run",
            existing_cluster_id: cluster_id,
            notebook_task: { base_parameters: { checkpoint: `/Volumes/analytics/${layer}/checkpoints` } },
          },
        ],
      });
      workspace.warehouse.volumes.set(`analytics.${layer}.checkpoints`, `knows ${role} as it was`);
    }
  }
  for (const name of [
    "analytics-clone-copy",
    "analytics-clone-locked",
    "analytics-optimize",
    "analytics-optimize-daily",
    "analytics-vacuum",
  ])
    primary.job(name, { schedule: { quartz_cron_expression: "0 0/15 * * * ?", pause_status: "UNPAUSED" } });
  for (const name of ["analytics-first-clone-copy", "analytics-first-clone-locked"]) primary.job(name);
  const early = new Date(BEFORE.getTime() - 600_000);
  const young = new Date(Date.now() - 20 * 60_000);
  for (const account of [names.copy, names.locked]) {
    const { warehouse } = secondary;
    azure.account(account, account === names.locked ? 35 : undefined);
    for (const table of clonedTables) {
      warehouse.write(clonedAt(account, table), [{ id: 1 }], early, "CLONE");
      warehouse.write(clonedAt(account, table), [{ id: 1 }, { id: 2 }], young, "CLONE");
    }
    const first = cloneRun(clonedTables, early, 0);
    warehouse.write(keptIn(account, "clones"), first, early);
    warehouse.write(keptIn(account, "clones"), [...first, ...cloneRun(clonedTables, young, 1)], young);
    warehouse.write(keptIn(account, "serving"), []);
  }
  for (const warehouse of [primary.warehouse, secondary.warehouse])
    warehouse.knows(/^select count\(\*\).* as wrong from/i, () => [{ wrong: "0" }]);
  fs.mkdirSync(at("kube"));
  const state = {
    objects: {
      "configmap/analytics-recovery": { kind: "ConfigMap", metadata: { name: "analytics-recovery" }, data: {} },
    },
  };
  fs.writeFileSync(at("kube/state.json"), JSON.stringify(state));

  const job: Regions["job"] = (name, incident = said(), more = {}) =>
    running.job(name, {
      ...more,
      doubles: {
        KUBECTL_DOUBLE_DIR: at("kube"),
        AZURE_RETRIES: "0",
        POLL_SECONDS: "0.2",
        STEADY_SECONDS: "0.1",
        ...more.doubles,
      },
      configMaps: { "analytics-incident": incident, ...more.configMaps },
      commands: [...(more.commands ?? []), doublesPath()],
    });
  return {
    graph,
    access,
    folder,
    azure,
    gateway,
    primary,
    secondary,
    env: (name) => running.env(name),
    job,
    exported: async (asset, files, counts = { things: 1 }) => {
      const container = asset === "logs" ? "logs" : "exports";
      azure.account(names.locked, 35);
      const env = {
        STORE: `${names.locked}/${container}`,
        PREFIX: asset,
        ASSET: `analytics/${asset}`,
        SCRATCH_DIR: ".",
        REQUIRED_LOCK_DAYS: "35",
      };
      const write = Object.entries(files).map(([name, text]) => {
        const whole = at(`export-${name.replaceAll("/", "-")}`);
        fs.writeFileSync(whole, text);
        return `mkdir -p "content/$(dirname '${name}')"; cp '${whole}' 'content/${name}'`;
      });
      const done = await shell(azure, `${write.join("\n")}\npoint_put content '${JSON.stringify(counts)}'`, env);
      if (done.code !== 0) throw new Error(done.stderr);
      // A moment that people write has no fractions: the next whole one is later than this export.
      await sleep(1_005 - (Date.now() % 1_000));
    },
    deployed: (id) => {
      const one = graph.resources.find(
        ({ type, props }) => type.endsWith(":StorageAccount") && id.endsWith(`/${String(props.accountName)}`),
      );
      if (!one) throw new Error(`no account ${id} is declared`);
      const { networkRuleSet, publicNetworkAccess } = one.props as {
        networkRuleSet: { virtualNetworkRules: { virtualNetworkResourceId: string }[] };
        publicNetworkAccess?: string;
      };
      const { virtualNetworkRules, ...rules } = networkRuleSet;
      const networks = virtualNetworkRules.map((rule) => ({ id: rule.virtualNetworkResourceId, action: "Allow" }));
      const known = azure.arm.ids().includes(id) ? azure.arm.get(id) : azure.arm.put(id);
      known.properties = {
        ...known.properties,
        ...(publicNetworkAccess === undefined ? {} : { publicNetworkAccess }),
        networkAcls: { ...known.properties.networkAcls, ...rules, virtualNetworkRules: networks },
      };
      return known;
    },
    commands: (name, scripts) => {
      const into = at(`commands-${name}`);
      fs.mkdirSync(into, { recursive: true });
      for (const [file, script] of Object.entries(scripts))
        fs.writeFileSync(path.join(into, file), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      return into;
    },
    ended: (step) => {
      const whole = JSON.parse(fs.readFileSync(at("kube/state.json"), "utf8"));
      whole.objects["configmap/analytics-recovery"].data[step] = JSON.stringify({ at: new Date().toISOString() });
      fs.writeFileSync(at("kube/state.json"), JSON.stringify(whole));
    },
    aged: (step, hours) => {
      const whole = JSON.parse(fs.readFileSync(at("kube/state.json"), "utf8"));
      const { data } = whole.objects["configmap/analytics-recovery"];
      const noted = JSON.parse(data[step]);
      const earlier = `${new Date(Date.parse(noted.at) - hours * 3_600_000).toISOString().slice(0, 19)}Z`;
      data[step] = JSON.stringify({ ...noted, at: earlier });
      fs.writeFileSync(at("kube/state.json"), JSON.stringify(whole));
    },
    progress: () =>
      JSON.parse(fs.readFileSync(at("kube/state.json"), "utf8")).objects["configmap/analytics-recovery"].data,
    end: () => running.end(),
  };
}

/** Gives a workspace the job that reads events again, and its notebook, as they are declared. */
function declaredReplays({ resources }: ResourceGraph, workspace: Workspace): void {
  const of = (type: string, name: string) =>
    resources.find((one) => one.type.endsWith(type) && one.name.endsWith(name));
  const { name, parameters, tasks } = of(":Job", "-replays")?.props ?? {};
  const [{ notebookTask }] = tasks as [{ notebookTask: { notebookPath: string } }];
  const notebook = of(":Notebook", "-notebook-replay")?.props ?? {};
  workspace.job(String(name), { parameters, tasks: [{ notebook_task: { notebook_path: notebookTask.notebookPath } }] });
  workspace.notebooks.set(String(notebook.path), Buffer.from(String(notebook.contentBase64), "base64").toString());
}

/** Volumes of a workspace by name, each with what a pipeline has noted there, in the order of its layers. */
export function checkpointsOf({ warehouse: { volumes } }: Workspace): [name: string, content: string][] {
  const layer = ([name]: [string, string]) => ["bronze", "silver", "gold"].indexOf(name.split(".")[1] ?? "");
  return [...volumes].sort((one, other) => layer(one) - layer(other) || one[0].localeCompare(other[0]));
}

/** Writes a table of the primary with a version before the damage and one after it. */
export function damaged({ primary }: Regions): void {
  for (const table of ["analytics.bronze.events", "analytics.gold.daily_events"]) {
    primary.warehouse.write(table, [{ id: 1 }], minutes(-30));
    primary.warehouse.write(table, [{ id: 1 }, { id: 2 }], minutes(-1));
    primary.warehouse.write(table, [{ id: null }], minutes(5));
  }
}
