import * as applicationinsights from "@pulumi/azure-native/applicationinsights";
import type * as databricks from "@pulumi/databricks";
import * as pulumi from "@pulumi/pulumi";
import { placed } from "../../../components/azure/place";
import type { SiteJobs } from "../alerts/prometheus";
import { copyLag } from "../copies/copyLag";
import { accountId, logsId, namespaceId, vaultId, workspaceId } from "../ids";
import type { AnalyticsSite, Estate, Role } from "../site";
import { activityLog, type Diagnosed, type DiagnosticsArgs, diagnosticSettings } from "./diagnosticSettings";
import { endToEnd } from "./endToEnd";
import { azureMonitoring } from "./monitoringAzure";
import { clusterAlerts } from "./monitoringClusters";
import { INSIGHTS } from "./monitoringNames";
import { Sentinel } from "./sentinel";
import { sentinelRules } from "./sentinelRules";
import { workbook } from "./workbook";

/** Arguments of `Monitoring`. */
export interface MonitoringArgs {
  estate: Estate;
  /** The workspace of logs, which must be there first. */
  logs: pulumi.Resource;
  /** What everything that sends logs must be made before. */
  after: pulumi.Resource[];
  /** The primary's warehouse, in which test events are looked for. */
  warehouse: databricks.SqlEndpoint;
  /** Jobs of recovery and operations that must run again and again, by site. @default none */
  jobs?: Partial<Record<Role, SiteJobs>>;
}

/**
 * What notices: Azure Monitor, Sentinel and a budget see what Azure runs; Prometheus at both sites sees jobs, copies and
 * the other region. Each is watched from outside by a heartbeat of its own.
 */
export class Monitoring extends pulumi.ComponentResource {
  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:analytics:Monitoring", name, {}, opts);
    const { logs, after, warehouse, jobs = {} } = args;
    const estate: Estate = { ...args.estate, parent: this };
    const { config, names, primary } = estate;
    const workspace = logsId(primary, names.logs);
    const diagnostics: DiagnosticsArgs = { at: primary.azure, workspace, parent: this, after: [logs, ...after] };
    diagnosticSettings(diagnostics, diagnosed(estate));
    activityLog(diagnostics);
    insights(estate, workspace, logs);
    workbook({ at: primary.azure, workspace, parent: this, after: [logs] });
    const { deployer } = config.alerts;
    new Sentinel(
      "analytics-sentinel",
      { at: primary.azure, workspace: names.logs, after: [logs], rules: sentinelRules({ deployer }) },
      { parent: this },
    );
    azureMonitoring(estate, workspace);
    endToEnd(estate, warehouse);
    copyLag(estate);
    clusterAlerts(estate, jobs);
    this.registerOutputs({});
  }
}

/** What sends its logs and metrics to the workspace: everything that keeps data or lets people in. */
function diagnosed({ names, primary, secondary }: Estate): Diagnosed[] {
  const account = (as: string, at: AnalyticsSite, name: string): Diagnosed[] => [
    { name: as, id: accountId(at, name), sends: "metrics" },
    { name: `${as}-blobs`, id: `${accountId(at, name)}/blobServices/default`, sends: "both" },
  ];
  return [
    ...account("lake", primary, names.lake.written),
    ...account("lake-copy", secondary, names.lake.copy),
    ...account("locked", secondary, names.locked),
    { name: "vault", id: vaultId(primary, names.vault), sends: "both" },
    { name: "logs", id: logsId(primary, names.logs), sends: "both" },
    ...names.namespaces.map((one): Diagnosed => ({ name: one, id: namespaceId(primary, one), sends: "both" })),
    ...[primary, secondary].map(
      (at): Diagnosed => ({
        name: `databricks-${at.role}`,
        id: workspaceId(at, names.workspace[at.role]),
        sends: "logs",
      }),
    ),
  ];
}

/** Where services report their requests, and the test events how long they took; its tables are the workspace's. */
function insights({ config, primary, parent }: Estate, workspace: string, logs: pulumi.Resource): void {
  new applicationinsights.Component(
    "analytics-insights",
    {
      ...placed(primary.azure),
      resourceName: INSIGHTS,
      kind: "web",
      applicationType: "web",
      ingestionMode: "LogAnalytics",
      workspaceResourceId: workspace,
      // Who reports shows a right of the directory: a key in an address could be anybody's.
      disableLocalAuth: true,
      // All requests count: of a sample the budget of 1 in 10,000 would be a guess.
      samplingPercentage: 100,
      tags: { system: "analytics", holdfast_runbook: `${config.alerts.runbooks}/AnalyticsRequestsUnseen.md` },
    },
    { parent, provider: primary.azure.provider, dependsOn: [logs] },
  );
}
