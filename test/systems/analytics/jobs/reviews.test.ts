import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { choreNames } from "../../../../systems/analytics/operations/choreNames";
import type { Row } from "../../../support/azure/delta";
import { ok, refused } from "../../../support/azure/wire";
import { declaredGraph } from "../../../support/declaredGraph";
import type { JobRun } from "../../../support/runToDeadline";
import { Pipelines } from "./pipelines";
import { accessOf, Running } from "./running";

let graph: ResourceGraph;
let works: Running;
let access: ReturnType<typeof accessOf>;
let pipelines: Pipelines;
beforeAll(async () => {
  graph = await declaredGraph("staging");
  access = accessOf(graph);
});
beforeEach(async () => {
  works = await Running.start(graph, access);
  pipelines = new Pipelines(works.azure, "primary");
  pipelines.workspace.warehouses.set("w", { id: "w", name: "analytics-sql" });
  for (const layer of ["bronze", "silver", "gold"])
    pipelines.job(`analytics-${layer}`, pipelines.cluster(`analytics-${layer}`));
  works.azure.account("companystaglocked", 35);
});
afterEach(() => works.end());

const ended = ({ code, stderr }: JobRun) => [code, stderr];
const says = (text: string) => expect.stringContaining(text) as string;
const printed = ({ stdout }: JobRun) => JSON.parse(stdout);
const answers = (pattern: RegExp, rows: () => Row[]) => pipelines.workspace.warehouse.knows(pattern, () => rows());
const reports = () => works.azure.account("companystaglocked").names("logs/reports/");

/** Metrics of Azure Monitor by the hour; null where there is none. */
function metrics(measured: (metric: string, epoch: number, resource: string) => number | null): void {
  works.azure.on(/providers\/Microsoft\.Insights\/metrics$/, ({ path: asked, query }) => {
    const [start = "", end = ""] = (query.get("timespan") ?? "").split("/");
    const [from, to] = [Date.parse(start) / 1000, Date.parse(end) / 1000];
    const [metric, aggregation] = [query.get("metricnames") ?? "", (query.get("aggregation") ?? "").toLowerCase()];
    if (query.get("interval") !== "PT1H" || Number.isNaN(from + to) || to - from > 30 * 86_400)
      return refused(400, "BadRequest");
    const hours = Array.from(
      { length: Math.max(1, Math.round((to - from) / 3_600)) },
      (_, hour) => from + hour * 3_600,
    );
    const data = hours.map((epoch) => {
      const value = measured(metric, epoch, asked);
      return { timeStamp: new Date(epoch * 1_000).toISOString(), ...(value === null ? {} : { [aggregation]: value }) };
    });
    return ok({ value: [{ name: { value: metric }, timeseries: [{ data }] }] });
  });
}

