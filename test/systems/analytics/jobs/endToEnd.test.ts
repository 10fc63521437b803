import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { declaredGraph } from "../../../support/declaredGraph";
import { accessOf, Running } from "./running";

const [SEND, CHECK] = ["analytics-end-to-end", "analytics-lost-events"];
let graph: ResourceGraph;
let at: Running;
let access: ReturnType<typeof accessOf>;
let namespaces: string[];
/** Test events that can be read in the lake. */
let lake: { run: string; namespace: string }[];
/** Events that never get there. */
let swallowed: (namespace: string) => boolean;

beforeAll(async () => {
  graph = await declaredGraph("prod");
  access = accessOf(graph);
});
beforeEach(async () => {
  at = await Running.start(graph, access);
  const { azure } = at;
  namespaces = at.value(SEND, "NAMESPACES").split(" ");
  lake = [];
  swallowed = () => false;
  azure.arm.put(at.value(SEND, "INSIGHTS"), {
    properties: {
      ConnectionString: `InstrumentationKey=${azure.insights.key};IngestionEndpoint=${azure.url}/insights/;LiveEndpoint=https://l.example.com/`,
    },
  });
  const workspace = azure.workspace("primary");
  workspace.warehouses.set("w", { id: "w", name: at.value(SEND, "WAREHOUSE"), state: "RUNNING" });
  workspace.warehouse.knows(
    /^select distinct body:run as run, body:namespace as namespace from analytics\.bronze\.events where event_type = :type and date >= to_date\(:day\) and body:run >= :since$/i,
    (_, { type, since = "" }) => (type === "holdfast-end-to-end" ? lake.filter(({ run }) => run >= since) : []),
  );
  azure.events.carry = ({ namespace, body }) => {
    if (!swallowed(namespace)) lake.push({ run: body.run, namespace });
  };
});
afterEach(() => at.end());

describe("test events", () => {
  test("go to every namespace, and are there when all can be read", async () => {
    const { code, stderr } = await at.job(SEND);
    expect([code, stderr.split("\n").filter((line) => line.includes("error"))]).toEqual([0, []]);
    expect(at.azure.events.taken.map(({ namespace }) => namespace).sort()).toEqual([...namespaces].sort());
    expect(at.azure.events.taken[0]).toMatchObject({
      topic: at.value(SEND, "TOPIC"),
      body: { event_type: "holdfast-end-to-end", customer_id: "holdfast" },
    });
    const [result, ...more] = at.azure.insights.results;
    expect(more).toEqual([]);
    expect(result).toMatchObject({ name: "end-to-end", success: true });
    expect(result?.message).toMatch(
      new RegExp(`^run=\\d{8}T\\d{6}\\.\\d{3}Z refused= arrived=${namespaces.length} of ${namespaces.length}$`),
    );
    expect(result?.took).toBeGreaterThan(0);
    expect(result?.took).toBeLessThan(30_000);
  });

  test("that do not arrive in time are told, and the run has done its work", async () => {
    swallowed = (namespace) => namespace === namespaces[3];
    const { code } = await at.job(SEND, { replace: { WITHIN: "3" } });
    expect(code).toBe(0);
    expect(at.azure.insights.results).toMatchObject([
      { success: false, message: expect.stringContaining(`arrived=${namespaces.length - 1} of ${namespaces.length}`) },
    ]);
  });

  test("that a namespace does not take are told by its name", async () => {
    at.azure.fail(new RegExp(`^POST /events/${namespaces[0]}/`), 403, { times: 9 });
    const { code } = await at.job(SEND);
    expect(code).toBe(0);
    expect(at.azure.insights.results).toMatchObject([
      { success: false, message: expect.stringContaining(`refused=${namespaces[0]} `) },
    ]);
  });

  test("are no success where nobody can be told of them", async () => {
    at.azure.fail(/^POST \/insights/, 503, { times: 99 });
    const { code, stderr } = await at.job(SEND);
    expect(code).toBe(1);
    expect(stderr).toContain("Application Insights did not take the result of end-to-end");
  });

  test("are reported to Azure alone, whatever an answer says", async () => {
    at.azure.arm.get(at.value(SEND, "INSIGHTS")).properties.ConnectionString =
      `InstrumentationKey=${at.azure.insights.key};IngestionEndpoint=http://127.0.0.1:1/`;
    const { code, stderr } = await at.job(SEND);
    expect(code).toBe(1);
    expect(stderr).toContain("takes results at an address that is not among");
    expect(at.azure.events.taken).toEqual([]);
  });
});

