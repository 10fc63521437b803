import type * as authorization from "@pulumi/azure-native/authorization";
import type * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as databricks from "@pulumi/databricks";
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { ServiceIdentity } from "../../components/access/serviceIdentity";
import { federatedIdentity } from "../../components/azure/federatedIdentity";
import { assignRole, builtInRoles } from "../../components/azure/roles";
import type { AnalyticsSite } from "./site";

/** What somebody may do, and where. */
export interface Grant {
  role: keyof typeof builtInRoles;
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
  const { subscription } = at;
  return assignRole(
    name,
    { named: `${subscription} ${name}`, subscription, role: builtInRoles[role], scope, principalId },
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
  const identity = federatedIdentity(
    name,
    {
      resourceName: `${account}-${at.role}`,
      resourceGroupName: group,
      location: region,
      issuer: { name: "cluster", host: at.site.cluster.oidcIssuer },
      subject: `system:serviceaccount:${placement.namespace}:${account}`,
    },
    { parent, provider: azure.provider, dependsOn: [at.made] },
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
