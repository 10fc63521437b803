import * as storage from "@pulumi/azure-native/storage";
import { wholeDaysOf } from "../../spans";
import { TABLES } from "../names";
import type { AnalyticsSite, Estate } from "../site";
import { layers } from "./tables";

/**
 * Old files of the lake and of its copy go to the cold tier. Not to the archive tier: from there a file comes back after
 * hours, a query or a recovery that needs one fails until then, and accounts over zones do not have it.
 */
export function archive({ config, names, primary, secondary, parent }: Estate): storage.ManagementPolicy[] {
  const accounts: [AnalyticsSite, string][] = [
    [primary, names.lake.written],
    [secondary, names.lake.copy],
  ];
  const age = { daysAfterModificationGreaterThan: wholeDaysOf(config.operations.archiveAfter) };
  return accounts.map(
    ([at, accountName]) =>
      new storage.ManagementPolicy(
        `${at.prefix}-archive`,
        {
          accountName,
          resourceGroupName: at.group,
          managementPolicyName: "default",
          policy: {
            rules: [
              {
                name: "old-files-to-cold",
                enabled: true,
                type: "Lifecycle",
                definition: {
                  filters: { blobTypes: ["blockBlob"], prefixMatch: layers.map((layer) => `${TABLES}/${layer}/`) },
                  actions: { baseBlob: { tierToCold: age } },
                },
              },
            ],
          },
        },
        { parent, provider: at.azure.provider, dependsOn: [at.made] },
      ),
  );
}
