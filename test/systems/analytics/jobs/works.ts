import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { ResourceGraph } from "../../../../policies/graph";
import { type SimulatedAzure, startAzure } from "../../../support/azure";
import { FEDERATED_TOKEN } from "../../../support/azure/directory";
import { identityIn } from "../../../support/azure/shell";
import { metadataOf, objectsOf, Pods, type RunWith } from "../../../support/cronJob";
import { type Pushgateway, startPushgateway } from "../../../support/doubles";
import type { JobRun } from "../../../support/runToDeadline";

/** Both regions' clusters as folders, with a simulated Azure and a Pushgateway. */
export interface Works {
  azure: SimulatedAzure;
  gateway: Pushgateway;
  /** Runs a declared job where it is declared. */
  job(name: string, runWith?: RunWith): Promise<JobRun>;
  /** A variable of a declared job. @throws Error when it has none. */
  env(name: string, variable: string): string;
  end(): void;
}

/** Everything the jobs said holds none of this. */
export const secrets = [FEDERATED_TOKEN, "canary-token-"];

export async function makeWorks(graph: ResourceGraph): Promise<Works> {
  const folder = fs.mkdtempSync(path.join(tmpdir(), "analytics-"));
  const [azure, gateway] = await Promise.all([startAzure(), startPushgateway()]);
  for (const region of ["primary", "secondary"]) azure.workspace(region);
  const { AZURE_TENANT_ID: tenant = "", ...identity } = identityIn(folder);
  const { DATABRICKS_URL: _, ...addresses } = azure.addresses("primary");
  const runs: JobRun[] = [];
  const sites = (["primary", "secondary"] as const).map((region) => ({
    region,
    cluster: `analytics-${region}`,
    pods: new Pods(graph, `analytics-${region}`, path.join(folder, region)),
  }));
  const declared = (name: string) => {
    for (const site of sites) {
      const found = objectsOf(graph, site.cluster).find(
        (one) => one.type.endsWith(":CronJob") && metadataOf(one).name === name,
      );
      if (found) return { ...site, env: envOf(found.props.spec) };
    }
    throw new Error(`no region runs ${name}`);
  };
  return {
    azure,
    gateway,
    job: async (name, more = {}) => {
      const { pods, env } = declared(name);
      // As the stacks number their workspaces: odd ones work, even ones stand by.
      const workspace = /adb-(2+|4+)\./.test(env.DATABRICKS_URL ?? "") ? "secondary" : "primary";
      const all: Record<string, string> = {
        ...addresses,
        AZURE_TENANT_ID: tenant,
        DATABRICKS_URL: azure.databricksUrl(workspace),
        PUSHGATEWAY_URL: gateway.url,
      };
      const replace = Object.fromEntries(Object.entries(all).filter(([key]) => key in env));
      const run = await pods.run(name, {
        ...more,
        replace: { ...replace, ...more.replace },
        // What the cluster's webhook gives a pod that has an identity.
        doubles: { ...identity, AZURE_POLL: "0.1", AZURE_RETRIES: "1", ...more.doubles },
      });
      runs.push(run);
      const said = run.stdout + run.stderr;
      for (const secret of secrets) if (said.includes(secret)) throw new Error(`${name} shows ${secret}`);
      return run;
    },
    env: (name, variable) => {
      const value = declared(name).env[variable];
      if (value === undefined) throw new Error(`${name} has no ${variable}`);
      return value;
    },
    end: () => {
      azure.stop();
      gateway.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function envOf(spec: unknown): Record<string, string> {
  const { jobTemplate } = spec as { jobTemplate: { spec: { template: { spec: { containers: Container[] } } } } };
  const [container] = jobTemplate.spec.template.spec.containers;
  return Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value ?? ""]));
}

interface Container {
  env: { name: string; value?: string }[];
}