describe("the capacity review", () => {
  const review = (replace: Record<string, string> = {}) => works.job(choreNames.capacity, { replace });
  const now = Math.floor(Date.now() / 3_600_000) * 3_600;
  const busy = (hours: number, of: (hour: number) => number) =>
    answers(/^select .*from system\.compute\.node_timeline/i, () =>
      Array.from({ length: hours }, (_, i) => ({ hour: String(now - (i + 1) * 3_600), value: String(of(i)) })),
    );
  const GROWTH = 1e9;
  // Straight lines: a review of them has one right answer.
  const bytes = (epoch: number) => 1.15e14 + ((epoch - now) / 3_600) * GROWTH;
  beforeEach(() => {
    metrics((metric, epoch) => (metric === "UsedCapacity" ? bytes(epoch) : 3.6e9));
    busy(2_160, () => 40);
  });

  it("says what there is, what there will be in 30 days and how fast it grows, from 90 days by the hour", async () => {
    const run = await review();
    expect(ended(run)).toEqual([0, ""]);
    const [lake, events, compute] = printed(run).capacities;
    expect(lake).toMatchObject({ name: "lake_bytes", hours_missing: 0, above: false, limit: 2.5e14 });
    const [current, predicted] = [bytes(now - 3_600), bytes(now + 30 * 86_400)];
    expect(lake.current / current).toBeCloseTo(1, 9);
    expect(lake.predicted / predicted).toBeCloseTo(1, 9);
    expect(lake.growth_percent).toBeCloseTo(((predicted - current) / current) * 100, 6);
    expect(lake.per_day / (24 * GROWTH)).toBeCloseTo(1, 6);
    expect(lake.full_on).toBe(
      new Date((now + Math.floor((1.35e14 / GROWTH) * 3_600)) * 1_000).toISOString().replace(".000", ""),
    );
    // As many namespaces as take the load, each with as much.
    const namespaces = works.value(choreNames.diagnostics, "NAMESPACES").split(" ").length;
    expect(events).toMatchObject({ name: "events_bytes_per_second", full_on: null });
    expect(events.current).toBeCloseTo(namespaces * 1e6, 3);
    expect(compute).toMatchObject({ name: "compute_percent", above: false, limit: 65 });
    expect(reports()).toEqual([expect.stringMatching(/^logs\/reports\/capacity\/\d{8}\.json$/)]);
  });

  it("finds the line through what scatters that least squares find", async () => {
    const noisy = (epoch: number) => 1e14 + ((epoch - now) / 3_600) * GROWTH + 1e12 * Math.sin(epoch / 7_000);
    metrics((metric, epoch) => (metric === "UsedCapacity" ? noisy(epoch) : 3.6e9));
    const xs = Array.from({ length: 2_160 }, (_, i) => i - 2_160);
    const ys = xs.map((x) => noisy(now + x * 3_600));
    const mean = (all: number[]) => all.reduce((sum, one) => sum + one, 0) / all.length;
    const [x, y] = [mean(xs), mean(ys)];
    const slope =
      xs.reduce((sum, one, i) => sum + (one - x) * ((ys[i] ?? 0) - y), 0) /
      xs.reduce((sum, one) => sum + (one - x) ** 2, 0);
    const [lake] = printed(await review()).capacities;
    expect(lake.predicted / (y + slope * (720 - x))).toBeCloseTo(1, 9);
  });

  it("fails before what grows is full", async () => {
    metrics((metric, epoch) => (metric === "UsedCapacity" ? 1.9e14 + ((epoch - now) / 3_600) * 2e10 : 3.6e9));
    const run = await review();
    expect(ended(run)).toEqual([
      1,
      expect.stringMatching(/lake_bytes will be 204[34]\d{11} of 250000000000000 in 30 days, above 80 %/),
    ]);
    expect(printed(run).capacities[0].above).toBe(true);
    expect(reports()).toHaveLength(1);
  });

  it("fails when processors will be above the document's average", async () => {
    busy(2_160, (i) => 64 - i / 100);
    expect(ended(await review())).toEqual([1, says("compute_percent will be")]);
  });

  it.each<[string, () => unknown, string]>([
    [
      "half of the hours are missing",
      () => metrics((metric, epoch) => (metric === "UsedCapacity" && epoch < now - 40 * 86_400 ? null : 1e9)),
      "nobody can say where lake_bytes will be",
    ],
    [
      "one namespace says nothing",
      () =>
        metrics((metric, _, resource) => (metric === "IncomingBytes" && resource.includes("events-2") ? null : 1e9)),
      "nobody can say where events_bytes_per_second will be",
    ],
    ["Azure refuses", () => works.azure.fail(/Insights\/metrics$/, 403), "nobody can say where lake_bytes will be"],
    ["Databricks wrote nothing down", () => busy(3, () => 40), "nobody can say where compute_percent will be"],
    ["the report is refused", () => works.azure.fail(/^PUT \/blob/, 403), "the review was not stored"],
  ])("never takes what is unknown for well: %s", async (_, spoil, text) => {
    spoil();
    const run = await review();
    expect(ended(run)).toEqual([1, says(text)]);
    expect(printed(run).capacities).toHaveLength(3);
  });
});