describe("events that are lost", () => {
  /** What Application Insights knows of earlier runs: the newest counts as long ago. */
  const told = () => {
    at.azure.logs.finds(/^AppAvailabilityResults \| where Name == "end-to-end" and TimeGenerated between/, () =>
      at.azure.insights.results
        .filter(({ name }) => name === "end-to-end")
        .map(({ message }) => ({ Message: message })),
    );
  };

  test("are none where all that were taken can be read", async () => {
    await at.job(SEND);
    told();
    const { code } = await at.job(CHECK);
    expect(code).toBe(0);
    expect(at.azure.insights.results.at(-1)).toMatchObject({
      name: "no-events-lost",
      success: true,
      message: `all ${namespaces.length} have arrived`,
    });
  });

  test("are told by run and namespace; what was refused was never ours to lose", async () => {
    swallowed = (namespace) => namespace === namespaces[5];
    at.azure.fail(new RegExp(`^POST /events/${namespaces[0]}/`), 403, { times: 9 });
    await at.job(SEND, { replace: { WITHIN: "2" } });
    told();
    const { code } = await at.job(CHECK);
    expect(code).toBe(0);
    const sent = namespaces.length - 1;
    expect(at.azure.insights.results.at(-1)).toMatchObject({
      name: "no-events-lost",
      success: false,
      message: expect.stringMatching(new RegExp(`^1 of ${sent} are lost: \\S+ ${namespaces[5]}$`)),
    });
  });

  test("cannot be denied where nothing was sent, or where the lake does not answer", async () => {
    told();
    const nothing = await at.job(CHECK);
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining("nobody can say whether any is lost")]);
    await at.job(SEND);
    at.azure.fail(/^POST \/databricks\/primary\/api\/2\.0\/sql\/statements/, 503, { times: 99 });
    const { code } = await at.job(CHECK);
    expect(code).toBe(1);
    expect(at.azure.insights.results.filter(({ name }) => name === "no-events-lost")).toEqual([]);
  });
});

describe("what was taken from tables", () => {
  const watch = () => at.job("analytics-table-watch");
  const tables = ["bronze.events", "silver.events", "gold.daily_events"];
  const write = (table: string, operation: string, told = {}, minutes = 1) =>
    at.azure
      .workspace("primary")
      .warehouse.write(`analytics.${table}`, [], new Date(Date.now() - minutes * 60_000), operation, told);
  const result = () => at.azure.insights.results.at(-1);
  beforeEach(() => {
    for (const table of tables) write(table, "CREATE TABLE");
  });

  test("is nothing while pipelines and maintenance do their work, and what was done an hour ago was told then", async () => {
    write("bronze.events", "STREAMING UPDATE", { operationParameters: { outputMode: "Append" } });
    write("bronze.events", "WRITE", { operationParameters: { mode: "Append" } });
    write("silver.events", "MERGE", { operationMetrics: { numTargetRowsDeleted: "0" } });
    for (const operation of ["OPTIMIZE", "VACUUM START", "VACUUM END"]) write("silver.events", operation);
    write("gold.daily_events", "DELETE", {}, 60);
    expect((await watch()).code).toBe(0);
    expect(result()).toMatchObject({ name: "tables-whole", success: true, message: "all 3 tables" });
  });

  test.each<[string, object]>([
    ["DELETE", {}],
    ["TRUNCATE", {}],
    ["RESTORE", {}],
    ["CREATE OR REPLACE TABLE AS SELECT", {}],
    ["MERGE", { operationMetrics: { numTargetRowsDeleted: "7" } }],
    ["WRITE", { operationParameters: { mode: "Overwrite" } }],
    ["SOMETHING NEW", {}],
  ])("is told by table and version after %s", async (operation, told) => {
    write("silver.events", operation, told);
    write("silver.events", "OPTIMIZE");
    expect((await watch()).code).toBe(0);
    expect(result()).toMatchObject({
      name: "tables-whole",
      success: false,
      message: `silver.events: ${operation} of version 1`,
    });
  });

  test("is a table as well; and nobody says that all are whole who could not look", async () => {
    const { warehouse } = at.azure.workspace("primary");
    warehouse.tables.delete("analytics.gold.daily_events");
    expect((await watch()).code).toBe(0);
    expect(result()).toMatchObject({ success: false, message: "gold.daily_events is gone" });
    warehouse.knows(/^describe history `analytics`\.`silver`/i, () => {
      throw new Error("DELTA_LOG_NOT_FOUND");
    });
    const before = at.azure.insights.results.length;
    const { code, stderr } = await watch();
    expect([code, stderr]).toEqual([1, expect.stringContaining("the history of silver.events cannot be read")]);
    expect(at.azure.insights.results).toHaveLength(before);
  });
});

test("whoever sends events may do nothing that sending and finding them does not need", () => {
  expect(access.unasked("analytics-primary", "analytics-end-to-end")).toEqual([]);
});
