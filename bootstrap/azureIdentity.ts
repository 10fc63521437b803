import type * as azure from "@pulumi/azure-native/provider";
import * as pulumi from "@pulumi/pulumi";
import { federatedIdentity } from "../components/azure/federatedIdentity";
import { assignRole, customRole } from "../components/azure/roles";
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
    const made = federatedIdentity(
      name,
      {
        resourceName: identity,
        resourceGroupName: home,
        location: args.location,
        issuer: { name: "github", host: ISSUER },
        subject: args.subject,
      },
      options,
    );
    const { condition, ...allowed } = args.rights;
    const role = customRole(
      `${name}-role`,
      { named: `${subscription} ${identity}`, subscription, roleName: identity, ...allowed },
      options,
    );
    assignRole(
      `${name}-rights`,
      {
        named: `${subscription} ${identity} rights`,
        subscription,
        role: role.id,
        scope: `/subscriptions/${subscription}`,
        principalId: made.principalId,
        condition,
      },
      { ...options, dependsOn: [role.definition] },
    );
    this.clientId = made.clientId;
    this.registerOutputs({ identity });
  }
}
