import * as authorization from "@pulumi/azure-native/authorization";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as azure from "@pulumi/azure-native/provider";
import * as pulumi from "@pulumi/pulumi";
import { ISSUER } from "./github";
import type { Purpose } from "./names";

/** Arguments of `AzureIdentity`. */
export interface AzureIdentityArgs {
  provider: azure.Provider;
  /** Name of the identity. */
  identity: string;
  subscription: string;
  location: string;
  /** Resource group that the identity is in, and no system. */
  home: pulumi.Input<string>;
  /** Existing resource groups that it reaches. */
  reaches: string[];
  purpose: Purpose;
  /** Subject of the tokens that may take it, whole. */
  subject: string;
}

/** Numbers of Azure's own roles, the same everywhere. */
const roles: Record<Purpose, string> = {
  // Reader: no keys of storage accounts, no secrets.
  preview: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  // Contributor: grants nothing to anybody, and takes no lock away.
  deploy: "b24988ac-6180-42a0-ab88-20f7382dd24c",
};

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
    for (const group of args.reaches) {
      new authorization.RoleAssignment(
        `${name}-${group}`,
        {
          scope: `/subscriptions/${subscription}/resourceGroups/${group}`,
          roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roles[args.purpose]}`,
          principalId: made.principalId,
          // Without it Azure looks the new principal up, and may not find it yet.
          principalType: "ServicePrincipal",
        },
        options,
      );
    }
    this.clientId = made.clientId;
    this.registerOutputs({ identity });
  }
}
