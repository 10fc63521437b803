import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parseAllDocuments } from "yaml";
import { ensureOperatorCrds } from "../../tools/crds";
import { kubernetesVersion } from "../../tools/kubernetes";
import { type Answer, connect, type KubeClient, type KubeObject } from "../support/kube/client";
import { clusterForAll } from "../support/kube/forAll";
import { root } from "../support/parity";
import type { Value, Values } from "../support/provider/values";

const folder = path.join(root, "deploy/operator");

function manifestsIn(file: string): KubeObject[] {
  const text = readFileSync(path.join(folder, file), "utf8");
  return parseAllDocuments(text).map((one) => one.toJS() as KubeObject);
}

const stackFiles = readdirSync(folder).filter((file) => manifestsIn(file).some(({ kind }) => kind === "Stack"));
const stacks = stackFiles.flatMap(manifestsIn);
const omendb = stacks.find(({ metadata }) => metadata.name === "omendb") as KubeObject;
const passed = "4fc09e4a1b2c3d4e5f60718293a4b5c6d7e8f901";

/** What to set in a `spec`, or to take away. */
type Change = Record<string, Value | undefined>;

function withSpec(object: KubeObject, change: Change): KubeObject {
  const spec = Object.entries({ ...(object.spec as Values), ...change }).filter(([, value]) => value !== undefined);
  return { ...object, spec: Object.fromEntries(spec) as Values };
}

const shared = clusterForAll();
let gate: KubeClient;
let administrator: KubeClient;

beforeAll(async () => {
  const { url, authority, token } = shared.cluster;
  const member = (user: string, ...groups: string[]) => connect({ url, authority, token, as: { user, groups } });
  gate = member("gate-of-prod", "holdfast-prod-gate", "system:authenticated");
  administrator = member("somebody", "system:masters");
  for (const definition of ensureOperatorCrds()) {
    await made(definition as unknown as KubeObject);
  }
  await vi.waitUntil(() => shared.client.serves("pulumi.com/v1", "Stack"), { timeout: 30_000 });
  for (const object of manifestsIn("access.yaml")) await made(object);
});

afterAll(() => {
  gate?.close();
  administrator?.close();
});

async function made(object: KubeObject): Promise<void> {
  expect(await shared.client.apply(object), `${object.kind} ${object.metadata.name}`).toMatchObject({
    ok: true,
    warnings: [],
  });
}

const tried = (object: KubeObject) => shared.client.apply(object, { dryRun: true });

describe(`the Stacks, before Kubernetes ${kubernetesVersion} itself with the kinds of the operator's 1.16`, () => {
  it("are accepted by strict validation, without a warning", async () => {
    expect(stacks.length).toBeGreaterThanOrEqual(2);
    for (const stack of stacks) expect(await tried(stack)).toMatchObject({ ok: true, warnings: [] });
  });

  it.each<[string, Change, RegExp]>([
    ["a field that there is not", { destroyOnFinalise: false }, /spec\.destroyOnFinalise: field not declared/],
    ["a field of version 2 alone", { serviceAccountName: "omendb" }, /serviceAccountName: field not declared/],
    ["a field of version 2's preview alone", { preview: true }, /spec\.preview: field not declared/],
    ["a value of another type", { refresh: "yes" }, /spec\.refresh: Invalid value|expected bool/],
    ["no stack", { stack: undefined }, /spec\.stack: Required value/],
    ["a prerequisite without a name", { prerequisites: [{}] }, /spec\.prerequisites\[0\]\.name: Required value/],
    ["a variable of no kind", { envRefs: { AWS_REGION: { literal: { value: "x" } } } }, /AWS_REGION\.type: Required/],
  ])("are refused with %s", async (_title, change, message) => {
    expect(await tried(withSpec(omendb, change))).toMatchObject({ ok: false, message: expect.stringMatching(message) });
  });
});

describe("once the cluster holds the Stacks to what passed", () => {
  const apply = (client: KubeClient, change: Change = {}) =>
    client.apply(withSpec(omendb, { commit: passed, ...change }), { fieldManager: "holdfast-gate", force: true });

  beforeAll(async () => {
    for (const object of manifestsIn("admission.yaml")) await made(object);
    // The API server takes a moment to see a policy of its own.
    const refuses = async () => !(await tried(withSpec(omendb, { destroyOnFinalize: true }))).ok;
    await vi.waitUntil(refuses, { timeout: 30_000 });
  });

  it("the gate writes a commit, and writes the next", async () => {
    expect(await apply(gate)).toMatchObject({ ok: true, warnings: [], object: { spec: { commit: passed } } });
    const next = "0123456789".repeat(4);
    expect(await apply(gate, { commit: next })).toMatchObject({ ok: true, object: { spec: { commit: next } } });
  });

  it("nobody else does, not even an administrator", async () => {
    expect(said(await apply(administrator, { commit: "e".repeat(40) }))).toContain(
      "spec may be changed by the group holdfast-prod-gate alone, got somebody",
    );
  });

  it("the operator can still note on a Stack that it looks after it", async () => {
    const { apiVersion, kind, metadata } = omendb;
    const finalizers: Value = ["finalizer.stack.pulumi.com"];
    const noted = { apiVersion, kind, metadata: { name: metadata.name, namespace: "holdfast-prod", finalizers } };
    expect(await administrator.apply(noted, { fieldManager: "operator" })).toMatchObject({
      ok: true,
      object: { metadata: { finalizers } },
    });
  });

  it.each<[string, Change, string]>([
    ["a branch", { commit: undefined, branch: "main" }, "spec.commit must be the whole hash"],
    ["a branch beside the commit", { branch: "main" }, "spec.branch, fluxSource and programRef must not be set"],
    ["a part of a hash", { commit: passed.slice(0, 7) }, "spec.commit must be the whole hash"],
    ["a program within the cluster", { programRef: { name: "any" } }, "they deploy what no gate has seen"],
    ["an end that deletes everything", { destroyOnFinalize: true }, "deleting an object must not delete a system"],
    ["a part of the program", { targets: ["urn:pulumi:a::b::c::d"] }, "spec.targets must not be set"],
  ])("not even the gate deploys %s", async (_title, change, message) => {
    expect(said(await apply(gate, change))).toContain(message);
  });

  it.each<[string, (object: KubeObject) => Promise<Answer>]>([
    ["delete a Stack", () => gate.remove(omendb)],
    ["read the repository's token", () => gate.get(secret("repository"))],
    ["make a service account its own", () => gate.apply({ ...secret("omendb"), kind: "ServiceAccount" })],
    ["write to another namespace", () => gate.apply(inNamespace("default"))],
  ])("the gate cannot %s", async (_title, attempt) => {
    expect(await attempt(omendb)).toMatchObject({ ok: false, code: 403 });
  });

  it("the Stacks of other namespaces are not its business", async () => {
    expect(await tried({ ...inNamespace("default"), spec: { stack: "other", branch: "main" } })).toMatchObject({
      ok: true,
    });
  });
});

const secret = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "holdfast-prod" },
});

const inNamespace = (namespace: string): KubeObject => ({
  ...omendb,
  metadata: { name: omendb.metadata.name, namespace },
});

function said(answer: Answer): string {
  return answer.ok ? "accepted" : answer.message;
}
