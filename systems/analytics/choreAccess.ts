import * as authorization from "@pulumi/azure-native/authorization";
import * as databricks from "@pulumi/databricks";
import { guidOf } from "../../components/azure/guid";
import { type JobIdentity, jobIdentity } from "./access";
import { CHORE_ACCOUNTS } from "./choreNames";
import { accountId, groupId, subscriptionId, workspaceId } from "./ids";
import { CATALOG, LOCKED_CONTAINERS } from "./names";
import type { AnalyticsSite, Estate } from "./site";

/** What patching may do to a cluster of AKS; Azure's own roles for that may delete it as well. */
const patches = [
  "Microsoft.ContainerService/managedClusters/agentPools/read",
  "Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles/read",
  "Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action",
];

/** Who does the regular work, and what each may do. */
export function choreAccess(estate: Estate): void {
  const { names, primary, secondary, parent } = estate;
  const workspace = workspaceId(primary, names.workspace.primary);
  const reports = `${accountId(secondary, names.locked)}/blobServices/default/containers/${LOCKED_CONTAINERS.logs}`;
  // Whoever may change a workspace administers it: clusters, and jobs of others.
  const operate = jobIdentity(primary, CHORE_ACCOUNTS.operate, [{ role: "contributor", scope: workspace }], parent);
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
  const operates = principal(estate, "operate", operate);
  const looks = principal(estate, "look", look);
  for (const [who, made] of Object.entries({ operates, looks })) reads(estate, who, made);
  measured(estate, looks);
  patching(estate);
}

/** An identity as Databricks knows it. */
function principal({ primary, parent }: Estate, name: string, { identity }: JobIdentity): databricks.ServicePrincipal {
  return new databricks.ServicePrincipal(
    `${primary.prefix}-${name}-principal`,
    { applicationId: identity.clientId, displayName: `analytics-${name}` },
    { parent, provider: primary.databricks, dependsOn: [identity] },
  );
}

function reads({ primary, parent }: Estate, who: string, { applicationId }: databricks.ServicePrincipal): void {
  new databricks.Grant(
    `${primary.prefix}-${who}-reads`,
    { catalog: CATALOG, principal: applicationId, privileges: ["USE_CATALOG", "USE_SCHEMA", "SELECT"] },
    { parent, provider: primary.databricks },
  );
}

/** Tables in which Databricks itself writes what clusters and queries did: they are off until somebody asks for them. */
function measured({ primary, parent }: Estate, { applicationId }: databricks.ServicePrincipal): void {
  const options = { parent, provider: primary.databricks };
  for (const schema of ["compute", "query"]) {
    const on = new databricks.SystemSchema(`${primary.prefix}-system-${schema}`, { schema }, options);
    new databricks.Grant(
      `${primary.prefix}-looks-at-${schema}`,
      { schema: `system.${schema}`, principal: applicationId, privileges: ["USE_SCHEMA", "SELECT"] },
      { ...options, dependsOn: [on] },
    );
  }
}

/** Each region is patched from the other one; so each has an identity that may do it there. */
function patching({ config, primary, secondary, names, parent }: Estate): void {
  const { kubernetes } = config.operations;
  const pairs: [from: AnalyticsSite, to: AnalyticsSite][] = [
    [primary, secondary],
    [secondary, primary],
  ];
  const clusters = [kubernetes.primary, kubernetes.secondary];
  const name = "analytics-patching";
  const roleDefinitionId = guidOf(`${primary.subscription} ${config.namespace} ${name}`);
  const role = new authorization.RoleDefinition(
    name,
    {
      roleDefinitionId,
      roleName: `${config.namespace} patching`,
      roleType: "CustomRole",
      scope: subscriptionId(primary.subscription),
      assignableScopes: [subscriptionId(primary.subscription)],
      permissions: [{ actions: patches }],
    },
    { parent, provider: primary.azure.provider },
  );
  for (const [from, to] of pairs) {
    const { identity } = jobIdentity(
      from,
      CHORE_ACCOUNTS.patch,
      [{ role: "contributor", scope: workspaceId(to, names.workspace[to.role]) }],
      parent,
    );
    // The stage before is looked at as well.
    for (const [place, scope] of clusters.entries())
      new authorization.RoleAssignment(
        `${from.prefix}-patches-${place + 1}`,
        {
          roleAssignmentName: guidOf(`${from.subscription} ${config.namespace} ${from.prefix}-patches-${place + 1}`),
          principalId: identity.principalId,
          principalType: "ServicePrincipal",
          roleDefinitionId: `${subscriptionId(from.subscription)}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitionId}`,
          scope,
        },
        { parent, provider: from.azure.provider, dependsOn: [identity, role] },
      );
  }
}