describe("the daily performance review", () => {
  const review = () => works.job(choreNames.review);
  const clusters = (average: number, peak: number) =>
    answers(/^select cluster_id, avg\(used\)/i, () => [
      { cluster_id: "declared-analytics-bronze", average: String(average), peak: String(peak) },
      { cluster_id: "declared-analytics-gold", average: "5", peak: "12" },
    ]);
  beforeEach(() => {
    clusters(60, 84);
    answers(/^select date_trunc\('HOUR', start_time\) as hour, avg\(total_duration_ms\)/i, () => [
      { hour: "2026-11-21T10:00:00Z", seconds: "4.2", queries: "90" },
    ]);
    answers(/^select statement_id, executed_by/i, () => [{ statement_id: "s-1", executed_by: "ada", seconds: "31" }]);
    answers(/^select \* from \(select partition/i, () => []);
  });

  it("says what clusters, queries and partitions did, and which cluster is too large", async () => {
    const run = await review();
    expect(ended(run)).toEqual([0, ""]);
    expect(printed(run)).toMatchObject({
      too_large: ["declared-analytics-gold"],
      slowest: [{ statement_id: "s-1" }],
      skew: [],
      without_timeout: [],
      problems: [],
    });
    expect(printed(run).states).toHaveLength(3);
    expect(reports()).toHaveLength(1);
  });

  it("looks at skew of the events of one day, as a share above the average", async () => {
    await review();
    const asked = pipelines.workspace.warehouse.ran.find((line) => line.includes("AS percent")) ?? "";
    expect(asked).toContain("(events - avg(events) OVER ()) / avg(events) OVER () * 100 AS percent");
    expect(asked).toContain("partition_id AS partition, count(*) AS events FROM analytics.bronze.events");
    expect(asked).toContain("date = current_date() - INTERVAL 1 DAY");
    expect(asked).toContain("percent > 20");
  });

  it.each<[string, () => unknown, string]>([
    ["a cluster is busy", () => clusters(66, 70), "cluster declared-analytics-bronze used 66 %"],
    ["a cluster has a peak", () => clusters(30, 86), "86 % at most"],
    [
      "queries are slow for an hour",
      () => answers(/^select date_trunc/i, () => [{ hour: "2026-11-21T10:00:00Z", seconds: "10.5", queries: "3" }]),
      "queries of 2026-11-21T10:00:00Z took 10s",
    ],
    [
      "a partition has too many events",
      () => answers(/^select \* from \(select partition/i, () => [{ partition: "7", events: "900", percent: "35.2" }]),
      "partition 7 has 35 % more events",
    ],
    ["a job has no end", () => pipelines.workspace.job("runaway"), "job runaway has no timeout"],
    [
      "a cluster was left",
      () => pipelines.cluster("analytics-gold-beside", { custom_tags: { holdfast_beside: "restart" } }),
      "was left by a restart",
    ],
    [
      "nobody answers",
      () =>
        answers(/^select cluster_id/i, () => {
          throw new Error("PERMISSION_DENIED");
        }),
      "nobody answers about clusters",
    ],
    ["jobs cannot be listed", () => works.azure.fail(/jobs\/list$/, 403), "jobs cannot be listed"],
  ])("fails, with all the rest, when %s", async (_, spoil, text) => {
    spoil();
    const run = await review();
    expect(ended(run)).toEqual([1, says(text)]);
    expect(printed(run).problems).toHaveLength(1);
    expect(reports()).toHaveLength(1);
  });
});

describe("the diagnostics", () => {
  const ids = (variable: string) => works.value(choreNames.diagnostics, variable).split(" ");
  const diagnose = (replace: Record<string, string> = {}) =>
    works.job(choreNames.diagnostics, {
      replace: { NAMES_AND_PORTS: `localhost:${new URL(works.azure.url).port}`, ...replace },
    });
  const values: Record<string, number> = {};
  beforeEach(() => {
    Object.assign(values, {
      Availability: 100,
      UsedCapacity: 1e14,
      IncomingMessages: 5,
      ThrottledRequests: 0,
      ServerErrors: 0,
    });
    metrics((metric) => values[metric] ?? null);
    for (const id of ids("STORAGE_ACCOUNTS"))
      works.azure.arm.put(id, {
        properties: {
          provisioningState: "Succeeded",
          statusOfPrimary: "available",
          networkAcls: { defaultAction: "Deny" },
        },
      });
    for (const id of ids("NAMESPACES"))
      works.azure.arm.put(id, { properties: { status: "Active", provisioningState: "Succeeded" } });
  });
  const account = () => works.azure.arm.get(ids("STORAGE_ACCOUNTS")[0] ?? "").properties;

  it("looks at all four components, and each is well", async () => {
    const run = await diagnose();
    expect(ended(run)).toEqual([0, ""]);
    expect(printed(run).checks).toEqual({ cluster: "ok", storage: "ok", stream: "ok", network: "ok" });
    const series = await works.gateway.series();
    expect(Object.entries(series).filter(([key]) => key.startsWith("holdfast_component_well"))).toHaveLength(4);
  });

  it.each<[string, Record<string, string>, () => unknown, string]>([
    [
      "a cluster has ended",
      { cluster: "failed" },
      () => Object.assign(pipelines.workspace.clusters.get("declared-analytics-gold") ?? {}, { state: "TERMINATED" }),
      "analytics-gold is TERMINATED",
    ],
    ["an account is open", { storage: "failed" }, () => (account().networkAcls.defaultAction = "Allow"), "is open to"],
    ["an account fails", { storage: "failed" }, () => (values.Availability = 99.5), "answered 99.5 %"],
    ["the lake is nearly full", { storage: "failed" }, () => (values.UsedCapacity = 2.1e14), "of 250000000000000"],
    ["no event comes", { stream: "failed" }, () => (values.IncomingMessages = 0), "got no event"],
    ["events are held back", { stream: "failed" }, () => (values.ThrottledRequests = 3), "3 ThrottledRequests"],
    [
      "clusters cannot be listed",
      { cluster: "unknown" },
      () => works.azure.fail(/clusters\/list$/, 403),
      "cluster: could not",
    ],
    [
      "Azure says nothing of a stream",
      { stream: "unknown" },
      () => works.azure.arm.delete(ids("NAMESPACES")[0] ?? ""),
      "stream: could not be looked at",
    ],
  ])("tells what is wrong, and looks at the rest all the same, when %s", async (_, checks, spoil, text) => {
    spoil();
    const run = await diagnose();
    expect(ended(run)).toEqual([1, says(text)]);
    expect(printed(run).checks).toEqual({ cluster: "ok", storage: "ok", stream: "ok", network: "ok", ...checks });
  });

  it.each([
    ["does not answer", "localhost:9", "localhost does not answer on 9"],
    ["is not known", "no-such-host.invalid:443", "no-such-host.invalid has no address"],
  ])("tells of a name that %s", async (_, NAMES_AND_PORTS, text) => {
    const run = await diagnose({ NAMES_AND_PORTS });
    expect(ended(run)).toEqual([1, says(text)]);
    expect(printed(run).checks.network).toBe("failed");
  });
});

it("whoever looks may do nothing that no review needs", () => {
  expect(access.unasked("analytics-primary", "analytics-look")).toEqual([]);
});
