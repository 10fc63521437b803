import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { layers } from "../../../../systems/analytics/data/tables";
import { type UpgradeStep, upgradeJob } from "../../../../systems/analytics/operations/choreNames";
import { declaredGraph } from "../../../support/declaredGraph";
import type { JobRun } from "../../../support/runToDeadline";
import { Pipelines } from "./pipelines";
import { accessOf, Running } from "./running";

let graph: ResourceGraph;
let works: Running;
let access: ReturnType<typeof accessOf>;
let pipelines: Pipelines;
let jobs: number[];
beforeAll(async () => {
  graph = await declaredGraph("staging");
  access = accessOf(graph);
});
beforeEach(async () => {
  works = await Running.start(graph, access);
  pipelines = new Pipelines(works.azure, "primary");
  jobs = layers.map((layer) => pipelines.job(`analytics-${layer}`, pipelines.cluster(`analytics-${layer}`)));
  pipelines.workspace.warehouses.set("w", { id: "w", name: "analytics-sql" });
  fresh(12);
});
afterEach(() => works.end());

const NEXT = "17.3.x-scala2.13";
const fresh = (...ages: number[]) =>
  pipelines.workspace.warehouse.knows(/^select .*timestampdiff.* from analytics\.bronze\.events/i, () =>
    ages.map((age) => ({ layer: "bronze", age })),
  );
const step = (name: UpgradeStep, replace: Record<string, string> = {}) =>
  works.job(upgradeJob(name), {
    replace: { DEADLINE_SECONDS: "60", ...(name === "prepare" ? { SUCCESSOR: NEXT } : {}), ...replace },
  });
const ended = ({ code, stderr }: JobRun) => [code, stderr];
const says = (text: string) => expect.stringContaining(text) as string;
const places = () => jobs.map((job) => pipelines.placeOf(job)[0]);
const declared = layers.map((layer) => `analytics-${layer}`);
const besides = declared.map((name) => `${name}-beside`);

describe("the upgrade of the runtime", () => {
  it("goes on beside what works, and ends on the declared clusters with the new runtime", async () => {
    expect(ended(await step("prepare"))).toEqual([0, says("go on with move")]);
    expect([places(), pipelines.besides()]).toEqual([declared, besides.map((name) => `${name} (upgrade)`)]);
    expect(ended(await step("move"))).toEqual([0, says("go on with verify")]);
    expect(places()).toEqual(besides);
    expect(ended(await step("verify"))).toEqual([0, says("deploy the new runtime")]);
    expect(ended(await step("finish"))).toEqual([1, says("must have the new runtime first")]);
    expect(places()).toEqual(besides);
    for (const [id, one] of pipelines.workspace.clusters)
      if (id.startsWith("declared-")) Object.assign(one, { spark_version: NEXT });
    expect(ended(await step("finish"))).toEqual([0, says("do all the work")]);
    expect([places(), pipelines.besides(), pipelines.interrupted]).toEqual([declared, [], []]);
  });

  it("comes back from the middle of it", async () => {
    await step("prepare");
    await step("move");
    expect(ended(await step("back"))).toEqual([0, says("do all the work again")]);
    expect([places(), pipelines.besides(), pipelines.interrupted]).toEqual([declared, [], []]);
  });

  it.each<[string, () => unknown, Record<string, string>, string]>([
    ["the tables cannot be read", () => Object.assign(pipelines, { check: "FAILED" }), {}, "cannot read the tables"],
    [
      "a cluster does not start",
      () => Object.assign(pipelines, { looks: () => "never" }),
      { DEADLINE_SECONDS: "12" },
      "does not run",
    ],
  ])("leaves nothing behind when %s", async (_, spoil, replace, text) => {
    spoil();
    expect(ended(await step("prepare", replace))).toEqual([1, says(text)]);
    expect([places(), pipelines.besides()]).toEqual([declared, []]);
  });

  it.each<[string, string, string]>([
    ["has no long-term support", "17.2.x-scala2.13", "long-term support"],
    ["is not offered", "99.1.x-scala2.13", "long-term support"],
    ["runs already", "16.4.x-scala2.12", "long-term support"],
    ["is not said", "", "SUCCESSOR must be set"],
  ])("does not begin with a runtime that %s", async (_, SUCCESSOR, text) => {
    expect(ended(await step("prepare", { SUCCESSOR }))).toEqual([1, says(text)]);
    expect(pipelines.besides()).toEqual([]);
  });

  it("does not go on when events of one layer stay behind, nor before it was prepared", async () => {
    expect(ended(await step("move"))).toEqual([1, says("start prepare first")]);
    await step("prepare");
    await step("move");
    fresh(5, 300);
    expect(ended(await step("verify", { DEADLINE_SECONDS: "6" }))).toEqual([1, says("300s old")]);
  });
});
