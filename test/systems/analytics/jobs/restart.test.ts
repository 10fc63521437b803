import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { choreNames } from "../../../../systems/analytics/operations/choreNames";
import { declaredGraph } from "../../../support/declaredGraph";
import type { JobRun } from "../../../support/runToDeadline";
import { Pipelines } from "./pipelines";
import { accessOf, Running } from "./running";

let graph: ResourceGraph;
let works: Running;
let access: ReturnType<typeof accessOf>;
let pipelines: Pipelines;
let [own, job] = ["", 0];
beforeAll(async () => {
  graph = await declaredGraph("staging");
  access = accessOf(graph);
});
beforeEach(async () => {
  works = await Running.start(graph, access);
  pipelines = new Pipelines(works.azure, "primary");
  own = pipelines.cluster("analytics-bronze");
  pipelines.cluster("analytics-silver");
  job = pipelines.job("analytics-bronze", own);
});
afterEach(() => works.end());

const restart = (seconds = "24") => works.job(choreNames.restartBronze, { replace: { DEADLINE_SECONDS: seconds } });
const ended = ({ code, stderr }: JobRun) => [code, stderr];
const says = (text: string) => expect.stringContaining(text) as string;
const restarts = () => works.azure.count(/clusters\/restart$/);

describe("the weekly restart", () => {
  it("restarts the cluster while its pipeline works beside it, and leaves nothing", async () => {
    const run = await restart();
    expect(ended(run)).toEqual([0, says("analytics-bronze was restarted")]);
    expect([pipelines.placeOf(job), pipelines.besides(), pipelines.interrupted, restarts()]).toEqual([
      ["analytics-bronze"],
      [],
      [],
      1,
    ]);
    // Twice led: there and back; each begins where the run before left off.
    expect(pipelines.runs.map(({ cluster }) => cluster)).toEqual([own, "made-1", own]);
    expect(Object.keys(await works.gateway.series()).join()).toContain("holdfast_cluster_restarted_seconds");
  });

  it("makes the other like the first, with the declared runtime, so that it ends by itself if all else fails", async () => {
    Object.assign(pipelines.workspace.clusters.get(own) ?? {}, { spark_conf: { a: "b" }, cluster_cores: 64 });
    pipelines.looks = (name) => (name.endsWith("-beside") ? "never" : 1);
    let made: unknown;
    works.azure.on(/clusters\/permanent-delete$/, () => {
      made = { ...pipelines.workspace.clusters.get("made-1") };
      return undefined;
    });
    await restart("12");
    expect(made).toMatchObject({
      spark_version: works.value(choreNames.restartBronze, "RUNTIME"),
      node_type_id: "n",
      spark_conf: { a: "b" },
      autotermination_minutes: 60,
    });
    expect(made).not.toHaveProperty("cluster_cores");
  });

  it("gives up in time, and touches nothing, when the other one does not start", async () => {
    pipelines.looks = (name) => (name.endsWith("-beside") ? "never" : 1);
    const run = await restart("12");
    expect(ended(run)).toEqual([1, says("does not run: nothing was led there")]);
    expect([pipelines.placeOf(job), pipelines.besides(), restarts()]).toEqual([["analytics-bronze"], [], 0]);
    expect(run.ended - run.started).toBeLessThan(12_000);
  });

  it("keeps the other one while it is all that serves, and the next run tidies it away", async () => {
    pipelines.looks = (_, call) => (call === "clusters/restart" ? "never" : 0);
    const run = await restart();
    expect(ended(run)).toEqual([1, says("stays: it serves")]);
    expect([pipelines.placeOf(job), pipelines.besides()]).toEqual([
      ["analytics-bronze-beside"],
      ["analytics-bronze-beside (restart)"],
    ]);
    Object.assign(pipelines.workspace.clusters.get(own) ?? {}, { state: "TERMINATED" });
    pipelines.looks = () => 1;
    expect(ended(await restart())).toEqual([0, says("was restarted")]);
    expect([pipelines.placeOf(job), pipelines.besides()]).toEqual([["analytics-bronze"], []]);
  });

  it("tidies away what a run left that was killed", async () => {
    pipelines.looks = (_, call) => (call === "clusters/restart" ? "never" : 0);
    const killed = await works.job(choreNames.restartBronze, { hurry: 200 });
    expect(killed.code).toBeNull();
    expect(pipelines.besides()).toEqual(["analytics-bronze-beside (restart)"]);
    pipelines.looks = () => 1;
    Object.assign(pipelines.workspace.clusters.get(own) ?? {}, { state: "RUNNING" });
    expect(ended(await restart())).toEqual([0, says("was restarted")]);
    expect([pipelines.placeOf(job), pipelines.besides()]).toEqual([["analytics-bronze"], []]);
  });

  it("interrupts no run that has an end of its own: it leads everything back and fails", async () => {
    const other = pipelines.job("by-hand", own, { endless: false });
    const run = await restart("12");
    expect(ended(run)).toEqual([1, says("is still at work")]);
    expect([pipelines.interrupted, restarts(), pipelines.besides()]).toEqual([[], 0, []]);
    expect([pipelines.placeOf(job), pipelines.placeOf(other)]).toEqual([["analytics-bronze"], ["analytics-bronze"]]);
    expect(pipelines.workspace.settings("by-hand").tasks[0].existing_cluster_id).toBe(own);
  });

  it.each<[string, () => unknown, string]>([
    [
      "an upgrade is under way",
      () => pipelines.cluster("analytics-bronze-beside", { custom_tags: { holdfast_beside: "upgrade" } }),
      "an upgrade of analytics-bronze is under way",
    ],
    [
      "the cluster has another runtime than is declared",
      () => Object.assign(pipelines.workspace.clusters.get(own) ?? {}, { spark_version: "13.3.x-scala2.12" }),
      "deploy first",
    ],
    ["there is no such cluster", () => pipelines.workspace.clusters.delete(own), "one cluster named analytics-bronze"],
    ["jobs cannot be listed", () => works.azure.fail(/jobs\/list$/, 403, { times: 3 }), "it is not restarted"],
  ])("does not restart when %s", async (_, spoil, text) => {
    spoil();
    expect(ended(await restart("12"))).toEqual([1, says(text)]);
    expect(restarts()).toBe(0);
  });
});
