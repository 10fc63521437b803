import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensurePulumi } from "../../tools/pulumi";
import { unjudged } from "../support/engine/fixture";
import { plaintexts } from "../support/engine/plaintext";
import type { EngineResult } from "../support/engine/run";
import { done, runSequence } from "../support/engine/sequence";
import { changedConfig, stackRuns } from "../support/engine/stacks";
import { root } from "../support/parity";
import { cloudIn } from "../support/provider/cloud";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-life-test-"));
const clean = { code: 0, errors: [], policyViolations: [] };

beforeAll(async () => {
  await ensurePulumi();
});
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** The judgement that the pack wrote, without what only a preview leaves open. */
function judged(file: string): unknown {
  return JSON.parse(fs.readFileSync(file, "utf8"));
}

/** What our own command line prints. */
function holdfast(...args: string[]): string {
  return execFileSync(process.execPath, ["preview/bin.js", ...args], { cwd: root, encoding: "utf8", stdio: "pipe" });
}

/** Inputs by URN, as the engine had them after the provider's check. */
function inputsIn({ eventLog }: EngineResult): Map<string, string> {
  const inputs = new Map<string, string>();
  for (const line of eventLog.split("\n").filter(Boolean)) {
    const { resourcePreEvent } = JSON.parse(line) as {
      resourcePreEvent?: { metadata: { urn: string; new?: { inputs?: object } } };
    };
    if (resourcePreEvent === undefined) continue;
    const { urn, new: after } = resourcePreEvent.metadata;
    inputs.set(urn, JSON.stringify(after?.inputs ?? {}));
  }
  return inputs;
}

