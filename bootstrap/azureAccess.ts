import * as azure from "@pulumi/azure-native/provider";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { AzureIdentity } from "./azureIdentity";
import { rightsFor } from "./azureRights";
import type { AzureSettings, BootstrapConfig } from "./config";
import { subjectOf } from "./github";
import { PREFIX, type Purpose, purposes, roleName } from "./names";

/** Arguments of `AzureAccess`. */
export interface AzureAccessArgs {
  config: Pick<BootstrapConfig, "github">;
  stack: string;
  settings: AzureSettings;
}

/** The identities of one stack's environments in Azure, in a resource group of their own. */
export class AzureAccess extends pulumi.ComponentResource {
  /** What the provider of Azure calls the client of each environment. */
  declare readonly clients: Record<Purpose, pulumi.Output<string>>;

  constructor(name: string, { config, stack, settings }: AzureAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:bootstrap:AzureAccess", name, {}, opts);
    const { subscription, tenant, location, roles } = settings;
    const provider = new azure.Provider(name, { subscriptionId: subscription, tenantId: tenant });
    const group = new resources.ResourceGroup(
      `${name}-group`,
      { resourceGroupName: `${PREFIX}${stack}-ci`, location },
      { parent: this, provider },
    );
    const identity = (purpose: Purpose) =>
      new AzureIdentity(
        `${name}-${purpose}`,
        {
          provider,
          identity: roleName(stack, purpose),
          subscription,
          location,
          home: group.name,
          rights: rightsFor(purpose, roles),
          subject: subjectOf(config.github, stack, purpose),
        },
        { parent: this },
      );
    this.clients = Object.fromEntries(
      purposes.map((purpose) => [purpose, identity(purpose).clientId]),
    ) as typeof this.clients;
    this.registerOutputs({ stack });
  }
}
