import * as authorization from "@pulumi/azure-native/authorization";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as azure from "@pulumi/azure-native/provider";
import * as pulumi from "@pulumi/pulumi";
import { guidOf } from "../components/azure/guid";
import type { AzureRights } from "./azureRights";
import { ISSUER } from "./github";

/** Arguments of `AzureIdentity`. */
export interface AzureIdentityArgs {
  provider: azure.Provider;
  /** Name of the identity. */
  identity: string;
  subscription: string;
  location: string;
  /** Resource group that the identity is in, and no system. */
  home: pulumi.Input<string>;
  /** What it may do in the subscription. */
  rights: AzureRights;
  /** Subject of the tokens that may take it, whole. */
  subject: string;
}

/** The identity that the jobs of one environment of GitHub take in Azure. */
export class AzureIdentity extends pulumi.ComponentResource {
  /** What the provider of Azure calls the client. */
  declare readonly clientId: pulumi.Output<string>;

  constructor(name: string, args: AzureIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:bootstrap:AzureIdentity", name, {}, opts);
    const { provider, identity, home, subscription } = args;
    const options = { parent: this, provider };
    const made = new managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      { resourceName: identity, resourceGroupName: home, location: args.location },
      options,
    );
    new managedidentity.FederatedIdentityCredential(
      `${name}-credential`,
      {
        federatedIdentityCredentialResourceName: "github",
        resourceName: identity,
        resourceGroupName: home,
        issuer: `https://${ISSUER}`,
        subject: args.subject,
        audiences: ["api://AzureADTokenExchange"],
      },
      { ...options, dependsOn: [made] },
    );
    const scope = `/subscriptions/${subscription}`;
    const { actions, dataActions, condition } = args.rights;
    const roleDefinitionId = guidOf(`${subscription} ${identity}`);
    const role = new authorization.RoleDefinition(
      `${name}-role`,
      {
        roleDefinitionId,
        roleName: identity,
        roleType: "CustomRole",
        scope,
        assignableScopes: [scope],
        permissions: [{ actions, dataActions }],
      },
      options,
    );
    new authorization.RoleAssignment(
      `${name}-rights`,
      {
        roleAssignmentName: guidOf(`${subscription} ${identity} rights`),
        scope,
        roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitionId}`,
        principalId: made.principalId,
        // Without it Azure looks the new principal up, and may not find it yet.
        principalType: "ServicePrincipal",
        condition,
        conditionVersion: "2.0",
      },
      { ...options, dependsOn: [role] },
    );
    this.clientId = made.clientId;
    this.registerOutputs({ identity });
  }
}
