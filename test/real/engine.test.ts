import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensurePulumi, pulumiVersion } from "../../tools/pulumi";
import type { Seen } from "../support/engine/fixture-pack/index";
import {
  type EngineResult,
  type EngineRun,
  type Operation,
  runEngine,
  type StateResource,
} from "../support/engine/run";

const support = path.join(__dirname, "../support/engine");
const state = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-engine-test-"));
const out = path.join(state, "seen.json");

/** The one place that says which program and pack these tests run. */
const fixture: Pick<EngineRun, "program" | "policyPack" | "stack" | "config"> = {
  program: path.join(support, "fixture-program"),
  policyPack: path.join(support, "fixture-pack"),
  stack: "prod",
  config: {
    kubeconfig: { value: "KUBE-CANARY", secret: true },
    key: { value: "KEY-CANARY", secret: true },
  },
};

function run(operation: Operation, changes: Partial<EngineRun> = {}): Promise<EngineResult> {
  return runEngine({ ...fixture, operation, policyConfig: { holdfast: { asOf: "2026-11-01", out } }, ...changes });
}

function seen(): Seen {
  return JSON.parse(fs.readFileSync(out, "utf8")) as Seen;
}

/** In the file that the fixture pack writes. */
const unknown = "(unknown)";

function found<T extends { urn: string }>(resources: readonly T[], name: string): T {
  const resource = resources.find(({ urn }) => urn.endsWith(`::${name}`));
  if (!resource) throw new Error(`no resource ${name}`);
  return resource;
}

const happened = (result: EngineResult) =>
  result.calls.filter((call) => !call.preview).map((call) => `${call.method} ${call.name}`);

let preview: EngineResult;
let first: Seen;

beforeAll(async () => {
  await ensurePulumi();
  preview = await run("preview");
  first = seen();
});

afterAll(() => fs.rmSync(state, { recursive: true, force: true }));

