import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import type { ResourceGraph } from "../../../../policies/graph";
import { SERVER_FOLDERS, services } from "../../../../systems/omniverse/names";
import { type ProcedureName, procedureJob } from "../../../../systems/omniverse/procedures";
import type { RunWith } from "../../../support/cronJob";
import { doublesPath, makeBucket } from "../../../support/doubles";
import { type OmniverseRun, startOmniverse } from "../../../support/omniverseRun";
import type { JobRun } from "../../../support/runToDeadline";

export const ASSETS = "company-omniverse-prod-assets";
export const COPIES = "company-omniverse-prod-backups";
/** The password of the database, with the two characters that a file of passwords escapes. */
export const PASSWORD = "canary:of\\the-database";

/** The serving site of one test: a cluster, a bucket and RDS as doubles, and something that answers at /health. */
export interface Estate extends OmniverseRun {
  /** Runs one step. */
  step(procedure: ProcedureName, step: string, runWith?: RunWith): Promise<JobRun>;
  /** Runs steps one after the other; each must end well. Returns what the last one printed. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON as the script wrote it
  steps(procedure: ProcedureName, names: readonly string[], runWith?: RunWith): Promise<any>;
  /** Runs a step that must fail; returns the last line that it said. */
  refused(procedure: ProcedureName, step: string, runWith?: RunWith): Promise<string>;
  /** Reads a JSON file of a double; a change is written back. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON of doubles
  json(file: string, change?: (value: any) => void): any;
  /** What is asked over HTTP, and how it is answered: a number is a status, `headers` what it has, anything else JSON. */
  web: { healthy: boolean; asked: string[]; answer(url: string): unknown; address: string };
  /** What was asked of the cluster, as kubectl says it. */
  kubectl(): string[];
}

const isPage = (answer: unknown): answer is { status: number; headers: Record<string, string> } =>
  typeof answer === "object" && answer !== null && "headers" in answer;

const deployment = (name: string, replicas: number) => ({
  [`deployment/${name}`]: {
    metadata: { name, labels: { app: "nucleus" } },
    spec: {
      replicas,
      template: { spec: { containers: [{ name, image: `nvidia/${name}@sha256:${"1".repeat(64)}` }] } },
    },
    status: { readyReplicas: replicas, updatedReplicas: replicas },
  },
});

/** Sets up the serving site: `port` is where its double of RDS says that PostgreSQL is; some jobs do not ask its address. */
export async function makeSite(
  graph: ResourceGraph,
  doubles: (folder: string) => {
    commands?: string[];
    env?: Record<string, string>;
    /** Of what the jobs declare, as `RunWith` has it. */
    shorter?: Record<string, string>;
    port?: number;
    asksSite?: boolean;
  } = () => ({}),
): Promise<Estate> {
  const web: Estate["web"] = { healthy: true, asked: [], answer: () => undefined, address: "" };
  const server = http.createServer((request, response) => {
    const url = decodeURIComponent(request.url ?? "");
    web.asked.push(`${request.method} ${url}`);
    const answer = web.answer(url);
    if (typeof answer === "number") response.writeHead(answer).end();
    else if (isPage(answer)) response.writeHead(answer.status, answer.headers).end();
    else if (answer !== undefined) response.writeHead(200).end(JSON.stringify(answer));
    else response.writeHead(web.healthy ? 200 : 503).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  web.address = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;

  let more: ReturnType<typeof doubles> = {};
  const run = await startOmniverse(graph, (folder) => {
    more = doubles(folder);
    return {
      commands: [...(more.commands ?? []), doublesPath()],
      replace: more.asksSite === false ? {} : { SITE_URL: `${web.address}/site` },
      ...(more.shorter ? { shorter: more.shorter } : {}),
      doubles: {
        AWS_DOUBLE_DIR: path.join(folder, "aws"),
        KUBECTL_DOUBLE_DIR: path.join(folder, "kube"),
        PSQL_DOUBLE_DIR: path.join(folder, "psql"),
        POLL_SECONDS: "0.1",
        STOP_TIMEOUT: "2s",
        START_TIMEOUT: "3s",
        ...more.env,
      },
    };
  });
  const at = (file: string) => path.join(run.folder, file);
  const write = (file: string, value: unknown) => fs.writeFileSync(at(file), JSON.stringify(value));
  for (const folder of ["aws", "kube", "psql"]) fs.mkdirSync(at(folder));
  makeBucket(at("aws"), ASSETS, { region: "eu-central-1" });
  makeBucket(at("aws"), COPIES, { region: "eu-west-1", lock: { mode: "COMPLIANCE", days: 90 } });
  write("aws/secrets.json", { "omniverse-prod-postgres": JSON.stringify({ username: "nucleus", password: PASSWORD }) });
  write("aws/rds.json", {
    "omniverse-prod": {
      DBInstanceIdentifier: "omniverse-prod",
      DBInstanceStatus: "available",
      Endpoint: { Address: "localhost", Port: more.port ?? 5432 },
      DBParameterGroups: [{ DBParameterGroupName: "omniverse-prod-postgres15", ParameterApplyStatus: "in-sync" }],
    },
  });
  write("psql/password.json", PASSWORD.replace(/[\\:]/g, "\\$&"));
  write("psql/databases.json", { localhost: { tables: { "public.assets": 1 }, references: [] } });
  write("kube/state.json", {
    objects: {
      ...Object.assign({}, ...Object.values(services).map(({ workload }) => deployment(workload, 2))),
      "configmap/omniverse-recovery": { metadata: { name: "omniverse-recovery" } },
    },
  });
  const json: Estate["json"] = (file, change) => {
    const value: unknown = JSON.parse(fs.readFileSync(at(file), "utf8"));
    if (change) {
      change(value);
      write(file, value);
    }
    return value;
  };
  const step: Estate["step"] = (procedure, name, runWith) => run.job(procedureJob(procedure, name), runWith);
  return {
    ...run,
    web,
    json,
    step,
    steps: async (procedure, names, runWith) => {
      let last: unknown;
      for (const name of names) {
        const { code, stdout, stderr } = await step(procedure, name, runWith);
        if (code !== 0) throw new Error(`${procedure} ${name} ended with ${code}: ${stderr}`);
        last = JSON.parse(stdout);
      }
      return last;
    },
    refused: async (procedure, name, runWith) => {
      const { code, stderr } = await step(procedure, name, runWith);
      if (code !== 1) throw new Error(`${procedure} ${name} ended with ${code}: ${stderr}`);
      return stderr.trimEnd().split("\n").at(-1) ?? "";
    },
    kubectl: () =>
      fs
        .readFileSync(at("kube/calls.jsonl"), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => (JSON.parse(line) as string[]).slice(3).join(" ")),
    close: () => {
      server.closeAllConnections();
      server.close();
      run.close();
    },
  };
}

/** Where the pods see the logs, on this machine. */
export const logsOf = ({ folder }: OmniverseRun, file: string): string =>
  path.join(folder, "primary", SERVER_FOLDERS.logs, file);
