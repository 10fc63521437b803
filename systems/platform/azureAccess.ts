import * as authorization from "@pulumi/azure-native/authorization";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as azure from "@pulumi/azure-native/provider";
import * as resources from "@pulumi/azure-native/resources";
import { ServiceIdentity } from "../../components/access/serviceIdentity";
import { guidOf } from "../../components/azure/guid";
import { siteCheckRules } from "./access";
import { ACCOUNTS } from "./names";
import type { PlatformSite } from "./site";

/** Azure's own role Reader, by its id, which is the same in every directory. */
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

/**
 * Who the check of a site in Azure is: an identity that its service account takes by the cluster's own tokens. It may
 * read the group that it lies in, which holds nothing else: by that, Azure tells it which subscription it is in.
 */
export function azureIdentity({ prefix, name, site, placement, parent }: PlatformSite, provider: azure.Provider): void {
  const account = ACCOUNTS.siteCheck;
  const { account: subscription, region: location, cluster } = site;
  const resourceGroupName = `${account}-${name}`;
  const below = { parent, provider };
  const group = new resources.ResourceGroup(
    `${prefix}-site-check-group`,
    { resourceGroupName, location, tags: { system: "platform" } },
    below,
  );
  const identity = new managedidentity.UserAssignedIdentity(
    `${prefix}-site-check-identity`,
    { resourceName: account, resourceGroupName, location },
    { ...below, dependsOn: [group] },
  );
  new managedidentity.FederatedIdentityCredential(
    `${prefix}-site-check-trust`,
    {
      federatedIdentityCredentialResourceName: "cluster",
      resourceName: account,
      resourceGroupName,
      issuer: `https://${cluster.oidcIssuer}`,
      subject: `system:serviceaccount:${placement.namespace}:${account}`,
      audiences: ["api://AzureADTokenExchange"],
    },
    { ...below, dependsOn: [identity] },
  );
  const scope = `/subscriptions/${subscription}/resourceGroups/${resourceGroupName}`;
  new authorization.RoleAssignment(
    `${prefix}-site-check-may-read`,
    {
      roleAssignmentName: guidOf(`${scope} ${READER}`),
      principalId: identity.principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
      scope,
    },
    { ...below, dependsOn: [identity] },
  );
  new ServiceIdentity(
    `${prefix}-siteCheck`,
    { placement, account, rules: [], clusterRules: siteCheckRules, azureClient: identity.clientId },
    { parent },
  );
}
