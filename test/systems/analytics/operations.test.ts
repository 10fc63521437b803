import { beforeAll, describe, expect, it } from "vitest";
import type { Resource, ResourceGraph } from "../../../policies/graph";
import { duration } from "../../../recovery/duration";
import { authorities } from "../../../systems/analytics/operations/authority";
import { plannedWork } from "../../../systems/analytics/operations/availability";
import { choreNames, upgradeJob, upgradeSteps } from "../../../systems/analytics/operations/choreNames";
import { operationsSchema } from "../../../systems/analytics/operations/operationsConfig";
import { issues, issuesOf } from "../../../systems/analytics/runbooks/commonIssues";
import { operationsPages } from "../../../systems/analytics/runbooks/operationsPages";
import { declaredGraph } from "../../support/declaredGraph";

let graph: ResourceGraph;
beforeAll(async () => {
  graph = await declaredGraph("prod");
});

// biome-ignore lint/suspicious/noExplicitAny: inputs of many types
type Props = Record<string, any>;
const all = (type: string, name = /^analytics/): (Resource & { props: Props })[] =>
  graph.resources.filter((one) => one.type === type && name.test(one.name)) as (Resource & { props: Props })[];
const one = (type: string, name: string): Props => {
  const [found] = all(type, new RegExp(`^${name}$`));
  if (!found) throw new Error(`no ${type} ${name}`);
  return found.props;
};
const JOB = "databricks:index/job:Job";
const cronJob = (name: string) =>
  graph.resources.find((each) => each.type.endsWith(":CronJob") && (each.props as Props).metadata.name === name)
    ?.props as Props;
const group = "00000000-0000-0000-0000-000000000000";
const aks = `/subscriptions/${group}/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c`;
const operations = operationsSchema.parse({
  kubernetes: { primary: aks, secondary: aks },
  authority: { critical: group, high: group, medium: group, low: group },
});

describe("planned work", () => {
  it("lasts as long as the document says, takes nothing away, and is declared beside the promise", () => {
    const work = plannedWork({ operations });
    const lasting = (text: string) => work.filter(({ name }) => name.includes(text)).map(({ lasts }) => lasts);
    expect(lasting("restart")).toEqual(["15m", "15m", "15m"]);
    expect(lasting("security patches").reduce((sum, each) => sum + duration(each), 0)).toBe(duration("2h"));
    expect([lasting("upgrade"), lasting("capacity"), lasting("recovery test")]).toEqual([["4h"], ["2h"], ["8h"]]);
    expect(new Set(work.map(({ effect }) => effect))).toEqual(new Set(["none"]));
    expect(Object.values(upgradeSteps).reduce((sum, each) => sum + duration(each), 0)).toBeLessThanOrEqual(
      duration("4h"),
    );
  });

  it("begins a restart after an export of the workspace has ended, and keeps apart from it", () => {
    for (const name of [choreNames.restartBronze, choreNames.restartSilver, choreNames.restartGold])
      expect(cronJob(name).metadata.annotations).toMatchObject({
        "holdfast.dev/role": "maintenance",
        "holdfast.dev/apart-from": "analytics/databricks",
      });
  });

  it("lets the steps of an upgrade sleep until somebody starts them", () => {
    for (const step of [...Object.keys(upgradeSteps), "back"] as Parameters<typeof upgradeJob>[0][])
      expect(cronJob(upgradeJob(step)).spec.suspend).toBe(true);
  });

  it("evicts no job from a node", () => {
    const budgets = all("kubernetes:policy/v1:PodDisruptionBudget", /^analytics-.*-undisturbed$/);
    expect(budgets.map(({ props }) => props.spec)).toEqual([
      { minAvailable: 1_000, selector: { matchLabels: { app: "analytics-jobs" } } },
      { minAvailable: 1_000, selector: { matchLabels: { app: "analytics-jobs" } } },
    ]);
  });
});

