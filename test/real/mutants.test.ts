import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../recovery";
import { type EngineResult, type EngineRun, runEngines } from "../support/engine/run";
import { type Mutation, mutations } from "../support/mutant/mutations";
import {
  disagreements,
  type Judged,
  judgedByEngine,
  judgedFromState,
  judgedOffline,
  modes,
  reportedBy,
  reportedFor,
  root,
  type Subject,
} from "../support/parity";
import type { Behaviour } from "../support/provider/behaviour";

const state = mkdtempSync(join(tmpdir(), "holdfast-mutants-"));
const program = join(root, "test/support/mutant");
const network: EngineRun = {
  program: join(program, "network"),
  stack: "prod",
  config: {},
  operation: "bare-up",
  saves: "at the end",
  state,
};

/** What the real providers would answer about what others made. */
const elsewhere: Behaviour = {
  exists: [{ type: "aws:s3/bucket:Bucket", id: "found-archive", properties: { bucket: "found-archive" } }],
  invokes: {
    "aws:s3/getBucket:getBucket": { bucket: "found-archive", id: "found-archive" },
    "aws:sns/getTopic:getTopic": { name: "*/3 * * * *" },
    "aws:index/getRegion:getRegion": { region: "eu-west-1", id: "eu-west-1" },
  },
  components: { "kubernetes:helm.sh/v4:Chart": { parts: [], state: { resources: ["chart-tls"] } } },
};

const subject = (check: "echo" | "filled"): Subject & EngineRun => ({
  program,
  stack: "prod",
  config: {
    bucket: { value: "other-archive", secret: true },
    class: { value: "efs", secret: true },
    days: { value: "50", secret: true },
  },
  provider: { ...elsewhere, check },
  state,
  saves: "at the end",
  operation: "bare-up",
});

const systemOf = (asset: string) => asset.split("/")[0];

/** The findings of one system that the system as it should be does not have. */
function foundIn({ findings }: Judged, id: string): Finding[] {
  const own = (system: string) =>
    findings.filter(
      ({ assets, source }) =>
        assets.some((one) => systemOf(one) === system) || source.resource.includes(`::${system}-`),
    );
  const usual = own("sound").map(({ rule, message }) => rule + message.replaceAll("sound-", ""));
  return own(id).filter(({ rule, message }) => !usual.includes(rule + message.replaceAll(`${id}-`, "")));
}

/** Whether the engine, with such a provider, knows what a system hides from the offline preview. */
const knowsIn = (check: "echo" | "filled") => (asset: string) =>
  mutations.some(
    ({ id, engineKnows }) =>
      id === systemOf(asset) && engineKnows !== undefined && (engineKnows.check ?? check) === check,
  );

let offline: Judged;
let engine: (Judged & { run: EngineResult })[];

beforeAll(async () => {
  const [made] = await runEngines([network]);
  expect(made).toMatchObject({ code: 0 });
  offline = await judgedOffline(subject("echo"));
  engine = await judgedByEngine(modes.map(subject));
});

afterAll(() => rmSync(state, { recursive: true, force: true }));

describe("ways to change a program, offline", () => {
  it.each(mutations.filter(({ rule }) => rule !== undefined).map((one): [string, Mutation] => [one.title, one]))(
    "is found: %s",
    (_title, { id, rule, unproven = false }) => {
      const found = foundIn(offline, id);
      expect(found.filter((one) => one.rule === rule)).not.toEqual([]);
      const onlyProven = found.filter((one) => one.rule === rule && !one.cannotProve);
      expect(onlyProven.length === 0).toBe(unproven);
    },
  );

  it("finds nothing in the system as it should be but what the example leaves out", () => {
    expect(foundIn(offline, "sound")).toEqual([]);
    const rules = offline.findings.filter(({ assets }) => assets.includes("sound/data")).map(({ rule }) => rule);
    expect([...new Set(rules)].sort()).toEqual([
      "data-stores-have-objectives",
      "each-objective-has-an-alert",
      "restores-fit-their-deadline",
    ]);
  });
});

describe.each(modes.map((check, index) => [check, index] as const))(
  "the engine, with providers whose check is %s",
  (check, index) => {
    it("judges every change as the offline preview does, or decides what it alone knows", () => {
      const judged = engine[index];
      if (judged === undefined) throw new Error("no preview");
      expect(disagreements(offline, judged, knowsIn(check))).toEqual([]);
      const decided = mutations.filter(({ id }) => knowsIn(check)(`${id}/data`)).map(({ id, rule }) => [id, rule]);
      for (const [id = "", rule] of decided) {
        expect(
          foundIn(judged, id).filter((one) => one.rule === rule && one.cannotProve),
          id,
        ).toEqual([]);
      }
    });

    it("reports every finding at its own level: what cannot be proven stays mandatory", () => {
      const judged = engine[index];
      if (judged === undefined) throw new Error("no preview");
      expect(reportedBy(judged.run)).toEqual(reportedFor(judged));
      expect(judged.run.code).not.toBe(0);
      const unproven = judged.findings.filter(({ cannotProve }) => cannotProve);
      expect(unproven.length).toBeGreaterThan(20);
      expect(unproven.every(({ level }) => level === "mandatory")).toBe(true);
    });
  },
);

describe("the exported state of all that", () => {
  it("differs only where what could not be proven is known now", async () => {
    const [up] = await runEngines([subject("filled")]);
    expect(up).toMatchObject({ code: 0, errors: [] });
    const file = join(state, "exported.json");
    writeFileSync(file, up?.stateText ?? "");
    expect(disagreements(offline, await judgedFromState(file), () => true)).toEqual([]);
  });
});
