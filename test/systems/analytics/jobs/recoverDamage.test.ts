import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  ANALYST,
  BEFORE,
  checkpointsOf,
  damaged,
  done,
  eachInRegions,
  ended,
  exportOf,
  iso,
  names,
  type Regions,
  said,
  says,
} from "./recoverFixture";

let regions: Regions;
eachInRegions((started) => {
  regions = started;
});

const trusted = () => said({ RESTORE_BEFORE: iso(BEFORE), DAMAGED_TABLES: "bronze.events" });

/** Notes the spans that runs read of Event Hubs again, and of which namespaces. */
function readAgain({ primary }: Regions, then: (place: number) => void = () => {}) {
  const slices: { from: number; until: number; namespaces: string[] }[] = [];
  primary.warehouse.knows(
    /^merge into analytics\.bronze\.events .*startingTimestamp => '(\d+)', endingTimestamp => '(\d+)'/i,
    ({ 0: whole, 1: from, 2: until }) => {
      const namespaces = [...whole.matchAll(/bootstrapServers => '([^.]+)\./g)].map(([, one = ""]) => one);
      then(slices.push({ from: Number(from), until: Number(until), namespaces }) - 1);
      return [];
    },
  );
  return slices;
}

describe("the lake in place", () => {
  const step = (name: string, incident = trusted()) => regions.job(`analytics-lake-in-place-${name}`, incident);
  const events = () => regions.primary.warehouse.rows("analytics.bronze.events");

  test("comes back to the newest version before the damage, with nobody writing, and what came later is read again from Kafka", async () => {
    damaged(regions);
    for (const name of ["stop", "find", "restore", "verify"]) expect(ended(await step(name))).toEqual(done);
    expect(events()).toEqual([{ id: 1 }, { id: 2 }]);
    expect(regions.primary.settings("analytics-bronze").continuous.pause_status).toBe("PAUSED");
    expect(ended(await step("resume"))).toEqual(done);
    expect(regions.primary.settings("analytics-bronze").continuous.pause_status).toBe("UNPAUSED");
    // None reads on from where the tables were before, and nothing of that is gone.
    expect(checkpointsOf(regions.primary)).toEqual(
      ["bronze", "silver", "gold"].flatMap((layer) => [
        [`analytics.${layer}.checkpoints`, ""],
        [expect.stringMatching(`^analytics.${layer}.checkpoints_\\d{8}t\\d{6}z$`), "knows primary as it was"],
      ]),
    );
    const slices = readAgain(regions, (place) => {
      if (place === 0) regions.primary.warehouse.write("analytics.bronze.events", [...events(), { id: 3 }]);
    });
    const replay = await regions.job("analytics-replay", trusted());
    expect(JSON.parse(replay.stdout)).toMatchObject({ before: 2, after: 3 });
    expect(slices[0]?.from).toBe(BEFORE.getTime());
    expect(slices.map(({ until }) => until).slice(0, -1)).toEqual(slices.map(({ from }) => from).slice(1));
  });

  test("needs somebody to say which moment is trusted, for this incident", async () => {
    damaged(regions);
    await step("stop");
    expect(ended(await step("find", said()))).toEqual(says("RESTORE_BEFORE must be set"));
    const old = { ...trusted(), INCIDENT_WRITTEN: "2026-01-01T00:00:00Z" };
    expect(ended(await step("find", old))).toEqual(says("more than 12 hours ago"));
  });

  test("takes all tables where nobody names any: no view, and none that was made since, which is told", async () => {
    damaged(regions);
    const { warehouse } = regions.primary;
    warehouse.tables.set("analytics.gold.view", { location: "", versions: [], view: true });
    warehouse.write("analytics.gold.young", [{ id: 7 }]);
    const all = said({ RESTORE_BEFORE: iso(BEFORE) });
    for (const name of ["stop", "find", "restore", "verify"]) expect(ended(await step(name, all))).toEqual(done);
    expect(JSON.parse(regions.progress()["lake-in-place.find"] ?? "{}").young).toEqual(["gold.young"]);
    expect(warehouse.rows("analytics.gold.daily_events")).toHaveLength(2);
    expect(warehouse.rows("analytics.gold.young")).toEqual([{ id: 7 }]);
    warehouse.table("analytics.gold.young").versions = [{ version: 9, at: new Date(), operation: "WRITE", rows: [] }];
    expect(ended(await step("find", all))).toEqual(says("its history has ended"));
  });

  test("finds the moment in a history that is larger than what a statement gives", async () => {
    damaged(regions);
    const { warehouse } = regions.primary;
    const [first] = warehouse.table("analytics.bronze.events").versions;
    if (first) first.told = { operationParameters: { predicate: "x".repeat(26_214_400) } };
    await step("stop");
    expect(ended(await step("find"))).toEqual(done);
    expect(JSON.parse(regions.progress()["lake-in-place.find"] ?? "{}").tables).toMatchObject([{ version: 1 }]);
    warehouse.knows(/describe history/i, () => {
      throw new Error("TEMPORARILY_UNAVAILABLE");
    });
    expect(ended(await step("find"))).toEqual(says("the history of bronze.events cannot be read"));
  });

  test("refuses a moment that no version is left of, and leaves the table as it is", async () => {
    regions.primary.warehouse.write("analytics.bronze.events", [{ id: null }], new Date());
    await step("stop");
    expect(ended(await step("find"))).toEqual(says("bring it from the clones under the lock"));
    expect(ended(await step("restore"))).toEqual(says("restore must come after find"));
    expect(events()).toEqual([{ id: null }]);
  });

  test("is not verified where the content of that version is not sound", async () => {
    damaged(regions);
    for (const name of ["stop", "find", "restore"]) await step(name);
    regions.primary.warehouse.knows(/^select count\(\*\).* as wrong from/i, () => [{ wrong: "1" }]);
    expect(ended(await step("verify"))).toEqual(says("choose an earlier RESTORE_BEFORE"));
    expect(ended(await step("resume"))).toEqual(says("resume must come after verify"));
  });

  test("has not resumed while pipelines fail and begin anew, and takes no checkpoint from one that runs", async () => {
    damaged(regions);
    for (const name of ["stop", "find", "restore", "verify"]) await step(name);
    const { primary } = regions;
    delete primary.settings("analytics-gold").tasks[0].notebook_task.base_parameters.checkpoint;
    expect(ended(await step("resume"))).toEqual(says("analytics-gold must say as its parameter checkpoint"));
    primary.settings("analytics-gold").tasks[0].notebook_task.base_parameters = {
      checkpoint: "/Volumes/analytics/gold/checkpoints",
    };
    primary.flaps = true;
    const resume = () => regions.job("analytics-lake-in-place-resume", trusted(), { doubles: { SAY_WITHIN: "297" } });
    expect(ended(await resume())).toEqual(says("has a run that lives and goes on"));
    expect(regions.progress()["lake-in-place.resume"]).toBeUndefined();
    const before = checkpointsOf(primary);
    primary.flaps = false;
    expect(ended(await step("resume"))).toEqual(done);
    expect(checkpointsOf(primary)).toEqual(before);
  });

  test("is not brought back while a run that was ended goes on writing", async () => {
    const { primary } = regions;
    const [[bronze = 0] = []] = [...primary.jobs].filter(([, { settings }]) => settings.name === "analytics-bronze");
    primary.runs.push({
      run_id: 1,
      job_id: bronze,
      state: { life_cycle_state: "RUNNING" },
      job_parameters: {},
      start_time: 0,
    });
    primary.lingers = true;
    const stop = await regions.job("analytics-lake-in-place-stop", trusted(), { doubles: { SAY_WITHIN: "297" } });
    expect(ended(stop)).toEqual(says("runs of analytics-bronze have not ended: somebody still writes"));
    expect(ended(await step("find"))).toEqual(says("find must come after stop"));
  });

  test("is not read again before it is back", async () => {
    expect(ended(await regions.job("analytics-replay", trusted()))).toEqual(says("the lake must have come back first"));
  });
});

describe("Kafka in place", () => {
  const step = (name: string, more: Record<string, string> = {}) =>
    regions.job(`analytics-kafka-in-place-${name}`, said({ RESTORE_BEFORE: iso(BEFORE), ...more }));

  test("is read again from the moment on, all namespaces at once and a quarter of an hour at a time, and checked", async () => {
    regions.primary.warehouse.write("analytics.bronze.events", [{ id: 1 }]);
    const slices = readAgain(regions);
    for (const name of ["stop", "restore", "verify", "resume"]) expect(ended(await step(name))).toEqual(done);
    const all = (regions.env("analytics-kafka-in-place-restore").NAMESPACES ?? "").split(" ");
    expect(slices.length).toBeGreaterThanOrEqual(4);
    for (const { namespaces, from, until } of slices) {
      expect(namespaces).toEqual(all);
      expect(until - from).toBeLessThanOrEqual(900_000);
    }
  });

  test("keeps what it has read when a part cannot be, and goes on from there", async () => {
    regions.primary.warehouse.write("analytics.bronze.events", [{ id: 1 }]);
    readAgain(regions, (place) => {
      if (place === 1) throw new Error("KAFKA_DATA_LOSS");
    });
    await step("stop");
    const failed = await step("restore");
    const since = iso(new Date(BEFORE.getTime() + 900_000));
    expect(ended(failed)).toEqual(says(`say EVENTS_SINCE=${since} and start it again`));
    const slices = readAgain(regions);
    expect(ended(await step("restore", { EVENTS_SINCE: since }))).toEqual(done);
    expect(slices[0]?.from).toBe(BEFORE.getTime() + 900_000);
  });
});

describe("secrets in place", () => {
  const step = (name: string) =>
    regions.job(`analytics-keys-in-place-${name}`, said({ RESTORE_BEFORE: iso(new Date()) }));

  /** Two secrets as they were exported; of the second the list of versions has a second page. */
  const exported = async () => {
    const vault = regions.azure.vault(names.vault);
    vault.secrets.set("one", "canary-one");
    for (let version = 0; version < 26; version++) vault.secrets.set("two", `canary-two-${version}`);
    await regions.exported("keys", {
      "secrets.json": JSON.stringify([
        { name: "one", version: "v0" },
        { name: "two", version: "v25" },
      ]),
      "secrets.age": "sealed",
    });
    return vault;
  };
  const later = () => Date.now() / 1000 + 900;

  test("that were deleted are brought back, those that were changed are as before, and none is shown", async () => {
    const vault = await exported();
    vault.secrets.set("two", "canary-wrong", later());
    for (let one = 0; one < 25; one++) vault.deleted.set(`other-${one}`, "canary");
    vault.deleted.take("one", vault.secrets);
    const runs = [];
    for (const name of ["find", "restore", "verify"]) runs.push(await step(name));
    for (const run of runs) expect(ended(run)).toEqual(done);
    expect([...vault.secrets]).toEqual([
      ["two", "canary-two-25"],
      ["one", "canary-one"],
    ]);
    expect(JSON.stringify(runs) + JSON.stringify(regions.progress())).not.toContain("canary");
    // A second run finds them as they were, and writes no version.
    expect(JSON.parse((await step("restore")).stdout)).toMatchObject({ broughtBack: 0, undone: 0 });
  });

  test("are not verified while one is another than it was, or was made anew", async () => {
    const vault = await exported();
    for (const name of ["find", "restore"]) await step(name);
    vault.secrets.set("two", "canary-wrong", later());
    vault.secrets.delete("one");
    vault.secrets.set("one", "canary-one", later());
    expect(ended(await step("verify"))).toEqual(says("these secrets are not as they were: one two"));
  });

  test("are not written where the version before is not known", async () => {
    await regions.exported("keys", {
      "secrets.json": JSON.stringify([{ name: "one", version: "v0" }]),
      "secrets.age": "sealed",
    });
    regions.azure.vault(names.vault).secrets.set("one", "canary-wrong", later());
    await step("find");
    expect(ended(await step("restore"))).toEqual(says("secret one has no version before"));
  });
});

describe("Databricks in place", () => {
  const step = (name: string) =>
    regions.job(`analytics-databricks-in-place-${name}`, said({ RESTORE_BEFORE: iso(new Date()) }));
  const tasks = (of: string, count = 1) =>
    Array.from({ length: count }, (_, place) => ({
      task_key: `${of}-${place}`,
      spark_python_task: { python_file: of },
    }));
  /** Jobs of people as they work, and an export of all that the workspace has. */
  const exported = async (jobs: Readonly<Record<string, object[]>>, more = {}) => {
    const { primary } = regions;
    for (const [name, all] of Object.entries(jobs))
      for (const job of all)
        Object.assign(primary.jobs.get(primary.job(name, job)) ?? {}, { run_as_user_name: ANALYST });
    const of = ({ job_id, settings, run_as_user_name }: Record<string, unknown>) => ({
      job_id,
      settings,
      run_as: run_as_user_name,
    });
    await regions.exported(
      "databricks",
      exportOf({ jobs: [...primary.jobs.values()].map(of), clusters: [...primary.clusters.values()], ...more }),
    );
    expect(ended(await step("find"))).toEqual(done);
    return (name: string) => [...primary.jobs.values()].filter(({ settings }) => settings.name === name);
  };

  test("has jobs as they were, with more tasks than an answer holds", async () => {
    const jobs = await exported({ large: [{ tasks: tasks("step", 230) }], gone: [{ tasks: tasks("run") }] });
    const [large] = jobs("large");
    if (large) large.settings.tasks = tasks("wrong", 110);
    regions.primary.jobs.delete(jobs("gone")[0]?.job_id);
    expect(ended(await step("restore"))).toEqual(done);
    expect(large?.settings.tasks).toEqual(tasks("step", 230));
    expect(jobs("gone").map((one) => one.run_as_user_name)).toEqual([ANALYST]);
    expect(ended(await step("verify"))).toEqual(done);
    large?.settings.tasks.pop();
    expect(ended(await step("verify"))).toEqual(says("these jobs are not as they were exported: large"));
  });

  test("sets policies, clusters and grants as they were, and takes away what was given since", async () => {
    const { primary } = regions;
    const policy = { policy_id: "p1", name: "small", definition: '{"a":1}' };
    primary.policies.set("p1", { ...policy });
    const shared = { cluster_id: "c1", cluster_name: "shared", autoscale: { max_workers: 9 } };
    primary.clusters.set("c1", { ...shared, spark_version: "good", num_workers: 2 });
    const grown = { ...shared, cluster_id: "c2", cluster_name: "grown" };
    primary.clusters.set("c2", { ...grown, num_workers: 2 });
    const at = "unity-catalog/permissions/catalog/analytics";
    const given = (principal: string, ...privileges: string[]) => ({ principal, privileges });
    const grants = [{ type: "catalog", name: "analytics", privilege_assignments: [given("analysts", "SELECT")] }];
    await exported({}, { policies: [policy], grants });
    primary.policies.set("p1", { ...policy, definition: '{"a":2}' });
    primary.clusters.set("c1", { ...shared, spark_version: "evil", num_workers: 5 });
    primary.clusters.set("c2", { ...grown, num_workers: 5 });
    primary.kept.set(at, {
      privilege_assignments: [given("analysts", "MODIFY"), given("account users", "ALL_PRIVILEGES")],
    });
    expect(ended(await step("restore"))).toEqual(done);
    expect(primary.policies.get("p1")).toEqual(policy);
    expect(primary.clusters.get("c1")?.spark_version).toBe("good");
    expect(primary.kept.get(at)?.privilege_assignments).toEqual([given("analysts", "SELECT")]);
    // One that has only grown is not started anew.
    expect(regions.azure.count(/clusters\/edit$/)).toBe(2);
  });

  test("leaves jobs of one name as they are: nobody knows which is which", async () => {
    const jobs = await exported({ nightly: [{ tasks: tasks("a") }, { tasks: tasks("b") }] });
    const before = structuredClone(jobs("nightly"));
    const run = await step("restore");
    expect(ended(run)).toEqual(done);
    expect(JSON.parse(run.stdout).left).toEqual(
      Array(2).fill({ kind: "jobs", name: "nightly", lacks: "its name, which 2 have" }),
    );
    expect(jobs("nightly")).toEqual(before);
    expect(ended(await step("verify"))).toEqual(done);
  });
});

describe("what an older export brings back in place", () => {
  test("no export before what is trusted is none", async () => {
    await regions.exported("databricks", { "jobs.json": "[]" });
    const early = said({ RESTORE_BEFORE: iso(BEFORE) });
    expect(ended(await regions.job("analytics-databricks-in-place-find", early))).toEqual(says("has no export before"));
    expect(ended(await regions.job("analytics-databricks-in-place-find", said()))).toEqual(
      says("RESTORE_BEFORE must be set"),
    );
  });

  test("a copy of logs without lines is none, and those with lines become files that can be read", async () => {
    await regions.exported("logs", { "window.json": '{"from":1}' });
    const step = (name: string) =>
      regions.job(`analytics-logs-in-place-${name}`, said({ RESTORE_BEFORE: iso(new Date()) }));
    await step("find");
    expect(ended(await step("restore"))).toEqual(says("has no lines"));
    regions.azure.account(names.locked).blobs.clear();
    await regions.exported("logs", { "AzureActivity.jsonl.gz": gzipSync('{"a":1}\n{"a":2}\n') });
    for (const name of ["find", "restore", "verify"]) expect(ended(await step(name))).toEqual(done);
    expect(JSON.parse(regions.progress()["logs-in-place.restore"] ?? "{}")).toMatchObject({ files: 1, lines: 2 });
  });
});
