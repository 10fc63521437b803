import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { choreNames } from "../../../../systems/analytics/operations/choreNames";
import { declaredGraph } from "../../../support/declaredGraph";
import type { JobRun } from "../../../support/runToDeadline";
import { accessOf, Running } from "./running";

let graph: ResourceGraph;
let works: Running;
let access: ReturnType<typeof accessOf>;
beforeAll(async () => {
  graph = await declaredGraph("staging");
  access = accessOf(graph);
});
beforeEach(async () => {
  works = await Running.start(graph, access);
  const { arm } = works.azure;
  arm.action(/agentPools\/[^/]+\/upgradeNodeImageVersion$/, (pool) => {
    upgraded.push(pool.id.split("/").slice(-3).join("/"));
    if (arm.operation.status === "Succeeded") pool.properties.nodeImageVersion = NEW;
    return undefined;
  });
  upgraded.length = 0;
  for (const cluster of [primary(), secondary()]) {
    arm.put(cluster);
    for (const name of ["system", "work"]) {
      const id = `${cluster}/agentPools/${name}`;
      arm.put(id, {
        properties: { nodeImageVersion: OLD, provisioningState: "Succeeded", powerState: { code: "Running" } },
      });
      arm.put(`${id}/upgradeProfiles/default`, { properties: { latestNodeImageVersion: NEW } });
    }
  }
});
afterEach(() => works.end());

const [OLD, NEW] = ["AKSUbuntu-202610.01", "AKSUbuntu-202611.01"];
const upgraded: string[] = [];
const primary = () => works.value(choreNames.patchPrimary, "AKS_CLUSTER");
const secondary = () => works.value(choreNames.patchSecondary, "AKS_CLUSTER");
const pool = (cluster: string, name: string) => works.azure.arm.get(`${cluster}/agentPools/${name}`).properties;
const ended = ({ code, stderr }: JobRun) => [code, stderr];
const says = (text: string) => expect.stringContaining(text) as string;
const patch = (stage: "patchPrimary" | "patchSecondary", replace: Record<string, string> = {}) =>
  works.job(choreNames[stage], { replace: { DEADLINE_SECONDS: "40", ...replace } });

describe("the monthly patches", () => {
  it("reach the region that stands by first, pool by pool, and then the one that works", async () => {
    const first = await patch("patchSecondary");
    expect(ended(first)).toEqual([0, says(`pool work: ${OLD} to ${NEW}`)]);
    expect(JSON.parse(first.stdout)).toMatchObject({ patched: 2, unpatched: [], problems: [] });
    expect(ended(await patch("patchPrimary"))[0]).toBe(0);
    expect(upgraded.map((one) => one.split("/").slice(0, 3).join("/"))).toEqual(
      ["staging-northeurope", "staging-northeurope", "staging-westeurope", "staging-westeurope"].map((cluster, i) =>
        [cluster, "agentPools", ["system", "work"][i % 2]].join("/"),
      ),
    );
  });

  it("run in the other region, so that no drain ends them", () => {
    expect([primary(), secondary()].map((id) => id.split("/").at(-1))).toEqual([
      "staging-westeurope",
      "staging-northeurope",
    ]);
    const job = (name: string) =>
      graph.resources.find(
        (one) => one.type.endsWith(":CronJob") && (one.props.metadata as { name: string }).name === name,
      )?.provider?.name;
    expect([job(choreNames.patchPrimary), job(choreNames.patchSecondary)]).toEqual([
      "analytics-secondary",
      "analytics-primary",
    ]);
  });

  it("do not reach the second region before the first is patched and well", async () => {
    expect(ended(await patch("patchPrimary"))).toEqual([1, says('the stage before is not whole: ["system","work"]')]);
    await patch("patchSecondary");
    pool(secondary(), "work").provisioningState = "Failed";
    expect(ended(await patch("patchPrimary"))).toEqual([1, says('the stage before is not whole: ["work"]')]);
    expect(pool(primary(), "system").nodeImageVersion).toBe(OLD);
  });

  it("stop at the first pool that fails, and touch none that is not well", async () => {
    works.azure.arm.operation = { asked: 1, status: "Failed" };
    expect(ended(await patch("patchSecondary"))).toEqual([1, says("pool system was not upgraded")]);
    expect(upgraded).toHaveLength(1);
    works.azure.arm.operation = { asked: 1, status: "Succeeded" };
    pool(secondary(), "system").powerState.code = "Stopped";
    expect(ended(await patch("patchSecondary"))).toEqual([1, says("pool system is not well")]);
    expect(upgraded).toHaveLength(1);
  });

  it.each<[string, () => unknown, Record<string, string>, string]>([
    [
      "a cluster of Databricks has not been restarted",
      () =>
        works.azure
          .workspace("secondary")
          .clusters.set("c", { cluster_id: "c", cluster_name: "old", state: "RUNNING", last_restarted_time: 1 }),
      {},
      'not restarted for 8 days: ["old"]',
    ],
    ["the runtime's patches end", () => undefined, { RUNTIME_SUPPORTED_UNTIL: "2026-01-01" }, "plan the upgrade"],
    [
      "nobody says since when clusters run",
      () => works.azure.fail(/clusters\/list$/, 403),
      {},
      "nobody says since when",
    ],
  ])("fail, with all that they did, when %s", async (_, spoil, replace, text) => {
    spoil();
    const run = await patch("patchSecondary", replace);
    expect(ended(run)).toEqual([1, says(text)]);
    expect(JSON.parse(run.stdout)).toMatchObject({ patched: 2 });
  });
});

it("whoever patches may do nothing that patching does not need", () => {
  expect(access.unasked("analytics-primary", "analytics-patch")).toEqual([]);
});
