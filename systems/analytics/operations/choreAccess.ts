import * as databricks from "@pulumi/databricks";
import { assignRole, customRole } from "../../../components/azure/roles";
import { type JobIdentity, jobIdentity, workspaceAccess } from "../access";
import { accountId, groupId } from "../ids";
import { CATALOG, LOCKED_CONTAINERS } from "../names";
import type { AnalyticsSite, Estate } from "../site";
import { CHORE_ACCOUNTS } from "./choreNames";

/** What patching may do to a cluster of AKS; Azure's own roles for that may delete it as well. */
const patches = [
  "Microsoft.ContainerService/managedClusters/agentPools/read",
  "Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles/read",
  "Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action",
];

/** Who does the regular work, and what each may do. */
export function choreAccess(estate: Estate): void {
  const { names, primary, secondary, parent } = estate;
  const reports = `${accountId(secondary, names.locked)}/blobServices/default/containers/${LOCKED_CONTAINERS.logs}`;
  // Databricks decides by itself what of a workspace somebody may change; in Azure it takes no right.
  const operate = jobIdentity(primary, CHORE_ACCOUNTS.operate, [], parent);
  const look = jobIdentity(
    primary,
    CHORE_ACCOUNTS.look,
    [
      { role: "reader", scope: groupId(primary) },
      { role: "reader", scope: groupId(secondary) },
      { role: "blobContributor", scope: reports },
    ],
    parent,
  );
  // Lists leave out what their caller may not see, and a cluster or run that is left out looks like none.
  workspaceAccess(primary, CHORE_ACCOUNTS.operate, operate, "ADMIN", parent);
  workspaceAccess(primary, CHORE_ACCOUNTS.look, look, "ADMIN", parent);
  for (const [who, made] of Object.entries({ operates: operate, looks: look })) reads(estate, who, made);
  measured(estate, look);
  patching(estate);
}

function reads({ primary, parent }: Estate, who: string, { identity }: JobIdentity): void {
  new databricks.Grant(
    `${primary.prefix}-${who}-reads`,
    { catalog: CATALOG, principal: identity.clientId, privileges: ["USE_CATALOG", "USE_SCHEMA", "SELECT"] },
    { parent, provider: primary.databricks },
  );
}

/** Tables in which Databricks itself writes what clusters and queries did: they are off until somebody asks for them. */
function measured({ primary, parent }: Estate, { identity }: JobIdentity): void {
  const options = { parent, provider: primary.databricks };
  for (const schema of ["compute", "query"]) {
    const on = new databricks.SystemSchema(`${primary.prefix}-system-${schema}`, { schema }, options);
    new databricks.Grant(
      `${primary.prefix}-looks-at-${schema}`,
      { schema: `system.${schema}`, principal: identity.clientId, privileges: ["USE_SCHEMA", "SELECT"] },
      { ...options, dependsOn: [on] },
    );
  }
}

/** Each region is patched from the other one; so each has an identity that may do it there. */
function patching({ config, primary, secondary, parent }: Estate): void {
  const { kubernetes } = config.operations;
  // Before the region that works, the one that stands by is looked at as well.
  const stages: [from: AnalyticsSite, to: AnalyticsSite, clusters: string[]][] = [
    [primary, secondary, [kubernetes.secondary]],
    [secondary, primary, [kubernetes.primary, kubernetes.secondary]],
  ];
  const name = "analytics-patching";
  const role = customRole(
    name,
    {
      named: `${primary.subscription} ${config.namespace} ${name}`,
      subscription: primary.subscription,
      roleName: `${config.namespace} patching`,
      actions: patches,
    },
    { parent, provider: primary.azure.provider },
  );
  for (const [from, to, clusters] of stages) {
    const made = jobIdentity(from, CHORE_ACCOUNTS.patch, [], parent);
    const { identity } = made;
    workspaceAccess(to, `${CHORE_ACCOUNTS.patch}-${to.role}`, made, "ADMIN", parent);
    for (const [place, scope] of clusters.entries())
      assignRole(
        `${from.prefix}-patches-${place + 1}`,
        {
          named: `${from.subscription} ${config.namespace} ${from.prefix}-patches-${place + 1}`,
          subscription: from.subscription,
          role: role.id,
          scope,
          principalId: identity.principalId,
        },
        { parent, provider: from.azure.provider, dependsOn: [identity, role.definition] },
      );
  }
}
