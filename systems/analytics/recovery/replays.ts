import * as azureDatabricks from "@pulumi/azure-native/databricks";
import * as databricks from "@pulumi/databricks";
import type * as pulumi from "@pulumi/pulumi";
import { grant } from "../access";
import { namespaceId, resourceId } from "../ids";
import type { AnalyticsSite, Estate } from "../site";

/** Credential of Unity Catalog by which a warehouse reads events again; the same name in both regions. */
export const EVENTS_CREDENTIAL = "analytics-events";

/** Lets the warehouse of a region read what the event hubs keep, by an identity that may do nothing else. */
export function replayAccess(
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