describe("staging through its life, with a provider that fills in", () => {
  const folder = fs.mkdtempSync(path.join(scratch, "staging-"));
  const staging = stackRuns("staging", folder);
  const run = (changes: Parameters<typeof staging>[0]) => staging({ saves: "at the end", ...changes });
  const state = path.join(folder, "stack");
  const provider = { check: "filled" } as const;
  const shown = path.join(folder, "shown.json");
  const config = (name: string, schedule: string) =>
    changedConfig("staging", folder, name, ({ backups }) => {
      backups.incremental = { schedule };
    });
  const clients = changedConfig("staging", folder, "clients", (omendb) => {
    omendb.clients = [...omendb.clients, "reports"];
  });
  const pack = (name: string) => ({ holdfast: { asOf: "2026-11-21", out: path.join(folder, `${name}.json`) } });
  const evidence = path.join(folder, "evidence", "evidence.json");
  const env = { HOLDFAST_EVIDENCE: evidence };
  // After the first `up` those that are to pass go without the preview: the pack judges each at its end, and the preview
  // of one that is to be refused is what refuses it.
  const steps = {
    echoed: run({ policyConfig: pack("echoed") }),
    up: run({ state, provider, operation: "up", policyConfig: pack("up"), env }),
    same: run({ state, provider, operation: "bare-up", env }),
    unnamed: run({
      state,
      provider,
      operation: "up",
      script: "pulumi preview --expect-no-changes --stack staging",
    }),
    refreshed: run({ state, provider, operation: "refresh" }),
    settled: run({ state, provider, operation: "bare-up", policyConfig: pack("settled") }),
    clients: run({ state, provider, operation: "bare-up", configFile: clients }),
    sooner: run({ state, provider, operation: "bare-up", configFile: config("sooner", "*/4 * * * *") }),
    later: run({ state, provider, operation: "up", configFile: config("later", "0 */2 * * *") }),
    kept: run({ state, provider, operation: "destroy" }),
    shown: run({
      state,
      provider,
      operation: "up",
      script: 'pulumi stack export --show-secrets --stack staging > "$SHOWN"',
      env: { SHOWN: shown },
    }),
  };
  let results: Record<keyof typeof steps, EngineResult>;

  beforeAll(async () => {
    holdfast("preview", "--stack", "staging", "--as-of", "2026-11-21", "--out", path.dirname(evidence));
    results = await runSequence(steps);
  });

  it("names the evidence that judged it, and says so when its state is judged", () => {
    const bytes = fs.readFileSync(evidence);
    const { commit = "" } = JSON.parse(bytes.toString()) as { commit?: string };
    // Only a whole commit can be named; a checkout with changes is none, and then nobody judged it.
    const isWhole = /^[0-9a-f]{40}$/.test(commit);
    const hash = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    const named: unknown = isWhole ? hash : expect.stringMatching(/^not judged: /);
    const outputs = ({ resources }: EngineResult) =>
      resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs;
    expect(outputs(results.up)).toEqual({ evidence: named, systems: expect.any(Array) });
    expect(outputs(results.same)).toEqual(outputs(results.up));
    const exported = path.join(folder, "exported.json");
    fs.writeFileSync(exported, results.same.stateText ?? "");
    const said = holdfast("assess", "--state", exported, "--as-of", "2026-11-21");
    expect(said).toMatch(isWhole ? new RegExp(`judged by evidence\\s+${hash}\n`) : /not judged: /);
    // Who only looks names none, and that is no change; a deployment that nobody judged first says so.
    expect(results.unnamed.code).toBe(0);
    expect(outputs(results.unnamed)).toEqual(outputs(results.up));
    expect(outputs(results.settled)).toMatchObject({ evidence: "not judged" });
  });

  it("is created whole, without a finding", () => {
    expect(results.up).toMatchObject(clean);
    expect(done(results.up).length).toBeGreaterThan(100);
    expect(results.up.pending).toEqual([]);
  });

  it("is judged alike whether the provider fills in or not, though it does change the inputs", () => {
    const [echoed, up] = [inputsIn(results.echoed), inputsIn(results.up)];
    const changed = [...echoed].filter(([urn, inputs]) => up.get(urn) !== inputs).map(([urn]) => urn);
    expect(changed.filter((urn) => /aws:s3|aws:iam\/role:/.test(urn)).length).toBeGreaterThanOrEqual(12);
    expect(judged(path.join(folder, "up.json"))).toEqual(judged(path.join(folder, "echoed.json")));
  });

  it("does not change in a second `up`", () => {
    expect([results.same.code, done(results.same), results.same.policyViolations]).toEqual([0, [], []]);
  });

  it("is refreshed without a change, and judged as before, though its bucket now shows what is declared beside it", () => {
    expect([results.refreshed.code, results.refreshed.policyViolations]).toEqual([0, []]);
    const bucket = results.refreshed.resources.find(({ type }) => type === "aws:s3/bucket:Bucket");
    expect(bucket?.outputs?.lifecycleRules).toHaveLength(3);
    expect([results.settled.code, done(results.settled)]).toEqual([0, []]);
    expect(judged(path.join(folder, "settled.json"))).toEqual(judged(path.join(folder, "up.json")));
  });

  it("takes a change that no promise rests on", () => {
    expect(results.clients).toMatchObject(clean);
    expect(done(results.clients)).not.toEqual([]);
    expect(done(results.clients).join("\n")).not.toContain("backup");
  });

  it("takes a change of a schedule that keeps the promises", () => {
    expect(results.sooner).toMatchObject(clean);
    expect(done(results.sooner)).toContain("update omendb-primary-backup-incremental-cron");
  });

  it("refuses a change of a schedule that breaks them, before anything happens", () => {
    expect(results.later.code).not.toBe(0);
    expect(results.later.policyViolations.map(({ level }) => level)).toContain("mandatory");
    expect(done(results.later)).toEqual([]);
    expect(results.later.stateText).toBe(results.sooner.stateText);
  });

  it("is not destroyed, and loses nothing in the attempt", () => {
    expect(results.kept.code).not.toBe(0);
    expect(results.kept.errors.join("\n")).toContain("cannot be deleted");
    expect(done(results.kept)).toEqual([]);
  });

  it("shows no secret in state, output, judgement or events, those for debugging left out", () => {
    const secrets = plaintexts(fs.readFileSync(shown, "utf8"));
    // Three passwords, their hashes and encodings, and the files made of them.
    expect(secrets.length).toBeGreaterThanOrEqual(12);
    const written = fs.readdirSync(folder).filter((name) => /^(echoed|up|settled)\.json$/.test(name));
    const places: [name: string, text: string][] = [
      ...Object.entries(results).flatMap(([name, one]): [string, string][] => [
        [`state after ${name}`, one.stateText ?? ""],
        [`output of ${name}`, one.stdout + one.stderr + one.errors.join("\n") + one.warnings.join("\n")],
        [`events of ${name}`, one.eventLog],
      ]),
      ...written.map((name): [string, string] => [name, fs.readFileSync(path.join(folder, name), "utf8")]),
    ];
    expect(results.shown.stateText).toContain("ciphertext");
    expect(fs.readFileSync(shown, "utf8")).toContain(secrets[0]);
    const leaks = places.filter(([, text]) => secrets.some((secret) => text.includes(secret)));
    expect(leaks.map(([name]) => name)).toEqual([]);
  });
});

