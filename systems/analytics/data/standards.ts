/** A rule that Azure itself enforces. */
export interface Standard {
  title: string;
  /** What is refused, as a condition of Azure Policy. */
  refused: Record<string, unknown>;
}

const account = { field: "type", equals: "Microsoft.Storage/storageAccounts" };

/** What Azure refuses in the groups of the platform, whoever asks; the names are those of the definitions. */
export function standards(regions: readonly string[]): Record<string, Standard> {
  return {
    regions: {
      title: "Everything is in one of the two regions that recover each other",
      refused: { not: { field: "location", in: [...regions, "global"] } },
    },
    tls: {
      title: "Accounts take TLS 1.2 and later only",
      refused: {
        allOf: [account, { field: "Microsoft.Storage/storageAccounts/minimumTlsVersion", notEquals: "TLS1_2" }],
      },
    },
    "no-public-access": {
      title: "No account lets anybody read without an identity, or from any network",
      refused: {
        allOf: [
          account,
          {
            anyOf: [
              { field: "Microsoft.Storage/storageAccounts/allowBlobPublicAccess", notEquals: "false" },
              { field: "Microsoft.Storage/storageAccounts/networkAcls.defaultAction", notEquals: "Deny" },
            ],
          },
        ],
      },
    },
    "geo-replication": {
      title: "Every namespace of Event Hubs is of the tier that replicates events",
      refused: {
        allOf: [
          { field: "type", equals: "Microsoft.EventHub/namespaces" },
          { field: "Microsoft.EventHub/namespaces/sku.tier", notEquals: "Premium" },
        ],
      },
    },
  };
}
