import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { ResourceGraph } from "../../../../policies/graph";
import { type SimulatedAzure, startAzure } from "../../../support/azure";
import { FEDERATED_TOKEN } from "../../../support/azure/directory";
import { identityIn } from "../../../support/azure/shell";
import { metadataOf, objectsOf, Pods } from "../../../support/cronJob";
import { type Pushgateway, startPushgateway } from "../../../support/doubles";
import type { JobRun } from "../../../support/runToDeadline";

/** Both clusters, a simulated Azure and a Pushgateway: what the jobs that measure call. */
export interface Measured {
  azure: SimulatedAzure;
  gateway: Pushgateway;
  /** Runs a declared job where it is declared; its other variables are as declared. */
  job(name: string, values?: Record<string, string>): Promise<JobRun>;
  /** A variable of a declared job. */
  env(name: string, variable: string): string;
  end(): void;
}

type Container = { env: { name: string; value?: string }[] };

export async function measured(graph: ResourceGraph): Promise<Measured> {
  const folder = fs.mkdtempSync(path.join(tmpdir(), "analytics-"));
  const [azure, gateway] = await Promise.all([startAzure(), startPushgateway()]);
  azure.workspace("primary");
  const { AZURE_TENANT_ID = "", ...identity } = identityIn(folder);
  const where = (name: string) => {
    for (const cluster of ["analytics-primary", "analytics-secondary"]) {
      const found = objectsOf(graph, cluster).find(
        (one) => one.type.endsWith(":CronJob") && metadataOf(one).name === name,
      );
      if (found === undefined) continue;
      const { jobTemplate } = found.props.spec as unknown as {
        jobTemplate: { spec: { template: { spec: { containers: Container[] } } } };
      };
      const [container] = jobTemplate.spec.template.spec.containers;
      return { cluster, env: Object.fromEntries((container?.env ?? []).map((one) => [one.name, one.value ?? ""])) };
    }
    throw new Error(`no cluster runs ${name}`);
  };
  return {
    azure,
    gateway,
    job: async (name, values = {}) => {
      const { cluster, env } = where(name);
      const known = { ...azure.addresses("primary"), AZURE_TENANT_ID, PUSHGATEWAY_URL: gateway.url, ...values };
      const run = await new Pods(graph, cluster, path.join(folder, cluster)).run(name, {
        replace: Object.fromEntries(Object.entries(known).filter(([key]) => key in env)),
        doubles: { ...identity, AZURE_POLL: "0.1", AZURE_RETRIES: "1" },
      });
      for (const secret of [FEDERATED_TOKEN, "canary-token-"])
        if ((run.stdout + run.stderr).includes(secret)) throw new Error(`${name} shows ${secret}`);
      return run;
    },
    env: (name, variable) => {
      const value = where(name).env[variable];
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
