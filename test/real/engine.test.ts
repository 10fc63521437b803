import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensurePulumi, pulumiVersion } from "../../tools/pulumi";
import { fixtureRuns, found, seenBy } from "../support/engine/fixture";
import type { Seen } from "../support/engine/fixture-pack/index";
import type { EngineResult } from "../support/engine/run";
import { done, runSequence } from "../support/engine/sequence";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-engine-test-"));
const run = fixtureRuns(scratch);

/** In the file that the fixture pack writes. */
const unknown = "(unknown)";

afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

const runs = {
  stopped: run("up", { config: { schedule: "* * * * *" } }),
  bare: run("bare-up", { config: { schedule: "* * * * *" } }),
  preview: run("preview"),
  strict: run("preview", { policyConfig: { "bucket-is-known": { strict: true }, careless: { strict: true } } }),
  wrong: run("preview", { policyConfig: { holdfast: { asOf: 5 } } }),
  filled: run("preview", { provider: { check: "filled" } }),
  more: run("preview", {
    config: { more: "true" },
    provider: {
      invokes: { "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" } },
      components: {
        "kubernetes:fixture:Archive": {
          parts: [{ type: "kubernetes:batch/v1:CronJob", suffix: "cron", inputs: { spec: { schedule: "0 5 * * *" } } }],
          state: { bucket: "archive" },
        },
      },
    },
  }),
};

let results: Record<keyof typeof runs, EngineResult>;
let first: Seen;

beforeAll(async () => {
  await ensurePulumi();
  results = await runSequence(runs);
  first = seenBy(runs.preview);
});

describe(`the Pulumi engine ${pulumiVersion}, with a simulated provider`, () => {
  it("stops `up` on a mandatory violation before anything is created", () => {
    const result = results.stopped;
    expect(result.code).not.toBe(0);
    expect(result.policyViolations).toEqual([
      {
        policy: "schedule-is-bounded",
        level: "mandatory",
        message: expect.stringContaining("orders-cron: spec.schedule must leave time between runs, got * * * * *"),
        urn: expect.stringMatching(/CronJob::orders-cron$/),
      },
    ]);
    expect([done(result), result.resources]).toEqual([[], []]);
  });

  it("creates everything in a bare `Stack.up()`, and only then fails", () => {
    const result = results.bare;
    expect(result.code).not.toBe(0);
    expect(result.policyViolations).toHaveLength(1);
    expect(done(result)).toContain("create orders-cron");
    expect(result.calls.some(({ preview }) => preview)).toBe(false);
  });

  it("shows a stack policy options, parents, providers, registered outputs and dependencies at preview", () => {
    expect(results.preview).toMatchObject({ code: 0, policyViolations: [], errors: [] });
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
    expect(found(first.resources, "orders-bucket").props).toEqual({ tags: { asset: "orders" } });
  });

  it("fills in, in the second mode, what the real providers fill in at check", () => {
    const { resources } = seenBy(runs.filled);
    expect(found(resources, "orders-bucket").props).toEqual({
      bucket: expect.stringMatching(/^orders-bucket-[0-9a-f]{7}$/),
      forceDestroy: false,
      region: "eu-central-1",
      tags: { asset: "orders" },
    });
    expect(found(resources, "orders-lifecycle").props).toMatchObject({ region: "eu-central-1" });
    expect(found(resources, "loose").props).not.toHaveProperty("region");
    expect(JSON.stringify(resources)).not.toContain("__defaults");
  });

  it("keeps a policy mandatory that reads unknown values as a sentinel, and makes any other advisory", () => {
    const result = results.strict;
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

  it("refuses a setting of the wrong type by the policy's schema", () => {
    const result = results.wrong;
    expect(result.code).not.toBe(0);
    expect(result.errors.join("\n") + result.stderr).toContain("asOf");
  });

  it("hands secrets to the pack in clear", () => {
    const { resources, leaks } = first;
    expect(found(resources, "orders-cron").provider?.props.kubeconfig).toBe("KUBE-CANARY");
    expect(leaks).toEqual(["PULUMI_CONFIG"]);
  });

  it("shows the parts of a component that its provider makes, and what it is to tell as unknown", () => {
    expect(results.more).toMatchObject({ code: 0, errors: [] });
    const { resources } = seenBy(runs.more);
    const part = found(resources, "archive-cron");
    expect(part).toMatchObject({
      parent: found(resources, "archive").urn,
      props: { spec: { schedule: "0 5 * * *" } },
      provider: { name: "cluster" },
    });
    expect(found(resources, "answers").props).toMatchObject({ data: { account: "123456789012", bucket: unknown } });
  });
});
