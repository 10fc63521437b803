import * as databricks from "@pulumi/databricks";
import { MaintenanceJob } from "../../../components/maintenance/maintenanceJob";
import { type Grant, type JobIdentity, jobIdentity, workspaceAccess } from "../access";
import { streamSize } from "../data/streams";
import { layers } from "../data/tables";
import { workspaceUrl } from "../endpoints";
import { logsId, namespaceId, resourceId } from "../ids";
import { scriptWork } from "../jobWork";
import { CATALOG } from "../names";
import { assetIds, DATABRICKS_ID, KAFKA_ID, LAKE_ID, LOGS_ID } from "../objectives";
import type { Estate } from "../site";
import { INSIGHTS, INSIGHTS_KIND, MONITORING_ACCOUNTS, monitoringJobs } from "./monitoringNames";

/** Table in which test events arrive: the first that everything goes through. */
const TABLE = { schema: "bronze", name: "events" } as const;

/** Seconds that a run waits for its events; those that come later are slow, and none that do not come are lost yet. */
const WITHIN = 30;

/**
 * Sends numbered events through the whole platform, measures how long they take to the lake, and looks for those that were
 * taken and never arrived, and for what was taken from tables. In the primary: it is about the daily work there.
 */
export function endToEnd(estate: Estate, warehouse: databricks.SqlEndpoint): void {
  const { config, names, primary, parent } = estate;
  const insights = resourceId(primary, INSIGHTS_KIND, INSIGHTS);
  const account = MONITORING_ACCOUNTS.endToEnd;
  const grants: Grant[] = [
    ...names.namespaces.map((one): Grant => ({ role: "eventsSender", scope: namespaceId(primary, one) })),
    { role: "metricsPublisher", scope: insights },
    { role: "reader", scope: insights },
    { role: "logsReader", scope: logsId(primary, names.logs) },
  ];
  readsEvents(estate, jobIdentity(primary, account, grants, parent), warehouse);
  const env = {
    NAMESPACES: names.namespaces.join(" "),
    INSIGHTS: insights,
    INGESTION_URLS: "https://*.in.applicationinsights.azure.com/",
    DATABRICKS_URL: workspaceUrl(estate, "primary"),
    WAREHOUSE: names.warehouse,
    EVENTS_TABLE: `${CATALOG}.${TABLE.schema}.${TABLE.name}`,
    LOCATION: primary.region,
  };
  new MaintenanceJob(
    monitoringJobs.endToEnd,
    {
      placement: primary.placement,
      job: monitoringJobs.endToEnd,
      work: scriptWork(estate, primary, {
        script: ["endToEnd.sh"],
        account,
        asset: "lake",
        env: {
          ...env,
          EVENTS_URL: "https://%s.servicebus.windows.net",
          TOPIC: config.kafka.topic,
          PARTITIONS: String(streamSize(config.kafka.load).partitions),
          WITHIN: String(WITHIN),
        },
      }),
      ...config.monitoring.endToEnd,
      reads: [LAKE_ID, DATABRICKS_ID],
    },
    { parent },
  );
  new MaintenanceJob(
    monitoringJobs.lostEvents,
    {
      placement: primary.placement,
      job: monitoringJobs.lostEvents,
      work: scriptWork(estate, primary, {
        script: ["lostEvents.sh"],
        account,
        asset: "lake",
        env: { ...env, WORKSPACE: logsId(primary, names.logs), LOST_AFTER: config.monitoring.lostAfter },
      }),
      ...config.monitoring.lostEvents,
      reads: [LAKE_ID, DATABRICKS_ID, KAFKA_ID, LOGS_ID],
    },
    { parent },
  );
  tableWatch(estate, account, env);
}

/** Looks what was done to tables, with the same rights. */
function tableWatch(estate: Estate, account: string, env: Record<string, string>): void {
  const { config, primary, parent } = estate;
  new MaintenanceJob(
    monitoringJobs.tableWatch,
    {
      placement: primary.placement,
      job: monitoringJobs.tableWatch,
      work: scriptWork(estate, primary, {
        script: ["tableWatch.sh"],
        account,
        asset: "lake",
        env: {
          ...env,
          CATALOG,
          LAYERS: layers.join(" "),
          DECLARED_TABLES: config.lake.tables.map(({ layer, name }) => `${layer}.${name}`).join(" "),
          // Through two runs that fail.
          WATCHED: "15m",
        },
      }),
      ...config.monitoring.tableWatch,
      // It works on nothing, and may run beside everything.
      reads: Object.values(assetIds),
    },
    { parent },
  );
}

/** Lets an identity read tables, those that others make as well, by the warehouse of the workspace. */
function readsEvents({ primary, parent }: Estate, identity: JobIdentity, warehouse: databricks.SqlEndpoint): void {
  const user = workspaceAccess(primary, MONITORING_ACCOUNTS.endToEnd, identity, "USER", parent);
  const principal = identity.identity.clientId;
  const options = { parent, provider: primary.databricks, dependsOn: [user, warehouse] };
  new databricks.Permissions(
    "analytics-end-to-end-warehouse",
    {
      sqlEndpointId: warehouse.id,
      accessControls: [{ servicePrincipalName: principal, permissionLevel: "CAN_USE" }],
    },
    options,
  );
  const privileges = ["USE_CATALOG", "USE_SCHEMA", "SELECT"];
  new databricks.Grant("analytics-end-to-end-catalog", { catalog: CATALOG, principal, privileges }, options);
}
