import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { assetOf, type Row, rows } from "../../examples/as-written/analytics/guide";
import type { ResourceGraph } from "../../policies/graph";
import { blocking, judge } from "../../policies/judge";
import { loadGraph } from "../../preview/offline";
import { type Assessment, type Disruption, disruptions, type Judgement } from "../../recovery";
import { asOf } from "../recovery/build";
import { root } from "../support/parity";

const program = path.join(root, "examples/as-written/analytics");
const stacks = ["prod", "backup", "priority", "promotion"] as const;
type Stack = (typeof stacks)[number];

const graphs = new Map<Stack, ResourceGraph>();

beforeAll(async () => {
  for (const stack of stacks) graphs.set(stack, (await loadGraph({ program, stack })).graph);
});

function judged(stack: Stack): Judgement {
  const graph = graphs.get(stack);
  if (graph === undefined) throw new Error(`stack ${stack} was not loaded`);
  return judge(graph, asOf);
}

/** What the findings of a rule say of a row; what has the same cause follows. */
function said(stack: Stack, rule: string, row: Row): string[] {
  return judged(stack)
    .findings.filter((finding) => finding.rule === rule && finding.assets.includes(assetOf(row)))
    .flatMap(({ disruption, message, also }) => [`${disruption ?? "any"}: ${message}`, ...(also ?? [])]);
}

function assessed(stack: Stack, row: Row, disruption: Disruption): Assessment {
  const found = judged(stack).assessments.find((one) => one.asset === assetOf(row) && one.disruption === disruption);
  if (found === undefined) throw new Error(`nothing assesses ${row} for ${disruption}`);
  return found;
}

/** What a row loses, with every run succeeding and with one failed, in seconds. */
function losses(stack: Stack, row: Row, disruption: Disruption): unknown[] | undefined {
  return assessed(stack, row, disruption).chosen?.rpo.map(({ total }) => total);
}

const hours = (count: number, minutes = 0, seconds = 0) => (count * 60 + minutes) * 60 + seconds;

/** From a lost region to somebody who answers: Prometheus and Alertmanager by their defaults, and the matrix. */
const NOTICED = 220 + 15 * 60;

