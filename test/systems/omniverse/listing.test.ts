import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { JOBS_MAP } from "../../../systems/omniverse/names";
import { declaredGraph } from "../../support/declaredGraph";
import { containerOf, cronJobs, metadataOf } from "../declared";
import { reached } from "./reached";

interface Volume {
  name: string;
  emptyDir?: { sizeLimit: string };
  ephemeral?: { volumeClaimTemplate: { spec: { resources: { requests: { storage: string } } } } };
  configMap?: { name: string };
}

/** GiB of the disk on which a job puts lists down; 0 for none. */
const scratchOf = (volumes: readonly Volume[]) => {
  const scratch = volumes.find(({ name }) => name === "scratch");
  const storage = scratch?.ephemeral?.volumeClaimTemplate.spec.resources.requests.storage;
  return Number.parseInt(storage ?? scratch?.emptyDir?.sizeLimit ?? "0", 10);
};

/** A room that is still to be made has an empty bucket. */
const EMPTY = /-in-clean-room-room$/;

describe.each(["prod", "staging"])("a job that lists every version of the assets in %s", (stack) => {
  let jobs: { name: string; lists: boolean; gib: number }[] = [];
  beforeAll(async () => {
    const graph = await declaredGraph(stack);
    jobs = cronJobs(graph.resources).flatMap((job) => {
      const { volumes } = (
        job.props as never as { spec: { jobTemplate: { spec: { template: { spec: { volumes: Volume[] } } } } } }
      ).spec.jobTemplate.spec.template.spec;
      if (!volumes.some(({ configMap }) => configMap?.name === JOBS_MAP)) return [];
      const { command, env } = containerOf(job);
      const [script = "", first = "", second = ""] = command;
      const [asset, step] = second === "" ? ["", first] : [first, second];
      const names = reached(path.basename(script), { asset, step, FROM: env.get("FROM") ?? "" });
      return [{ name: metadataOf(job).name ?? "", lists: names.has("list_versions"), gib: scratchOf(volumes) }];
    });
  });

  it("has a disk for the lists", () => {
    const lists = jobs.filter(({ name, lists }) => lists && !EMPTY.test(name));
    const least = jobs.find(({ name }) => name === "omniverse-orphans")?.gib ?? 0;
    expect(least).toBeGreaterThan(stack === "prod" ? 10 : 0);
    expect(lists.filter(({ gib }) => gib < least).map(({ name }) => name)).toEqual([]);
    const kinds = [
      "orphans",
      "capacity",
      "promote-replica-lag",
      "deployment-smoke",
      "rollback-verify",
      "fail-back-onward",
    ];
    expect(lists.map(({ name }) => name)).toEqual(expect.arrayContaining(kinds.map((name) => `omniverse-${name}`)));
    expect(jobs.filter(({ lists }) => !lists).map(({ name }) => name)).toContain("omniverse-fail-back-promote");
  });
});