describe("clusters", () => {
  it("that work on tables see Unity Catalog: those of jobs as those that are there", () => {
    const modes = [
      ...all(JOB).flatMap(({ name, props }) =>
        (props.jobClusters ?? []).map(({ newCluster }: Props) => [name, newCluster.dataSecurityMode]),
      ),
      ...all("databricks:index/cluster:Cluster").map(({ name, props }) => [name, props.dataSecurityMode]),
    ];
    expect(modes.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        "analytics-clone-copy-job",
        "analytics-primary-optimize-job",
        "analytics-primary-vacuum-job",
      ]),
    );
    // No other mode does; what says none is given none.
    expect(modes.filter(([, mode]) => !["SINGLE_USER", "USER_ISOLATION"].includes(mode))).toEqual([]);
  });

  it("have Photon, grow, keep a limit on broadcasts and are never spot where a pipeline works", () => {
    const clusters = all("databricks:index/cluster:Cluster");
    const ofReplays = clusters.filter(({ name }) => name.endsWith("-replays"));
    expect([clusters.length, ofReplays.length]).toEqual([8, 2]);
    for (const { props } of clusters)
      expect(props).toMatchObject({
        runtimeEngine: "PHOTON",
        sparkVersion: "16.4.x-scala2.12",
        azureAttributes: { availability: "ON_DEMAND_AZURE" },
        sparkConf: { "spark.sql.autoBroadcastJoinThreshold": "10485760" },
      });
    for (const { props } of clusters.filter((each) => !ofReplays.includes(each)))
      expect(props.autoscale).toEqual({ minWorkers: 10, maxWorkers: 20 });
    // As large as an hour of events takes, and gone ten minutes after the last of them.
    for (const { props } of ofReplays) expect(props).toMatchObject({ numWorkers: 64, autoterminationMinutes: 10 });
  });

  it("of people are bound by policies: runtime, growth, spot, broadcasts and an end when idle", () => {
    const policy = JSON.parse(
      one("databricks:index/clusterPolicy:ClusterPolicy", "analytics-primary-policy-people").definition,
    );
    expect(policy).toMatchObject({
      spark_version: { type: "fixed", value: "16.4.x-scala2.12" },
      runtime_engine: { type: "fixed", value: "PHOTON" },
      num_workers: { type: "forbidden" },
      "azure_attributes.availability": { type: "fixed", value: "SPOT_WITH_FALLBACK_AZURE" },
      "spark_conf.spark.sql.autoBroadcastJoinThreshold": { type: "fixed", value: "10485760" },
      autotermination_minutes: { type: "range", minValue: 10, maxValue: 30 },
    });
  });

  it("are named by the pipelines, so that a restart can lead them elsewhere", () => {
    const pipelines = all(JOB, /-pipeline-/);
    expect(pipelines).toHaveLength(6);
    for (const { props } of pipelines) expect(props.tasks[0]).not.toHaveProperty("jobClusterKey");
  });

  it("end every job after its timeout but for pipelines, which have no end", () => {
    for (const { name, props } of all(JOB))
      expect([name, props.continuous !== undefined || props.timeoutSeconds > 0]).toEqual([name, true]);
  });
});

describe("the files of the lake", () => {
  it("are put together as often as they are cloned, what came late each night, and kept for 840 hours, where the region works", () => {
    expect(one(JOB, "analytics-primary-optimize-job")).toMatchObject({
      schedule: { quartzCronExpression: "0 7/15 * * * ?", pauseStatus: "UNPAUSED" },
      tags: { holdfast_role: "maintenance", holdfast_protects: "analytics/lake" },
      parameters: expect.arrayContaining([
        { name: "oldest", default: "1" },
        { name: "newest", default: "0" },
      ]),
    });
    expect(one(JOB, "analytics-primary-optimize-daily-job")).toMatchObject({
      schedule: { quartzCronExpression: "0 0 1 * * ?" },
      parameters: expect.arrayContaining([
        { name: "oldest", default: "7" },
        { name: "newest", default: "2" },
        { name: "statistics", default: "true" },
      ]),
    });
    expect(one(JOB, "analytics-primary-vacuum-job")).toMatchObject({
      tags: { holdfast_role: "vacuum" },
      parameters: [
        { name: "catalogs", default: "analytics analytics_copy analytics_locked" },
        { name: "retain_hours", default: "840" },
      ],
    });
    for (const job of ["optimize", "optimize-daily", "vacuum"])
      expect(one(JOB, `analytics-secondary-${job}-job`).schedule.pauseStatus).toBe("PAUSED");
  });

  it("lie in a folder for each day, so that a week can be put together alone, sorted by what people filter by", () => {
    for (const { props } of all("databricks:index/sqlTable:SqlTable")) expect(props.partitions).toEqual(["date"]);
    const source = one("databricks:index/notebook:Notebook", "analytics-primary-notebook-maintenance-optimize");
    const text = Buffer.from(source.contentBase64, "base64").toString();
    expect(text).toContain("date_sub(current_date(), oldest)");
    expect(text).toContain("ZORDER BY (event_type, customer_id)");
    expect(text).toContain("COMPUTE STATISTICS");
    expect(text).toContain("DESCRIBE HISTORY");
  });

  it("go to the cold tier when they are old, and never to one from which they come back after hours", () => {
    for (const { props } of all("azure-native:storage:ManagementPolicy", /-archive$/))
      for (const { definition } of props.policy.rules)
        expect(definition.actions).toEqual({ baseBlob: { tierToCold: { daysAfterModificationGreaterThan: 180 } } });
    expect(all("azure-native:storage:ManagementPolicy", /-archive$/)).toHaveLength(2);
  });
});

