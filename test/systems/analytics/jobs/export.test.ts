import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { DEPLOYER } from "../../../support/azure/databricks";
import { refused } from "../../../support/azure/wire";
import { declaredGraph } from "../../../support/declaredGraph";
import { configured, type Exports, startExports, VAULT, working } from "./exportFixture";
import { accessOf } from "./running";

let graph: ResourceGraph;
let run: Exports;
let access: ReturnType<typeof accessOf>;
beforeAll(async () => {
  graph = await declaredGraph("prod");
  access = accessOf(graph);
});
beforeEach(async () => {
  run = await startExports(graph, access);
});
afterEach(() => run.end());

const pushed = async (what = /./) =>
  Object.entries(await run.gateway.series()).flatMap(([series, value]) =>
    what.test(series) ? [`${series.replace(/instance="[^"]*",job="holdfast",/, "")} ${value}`] : [],
  );

describe("the export of a workspace", () => {
  test("holds jobs by all their settings, the catalog that is ours, and who may do what, under the lock", async () => {
    working(run.azure);
    const tasks = Array.from({ length: 230 }, (_, place) => ({ task_key: `step-${place}` }));
    Object.assign(run.azure.workspace("primary").settings("analytics-bronze"), { tasks });
    expect(await run.job("analytics-export-databricks")).toMatchObject({ code: 0 });
    const [point] = run.points("databricks");
    expect(point).toMatchObject({
      asset: "analytics/databricks",
      counts: { jobs: 5, clusters: 1, tables: 1, grants: 3, permissions: 6 },
    });
    const files = run.content("databricks");
    const read = (file: string) => JSON.parse(files[file] ?? "null");
    expect(read("catalogs.json")).toEqual([{ name: "analytics" }]);
    // An answer of the API holds a hundred tasks.
    const large = read("jobs.json").at(-1);
    expect([large.settings.tasks.length, large.run_as]).toEqual([230, DEPLOYER]);
    // Jobs and clusters name them by ids, which lead nowhere without the names.
    expect(read("pools.json")).toEqual([{ instance_pool_id: "p1", instance_pool_name: "warm" }]);
    expect([read("policies.json"), read("warehouses.json")]).toEqual([[], []]);
    expect(read("permissions.json").map(({ path: of }: { path: string }) => of)).toEqual([
      "jobs/analytics-clone-copy",
      "jobs/analytics-clone-locked",
      "jobs/analytics-first-clone-copy",
      "jobs/analytics-first-clone-locked",
      "jobs/analytics-bronze",
      "clusters/exploration",
    ]);
    expect(read("grants.json").at(-1)).toEqual({
      type: "table",
      name: "analytics.bronze.events",
      privilege_assignments: [{ principal: "analysts", privileges: ["SELECT"] }],
    });
  });

  test("tells what is gone and what was changed since the last one, and nobody of what was added", async () => {
    working(run.azure);
    const primary = run.azure.workspace("primary");
    primary.clusters.set("c2", { cluster_id: "c2", cluster_name: "job-1-run-1", cluster_source: "JOB" });
    primary.kept.set("permissions/clusters/c2", { access_control_list: [] });
    const changes = async () =>
      Object.fromEntries(
        (await pushed(/holdfast_configuration_changes/)).map((one) => [/what="(\w+)"/.exec(one)?.[1], one.at(-1)]),
      );
    expect(await run.job("analytics-export-databricks")).toMatchObject({ code: 0 });
    expect(await changes()).toEqual({ added: "0", removed: "0", changed: "0" });
    // A cluster grows, and one of a single run has gone: nobody has said anything.
    Object.assign(primary.clusters.get("c1") ?? {}, { num_workers: 9, state: "RESIZING" });
    primary.clusters.delete("c2");
    expect(await run.job("analytics-export-databricks")).toMatchObject({ code: 0 });
    expect(await changes()).toEqual({ added: "0", removed: "0", changed: "0" });
    const bronze = [...primary.jobs.values()].find(({ settings }) => settings.name === "analytics-bronze")?.job_id;
    primary.jobs.delete(bronze);
    primary.kept.delete("unity-catalog/tables/analytics.bronze.events");
    primary.kept.set("unity-catalog/permissions/schema/analytics.bronze", { privilege_assignments: [] });
    const added = primary.job("new");
    primary.kept.set(`permissions/jobs/${added}`, { access_control_list: [] });
    const { code, stderr } = await run.job("analytics-export-databricks");
    expect(code).toBe(0);
    for (const one of [
      "removed: jobs/analytics-bronze",
      "removed: permissions/jobs/analytics-bronze",
      "removed: tables/bronze.events",
      "removed: grants/table/analytics.bronze.events",
      "changed: grants/schema/analytics.bronze",
      "added: jobs/new",
    ])
      expect(stderr).toContain(one);
    expect(await changes()).toEqual({ added: "0", removed: "4", changed: "1" });
  });

  test.each<[string, (run: Exports) => void, string]>([
    ["a call that is refused", ({ azure }) => azure.fail(/GET .*permissions\/clusters/, 403), "cannot be read whole"],
    [
      "a list that hides our jobs",
      ({ azure }) => azure.workspace("primary").jobs.delete(101),
      "does not show the job analytics-clone-copy",
    ],
    [
      "a catalog that is not shown",
      ({ azure }) => azure.workspace("primary").kept.delete("unity-catalog/catalogs/analytics"),
      "does not show the catalog analytics",
    ],
  ])("is none after %s", async (_, spoil, says) => {
    working(run.azure);
    spoil(run);
    const { code, stderr } = await run.job("analytics-export-databricks");
    expect(code).toBe(1);
    expect(stderr).toContain(says);
    expect(run.points("databricks")).toEqual([]);
    expect(await pushed()).toEqual([]);
  });

  test("that ends while it is sent leaves parts and no point", async () => {
    working(run.azure);
    run.azure.fail(/^PUT .*\/points\//, 503, { times: 9 });
    expect((await run.job("analytics-export-databricks")).code).toBe(1);
    expect(run.points("databricks")).toEqual([]);
  });
});

describe("the export of reports", () => {
  const group = () =>
    run.azure.powerBi.group("sales", {
      id: "00000000-0000-0000-0000-0000000000b1",
      datasets: [{ id: "d1", name: "orders", refreshes: [], parameters: {} }],
      reports: [
        { id: "r1", name: "daily", datasetId: "d1", file: "the file of daily" },
        { id: "r2", name: "weekly", datasetId: "d1", file: "the file of weekly" },
      ],
    });

  test("holds every report as a file, and says what it belongs to", async () => {
    group();
    expect(await run.job("analytics-export-powerbi")).toMatchObject({ code: 0 });
    const files = run.content("powerbi");
    const [workspace] = JSON.parse(files["workspaces.json"] ?? "[]");
    expect(workspace.reports.map(({ name, file }: { name: string; file: string }) => [name, files[file]])).toEqual([
      ["daily", "the file of daily"],
      ["weekly", "the file of weekly"],
    ]);
    expect(run.points("powerbi")[0].counts).toEqual({ workspaces: 1, models: 1, reports: 2 });
  });

  test("is none where one report is not handed out, and says which", async () => {
    group();
    run.azure.fail(/GET .*r2\/Export/, 403);
    const { code, stderr } = await run.job("analytics-export-powerbi");
    expect([code, run.points("powerbi")]).toEqual([1, []]);
    expect(stderr).toContain("report r2 of workspace 00000000-0000-0000-0000-0000000000b1 cannot be exported");
  });

  test("is none of a workspace that lost all of its reports", async () => {
    group().reports.length = 0;
    const { code, stderr } = await run.job("analytics-export-powerbi");
    expect([code, run.points("powerbi")]).toEqual([1, []]);
    expect(stderr).toContain("no workspace holds a report");
  });
});

describe("the look at the configuration", () => {
  test("holds what lies in both groups and above them, and finds nothing changed the second time", async () => {
    configured(run.azure);
    expect(await run.job("analytics-drift")).toMatchObject({ code: 0 });
    expect(run.points("configuration")[0].counts).toEqual({ resources: 5, roles: 1, policies: 2 });
    expect(await run.job("analytics-drift")).toMatchObject({ code: 0 });
    expect(run.points("configuration")).toHaveLength(2);
    expect(JSON.parse(run.content("configuration")["changes.json"] ?? "{}")).toEqual({
      added: [],
      removed: [],
      changed: [],
    });
    expect(await pushed(/changes.*changed/)).toEqual([
      'holdfast_configuration_changes{asset="analytics/configuration",role="changes",what="changed"} 0',
    ]);
  });

  test("names what somebody changed, added and took away, and pushes how much", async () => {
    const { hub, account } = configured(run.azure);
    await run.job("analytics-drift");
    run.azure.arm.get(hub).properties.minimumTlsVersion = "1.0";
    run.azure.arm.delete(`${account}/blobServices/default`);
    run.azure.on(/^GET .*copies\/blobServices\/default$/, () => refused(404, "ResourceNotFound"));
    run.azure.arm.put(`${account}2`, { type: "Microsoft.Storage/storageAccounts" });
    const { code, stderr } = await run.job("analytics-drift");
    expect(code).toBe(0);
    expect(stderr).toContain(`changed: ${hub.toLowerCase()}`);
    expect(stderr).toContain(`removed: ${account.toLowerCase()}/blobservices/default`);
    expect(stderr).toContain(`added: ${account.toLowerCase()}2`);
    expect((await pushed(/holdfast_configuration_changes/)).map((one) => one.at(-1))).toEqual(["1", "1", "1"]);
  });

  test("tells a change again that nobody was told of, because the Pushgateway did not answer", async () => {
    const { hub } = configured(run.azure);
    await run.job("analytics-drift");
    run.azure.arm.get(hub).properties.minimumTlsVersion = "1.0";
    const silent = await run.job("analytics-drift", { replace: { PUSHGATEWAY_URL: "http://127.0.0.1:9" } });
    expect(silent.code).toBe(1);
    expect(run.points("configuration")).toHaveLength(1);
    expect(await run.job("analytics-drift")).toMatchObject({ code: 0 });
    expect(await pushed(/changes.*changed/)).toEqual([
      'holdfast_configuration_changes{asset="analytics/configuration",role="changes",what="changed"} 1',
    ]);
  });

  test("is none where a group shows nothing, or a resource cannot be read", async () => {
    const { account, hub } = configured(run.azure);
    run.azure.arm.delete(account);
    for (const part of ["blobServices", "managementPolicies"]) run.azure.arm.delete(`${account}/${part}/default`);
    const { code, stderr } = await run.job("analytics-drift");
    expect([code, run.points("configuration")]).toEqual([1, []]);
    expect(stderr).toContain("nothing of group analytics-prod-secondary is shown");
    configured(run.azure);
    run.azure.fail(new RegExp(`^GET /arm${hub}$`), 403);
    expect((await run.job("analytics-drift")).code).toBe(1);
    expect(run.points("configuration")).toEqual([]);
  });
});

describe("the export of secrets", () => {
  test("is sealed: names can be read, and no value anywhere", async () => {
    const { secrets } = run.azure.vault(VAULT);
    secrets.set("one", "canary-one").set("one", "canary-newer");
    // More than a page of the vault's own list has.
    const many = Array.from({ length: 25 }, (_, place) => `more-${place}`);
    for (const name of many) secrets.set(name, "canary");
    const { code, stdout, stderr } = await run.job("analytics-export-keys");
    expect(code).toBe(0);
    const files = run.content("keys");
    const shown: { name: string; version: string }[] = JSON.parse(files["secrets.json"] ?? "[]");
    expect(shown.map(({ name }) => name)).toEqual(["one", ...many]);
    expect(shown[0]?.version).toBe("v1");
    expect(files["secrets.age"]).toMatch(/^age-encryption\.org\/v1/);
    const everything = [stdout, stderr, ...Object.values(files), ...(await pushed())].join("\n");
    expect(everything).not.toContain("canary");
  });

  test("names the secrets that somebody has changed since, added and taken away, and no value of them", async () => {
    const { secrets } = run.azure.vault(VAULT);
    secrets.set("changed", "canary-one").set("removed", "canary").set("same", "canary");
    expect(await run.job("analytics-export-keys")).toMatchObject({ code: 0 });
    secrets.set("changed", "canary-two").set("added", "canary").delete("removed");
    const { code, stderr } = await run.job("analytics-export-keys");
    expect(code).toBe(0);
    expect(["added", "removed", "changed"].filter((what) => stderr.includes(`${what}: ${what}`))).toHaveLength(3);
    expect(stderr).not.toContain(": same");
    expect((await pushed(/holdfast_configuration_changes/)).map((one) => one.at(-1))).toEqual(["1", "1", "1"]);
    expect(stderr).not.toContain("canary");
  });

  test("is none where one secret cannot be read, or the vault shows none", async () => {
    const { secrets } = run.azure.vault(VAULT);
    secrets.set("one", "canary").set("two", "canary");
    run.azure.fail(/GET .*secrets\/two/, 403);
    expect((await run.job("analytics-export-keys")).code).toBe(1);
    secrets.clear();
    const { code, stderr } = await run.job("analytics-export-keys");
    expect([code, run.points("keys")]).toEqual([1, []]);
    expect(stderr).toContain("shows no secret");
  });
});

describe("the copy of logs", () => {
  const lines = () =>
    run.azure.logs.finds(/./, (query) => (query.startsWith("AzureActivity") ? [{ Query: query }] : []));
  /** Ninety take ninety questions of each table. */
  const days = { replace: { KEEP_DAYS: "2" } };
  const windows = () => run.points("logs").map(({ counts }) => counts);

  test("begins where the last one ended, so that no line is left out", async () => {
    lines();
    expect(await run.job("analytics-export-logs", days)).toMatchObject({ code: 0 });
    const first = JSON.parse(run.content("logs")["window.json"] ?? "{}");
    expect(first.until - first.from).toBe(2 * 86_400);
    expect(windows()[0]).toEqual({ AzureActivity: 2, AzureDiagnostics: 0, SecurityAlert: 0, SecurityIncident: 0 });
    expect(await run.job("analytics-export-logs", days)).toMatchObject({ code: 0 });
    expect(JSON.parse(run.content("logs")["window.json"] ?? "{}").from).toBe(first.until);
  });

  test("asks again for halves of what one answer does not hold, and counts each line once", async () => {
    let cut = 1;
    run.azure.on(/^POST \/logs\/.*query$/, () => {
      cut -= 1;
      return cut === 0 ? { status: 200, body: { tables: [], error: { code: "PartialError" } } } : undefined;
    });
    lines();
    expect(await run.job("analytics-export-logs", days)).toMatchObject({ code: 0 });
    expect(windows()[0].AzureActivity).toBe(3);
  });

  test("is none where nothing came in: who collects has stopped", async () => {
    run.azure.logs.finds(/./, []);
    const { code, stderr } = await run.job("analytics-export-logs", days);
    expect([code, run.points("logs")]).toEqual([1, []]);
    expect(stderr).toContain("no table has taken a line");
  });
});

describe("the age of clones", () => {
  const ended = (job_id: number, at: number, result_state = "SUCCESS") => ({
    run_id: at,
    job_id,
    state: { life_cycle_state: "TERMINATED", result_state },
    job_parameters: {},
    start_time: at * 1_000,
  });

  test("is that of the older clone, and of no run that failed", async () => {
    working(run.azure);
    run.azure
      .workspace("primary")
      .runs.push(ended(101, 1_800), ended(101, 2_700), ended(102, 900), ended(102, 2_700, "TIMEDOUT"));
    expect(await run.job("analytics-clone-status")).toMatchObject({ code: 0 });
    expect(await pushed(/timestamp/)).toEqual([
      'holdfast_restorable_timestamp_seconds{asset="analytics/lake",protection="clones",role="full"} 2700',
      'holdfast_restorable_timestamp_seconds{asset="analytics/lake",protection="clones-2",role="full"} 900',
      'holdfast_capture_timestamp_seconds{asset="analytics/lake",role="full"} 900',
    ]);
  });

  test("is not told where a clone never ended well: the age that is known grows", async () => {
    working(run.azure);
    run.azure.workspace("primary").runs.push(ended(101, 1_800), ended(102, 900, "FAILED"));
    const { code, stderr } = await run.job("analytics-clone-status");
    expect([code, await pushed()]).toEqual([1, []]);
    expect(stderr).toContain("none of the last runs of analytics-clone-locked ended well");
  });
});

test.each([
  "analytics-export-databricks",
  "analytics-export-powerbi",
  "analytics-export-configuration",
  "analytics-export-keys",
  "analytics-export-logs",
  "analytics-clone-status",
])("%s may do nothing that no export needs", (account) => {
  expect(access.unasked("analytics-secondary", account)).toEqual([]);
});
