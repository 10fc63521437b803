import * as azureDatabricks from "@pulumi/azure-native/databricks";
import * as databricks from "@pulumi/databricks";
import type * as pulumi from "@pulumi/pulumi";
import { duration } from "../../../recovery/duration";
import { grant } from "../access";
import type { LakeCatalog } from "../data/catalog";
import { REPLAY_NODE, replaySize } from "../data/streams";
import { sparkConf } from "../databricks/clusters";
import { namespaceId, resourceId } from "../ids";
import { BRONZE_EVENTS, CATALOG, databricksJobs, NOTEBOOKS } from "../names";
import type { AnalyticsSite, Estate } from "../site";
import { REPLAY_DEADLINE } from "./failBack";

/** Credential of Unity Catalog by which events are read again; the same name in both regions. */
const EVENTS_CREDENTIAL = "analytics-events";

/**
 * The job by which a recovery reads a span of events again. It runs as who declares it, on a cluster of its own, since a SQL
 * warehouse takes no service credential (Microsoft Learn, "Use Unity Catalog service credentials"). The cluster starts with
 * the first run and stays for the next ones: a span is a quarter of an hour.
 */
export function replays(
  estate: Estate,
  at: AnalyticsSite,
  catalog: LakeCatalog,
  parent: pulumi.Resource,
): databricks.Job {
  const { config, names } = estate;
  const credential = eventsCredential(estate, at, parent);
  const below = { parent, provider: at.databricks };
  const cluster = new databricks.Cluster(
    `${at.prefix}-cluster-replays`,
    {
      clusterName: databricksJobs.replays,
      sparkVersion: config.databricks.runtime,
      nodeTypeId: REPLAY_NODE,
      numWorkers: replaySize(config.kafka.load).workers,
      runtimeEngine: "PHOTON",
      dataSecurityMode: "USER_ISOLATION",
      // Evicted machines would begin what must end in time anew.
      azureAttributes: { availability: "ON_DEMAND_AZURE" },
      autoterminationMinutes: 10,
      // What has not run for 30 days is forgotten otherwise.
      isPinned: true,
      noWait: true,
      // The day of an event is that of UTC.
      sparkConf: { ...sparkConf(config), "spark.sql.session.timeZone": "UTC" },
      customTags: { system: "analytics" },
    },
    { ...below, dependsOn: [catalog] },
  );
  const defaults = {
    target: `${CATALOG}.${BRONZE_EVENTS}`,
    namespaces: names.namespaces.join(" "),
    topic: config.kafka.topic,
    credential: EVENTS_CREDENTIAL,
    since: "",
    until: "",
    late: "",
  };
  return new databricks.Job(
    `${at.prefix}-replays`,
    {
      name: databricksJobs.replays,
      tags: { system: "analytics" },
      // Of two that write one table the second is refused.
      maxConcurrentRuns: 1,
      queue: { enabled: false },
      // Whoever started a run ends it when its own time is over; one whom nobody waits for ends by this.
      timeoutSeconds: duration(REPLAY_DEADLINE),
      parameters: Object.entries(defaults).map(([name, value]) => ({ name, default: value })),
      tasks: [
        {
          taskKey: "run",
          existingClusterId: cluster.clusterId,
          notebookTask: { notebookPath: `${NOTEBOOKS}/replay`, source: "WORKSPACE" },
        },
      ],
    },
    { ...below, dependsOn: [credential] },
  );
}

/** What reads all that the event hubs keep, by an identity that may do nothing else. */
function eventsCredential(
  { names, primary }: Estate,
  at: AnalyticsSite,
  parent: pulumi.Resource,
): databricks.Credential {
  const connectorName = `${at.prefix}-replay`;
  const { provider } = at.azure;
  const connector = new azureDatabricks.AccessConnector(
    `${connectorName}-connector`,
    {
      connectorName,
      resourceGroupName: at.group,
      location: at.region,
      identity: { type: "SystemAssigned" },
    },
    { parent, provider, dependsOn: [at.made] },
  );
  const principal = connector.identity.apply((identity) => identity?.principalId ?? "");
  for (const namespace of names.namespaces)
    grant(
      `${connectorName}-${namespace}`,
      at,
      { role: "eventsReceiver", scope: namespaceId(primary, namespace) },
      principal,
      parent,
      [connector],
    );
  return new databricks.Credential(
    `${connectorName}-credential`,
    {
      name: EVENTS_CREDENTIAL,
      purpose: "SERVICE",
      azureManagedIdentity: {
        accessConnectorId: resourceId(at, "Microsoft.Databricks/accessConnectors", connectorName),
      },
    },
    { parent, provider: at.databricks, dependsOn: [connector] },
  );
}
