import { describe, expect, test } from "vitest";
import {
  ANALYST,
  clonedAll,
  clonedAt,
  cloneRun,
  done,
  eachInRegions,
  ended,
  exportOf,
  iso,
  keptIn,
  names,
  noted,
  type Regions,
  said,
  says,
} from "./recoverFixture";

let regions: Regions;
eachInRegions((started) => {
  regions = started;
});

describe("the lake in the secondary", () => {
  const step = (name: string, incident = said(), more = {}) =>
    regions.job(`analytics-lake-in-secondary-${name}`, incident, more);
  const accounts = () => {
    const env = regions.env("analytics-lake-in-secondary-fence");
    const { WRITTEN_ID = "", COPY_ID = "" } = env;
    const [written, copy] = [regions.deployed(WRITTEN_ID), regions.deployed(COPY_ID)];
    const locked = regions.deployed(COPY_ID.replace(names.copy, names.locked));
    return { written, copy, locked, own: (env.OWN_SUBNETS ?? "").split(" "), catalog: env.OWN_CATALOG };
  };

  test("closes what is lost, names the clones where they lie, and counts them", async () => {
    const { written, copy, own, catalog } = accounts();
    for (const name of ["fence", "restore", "verify"]) expect(ended(await step(name))).toEqual(done);
    expect(written.properties.publicNetworkAccess).toBe("Disabled");
    expect(copy.properties.networkAcls).toMatchObject({
      bypass: "None",
      virtualNetworkRules: own.map((id) => ({ id })),
      // The catalog asks for its credentials from outside of all networks.
      resourceAccessRules: [{ resourceId: catalog }],
    });
    for (const name of ["analytics-clone-copy", "analytics-clone-locked", "analytics-optimize"])
      expect(regions.primary.settings(name).schedule).toMatchObject({
        pause_status: "PAUSED",
        quartz_cron_expression: "0 0/15 * * * ?",
      });
    // The clones of the lost region read this, whoever lets them run again.
    expect(regions.secondary.warehouse.rows(keptIn(names.copy, "serving"))).toMatchObject([{ region: "northeurope" }]);
    expect(regions.secondary.warehouse.rows("analytics.bronze.events")).toHaveLength(2);
    expect(regions.secondary.warehouse.ran.some((one) => /deep clone/i.test(one))).toBe(false);
    // The checks read a quarter of an hour before the clone, of the version that was cloned.
    const from = new Date(
      Date.parse(JSON.parse(regions.progress()["lake-in-secondary.restore"] ?? "{}").holds) - 900_000,
    );
    const checks = regions.secondary.warehouse.ran.filter((one) => / as wrong from /i.test(one));
    expect(checks.length).toBeGreaterThan(2);
    for (const one of checks)
      expect(one).toContain(`DATE(TIMESTAMP'${from.toISOString().slice(0, 19).replace("T", " ")}')`);
    expect(checks.every((one) => one.includes(" VERSION AS OF 1 "))).toBe(true);
    expect(JSON.parse(regions.progress()["lake-in-secondary.verify"] ?? "{}").verified).toEqual([
      "bronze.events",
      "gold.daily_events",
    ]);
  });

  test("leaves the account under the lock to Capture and to the clean room", async () => {
    const { locked } = accounts();
    const before = structuredClone(locked.properties);
    expect(JSON.stringify(before)).toContain("/clean-room/subnets/");
    expect(before.networkAcls.bypass).toBe("AzureServices");
    expect(ended(await step("fence"))).toEqual(done);
    expect(locked.properties).toEqual(before);
  });

  test("does not go on while the lost region's account stays open, unless somebody has seen that nothing writes", async () => {
    const { written } = accounts();
    const before = structuredClone(written.properties);
    regions.azure.on(new RegExp(`^PATCH .*${names.written}$`), () => ({ status: 503 }));
    expect(ended(await step("fence"))).toEqual(says("cannot be closed"));
    expect(regions.progress()["lake-in-secondary.fence"]).toBeUndefined();
    expect(ended(await step("restore"))).toEqual(says("restore must come after fence"));
    expect(ended(await step("fence", said({ FENCED: "yes" })))).toEqual(done);
    expect(written.properties).toEqual(before);
  });

  test("refuses clones that are older than promised, until somebody says that so much may be lost", async () => {
    accounts();
    const old = new Date(Math.floor(Date.now() / 1000) * 1000 - 5 * 3_600_000);
    clonedAll(regions, old);
    await step("fence");
    expect(ended(await step("restore"))).toEqual(says("promised is 1h00m"));
    expect(ended(await step("restore", said({ LOSE_SINCE: iso(old) })))).toEqual(done);
  });

  test("gets what came after its oldest clone from Event Hubs, and not before it is back", async () => {
    accounts();
    const replay = () => regions.job("analytics-replay-in-secondary", said());
    expect(ended(await replay())).toEqual(says("the lake must have come back first"));
    for (const name of ["fence", "restore", "verify"]) await step(name);
    const { warehouse } = regions.secondary;
    const asked = new Set<string>();
    warehouse.knows(/^merge into analytics\.bronze\.events .*startingTimestamp => '(\d+)'/i, ([, from = ""]) => {
      if (asked.size === 0) warehouse.add("analytics.bronze.events", [{ id: 1 }, { id: 2 }, { id: 3 }], "MERGE");
      asked.add(from);
      return [];
    });
    const run = await replay();
    expect(ended(run)).toEqual(done);
    expect(JSON.parse(run.stdout)).toMatchObject({ before: 2, after: 3 });
    const { holds } = JSON.parse(regions.progress()["lake-in-secondary.restore"] ?? "{}");
    // A quarter of an hour at a time, from where the oldest clone ends.
    const spans = [...asked].map((from, place) => Number(from) - place * 900_000);
    expect(new Set(spans)).toEqual(new Set([Date.parse(holds)]));
  });

  test("does not wait for tables that were dropped, nor for one that is too young to have been cloned", async () => {
    accounts();
    const minutesAgo = (count: number) => new Date(Date.now() - count * 60_000);
    noted(regions, names.copy, cloneRun(["gold.dropped"], minutesAgo(21 * 1_440), 0));
    noted(regions, names.copy, [
      ...cloneRun(["bronze.events", "gold.daily_events"], minutesAgo(5), 1),
      ...cloneRun(["gold.young"], minutesAgo(5), 0).slice(0, 1),
    ]);
    for (const name of ["fence", "restore", "verify"]) expect(ended(await step(name))).toEqual(done);
    const { absent, tables } = JSON.parse(regions.progress()["lake-in-secondary.restore"] ?? "{}");
    expect(absent).toEqual(["gold.young"]);
    expect(tables.map(({ table }: { table: string }) => table)).toEqual(["bronze.events", "gold.daily_events"]);
  });

  test("refuses where a table that runs have found for longer than promised was never cloned to its end", async () => {
    accounts();
    noted(regions, names.copy, cloneRun(["gold.stuck"], new Date(Date.now() - 7_200_000), 0).slice(0, 1));
    noted(
      regions,
      names.copy,
      cloneRun(["bronze.events", "gold.daily_events", "gold.stuck"], new Date(), 1).slice(0, 5),
    );
    await step("fence");
    expect(ended(await step("restore"))).toEqual(
      says("the list in which gold.stuck, never cloned to its end, came first"),
    );
    expect(regions.secondary.warehouse.rows(keptIn(names.copy, "serving"))).toEqual([]);
  });

  test("is verified as it was cloned, although people write already, and by this page again hours later", async () => {
    accounts();
    for (const name of ["fence", "restore"]) await step(name);
    regions.secondary.warehouse.write("analytics.bronze.events", [{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(ended(await step("verify"))).toEqual(done);
    const serving = new Date(Math.floor(Date.now() / 1000) * 1000 - 6 * 3_600_000);
    clonedAll(regions, new Date(serving.getTime() - 600_000));
    regions.secondary.warehouse.add(keptIn(names.copy, "serving"), [{ since: serving.toISOString() }], "WRITE");
    for (const name of ["fence", "restore", "verify"]) expect(ended(await step(name))).toEqual(done);
    expect(JSON.parse(regions.progress()["lake-in-secondary.restore"] ?? "{}").ageSeconds).toBe(600);
  });

  test("is not taken for sound where a check finds rows that are wrong, or rows are missing", async () => {
    accounts();
    await step("fence");
    await step("restore");
    regions.secondary.warehouse.knows(/^select count\(\*\).* as wrong from/i, () => [{ wrong: "3" }]);
    expect(ended(await step("verify"))).toEqual(says("what came back is not sound"));
    const cloned = regions.secondary.warehouse.table(clonedAt(names.copy, "bronze/events")).versions[1];
    if (cloned) cloned.rows = [];
    expect(ended(await step("verify"))).toEqual(says("bronze.events has 0 rows in version 1, which was cloned with 2"));
  });

  test("says what is missing where there is no clone at all, and goes on where the lost workspace answers nothing", async () => {
    accounts();
    regions.secondary.warehouse.add(keptIn(names.copy, "clones"), [], "WRITE");
    regions.azure.fail(/databricks\/primary/, 503, { times: 20 });
    const fence = await step("fence");
    expect(ended(fence)).toEqual(done);
    expect(fence.stderr).toContain("not all that writes in the lost region could be paused");
    expect(ended(await step("restore"))).toEqual(says(`${names.copy} holds no table`));
  });
});

describe("Kafka in the secondary", () => {
  const step = (name: string) => regions.job(`analytics-kafka-in-secondary-${name}`);
  const locations = (secondary = "North Europe") => [
    { locationName: "West Europe", roleType: "Primary" },
    { locationName: secondary, roleType: "Secondary" },
  ];
  /** Which promotions were asked for with force. */
  const forces = () => regions.azure.bodies(/^POST .*failover$/).map(({ properties }) => properties.force);
  const hubs = (partitions?: number) => {
    const env = regions.env("analytics-kafka-in-secondary-verify");
    const partitionCount = partitions ?? Number(env.PARTITIONS);
    return (env.NAMESPACE_IDS ?? "").split(" ").map((id) => {
      regions.azure.arm.put(`${id}/eventhubs/${env.TOPIC}`, { properties: { status: "Active", partitionCount } });
      return regions.azure.arm.put(id, { properties: { geoDataReplication: { locations: locations() } } });
    });
  };

  test("is promoted in all namespaces, and waits for no other asset", async () => {
    const made = hubs();
    expect(ended(await step("restore"))).toEqual(done);
    expect(ended(await step("verify"))).toEqual(done);
    for (const { properties } of made) expect(properties.geoDataReplication.locations[1].roleType).toBe("Primary");
    expect(forces()).toEqual(made.map(() => true));
    // A second run finds nothing left to do.
    expect(ended(await step("restore"))).toEqual(done);
    expect(regions.azure.count(/failover$/)).toBe(made.length);
  });

  test("is promoted where Azure says by Location alone that it goes on", async () => {
    const made = hubs();
    regions.azure.arm.operation = { asked: 2, status: "Succeeded", by: "location" };
    expect(ended(await step("restore"))).toEqual(done);
    for (const { properties } of made) expect(properties.geoDataReplication.locations[1].roleType).toBe("Primary");
  });

  test("is promoted nowhere while one namespace is not replicated", async () => {
    const [first] = hubs();
    if (first) first.properties.geoDataReplication.locations = locations("France Central");
    expect(ended(await step("restore"))).toEqual(says("these cannot be promoted, so none is"));
    expect(regions.azure.count(/failover$/)).toBe(0);
  });

  test("goes on with the namespaces that were left when one promotion failed", async () => {
    const made = hubs();
    regions.azure.fail(/^POST .*failover$/, 500);
    expect(ended(await step("restore"))).toEqual(says("start this step again"));
    expect(ended(await step("restore"))).toEqual(done);
    expect(regions.azure.count(/failover$/)).toBe(made.length + 1);
  });

  test("is not verified where a topic has lost partitions", async () => {
    hubs(1);
    await step("restore");
    expect(ended(await step("verify"))).toEqual(says("must be active with"));
  });
});

describe("Databricks in the secondary", () => {
  const step = (name: string) => regions.job(`analytics-databricks-in-secondary-${name}`);
  const jobs = {
    nightly: {
      name: "nightly",
      // What people name as they like stays as it is.
      tasks: [
        { task_key: "run", existing_cluster_id: "PRIMARY-a", notebook_task: { base_parameters: { job_id: "x" } } },
      ],
      schedule: { quartz_cron_expression: "0 0 2 * * ?", pause_status: "UNPAUSED" },
    },
    after: {
      name: "after",
      tasks: [{ task_key: "first", run_job_task: { job_id: 11 } }],
      trigger: { file_arrival: { url: "abfss://x" }, pause_status: "UNPAUSED" },
    },
    report: {
      name: "report",
      job_clusters: [
        { job_cluster_key: "own", new_cluster: { instance_pool_id: "PRIMARY-pool", policy_id: "PRIMARY-policy" } },
      ],
      tasks: [{ task_key: "sql", sql_task: { warehouse_id: "PRIMARY-sql" } }],
    },
    bronze: {
      name: "analytics-bronze",
      continuous: { pause_status: "UNPAUSED" },
      tasks: [{ task_key: "run", existing_cluster_id: "PRIMARY-0101" }],
    },
    clone: {
      name: "analytics-clone-copy",
      job_clusters: [{ job_cluster_key: "own", new_cluster: { instance_pool_id: "PRIMARY-clones" } }],
    },
  };
  const group = (group_name: string, permission_level: string, inherited = false) => ({
    group_name,
    all_permissions: [{ permission_level, inherited }],
  });
  const lists = {
    pools: [
      { instance_pool_id: "PRIMARY-pool", instance_pool_name: "warm", node_type_id: "n" },
      { instance_pool_id: "PRIMARY-clones", instance_pool_name: "analytics-clones", node_type_id: "n" },
    ],
    policies: [
      {
        policy_id: "PRIMARY-policy",
        name: "small",
        definition: JSON.stringify({ instance_pool_id: { type: "fixed", value: "PRIMARY-pool" } }),
      },
    ],
    warehouses: [{ id: "PRIMARY-sql", name: "analytics-sql" }],
    clusters: [
      { cluster_id: "PRIMARY-0101", cluster_name: "analytics-bronze", num_workers: 2 },
      {
        cluster_id: "PRIMARY-a",
        cluster_name: "shared",
        num_workers: 2,
        node_type_id: "n",
        instance_pool_id: "PRIMARY-pool",
        cluster_source: "UI",
      },
      { cluster_id: "PRIMARY-b", cluster_name: "job-1-run-2", num_workers: 2, cluster_source: "JOB" },
    ],
    // One that runs another stands before it.
    jobs: [jobs.after, jobs.nightly, jobs.report, jobs.bronze, jobs.clone].map((settings, place) => ({
      job_id: 10 + place,
      settings,
    })),
    permissions: [
      {
        path: "jobs/nightly",
        access_control_list: [
          group("analysts", "CAN_VIEW"),
          group("everybody", "CAN_MANAGE", true),
          { service_principal_name: "of-the-primary", all_permissions: [{ permission_level: "IS_OWNER" }] },
        ],
      },
      { path: "jobs/analytics-clone-copy", access_control_list: [] },
      { path: "clusters/job-1-run-2", access_control_list: [] },
    ],
    grants: [
      {
        type: "schema",
        name: "analytics.gold",
        privilege_assignments: [{ principal: "analysts", privileges: ["SELECT"] }],
      },
    ],
  };
  const lakeIsBack = () => regions.ended("lake-in-secondary.verify");
  const found = async (more = {}) => {
    await regions.exported("databricks", exportOf({ ...lists, ...more }));
    lakeIsBack();
    expect(ended(await step("find"))).toEqual(done);
  };

  test("waits for the lake, then has jobs, clusters, permissions and grants as they were, and runs its pipelines last", async () => {
    await regions.exported("databricks", exportOf(lists));
    expect(ended(await step("find"))).toEqual(says("must come after lake-in-secondary.verify"));
    lakeIsBack();
    for (const name of ["find", "restore", "verify"]) expect(ended(await step(name))).toEqual(done);
    const { secondary } = regions;
    expect(secondary.settings("nightly").schedule.pause_status).toBe("PAUSED");
    expect(secondary.settings("after").trigger.pause_status).toBe("PAUSED");
    expect(secondary.settings("analytics-bronze").continuous.pause_status).toBe("PAUSED");
    const [id] = [...secondary.jobs].find(([, one]) => one.settings.name === "nightly") ?? [];
    expect(secondary.kept.get(`permissions/jobs/${id}`)?.access_control_list).toEqual([
      { group_name: "analysts", permission_level: "CAN_VIEW" },
    ]);
    expect(ended(await step("resume"))).toEqual(done);
    expect(secondary.settings("analytics-bronze").continuous.pause_status).toBe("UNPAUSED");
    // What this region has read in a failover before this one says nothing of the clones.
    expect(secondary.warehouse.volumes.get("analytics.bronze.checkpoints")).toBe("");
  });

  test("leads every id of the lost workspace to what has its name here, and brings nothing that the program declares", async () => {
    await found();
    expect(ended(await step("restore"))).toEqual(done);
    const { secondary } = regions;
    const byName = (all: ReadonlyMap<string | number, Record<string, unknown>>, key: string) =>
      Object.fromEntries([...all].map(([id, one]) => [one[key], id]));
    const clusters = byName(secondary.clusters, "cluster_name");
    const pools = byName(secondary.pools, "instance_pool_name");
    const policies = byName(secondary.policies, "name");
    expect(Object.keys(clusters)).toEqual(["analytics-bronze", "analytics-silver", "analytics-gold", "shared"]);
    expect(Object.keys(pools)).toEqual(["warm"]);
    expect(secondary.clusters.get(String(clusters.shared))).toMatchObject({ instance_pool_id: pools.warm });
    expect(JSON.parse(secondary.policies.get(String(policies.small))?.definition)).toEqual({
      instance_pool_id: { type: "fixed", value: pools.warm },
    });
    expect(secondary.settings("nightly").tasks).toEqual([
      { ...jobs.nightly.tasks[0], existing_cluster_id: clusters.shared },
    ]);
    const [nightly] = [...secondary.jobs].find(([, one]) => one.settings.name === "nightly") ?? [];
    expect(secondary.settings("after").tasks[0].run_job_task.job_id).toBe(nightly);
    expect(secondary.settings("report")).toMatchObject({
      job_clusters: [{ new_cluster: { instance_pool_id: pools.warm, policy_id: policies.small } }],
      tasks: [{ sql_task: { warehouse_id: "secondary-sql" } }],
    });
    expect(secondary.settings("analytics-bronze").tasks[0].existing_cluster_id).toBe("secondary-bronze");
    expect([...secondary.jobs.values()].map(({ settings }) => settings.name)).not.toContain("analytics-clone-copy");
    expect(JSON.stringify([[...secondary.jobs], [...secondary.clusters], [...secondary.policies]])).not.toContain(
      "PRIMARY",
    );
  });

  test("leaves a job that names what no export holds, says so, and brings all others", async () => {
    const declarative = { name: "declarative", tasks: [{ task_key: "run", pipeline_task: { pipeline_id: "p" } }] };
    const runs = { name: "runs-it", tasks: [{ task_key: "run", run_job_task: { job_id: 21 } }] };
    const more = [declarative, runs].map((settings, place) => ({ job_id: 21 + place, settings }));
    await found({ jobs: [...lists.jobs, ...more] });
    const run = await step("restore");
    expect(ended(run)).toEqual([0, expect.stringContaining("declarative of the jobs is left")]);
    expect(JSON.parse(run.stdout).left).toEqual([
      { kind: "jobs", name: "declarative", lacks: "pipeline_id p" },
      { kind: "jobs", name: "runs-it", lacks: "job_id declarative" },
    ]);
    const verified = await step("verify");
    expect(ended(verified)).toEqual(done);
    expect(JSON.parse(verified.stdout)).toMatchObject({ left: ["declarative", "runs-it"] });
  });

  test("goes on where a view, or a schema of people's own, is not here, and says so", async () => {
    const granted = (type: string, name: string) => ({ ...lists.grants[0], type, name });
    const gone = [granted("table", "analytics.gold.a_view"), granted("schema", "analytics.of_people")];
    const places = [granted("external_location", "of-people"), granted("external_location", "analytics-copy")];
    await found({ grants: [...lists.grants, ...gone, ...places] });
    const run = await step("restore");
    expect(ended(run)).toEqual(done);
    expect(JSON.parse(run.stdout).left.map(({ name }: { name: string }) => name)).toEqual([
      "analytics.gold.a_view",
      "analytics.of_people",
      "of-people",
    ]);
    expect(ended(await step("verify"))).toEqual(done);
    regions.azure.fail(/^PATCH .*permissions\/schema/, 403);
    expect(ended(await step("restore"))).toEqual(says("the grants of analytics.gold cannot be set"));
  });

  test("has jobs run as the people as whom they ran, and none as who recovers", async () => {
    const service = { name: "of-a-service", tasks: [] };
    const jobs = [...lists.jobs, { job_id: 21, run_as: "service-of-a-team", settings: service }];
    await found({ jobs });
    const run = await step("restore");
    expect(JSON.parse(run.stdout).left).toEqual([
      { kind: "jobs", name: "of-a-service", lacks: "run_as service-of-a-team" },
    ]);
    const { secondary } = regions;
    const nightly = [...secondary.jobs.values()].find(({ settings }) => settings.name === "nightly") ?? {};
    expect([nightly.run_as_user_name, nightly.settings.run_as]).toEqual([ANALYST, undefined]);
    expect(ended(await step("verify"))).toEqual(done);
    nightly.run_as_user_name = nightly.creator_user_name;
    expect(ended(await step("verify"))).toEqual(says("these jobs are not as they were exported: nightly"));
  });

  test("is not verified where a job is another than was exported, or works on something else", async () => {
    await found();
    await step("restore");
    const nightly = regions.secondary.settings("nightly");
    const [task] = nightly.tasks;
    for (const wrong of [[], [{ ...task, existing_cluster_id: "secondary-gold" }]]) {
      nightly.tasks = wrong;
      expect(ended(await step("verify"))).toEqual(says("these jobs are not as they were exported: nightly"));
    }
    nightly.tasks = [task];
    regions.secondary.settings("analytics-bronze").tasks[0].existing_cluster_id = "PRIMARY-0101";
    expect(ended(await step("verify"))).toEqual(says("analytics-bronze (existing_cluster_id PRIMARY-0101)"));
  });

  test("needs what is declared for pipelines: what a recovery makes is its own, whomever the schema belongs to", async () => {
    await found();
    for (const name of ["restore", "verify"]) await step(name);
    const { secondary } = regions;
    expect(secondary.granted).toEqual(["USE_SCHEMA", "SELECT", "MODIFY", "READ_VOLUME", "WRITE_VOLUME"]);
    secondary.granted = ["SELECT", "MODIFY"];
    const run = await regions.job("analytics-databricks-in-secondary-resume", said(), {
      doubles: { SAY_WITHIN: "597" },
    });
    expect(ended(run)).toEqual(says("has a run that lives and goes on"));
  });

  test.each(["stuck", "flaps"] as const)("fakes no run that does not live: %s", async (fault) => {
    await found();
    for (const name of ["restore", "verify"]) await step(name);
    regions.secondary[fault] = true;
    const run = await regions.job("analytics-databricks-in-secondary-resume", said(), {
      doubles: { SAY_WITHIN: "597" },
    });
    expect(ended(run)).toEqual(says("has a run that lives and goes on"));
    expect(regions.progress()["databricks-in-secondary.resume"]).toBeUndefined();
  });
});

describe("Power BI in the secondary", () => {
  const step = (name: string) => regions.job(`analytics-powerbi-in-secondary-${name}`);
  const setUp = async () => {
    const env = regions.env("analytics-powerbi-in-secondary-capacity");
    const id = env.CAPACITY_ID ?? "";
    regions.azure.arm.put(id, { properties: { state: "Paused" } });
    regions.azure.powerBi.capacities.push({
      id: "capacity-2",
      displayName: id.split("/").at(-1) ?? "",
      state: "Active",
    });
    const group = regions.azure.powerBi.group("sales");
    const reports = [{ id: "r1", name: "Revenue", file: `${group.id}/r1.pbix` }];
    await regions.exported("powerbi", {
      "workspaces.json": JSON.stringify([{ id: group.id, name: "sales", reports, datasets: [], users: [] }]),
      [`${group.id}/r1.pbix`]: "content of the report\n",
    });
    // As databricks-in-secondary leaves it.
    const { code, stderr } = await regions.job("analytics-powerbi-in-secondary-find");
    expect([code, stderr]).toEqual(says("must come after databricks-in-secondary.verify"));
    return group;
  };

  test("waits for Databricks", async () => {
    await setUp();
  });

  test("is shown by the capacity of this region, from the files as they were, and reads what is served now", async () => {
    const group = await setUp();
    regions.ended("databricks-in-secondary.verify");
    for (const name of ["find", "capacity", "restore", "verify"]) expect(ended(await step(name))).toEqual(done);
    expect(group.capacityId).toBe("capacity-2");
    expect(group.reports.map(({ name, file }) => [name, file])).toEqual([["Revenue", "content of the report\n"]]);
    expect(group.datasets[0]?.parameters.Host).toBe(
      regions.env("analytics-powerbi-in-secondary-verify").WAREHOUSE_HOST,
    );
  });

  test("is not back while a report is not published, or a model cannot read", async () => {
    await setUp();
    regions.ended("databricks-in-secondary.verify");
    for (const name of ["find", "capacity"]) await step(name);
    regions.azure.powerBi.publishes = () => "Failed";
    expect(ended(await step("restore"))).toEqual(says("report Revenue was not published: Failed"));
    regions.azure.powerBi.publishes = () => "Succeeded";
    await step("restore");
    regions.azure.powerBi.refreshes = "Failed";
    expect(ended(await step("verify"))).toEqual(says("cannot read what it shows: Failed"));
  });
});

describe("configuration in the secondary", () => {
  const step = (name: string) => regions.job(`analytics-configuration-in-secondary-${name}`);
  const exported = async () => {
    const env = regions.env("analytics-configuration-in-secondary-restore");
    const below = `/subscriptions/${env.SUBSCRIPTION}/resourceGroups/${env.GROUPS_THERE}`;
    const assigned = {
      id: `${below}/providers/Microsoft.Authorization/policyAssignments/tls`,
      apiVersion: "2023-04-01",
      properties: { scope: below },
    };
    const account = {
      id: `${below}/providers/Microsoft.Storage/storageAccounts/other`,
      apiVersion: "2024-01-01",
      properties: { kept: 1 },
    };
    const role = {
      id: `${below}/providers/Microsoft.Authorization/roleAssignments/reader`,
      apiVersion: "2022-04-01",
      properties: { principalId: "one" },
    };
    await regions.exported("configuration", {
      "resources.json": JSON.stringify([account]),
      "policies.json": JSON.stringify([assigned]),
      "roles.json": JSON.stringify([role]),
    });
    regions.azure.arm.put(role.id, { properties: role.properties });
    return { assigned, account, role, below };
  };

  test("has its settings put back, and names what the program brings", async () => {
    const { assigned, account } = await exported();
    for (const name of ["find", "restore", "verify"]) expect(ended(await step(name))).toEqual(done);
    expect(regions.azure.arm.get(assigned.id).properties).toEqual(assigned.properties);
    expect(JSON.parse(regions.progress()["configuration-in-secondary.restore"] ?? "{}").others).toEqual([account.id]);
  });

  test("loses the policies that somebody has added, and is not back while rights are other than they were", async () => {
    const { role, below } = await exported();
    const own = `${below}/providers/Microsoft.Authorization`;
    for (const kind of ["policyDefinitions", "policyAssignments", "roleAssignments"])
      regions.azure.arm.put(`${own}/${kind}/hostile`, { properties: {} });
    regions.azure.arm.delete(role.id);
    for (const name of ["find", "restore"]) expect(ended(await step(name))).toEqual(done);
    expect(regions.azure.arm.ids().filter((id) => /policy.*hostile/.test(id))).toEqual([]);
    expect(regions.azure.calls.filter(({ line }) => /^DELETE/.test(line)).map(({ line }) => line)).toEqual([
      expect.stringContaining("policyAssignments"),
      expect.stringContaining("policyDefinitions"),
    ]);
    const wrong = await step("verify");
    expect(ended(wrong)).toEqual(says("these role assignments are not as they were"));
    expect(wrong.stderr).toContain(`${own}/roleAssignments/hostile ${role.id}`);
    regions.azure.arm.delete(`${own}/roleAssignments/hostile`);
    regions.azure.arm.put(role.id, { properties: role.properties });
    expect(ended(await step("verify"))).toEqual(done);
  });

  test("is not back where a setting is refused, or an answer is missing", async () => {
    await exported();
    await step("find");
    regions.azure.fail(/^PUT .*policyAssignments/, 403);
    expect(ended(await step("restore"))).toEqual(says("cannot be set as it was"));
    regions.azure.fail(/^GET .*policyAssignments/, 500);
    expect(ended(await step("restore"))).toEqual(says("cannot be compared"));
  });
});

describe("keys in the secondary", () => {
  const step = (name: string, more = {}) => regions.job(`analytics-keys-in-secondary-${name}`, said(), more);

  test("are read from the paired region, and every one that was exported is there", async () => {
    await regions.exported("keys", {
      "secrets.json": JSON.stringify([
        { name: "one", version: "v0" },
        { name: "two", version: "v1" },
      ]),
      "secrets.age": "sealed",
    });
    regions.azure.vault(names.vault).secrets.set("one", "canary-one");
    await step("find");
    expect(ended(await step("restore"))).toEqual(done);
    expect(ended(await step("verify"))).toEqual(says("these secrets are not as they were: two"));
    // The pair is behind: it has not yet the version that was exported.
    regions.azure.vault(names.vault).secrets.set("two", "canary-old");
    expect(ended(await step("verify"))).toEqual(says("these secrets are not as they were: two"));
    regions.azure.vault(names.vault).secrets.set("two", "canary-two");
    const run = await step("verify");
    expect(ended(run)).toEqual(done);
    expect(run.stdout + run.stderr + JSON.stringify(regions.progress())).not.toContain("canary");
  });

  test("are not taken to be there while the vault is silent", async () => {
    await regions.exported("keys", { "secrets.json": "[]", "secrets.age": "sealed" });
    await step("find");
    expect(ended(await step("restore", { doubles: { SAY_WITHIN: "898" } }))).toEqual(
      says("does not answer from the paired region"),
    );
  });
});

describe("logs in the secondary", () => {
  const step = (name: string, more = {}) => regions.job(`analytics-logs-in-secondary-${name}`, said(), more);
  const workspace = (location = "northeurope") => {
    const id = regions.env("analytics-logs-in-secondary-restore").LOGS_ID ?? "";
    regions.azure.arm.action(/\/failover$/i, (one) => {
      one.properties.failover = { state: "Active" };
      return undefined;
    });
    return regions.azure.arm.put(id, { properties: { replication: { enabled: true, location } } });
  };

  test("are switched to the replica, and lines come in there", async () => {
    workspace();
    regions.azure.logs.finds(/ingestion_time/, [{ Lines: 12 }]);
    expect(ended(await step("restore"))).toEqual(done);
    expect(ended(await step("verify"))).toEqual(done);
  });

  test("are not switched to what does not exist, and silence is no line", async () => {
    const one = workspace("francecentral");
    expect(ended(await step("restore"))).toEqual(says("there is nothing to switch to"));
    one.properties.replication.location = "northeurope";
    await step("restore");
    regions.azure.logs.finds(/ingestion_time/, [{ Lines: 0 }]);
    expect(ended(await step("verify", { doubles: { SAY_WITHIN: "1198" } }))).toEqual(says("no line has come in"));
  });
});