describe("the analytics guide, as it is written", () => {
  it.each(stacks)("%s must not be deployed", (stack) => {
    expect(blocking(judged(stack)).length).toBeGreaterThan(0);
  });

  it("promises its five rows for every disruption", () => {
    const judgement = judged("prod");
    expect(judgement.assessments).toHaveLength(Object.keys(rows).length * disruptions.length);
    const databricks = assessed("prod", "databricks", "region").objective;
    expect(databricks).toMatchObject({ rpo: { seconds: hours(4) }, rto: { seconds: hours(2) } });
  });

  it("AZ1: exports Databricks once a day and promises four hours", () => {
    expect(losses("backup", "databricks", "region")).toEqual([hours(24, 30), hours(48, 30)]);
  });

  it("AZ2: exports Power BI once a day and promises a day: the time of the export is beyond it", () => {
    expect(losses("backup", "powerbi", "region")).toEqual([hours(24, 30, 10), hours(48, 30, 10)]);
  });

  it("AZ1, AZ2: keeps the exports, as it says no more of them, in the region that is lost", () => {
    for (const row of ["databricks", "powerbi"] as const)
      expect(said("prod", "a-copy-is-outside-the-region", row)).toEqual([
        expect.stringContaining("in the same region, westeurope"),
      ]);
  });

  it("AZ3: calls geo-redundant storage a backup, which keeps nothing and copies the damage", () => {
    expect(said("prod", "rpo-is-met", "lake")).toEqual([
      expect.stringContaining("zone: RPO is 1h and RTO 4h, but nothing declared brings it back"),
      expect.stringContaining("a failover that the customer starts is a preview where the namespace is hierarchical"),
      expect.stringContaining("the account in the paired region: copies the corruption"),
      expect.stringContaining("the account in the paired region: copies what hostile credentials write"),
    ]);
    expect(said("prod", "restore-points-are-kept", "lake")).toContain(
      "any: retention is 30d, but earlier versions are deleted after 0s",
    );
  });

  it("AZ4: keeps earlier versions of tables for 7 days, where 30 are promised", () => {
    expect(said("prod", "restore-points-are-kept", "lake")).toContain(
      "any: retention is 30d, but earlier versions are deleted after 7d",
    );
  });

  it("AZ5: brings back 2.3 PB with all of its bandwidth, and promises four hours", () => {
    // Six days, eight hours and seven minutes: the facts' whole copy, within the step's 153 hours.
    expect(assessed("backup", "lake", "region").chosen?.rto.total).toBe(NOTICED + hours(153));
    expect(said("backup", "restores-fit-their-deadline", "lake")).toEqual([]);
    const deadline = (graph: ResourceGraph): ResourceGraph => ({
      ...graph,
      resources: graph.resources.map((one) =>
        one.name === "data-recovery"
          ? { ...one, props: JSON.parse(JSON.stringify(one.props).replace(String(hours(153)), String(hours(4)))) }
          : one,
      ),
    });
    const graph = graphs.get("backup");
    if (graph === undefined) throw new Error("stack backup was not loaded");
    const found = judge(deadline(graph), asOf).findings.filter(({ rule }) => rule === "restores-fit-their-deadline");
    expect(found.map(({ message }) => message)).toEqual([
      "data recovery: step data-recovery must end in 4h, but restoring a full backup and 0 incrementals takes 6d 8h 7m",
    ]);
  });

  it("AZ5: promises of Databricks two hours, and it waits for a lake that takes longer", () => {
    expect(assessed("backup", "databricks", "region").chosen?.rto.total).toBe(NOTICED + hours(153) + hours(1));
    expect(rows.databricks.rto < rows.lake.rto).toBe(true);
  });

  it("AZ6: cannot buy a bound on the lag of the paired region either", () => {
    expect(said("priority", "links-resolve", "lake")).toContainEqual(
      expect.stringContaining("moves 4200000000 bytes a second: above 125000000 it promises nothing"),
    );
  });

  it("AZ7: copies the names of Kafka's topics to another region, and not one event", () => {
    expect(said("prod", "rpo-is-met", "kafka")).toContainEqual(
      expect.stringContaining("an alias for two namespaces: it copies names and settings, and none of the data"),
    );
  });

  it("AZ7: has no second to spare with the smallest lag there is, and 11 minutes for a promotion that nobody bounds", () => {
    const kafka = assessed("promotion", "kafka", "region");
    expect([kafka.verdict, losses("promotion", "kafka", "region")]).toEqual(["assumed", [300, 300]]);
    expect(kafka.objective.rpo).toEqual({ seconds: 300, strict: false });
    expect(kafka.chosen?.rto.total).toBe(NOTICED);
    expect(kafka.objective.rto.seconds - NOTICED).toBe(680);
  });

  it("AZ8: promises 99.99 % beside four hours a quarter without writes", () => {
    expect(said("prod", "planned-work-fits-availability", "lake")).toEqual([
      "any: analytics promises 99.99 % of 30d, which leaves 4m 19s, and its planned work takes 4h (platform upgrade, read-only)",
    ]);
  });

  it("AZ9: tests its recovery for twice as long as it promises to need, once a quarter", () => {
    for (const row of ["lake", "databricks", "powerbi"] as const)
      expect(said("backup", "recovery-is-rehearsed", row)).toContain(
        `any: dr-test-${row} is a drill that may take 8h, longer than every RTO of analytics/${row} (${rows[row].rto} at most): that it succeeds proves none of them`,
      );
  });

  it("AZ12: tells of a backup that succeeded, and nobody of one that did not", () => {
    for (const row of ["databricks", "powerbi"] as const)
      expect(said("prod", "each-objective-has-an-alert", row)).toContain(
        "any: no alert notices the age of its newest restore point",
      );
    const [, ...others] = judged("prod").plan.alerts.filter(({ name }) => name === "backup-success");
    expect(others).toEqual([]);
  });

  it("AZ13: keeps configuration by nothing but what somebody committed", () => {
    expect(said("prod", "rpo-is-met", "configuration")).toHaveLength(disruptions.length);
  });

  it.each([
    ["AZ4", "optimize_storage.sql", "VACUUM bronze.events RETAIN 168 HOURS"],
    ["AZ5", "data_recovery.sh", "az storage blob copy start-batch"],
    ["AZ10", "service_recovery.py", "asyncio.gather(*tasks)"],
    ["AZ11", "data_recovery.sh", 'RECOVERY_POINT="2025-01-28T12:00:00Z"'],
  ])("%s: carries %s as it is", (_, file, line) => {
    const graph = graphs.get("prod");
    const data = graph?.resources.find(({ name }) => name === "secondary-scripts")?.props.data as Record<
      string,
      string
    >;
    expect(data[file]).toContain(line);
  });
});