describe("the authority of the escalation matrix", () => {
  it("is a role for each severity, held by its group in both regions", () => {
    const roles = all("azure-native:authorization:RoleDefinition", /^analytics-authority-/);
    expect(roles.map(({ props }) => props.roleName)).toEqual([
      "analytics-prod critical: can stop production",
      "analytics-prod high: can modify config",
      "analytics-prod low: can update docs",
      "analytics-prod medium: can restart services",
    ]);
    const held = all("azure-native:authorization:RoleAssignment", /^analytics-authority-/);
    expect(held.map(({ props }) => [props.principalType, props.principalId.slice(-2)])).toEqual(
      ["c1", "c2", "c4", "c3"].flatMap((id) => [
        ["Group", id],
        ["Group", id],
      ]),
    );
  });

  it("deletes nothing and gives no rights, whatever the severity", () => {
    for (const { actions } of Object.values(authorities))
      for (const action of actions) expect(action).not.toMatch(/delete|Authorization|^\*$|\/\*$/i);
  });

  it("starts whatever recovery a page starts, and says what is said for an incident, from restarting services up", () => {
    const asked = [
      ["create", "jobs"],
      ["get", "jobs"],
      ["get", "pods/log"],
      ...["get", "create", "patch", "delete"].map((verb) => [verb, "configmaps"]),
    ] as const;
    for (const severity of ["medium", "high", "critical"]) {
      const role = one("kubernetes:rbac.authorization.k8s.io/v1:Role", `analytics-secondary-authority-${severity}`);
      const may = ([verb, resource]: (typeof asked)[number]) =>
        (role.rules as { verbs: string[]; resources: string[]; resourceNames?: string[] }[]).some(
          ({ verbs, resources, resourceNames = ["analytics-incident"] }) =>
            verbs.includes(verb) && resources.includes(resource) && resourceNames.includes("analytics-incident"),
        );
      expect([severity, asked.filter((one) => !may(one))]).toEqual([severity, []]);
    }
  });
});

describe("the pages", () => {
  const pages = Object.values(operationsPages("Call somebody.")).flat();

  it("are the process, the matrix, the template, the document's five issues and the regular work", () => {
    expect(pages.map(({ file }) => file)).toEqual([
      ...["incident.md", "escalation.md", "post-incident-review.md"],
      ...["high-latency.md", "data-skew.md", "memory-errors.md", "connection-timeout.md", "cost-spike.md"],
      ...["maintenance.md", "upgrade.md"],
    ]);
  });

  it("name every chore that is declared, and only those", () => {
    const text = pages.map((each) => each.text).join();
    for (const name of Object.values(choreNames))
      expect([name, text.includes(name), cronJob(name)]).toEqual([name, true, expect.anything()]);
  });

  it("of issues are found by the alerts that tell of them", () => {
    expect(issuesOf("AnalyticsHighLatency").map(({ file }) => file)).toEqual(["high-latency.md", "data-skew.md"]);
    for (const { alerts } of issues) expect(alerts.length).toBeGreaterThan(0);
  });
});
