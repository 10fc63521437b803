import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kubernetesVersion } from "../../tools/kubernetes";
import { type EngineResult, type EngineRun, runEngines, type StateResource } from "../support/engine/run";
import { connect, type KubeClient, type KubeObject } from "../support/kube/client";
import { type Cluster, startCluster } from "../support/kube/cluster";
import { judgedOn, root } from "../support/parity";

const state = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-clusters-"));

/** Contexts of staging's sites; who suspends a backup does so at the first. */
const contexts = ["staging-eu-central-1", "staging-eu-west-1", "staging-westeurope", "staging-northeurope"] as const;

const judged: Partial<EngineRun> = {
  policyPack: path.join(root, "policies"),
  policyConfig: { holdfast: { asOf: judgedOn } },
};

const running: Cluster[] = [];
let clients: KubeClient[] = [];
let staging: EngineRun;

beforeAll(async () => {
  for (const _ of contexts) running.push(await startCluster());
  clients = running.map(connect);
  const clusters = Object.fromEntries(
    running.map(({ url, authority, token }, index) => [contexts[index], { url, authority, token }]),
  );
  staging = {
    program: root,
    stack: "staging",
    config: {},
    configFile: path.join(root, "Pulumi.staging.yaml"),
    // What a preview asks of the API server is in kubernetesProvider.test.ts; here it would ask for everything twice.
    operation: "bare-up",
    state,
    saves: "at the end",
    provider: { clusters },
  };
});

afterAll(async () => {
  for (const client of clients) client.close();
  await Promise.all(running.map((cluster) => cluster.stop()));
  fs.rmSync(state, { recursive: true, force: true });
});

const objectsIn = ({ resources }: EngineResult): StateResource[] =>
  resources.filter(({ type }) => type.startsWith("kubernetes:"));

const changed = ({ calls }: EngineResult): string[] =>
  calls.filter(({ method, preview }) => method !== "read" && !preview).map(({ method, name }) => `${method} ${name}`);

describe(`staging, deployed by the engine to four API servers of Kubernetes ${kubernetesVersion}`, () => {
  let first: EngineResult;
  let second: EngineResult;

  beforeAll(async () => {
    const results = await runEngines([{ ...staging, ...judged }, staging]);
    [first, second] = results as [EngineResult, EngineResult];
  });

  it("is accepted as a whole, without a warning, and keeps every promise afterwards", () => {
    expect(first).toMatchObject({ code: 0, errors: [], policyViolations: [] });
    expect(first.warnings.filter((text) => !text.startsWith("using pulumi-analyzer-policy-nodejs"))).toEqual([]);
    expect(objectsIn(first).length).toBeGreaterThan(100);
  });

  it("is there as the engine's state has it", async () => {
    for (const { id, inputs, outputs } of objectsIn(first)) {
      const { apiVersion, kind } = inputs as Pick<KubeObject, "apiVersion" | "kind">;
      const [name = "", namespace] = (id ?? "").split("/").reverse();
      const metadata = namespace === undefined ? { name } : { name, namespace };
      const found = await Promise.all(clients.map((client) => client.get({ apiVersion, kind, metadata })));
      const uids = found.map((answer) => (answer.ok ? answer.object.metadata.uid : undefined));
      expect(uids, `${kind} ${id}`).toContain((outputs as KubeObject).metadata.uid);
    }
  });

  it("changes nothing the second time", () => {
    expect(second).toMatchObject({ code: 0, errors: [], warnings: [] });
    expect(changed(second)).toEqual([]);
  });

  it("tells by a refresh that somebody suspended a backup, and of nothing else", async () => {
    const before = inputsIn(first);
    const urn = Object.keys(before).find((one) => one.endsWith("::omendb-primary-backup-incremental-cron")) ?? "";
    const { apiVersion, kind, metadata } = before[urn] as KubeObject;
    const { name, namespace } = metadata;
    const suspended = { apiVersion, kind, metadata: { name, namespace: `${namespace}` }, spec: { suspend: true } };
    const said = await clients[0]?.apply(suspended, { fieldManager: "somebody", force: true });
    expect(said).toMatchObject({ ok: true });
    const [refreshed] = await runEngines([{ ...staging, operation: "refresh" }]);
    expect(refreshed?.code).toBe(0);
    const after = inputsIn(refreshed as EngineResult);
    expect(after[urn]).toMatchObject({ spec: { suspend: true } });
    expect({ ...after, [urn]: undefined }).toEqual({ ...before, [urn]: undefined });
  });
});

/** By URN; every encryption of a value has another text. */
function inputsIn(result: EngineResult): Record<string, unknown> {
  const inputs = Object.fromEntries(objectsIn(result).map((one) => [one.urn, one.inputs]));
  return JSON.parse(JSON.stringify(inputs), (name, value) => (name === "ciphertext" ? "" : value)) as typeof inputs;
}
