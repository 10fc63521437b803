import type * as azure from "@pulumi/azure-native/provider";
import type * as pulumi from "@pulumi/pulumi";

/** Where something of Azure is. */
export interface AzureSite {
  /** Provider of the subscription; it names its `subscriptionId`. */
  provider: azure.Provider;
  resourceGroup: string;
  /** As Azure's resources name it: `westeurope`. */
  region: string;
}

/** Networks from which something may be reached; nothing else reaches it. */
export interface Reach {
  /** Ids of subnets. */
  subnets: pulumi.Input<string>[];
}

/** Location and group of a resource, as its inputs. */
export function placed({ resourceGroup, region }: AzureSite): { resourceGroupName: string; location: string } {
  return { resourceGroupName: resourceGroup, location: region };
}
