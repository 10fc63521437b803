import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCheck, siteChecksOf } from "../../tools/ci/siteCheck";
import { declaredGraph } from "../support/declaredGraph";
import { checkout } from "./workflow";

describe("the checks of a stack's sites", () => {
  it.each(["prod", "staging"])("are the CronJobs that %s declares", async (stack) => {
    const { resources } = await declaredGraph(stack);
    const declared = resources.flatMap(({ type, props, provider }) => {
      const { name, namespace } = (props.metadata ?? {}) as { name?: string; namespace?: string };
      if (!type.endsWith(":CronJob") || !name?.startsWith("site-check-")) return [];
      return [{ context: provider?.props.context, namespace, cronJob: name }];
    });
    expect(declared).toHaveLength(4);
    const asked = siteChecksOf(readFileSync(path.join(checkout, `Pulumi.${stack}.yaml`), "utf8"));
    const byName = (one: { cronJob: string }, other: { cronJob: string }) => one.cronJob.localeCompare(other.cronJob);
    expect(asked.sort(byName)).toEqual(declared.sort(byName));
  });

  it("are none where there is no platform, and need a cluster at each site", () => {
    expect(siteChecksOf("config: { 'holdfast:omendb': {} }")).toEqual([]);
    expect(() => siteChecksOf("config: { 'holdfast:platform': {} }")).toThrow(
      "holdfast:sites.primary: must have a cluster with a context, got none",
    );
  });
});

describe("a check of a site", () => {
  const check = { context: "prod-one", namespace: "platform", cronJob: "site-check-primary" };
  const patience = { times: 3, milliseconds: 1 };
  const path0 = process.env.PATH;
  let folder: string;
  const log = () => readFileSync(path.join(folder, "log"), "utf8").trim().split("\n");
  /** A `kubectl` that only answers what it is told to. */
  const kubectl = (answers: string) =>
    writeFileSync(
      path.join(folder, "kubectl"),
      `#!/bin/sh\necho "$@" >> ${folder}/log\ncase "$5" in\n${answers}\nesac\n`,
      {
        mode: 0o755,
      },
    );

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "holdfast-site-check-"));
    process.env.PATH = `${folder}:${path0}`;
  });
  afterEach(() => {
    process.env.PATH = path0;
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ["is passed by a site that is as the register says", 'get) printf "SuccessCriteriaMet Complete";;', true, 3],
    ["fails where the site differs", 'get) printf "FailureTarget Failed";;', false, 3],
    ["fails where the job never ends", "get) ;;", false, 4],
    ["fails where the job cannot be made", "create) exit 1;;", false, 1],
  ])("%s", async (_, answers, passes, asked) => {
    kubectl(answers);
    expect(await runCheck(check, "7-1", patience)).toBe(passes);
    expect(log()).toHaveLength(asked);
    expect(log()[0]).toBe(
      "--context prod-one -n platform create job site-check-primary-7-1 --from=cronjob/site-check-primary",
    );
  });

  it("fails the script where one site fails, after all have been asked", () => {
    kubectl('get) case "$2" in *central*) printf "Failed";; *) printf "Complete";; esac;;');
    const said = spawnSync(process.execPath, ["--import", "tsx", "tools/ci/siteCheck.ts", "prod", "7-1"], {
      cwd: checkout,
      env: { ...process.env, PATH: `${folder}:${path0}` },
    });
    expect(said.status).toBe(1);
    expect(log().filter((line) => line.includes("create job"))).toHaveLength(4);
  });
});
