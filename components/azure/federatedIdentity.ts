import * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of `federatedIdentity`. */
export interface FederatedIdentityArgs {
  resourceName: string;
  resourceGroupName: pulumi.Input<string>;
  location: string;
  /** Who signs the tokens, and what the trust is called after. */
  issuer: { name: string; host: string };
  /** Subject of the tokens that may take it, whole. */
  subject: string;
}

/** An identity that is taken by tokens of another issuer: no secret is kept anywhere. */
export function federatedIdentity(
  name: string,
  { resourceName, resourceGroupName, location, issuer, subject }: FederatedIdentityArgs,
  opts: pulumi.CustomResourceOptions,
): managedidentity.UserAssignedIdentity {
  const identity = new managedidentity.UserAssignedIdentity(
    `${name}-identity`,
    { resourceName, resourceGroupName, location },
    opts,
  );
  new managedidentity.FederatedIdentityCredential(
    `${name}-trust`,
    {
      federatedIdentityCredentialResourceName: issuer.name,
      resourceName,
      resourceGroupName,
      issuer: `https://${issuer.host}`,
      subject,
      audiences: ["api://AzureADTokenExchange"],
    },
    { ...opts, dependsOn: [identity] },
  );
  return identity;
}
