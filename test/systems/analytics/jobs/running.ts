import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { ResourceGraph } from "../../../../policies/graph";
import { AzureAccess, ROOM_CLIENT } from "../../../support/access/azureAccess";
import { grantedToOwner } from "../../../support/access/sparkRights";
import { type SimulatedAzure, startAzure } from "../../../support/azure";
import { FEDERATED_TOKEN } from "../../../support/azure/directory";
import { identityIn } from "../../../support/azure/shell";
import { metadataOf, objectsOf, Pods, type RunWith, serviceAccountOf } from "../../../support/cronJob";
import { type Pushgateway, startPushgateway } from "../../../support/doubles";
import type { JobRun } from "../../../support/runToDeadline";
import { containerOf } from "../../declared";

const clusters = ["analytics-primary", "analytics-secondary"] as const;

/** Providers of Databricks by the simulated workspaces that stand for theirs. */
const workspaces = { primary: "analytics-primary-workspace", secondary: "analytics-secondary-workspace" };

/** What no job may show. */
export const secrets = [FEDERATED_TOKEN, "canary-token-"];

/** The rights of all identities, for all tests of a file: what each needed is known at its end. */
export function accessOf(graph: ResourceGraph): AzureAccess {
  return new AzureAccess(graph, workspaces);
}

/** Both regions' clusters as folders, with a Pushgateway and a simulated Azure that lets each job do what it may. */
export class Running {
  private constructor(
    private readonly graph: ResourceGraph,
    private readonly access: AzureAccess,
    readonly azure: SimulatedAzure,
    readonly gateway: Pushgateway,
    /** Everything of this machine that the tests write. */
    readonly folder: string,
  ) {}

  /** Starts them; both workspaces are there, and empty. */
  static async start(graph: ResourceGraph, access = accessOf(graph)): Promise<Running> {
    const folder = fs.mkdtempSync(path.join(tmpdir(), "analytics-"));
    const [azure, gateway] = await Promise.all([startAzure(), startPushgateway()]);
    for (const [workspace, provider] of Object.entries(workspaces))
      azure.workspace(workspace).granted = grantedToOwner(graph, provider);
    access.guard(azure);
    return new Running(graph, access, azure, gateway, folder);
  }

  /** Environment that a job is declared with. @throws Error when no region runs it. */
  env(name: string): Record<string, string> {
    return this.declared(name).env;
  }

  /** A variable of a declared job. @throws Error when it has none. */
  value(name: string, variable: string): string {
    const value = this.env(name)[variable];
    if (value === undefined) throw new Error(`${name} has no ${variable}`);
    return value;
  }

  /** Runs a declared job where it is declared, as who it is. @throws Error when it shows a secret. */
  async job(name: string, more: RunWith = {}): Promise<JobRun> {
    const { cluster, env } = this.declared(name);
    const client =
      env.WAY === "room" ? ROOM_CLIENT : this.access.clientOf(cluster, serviceAccountOf(this.graph, cluster, name));
    const { AZURE_TENANT_ID = "", ...identity } = identityIn(this.folder, client);
    const known = { ...this.azure.addresses("primary"), AZURE_TENANT_ID, PUSHGATEWAY_URL: this.gateway.url };
    const replace = Object.entries(env).flatMap(([key, value]) => {
      if (key.endsWith("DATABRICKS_URL")) return [[key, this.azure.databricksUrl(workspaceAt(value))]];
      return key in known ? [[key, known[key as keyof typeof known]]] : [];
    });
    const pods = new Pods(this.graph, cluster, path.join(this.folder, cluster));
    const run = await pods.run(name, {
      ...more,
      replace: { ...Object.fromEntries(replace), ...more.replace },
      // What the cluster's webhook gives a pod that has an identity.
      doubles: { ...identity, AZURE_POLL: "0.02", AZURE_RETRIES: "1", ...more.doubles },
    });
    for (const secret of secrets)
      if ((run.stdout + run.stderr).includes(secret)) throw new Error(`${name} shows ${secret}`);
    return run;
  }

  /** @throws Error when a job did what it may not. */
  end(): void {
    this.azure.stop();
    this.gateway.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
    const refused = this.access.refused.splice(0);
    if (refused.length > 0) throw new Error(`not allowed by what is declared:\n${[...new Set(refused)].join("\n")}`);
  }

  private declared(name: string): { cluster: string; env: Record<string, string> } {
    for (const cluster of clusters) {
      const found = objectsOf(this.graph, cluster).find(
        (one) => one.type.endsWith(":CronJob") && metadataOf(one).name === name,
      );
      if (found) return { cluster, env: Object.fromEntries(containerOf(found).env) };
    }
    throw new Error(`no region runs ${name}`);
  }
}

/** As the stacks number their workspaces: odd ones work, even ones stand by. */
function workspaceAt(url: string): keyof typeof workspaces {
  return /adb-(2+|4+)\./.test(url) ? "secondary" : "primary";
}