describe(`the Pulumi engine ${pulumiVersion}, with a simulated provider`, () => {
  it("stops `up` on a mandatory violation before anything is created", async () => {
    const config = { ...fixture.config, schedule: { value: "* * * * *" } };
    const result = await run("up", { config });
    expect(result.code).not.toBe(0);
    expect(result.policyViolations).toEqual([
      {
        policy: "schedule-is-bounded",
        level: "mandatory",
        message: expect.stringContaining("orders-cron: spec.schedule must leave time between runs, got * * * * *"),
        urn: expect.stringMatching(/CronJob::orders-cron$/),
      },
    ]);
    expect(happened(result)).toEqual([]);
    expect(result.stateText).toBeUndefined();
  });

  it("shows a stack policy options, parents, providers, registered outputs and dependencies at preview", () => {
    expect(preview).toMatchObject({ code: 0, policyViolations: [], errors: [] });
    const { asOf, resources } = first;
    expect(asOf).toBe("2026-11-01");
    const cron = found(resources, "orders-cron");
    const bucket = found(resources, "orders-bucket");
    expect(cron).toMatchObject({
      parent: found(resources, "orders").urn,
      ignoreChanges: ["spec.suspend"],
      provider: { name: "cluster", props: { context: "cluster-1" } },
      dependencies: expect.arrayContaining([bucket.urn]),
      props: { spec: { schedule: "0 2 * * *", concurrencyPolicy: "Forbid" } },
    });
    expect(Object.keys(cron.propertyDependencies).sort()).toEqual(["metadata", "spec"]);
    // The engine hands nested provider arguments on as JSON text.
    expect(bucket.provider?.props).toMatchObject({ region: "eu-central-1", allowedAccountIds: '["123456789012"]' });
    expect(found(resources, "loose")).toMatchObject({
      protect: true,
      provider: { name: expect.stringMatching(/^default_/) },
    });
    expect(found(resources, "orders").props).toEqual({ promise: { rpo: "24h" }, bucket: unknown });
  });

  it("leaves what only the cloud can tell unknown at preview", () => {
    const { resources, outputs } = first;
    const bucket = found(outputs, "orders-bucket").props;
    expect(bucket).toMatchObject({
      arn: unknown,
      versioning: unknown,
      tags: { asset: "orders" },
      region: "eu-central-1",
    });
    expect(found(resources, "orders-cron").props).toMatchObject({
      metadata: { name: "orders", annotations: { bucket: unknown } },
    });
    expect(found(outputs, "orders-password").props).toMatchObject({ result: unknown, length: 20 });
  });

  it("tells what the program did not set from what is not known, by the inputs", () => {
    expect(found(first.resources, "orders-bucket").props).toEqual({
      region: "eu-central-1",
      tags: { asset: "orders" },
    });
  });

  it("keeps a policy mandatory that reads unknown values as a sentinel, and makes any other advisory", async () => {
    const strict = { "bucket-is-known": { strict: true }, careless: { strict: true } };
    const result = await run("preview", { policyConfig: strict });
    expect(result.code).not.toBe(0);
    const said = result.policyViolations.map(({ policy, level, message }) => ({ policy, level, message }));
    expect(said).toContainEqual({
      policy: "bucket-is-known",
      level: "mandatory",
      message: expect.stringContaining("orders-cron: metadata.annotations.bucket is unknown: cannot prove"),
    });
    expect(said).toContainEqual({
      policy: "careless",
      level: "advisory",
      message: expect.stringContaining("can't run policy 'careless'"),
    });
    expect(said).toHaveLength(2);
  });

  it("refuses a setting of the wrong type by the policy's schema", async () => {
    const result = await run("preview", { policyConfig: { holdfast: { asOf: 5 } } });
    expect(result.code).not.toBe(0);
    expect(result.errors.join("\n") + result.stderr).toContain("asOf");
  });

  it("hands secrets to the pack in clear", () => {
    const { resources, leaks } = first;
    expect(found(resources, "orders-cron").provider?.props.kubeconfig).toBe("KUBE-CANARY");
    expect(leaks).toEqual(["PULUMI_CONFIG"]);
  });

  describe("a stack through its life", () => {
    const keep = { state: path.join(state, "life") };
    let created: EngineResult;

    it("stops at a creation that fails and keeps what was created", async () => {
      const result = await run("up", { ...keep, provider: { failCreate: ["orders-cron"] } });
      expect(result.code).not.toBe(0);
      expect(result.errors.join("\n")).toContain("refuse orders-cron");
      expect(found(result.resources, "orders-bucket").id).toMatch(/^orders-bucket-/);
      expect(result.resources.some(({ urn }) => urn.endsWith("::orders-cron"))).toBe(false);
    });

    it("creates the rest, with everything known", async () => {
      created = await run("up", keep);
      expect(created.code).toBe(0);
      expect(happened(created)).toEqual(["create orders-cron"]);
      const bucket = found<StateResource>(created.resources, "orders-bucket");
      const cron = found<StateResource>(created.resources, "orders-cron");
      expect(cron.outputs).toMatchObject({
        metadata: { uid: expect.any(String), resourceVersion: "1", annotations: { bucket: bucket.outputs?.arn } },
      });
      expect(bucket.outputs?.arn).toMatch(/^arn:/);
      expect(JSON.stringify(seen().outputs)).not.toContain(unknown);
    });

    it("encrypts every secret in the state", () => {
      expect(created.stateText).toContain("ciphertext");
      expect(created.stateText).not.toContain("CANARY");
      const password = found<StateResource>(created.resources, "orders-password");
      expect(password.outputs).toMatchObject({
        result: { ciphertext: expect.any(String) },
        bcryptHash: { ciphertext: expect.any(String) },
      });
    });

    it("changes nothing on a second `up` and updates in place what changed", async () => {
      expect(happened(await run("up", keep))).toEqual([]);
      const config = { ...fixture.config, schedule: { value: "0 4 * * *" } };
      const result = await run("up", { ...keep, config });
      expect(happened(result)).toEqual(["update orders-cron"]);
    });

    it("refreshes, drops what has vanished, and destroys all but the protected", async () => {
      const refreshed = await run("refresh", { ...keep, provider: { vanished: ["orders-cron"] } });
      expect(refreshed.code).toBe(0);
      expect(refreshed.resources.some(({ urn }) => urn.endsWith("::orders-cron"))).toBe(false);
      const refused = await run("destroy", keep);
      expect(refused.code).not.toBe(0);
      expect(refused.errors.join("\n")).toContain("cannot be deleted");
      const destroyed = await run("destroy", { ...keep, unprotect: true });
      expect(destroyed).toMatchObject({ code: 0, resources: [] });
    });
  });
});
