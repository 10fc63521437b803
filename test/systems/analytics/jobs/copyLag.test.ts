import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { ok } from "../../../support/azure/wire";
import { declaredGraph } from "../../../support/declaredGraph";
import { accessOf, Running } from "./running";

const [EVENTS, CAPTURED, LOGS] = ["analytics-event-lag", "analytics-capture-lag", "analytics-log-lag"];
let graph: ResourceGraph;
let at: Running;
let access: ReturnType<typeof accessOf>;
const now = () => Math.floor(Date.now() / 1_000);
/** A job of three of the namespaces: each takes a call or two of its own. */
const job = (name: string) => {
  const few = name === LOGS ? {} : { NAMESPACES: namespaces(name).join(" ") };
  return at.job(name, { replace: few });
};
const namespaces = (name: string) => at.value(name, "NAMESPACES").split(" ").slice(0, 3);

beforeAll(async () => {
  graph = await declaredGraph("prod");
  access = accessOf(graph);
});
beforeEach(async () => {
  at = await Running.start(graph, access);
});
afterEach(() => at.end());

/** The one series that was pushed, by its asset and protection. */
async function reached(asset: string, protection: string): Promise<number | undefined> {
  const found = Object.entries(await at.gateway.series()).filter(
    ([key]) =>
      key.startsWith("holdfast_restorable_timestamp_seconds") &&
      key.includes(`asset="analytics/${asset}"`) &&
      key.includes(`protection="${protection}"`),
  );
  return found[0]?.[1];
}

describe("how far behind the second region of Event Hubs is", () => {
  const minute = () => Math.floor(now() / 60) * 60 - 120;
  /** Azure Monitor answers with the newest lag two minutes ago. */
  const lags = (lagOf: (namespace: string) => number | null, unit = "Seconds") =>
    at.azure.on(/Microsoft\.Insights\/metrics$/, ({ path: asked, query }) => {
      const namespace = /namespaces\/([^/]+)\//.exec(asked)?.[1] ?? "";
      if (query.get("metricnames") !== "ReplicationLagDuration" || query.get("aggregation") !== "Maximum") return;
      const iso = (time: number) => new Date(time * 1_000).toISOString().replace(".000", "");
      const data = [
        { timeStamp: iso(minute() - 60), maximum: 0 },
        { timeStamp: iso(minute()), maximum: lagOf(namespace) },
        { timeStamp: iso(minute() + 60), maximum: null },
      ].map(({ maximum, ...rest }) => (maximum === null ? rest : { ...rest, maximum }));
      return ok({ value: [{ unit, timeseries: [{ data }] }] });
    });

  test("is as far as the namespace that is furthest behind, in whatever unit", async () => {
    const [, second] = namespaces(EVENTS);
    lags((namespace) => (namespace === second ? 90.5 : 3));
    expect((await job(EVENTS)).code).toBe(0);
    const seconds = await reached("kafka", "geo-replica");
    expect([minute() - 91, minute() - 60 - 91]).toContain(seconds);
    lags(() => 5_000, "MilliSeconds");
    expect((await job(EVENTS)).code).toBe(0);
    expect([minute() - 5, minute() - 60 - 5]).toContain(await reached("kafka", "geo-replica"));
  });

  test("is not told where one namespace does not say, or where the unit is unknown", async () => {
    const [first] = namespaces(EVENTS);
    at.azure.on(new RegExp(`namespaces/${first}/.*metrics$`), () =>
      ok({ value: [{ unit: "Seconds", timeseries: [] }] }),
    );
    const silent = await job(EVENTS);
    expect(silent.code).toBe(1);
    expect(silent.stderr).toContain(`${first}: Azure Monitor does not say how far its second region is behind`);
    lags(() => 3, "Count");
    expect((await job(EVENTS)).code).toBe(1);
    expect(await reached("kafka", "geo-replica")).toBeUndefined();
  });
});

describe("how far back the files of events reach", () => {
  test("is as far as the namespace whose newest file is the oldest", async () => {
    const [account = "", container] = at.value(CAPTURED, "STORE").split("/");
    const store = at.azure.account(account, 35);
    const topic = at.value(CAPTURED, "TOPIC");
    const hour = new Date().toISOString().slice(0, 13).replaceAll("-", "/").replace("T", "/");
    for (const one of namespaces(CAPTURED))
      for (let partition = 0; partition < Number(at.value(CAPTURED, "PARTITIONS")); partition++)
        store.write(`${container}/${one}/${topic}/${partition}/${hour}/00/00.avro`, Buffer.from("events"));
    expect((await job(CAPTURED)).code).toBe(0);
    const newest = await reached("kafka", "capture");
    expect(newest).toBeGreaterThan(now() - 600);
    expect(newest).toBeLessThanOrEqual(now());
  });

  test("is not told where a namespace has written none for an hour", async () => {
    const [account = ""] = at.value(CAPTURED, "STORE").split("/");
    at.azure.account(account, 35);
    const { code, stderr } = await job(CAPTURED);
    expect(code).toBe(1);
    expect(stderr).toContain("is in a file of the last hour");
    expect(await reached("kafka", "capture")).toBeUndefined();
  });
});

describe("how far behind the logs of the other region are", () => {
  const newest = "2026-11-22T11:00:00.1234567Z";
  beforeEach(() => {
    at.azure.arm.put(at.value(LOGS, "WORKSPACE"), { properties: { customerId: "c" } });
  });

  test("is asked of that region, and not of the one that is used", async () => {
    at.azure.on(/^GET \/logs\/v1\/workspaces\/c\/query$/, ({ query }) =>
      query.get("overrideWorkspaceRegion") === "secondary" ? ok({ tables: [{ rows: [[newest]] }] }) : undefined,
    );
    expect((await job(LOGS)).code).toBe(0);
    expect(await reached("logs", "geo-replica")).toBe(Date.parse("2026-11-22T11:00:00Z") / 1_000);
  });

  test("is not told where it has no line", async () => {
    at.azure.on(/^GET \/logs\/v1\/workspaces\/c\/query$/, () => ok({ tables: [{ rows: [[null]] }] }));
    const { code, stderr } = await job(LOGS);
    expect(code).toBe(1);
    expect(stderr).toContain("the other region has no line of the last day");
    expect(await reached("logs", "geo-replica")).toBeUndefined();
  });
});

test("whoever asks may do nothing that asking does not need", () => {
  expect(access.unasked("analytics-secondary", "analytics-copy-lag")).toEqual([]);
});
