import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensurePulumi } from "../../tools/pulumi";
import { type Changes, fixtureRuns, found, seenBy, unjudged } from "../support/engine/fixture";
import type { EngineResult, EngineRun, Operation } from "../support/engine/run";
import { done, runSequence } from "../support/engine/sequence";
import { cloudIn } from "../support/provider/cloud";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-cloud-test-"));
const fixture = fixtureRuns(scratch);
const names = (resources: readonly { urn: string }[]) => resources.map(({ urn }) => urn.split("::").at(-1) ?? "");

/** Runs on one stack and cloud; configuration stays as the run before left it. */
function inState(state: string): (operation: Operation, changes?: Changes) => EngineRun {
  return (operation, changes) => unjudged(judgedIn(state)(operation, changes));
}

/** The same, with the pack. */
function judgedIn(state: string): (operation: Operation, changes?: Changes) => EngineRun {
  return (operation, changes) => fixture(operation, { state: path.join(scratch, state), ...changes });
}

beforeAll(async () => {
  await ensurePulumi();
});
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

describe("a stack through its life in a simulated cloud", () => {
  const run = inState("life");
  const moved = { bucket: "orders-moved" };
  const steps = {
    refused: run("up", { provider: { failCreate: ["orders-cron"] } }),
    rest: judgedIn("life")("up"),
    same: run("up"),
    changed: run("up", { config: { schedule: "0 4 * * *" } }),
    drifted: run("refresh", {
      provider: { drift: [{ name: "orders-cron", path: "spec.schedule", value: "0 0 1 1 *" }] },
    }),
    mended: judgedIn("life")("up"),
    replaced: run("up", { config: moved }),
    guarded: run("up", { config: { protect: "true" } }),
    unmoved: run("up", { config: { bucket: "orders-lost" } }),
    back: run("up", { config: moved }),
    vanished: run("refresh", { provider: { vanished: ["orders-cron"] } }),
    partial: run("up", { provider: { partialCreate: ["orders-cron"] } }),
    whole: run("up"),
    kept: run("destroy"),
    taken: run("bare-destroy"),
    gone: run("destroy", { unprotect: true }),
  };
  let results: Record<keyof typeof steps, EngineResult>;

  beforeAll(async () => {
    results = await runSequence(steps);
  });

  it("stops at a creation that fails and keeps what was created", () => {
    expect(results.refused.code).not.toBe(0);
    expect(results.refused.errors.join("\n")).toContain("refuse orders-cron");
    expect(names(results.refused.resources)).toContain("orders-bucket");
    expect(names(results.refused.resources)).not.toContain("orders-cron");
  });

  it("creates the rest, with everything known, and nothing in a second `up`", () => {
    expect(results.rest.code).toBe(0);
    expect(done(results.rest)).toEqual(["create orders-cron"]);
    expect(JSON.stringify(seenBy(steps.rest).outputs)).not.toContain("(unknown)");
    expect(done(results.same)).toEqual([]);
  });

  it("has ids and ARNs as the clouds make them", () => {
    const { resources } = results.rest;
    const bucket = found(resources, "orders-bucket");
    expect(bucket.outputs).toMatchObject({ arn: `arn:aws:s3:::${bucket.id}`, region: "eu-central-1" });
    expect(found(resources, "orders-cron")).toMatchObject({
      id: "backup/orders",
      outputs: {
        metadata: { uid: expect.any(String), resourceVersion: "1", annotations: { bucket: bucket.outputs?.arn } },
      },
    });
  });

  it("encrypts every secret, in a Secret's own encoding too", () => {
    const { stateText = "", resources } = results.rest;
    expect(stateText).toContain("ciphertext");
    for (const canary of ["KUBE-CANARY", "KEY-CANARY"]) {
      expect(stateText).not.toContain(canary);
      expect(stateText).not.toContain(Buffer.from(canary).toString("base64"));
    }
    const encrypted = { ciphertext: expect.any(String) };
    expect(found(resources, "orders-password").outputs).toMatchObject({ result: encrypted, bcryptHash: encrypted });
    expect(found(resources, "orders-secret").outputs).toMatchObject({ data: encrypted, stringData: encrypted });
  });

  it("updates in place what changed, and says which property", () => {
    expect(done(results.changed)).toEqual(["update orders-cron"]);
    expect(results.changed.eventLog).toContain('"spec.schedule":{"diffKind":"update","inputDiff":true}');
  });

  it("finds in a refresh what somebody changed, and puts it back", () => {
    expect(found(results.drifted.resources, "orders-cron").inputs).toMatchObject({ spec: { schedule: "0 0 1 1 *" } });
    expect(done(results.mended)).toEqual(["update orders-cron"]);
  });

  it("shows in a refreshed bucket the settings that were declared beside it, which are no facts of its own", () => {
    const bucket = found(results.drifted.resources, "orders-bucket");
    expect(bucket.outputs?.lifecycleRules).toMatchObject([{ id: "expire", enabled: true, expiration: { days: 30 } }]);
    expect(bucket.inputs).not.toHaveProperty("lifecycleRules");
    expect(found(seenBy(steps.mended).resources, "orders-bucket").props).toEqual({ tags: { asset: "orders" } });
  });

  it("replaces what cannot be changed", () => {
    const events = done(results.replaced);
    expect(events).toEqual(expect.arrayContaining(["create orders-bucket", "delete orders-bucket"]));
    expect(events.indexOf("create orders-bucket")).toBeLessThan(events.indexOf("delete orders-bucket"));
    // The old name and the new one can stand side by side; settings of a bucket are its settings.
    expect(events).toEqual(expect.arrayContaining(["create orders-lifecycle", "delete orders-lifecycle"]));
    expect(found(results.replaced.resources, "orders-bucket").id).toBe("orders-moved");
  });

  it("does not replace what is protected", () => {
    expect(done(results.guarded)).toEqual([]);
    expect(results.unmoved.code).not.toBe(0);
    expect(results.unmoved.errors.join("\n") + results.unmoved.stderr).toMatch(/protect/);
    expect(done(results.unmoved)).toEqual([]);
    expect([results.back.code, done(results.back)]).toEqual([0, []]);
  });

  it("drops in a refresh what has vanished", () => {
    expect(results.vanished.code).toBe(0);
    expect(names(results.vanished.resources)).not.toContain("orders-cron");
  });

  it("keeps what was created halfway, with its errors, and updates it next time", () => {
    expect(results.partial.code).not.toBe(0);
    expect(done(results.partial)).toEqual(["create orders-cron"]);
    expect(found(results.partial.resources, "orders-cron")).toMatchObject({
      id: "backup/orders",
      initErrors: [expect.stringContaining("never becomes ready")],
    });
    expect([results.whole.code, done(results.whole)]).toEqual([0, ["update orders-cron"]]);
    expect(found(results.whole.resources, "orders-cron").initErrors).toBeUndefined();
  });

  it("deletes nothing in a `pulumi destroy` while something is protected", () => {
    expect(results.kept.code).not.toBe(0);
    expect(results.kept.errors.join("\n")).toContain("cannot be deleted");
    expect(done(results.kept)).toEqual([]);
  });

  it("deletes all the rest in a bare `Stack.destroy()`, and only then refuses", () => {
    expect(results.taken.code).not.toBe(0);
    expect(done(results.taken)).toEqual(expect.arrayContaining(["delete orders-cron", "delete orders-secret"]));
    expect(names(results.taken.resources)).toEqual(expect.arrayContaining(["orders-bucket", "loose"]));
    expect(names(results.taken.resources)).not.toContain("orders-cron");
  });

  it("destroys all once nothing is protected", () => {
    expect(results.gone).toMatchObject({ code: 0, resources: [] });
    expect(
      cloudIn(path.join(scratch, "life"))
        .all()
        .map(({ urn }) => urn),
    ).toEqual([
      // `retainOnDelete`
      expect.stringMatching(/::loose$/),
    ]);
  });
});

