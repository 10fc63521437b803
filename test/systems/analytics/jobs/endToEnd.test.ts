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

test("whoever sends events may do nothing that sending and finding them does not need", () => {
  expect(access.unasked("analytics-primary", "analytics-end-to-end")).toEqual([]);
});
