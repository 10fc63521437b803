import * as authorization from "@pulumi/azure-native/authorization";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as databricks from "@pulumi/databricks";
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { ServiceIdentity } from "../../components/access/serviceIdentity";
import { guidOf } from "../../components/azure/guid";
import { subscriptionId } from "./ids";
import type { AnalyticsSite } from "./site";

/** Roles that Azure itself defines, by their ids, which are the same in every directory. */
export const roles = {
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  blobReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  blobContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  secretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  secretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  metricsPublisher: "3913510d-42f4-4e42-8a64-420c390055eb",
  monitoringReader: "43d0d8ad-25c7-4714-9337-8ba259a9fe05",
  logsReader: "73c42c96-874c-492b-b04d-ab87d138a893",
  eventsReceiver: "a638d3c7-ab3a-418d-83e6-5f17a39d4fde",
  eventsSender: "2b629674-e913-4c01-ae53-ef4638d8f975",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  policyContributor: "36243c78-bf99-498c-9df9-86d9f8d28608",
} as const;

/** What somebody may do, and where. */
export interface Grant {
  role: keyof typeof roles;
  /** Id of the subscription, group, resource or container; plain. */
  scope: string;
}

/** Gives a role to an identity; its name follows from the resource's, so that a second deployment finds it. */
export function grant(
  name: string,
  at: AnalyticsSite,
  { role, scope }: Grant,
  principalId: pulumi.Input<string>,
  parent: pulumi.Resource,
  dependsOn: pulumi.Resource[] = [at.made],
): authorization.RoleAssignment {
  return new authorization.RoleAssignment(
    name,
    {
      roleAssignmentName: guidOf(`${at.subscription} ${name}`),
      principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: `${subscriptionId(at.subscription)}/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`,
      scope,
    },
    { parent, provider: at.azure.provider, dependsOn },
  );
}

/** Who the pods of a job are. */
export interface JobIdentity {
  identity: managedidentity.UserAssignedIdentity;
  service: ServiceIdentity;
}

/**
 * A service account at a site, and an identity of Azure that it alone takes, by the cluster's own tokens: no secret is
 * kept anywhere. `grants` is all that it may do in Azure, `rules` in its namespace.
 */
export function jobIdentity(
  at: AnalyticsSite,
  account: string,
  grants: readonly Grant[],
  parent: pulumi.Resource,
  rules: k8s.types.input.rbac.v1.PolicyRule[] = [],
): JobIdentity {
  const { azure, group, prefix, placement, region } = at;
  const name = `${prefix}-${account.replace(/^analytics-/, "")}`;
  const below = { parent, provider: azure.provider };
  const identity = new managedidentity.UserAssignedIdentity(
    `${name}-identity`,
    { resourceName: `${account}-${at.role}`, resourceGroupName: group, location: region },
    { ...below, dependsOn: [at.made] },
  );
  new managedidentity.FederatedIdentityCredential(
    `${name}-trust`,
    {
      federatedIdentityCredentialResourceName: "cluster",
      resourceName: `${account}-${at.role}`,
      resourceGroupName: group,
      issuer: `https://${at.site.cluster.oidcIssuer}`,
      subject: `system:serviceaccount:${placement.namespace}:${account}`,
      audiences: ["api://AzureADTokenExchange"],
    },
    { ...below, dependsOn: [identity] },
  );
  for (const [place, one] of grants.entries())
    grant(`${name}-may-${place + 1}`, at, one, identity.principalId, parent, [identity]);
  const service = new ServiceIdentity(
    `${name}-account`,
    { placement, account, rules, azureClient: identity.clientId },
    { parent },
  );
  return { identity, service };
}

/**
 * Lets an identity into a workspace: as one of its users, or as who sees and sets everything there, without which nobody
 * lists the jobs and permissions of others.
 */
export function workspaceAccess(
  at: AnalyticsSite,
  name: string,
  { identity }: JobIdentity,
  as: "USER" | "ADMIN",
  parent: pulumi.Resource,
): databricks.PermissionAssignment {
  const below = { parent, provider: at.databricks };
  const principal = new databricks.ServicePrincipal(
    `${name}-principal`,
    { applicationId: identity.clientId, displayName: name, allowClusterCreate: false, databricksSqlAccess: true },
    { ...below, dependsOn: [identity] },
  );
  return new databricks.PermissionAssignment(
    `${name}-in-workspace`,
    { principalId: principal.id, permissions: [as] },
    { ...below, dependsOn: [principal] },
  );
}
