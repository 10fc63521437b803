import { factsOf } from "./group";

const sdk = { source: "@pulumi/azure-native 3.28.0 types/input.d.ts, module keyvault", read: "2026-11-21" };
const resource = {
  source: "hashicorp/terraform-provider-azurerm website/docs/r/key_vault.html.markdown",
  read: "2026-11-21",
};
const recovery = {
  source: "MicrosoftDocs/azure-docs articles/key-vault/general/disaster-recovery-guidance.md",
  read: "2020",
};

/** Azure Key Vault. */
export const keyVault = factsOf("key-vault", {
  softDelete: {
    says: "A deleted vault or key can be brought back for this long where nothing else was set when it was made.",
    value: 90,
    unit: "days",
    standing: "design",
    ...resource,
  },
  softDeleteLeast: {
    says: "Soft delete of a vault cannot be shorter than this.",
    value: 7,
    unit: "days",
    standing: "design",
    ...sdk,
  },
  softDeleteMost: {
    says: "Soft delete of a vault cannot be longer than this.",
    value: 90,
    unit: "days",
    standing: "design",
    ...sdk,
  },
  purgeProtection: {
    says: "Purge protection cannot be turned off again; without it a deleted key can be destroyed at once.",
    standing: "design",
    ...sdk,
  },
  zones: {
    says: "In a region with zones a vault is in several of them: losing one loses nothing that was acknowledged.",
    standing: "design",
    source: "MicrosoftDocs/azure-docs articles/key-vault/general/disaster-recovery-guidance.md",
    read: "2025",
  },
  failover: {
    says: "A vault answers from the second region after some minutes; no number is promised.",
    standing: "none",
    ...recovery,
  },
  replicaUnseen: {
    says: "Key Vault has no metric of how far behind its second region is, and nothing reads there before a failover.",
    standing: "design",
    source:
      "MicrosoftDocs/azure-reference-other azure-monitor-ref/supported-metrics/includes/Microsoft-KeyVault-vaults-metrics-include.md",
    read: "2026-11-22",
  },
  readOnlyAfterFailover: {
    says: "After a failover a vault can only be read: no secret is set and no policy changed.",
    standing: "design",
    ...recovery,
  },
});
