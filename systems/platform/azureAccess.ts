import type * as azure from "@pulumi/azure-native/provider";
import * as resources from "@pulumi/azure-native/resources";
import { ServiceIdentity } from "../../components/access/serviceIdentity";
import { federatedIdentity } from "../../components/azure/federatedIdentity";
import { assignRole, builtInRoles } from "../../components/azure/roles";
import { siteCheckRules } from "./access";
import { ACCOUNTS } from "./names";
import type { PlatformSite } from "./site";

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
  const identity = federatedIdentity(
    `${prefix}-site-check`,
    {
      resourceName: account,
      resourceGroupName,
      location,
      issuer: { name: "cluster", host: cluster.oidcIssuer },
      subject: `system:serviceaccount:${placement.namespace}:${account}`,
    },
    { ...below, dependsOn: [group] },
  );
  const scope = `/subscriptions/${subscription}/resourceGroups/${resourceGroupName}`;
  const role = builtInRoles.reader;
  assignRole(
    `${prefix}-site-check-may-read`,
    { named: `${scope} ${role}`, subscription, role, scope, principalId: identity.principalId },
    { ...below, dependsOn: [identity] },
  );
  new ServiceIdentity(
    `${prefix}-siteCheck`,
    { placement, account, rules: [], clusterRules: siteCheckRules, azureClient: identity.clientId },
    { parent },
  );
}