describe("prod, killed in the middle of its first `up` and resumed", () => {
  const folder = fs.mkdtempSync(path.join(scratch, "prod-"));
  const run = stackRuns("prod", folder);
  const state = path.join(folder, "stack");
  const job = "omendb-primary-backup-full-cron";
  // Without their previews, which change nothing and take no lock, and without the pack, which has no say before the end;
  // after each step only the killed one has to save.
  const interrupted = {
    killed: unjudged(run({ state, operation: "bare-up", killAt: { method: "create", name: job } })),
    locked: unjudged(run({ state, operation: "bare-up" })),
    unlocked: run({ state, operation: "cancel" }),
    blind: unjudged(run({ state, operation: "bare-up", saves: "at the end" })),
  };
  const afterwards = (pending: string[]) => ({
    // Somebody looks, and removes what the cloud has and the engine was never told of.
    cleared: run({ state, operation: "refresh-clear", provider: { vanished: pending } }),
    resumed: run({ state, operation: "up", saves: "at the end" }),
    same: unjudged(run({ state, operation: "bare-up", saves: "at the end" })),
  });
  const taking = { taken: run({ state, operation: "bare-destroy", saves: "at the end" }) };
  type Step = keyof typeof interrupted | keyof ReturnType<typeof afterwards> | keyof typeof taking;
  let results: Record<Step, EngineResult>;
  let pending: string[];
  let made: string[];

  beforeAll(async () => {
    const first = await runSequence(interrupted);
    pending = first.blind.pending.map((urn) => urn.split("::").at(-1) ?? "");
    const then = await runSequence(afterwards(pending));
    made = cloudIn(state)
      .all()
      .map(({ urn }) => urn);
    results = { ...first, ...then, ...(await runSequence(taking)) };
  });

  it("leaves a lock and what was being created behind", () => {
    expect(results.killed.killed).toBe(true);
    expect(results.locked.code).not.toBe(0);
    expect(done(results.locked)).toEqual([]);
    expect(results.locked.stderr).toContain("pulumi cancel");
    expect(pending).toContain(job);
    expect(results.unlocked.resources.length).toBeGreaterThan(0);
  });

  it("is told by the cloud, and not by a second copy, that something exists that the engine does not know", () => {
    expect(results.blind.code).not.toBe(0);
    expect(results.blind.warnings.join("\n")).toContain("interrupted while creating");
    expect(results.blind.errors.join("\n")).toMatch(/exists|AlreadyOwnedByYou/);
  });

  it("is whole after the next `up`, everything once, without a finding and without a change in one more", () => {
    expect(results.cleared.pending).toEqual([]);
    expect(results.resumed).toMatchObject({ ...clean, pending: [] });
    expect([results.same.code, done(results.same)]).toEqual([0, []]);
    expect(made).toHaveLength(new Set(made).size);
    const known = results.same.resources.map(({ urn }) => urn);
    expect(made.filter((urn) => !known.includes(urn))).toEqual([]);
    expect(made.length).toBeGreaterThan(100);
  });

  it("loses to a bare `Stack.destroy()` all that is not protected, and keeps data, backups and passwords", () => {
    expect(results.taken.code).not.toBe(0);
    expect(done(results.taken).length).toBeGreaterThan(50);
    const kept = results.taken.resources.filter(({ protect }) => protect).map(({ type }) => type.split(":").at(-1));
    expect([...new Set(kept)]).toEqual(
      expect.arrayContaining([
        "Bucket",
        "BucketObjectLockConfiguration",
        "BucketLifecycleConfiguration",
        "PersistentVolumeClaim",
        "Deployment",
        "Namespace",
        "RandomPassword",
      ]),
    );
    const protectedBefore = results.same.resources.filter(({ protect }) => protect).map(({ urn }) => urn);
    const left = results.taken.resources.map(({ urn }) => urn);
    expect(protectedBefore.filter((urn) => !left.includes(urn))).toEqual([]);
  });
});
