import * as fabric from "@pulumi/azure-native/fabric";
import { KeptAsset } from "../../../components/asset/keptAsset";
import { DATABRICKS_ID, POWERBI_ID, retentions } from "../objectives";
import type { Estate } from "../site";

/** Content of Power BI, which Microsoft keeps, and the capacities of both regions that show it. */
export function powerbi({ config, names, primary, secondary, parent }: Estate): KeptAsset {
  for (const { role, azure, group, region, made } of [primary, secondary])
    new fabric.FabricCapacity(
      `analytics-${role}-capacity`,
      {
        capacityName: names.capacity[role],
        resourceGroupName: group,
        location: region,
        sku: { name: config.powerbi.sku, tier: "Fabric" },
        administration: { members: config.powerbi.admins },
        tags: { system: "analytics" },
      },
      { parent, provider: azure.provider, protect: true, dependsOn: [made] },
    );
  return new KeptAsset(
    "analytics-powerbi",
    {
      id: POWERBI_ID,
      kind: "reports",
      objectives: config.objectives.powerbi,
      retention: retentions.powerbi,
      bytes: config.powerbi.bytes,
      site: config.sites.primary,
      service: "powerBi",
      // Reports show what the workspace of Databricks serves of the lake.
      dependsOn: [DATABRICKS_ID],
    },
    { parent },
  );
}