describe("a run that does not end as it should", () => {
  const run = inState("ended");
  const cron = { method: "create", name: "orders-cron" } as const;
  const steps = {
    died: run("up", { provider: { dieAt: cron } }),
    blind: run("up"),
    cleared: run("refresh-clear", { provider: { vanished: ["orders-cron"] } }),
    resumed: run("up", { provider: { slowCreate: { "orders-cron": 300 } } }),
    gone: run("refresh", { provider: { vanished: ["orders-cron"] } }),
    killed: run("up", { killAt: { ...cron, before: true } }),
    locked: run("up"),
    unlocked: run("cancel"),
    forgotten: run("refresh-clear"),
    complete: run("up"),
  };
  let results: Record<keyof typeof steps, EngineResult>;

  beforeAll(async () => {
    results = await runSequence(steps);
  });

  it("leaves a creation pending when the provider dies in it", () => {
    expect(results.died.code).not.toBe(0);
    expect(results.died.errors.join("\n")).toMatch(/Unavailable|reading from server|connection/i);
    expect(names(results.died.resources.filter(({ id }) => id === "backup/orders"))).not.toContain("orders-cron");
  });

  it("does not make a second one of what the engine was never told of: the cloud refuses", () => {
    expect(results.blind.code).not.toBe(0);
    expect(results.blind.errors.join("\n")).toContain("already exists");
  });

  it("goes on once the thing is removed and the pending creation forgotten", () => {
    expect(results.cleared.pending).toEqual([]);
    expect([results.resumed.code, done(results.resumed)]).toEqual([0, ["create orders-cron"]]);
    expect(results.resumed.took).toBeGreaterThan(300);
  });

  it("leaves a lock and a pending creation behind when everything is killed", () => {
    expect(results.killed.killed).toBe(true);
    expect(results.locked.code).not.toBe(0);
    expect(results.locked.stderr).toContain("pulumi cancel");
    expect(names(results.unlocked.pending.map((urn) => ({ urn })))).toEqual(["orders-cron"]);
  });

  it("resumes after `pulumi cancel` and a refresh that forgets what was never made", () => {
    expect(results.forgotten.pending).toEqual([]);
    expect([results.complete.code, done(results.complete)]).toEqual([0, ["create orders-cron"]]);
    expect(cloudIn(path.join(scratch, "ended")).madeBy("orders-cron")).toHaveLength(1);
  });
});
