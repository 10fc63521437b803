import { factsOf } from "./group";

const list = {
  source: "MicrosoftDocs/azure-docs articles/reliability/regions-list.md @04495fc",
  read: "2026",
};

/** What regions of Azure have. */
export const azureRegionFacts = factsOf("azure-regions", {
  zones: {
    says: "Some regions have three zones, and some have none: what is redundant over zones is refused there.",
    standing: "design",
    ...list,
  },
  pairs: {
    says: "The second region of geo-redundant storage is the one that Azure pairs the first with; some have none.",
    standing: "design",
    ...list,
  },
});

/** One region: whether it has zones, and the region that it is paired with, if any. */
export interface AzureRegion {
  zones: boolean;
  pair?: string;
}

/** The regions that the list names, by the name that resources use. */
export const azureRegions: Readonly<Record<string, AzureRegion>> = {
  australiacentral: { zones: false, pair: "australiacentral2" },
  australiacentral2: { zones: false, pair: "australiacentral" },
  australiaeast: { zones: true, pair: "australiasoutheast" },
  australiasoutheast: { zones: false, pair: "australiaeast" },
  brazilsouth: { zones: true, pair: "southcentralus" },
  brazilsoutheast: { zones: false, pair: "brazilsouth" },
  canadacentral: { zones: true, pair: "canadaeast" },
  canadaeast: { zones: false, pair: "canadacentral" },
  centralindia: { zones: true, pair: "southindia" },
  centralus: { zones: true, pair: "eastus2" },
  eastasia: { zones: true, pair: "southeastasia" },
  eastus: { zones: true, pair: "westus" },
  eastus2: { zones: true, pair: "centralus" },
  francecentral: { zones: true, pair: "francesouth" },
  francesouth: { zones: false, pair: "francecentral" },
  germanynorth: { zones: false, pair: "germanywestcentral" },
  germanywestcentral: { zones: true, pair: "germanynorth" },
  israelcentral: { zones: true },
  italynorth: { zones: true },
  japaneast: { zones: true, pair: "japanwest" },
  japanwest: { zones: true, pair: "japaneast" },
  koreacentral: { zones: true, pair: "koreasouth" },
  koreasouth: { zones: false, pair: "koreacentral" },
  mexicocentral: { zones: true },
  newzealandnorth: { zones: true },
  northcentralus: { zones: false, pair: "southcentralus" },
  northeurope: { zones: true, pair: "westeurope" },
  norwayeast: { zones: true, pair: "norwaywest" },
  norwaywest: { zones: false, pair: "norwayeast" },
  polandcentral: { zones: true },
  qatarcentral: { zones: true },
  southafricanorth: { zones: true, pair: "southafricawest" },
  southafricawest: { zones: false, pair: "southafricanorth" },
  southcentralus: { zones: true, pair: "northcentralus" },
  southindia: { zones: false, pair: "centralindia" },
  southeastasia: { zones: true, pair: "eastasia" },
  spaincentral: { zones: true },
  swedencentral: { zones: true, pair: "swedensouth" },
  switzerlandnorth: { zones: true, pair: "switzerlandwest" },
  switzerlandwest: { zones: false, pair: "switzerlandnorth" },
  uaecentral: { zones: false, pair: "uaenorth" },
  uaenorth: { zones: true, pair: "uaecentral" },
  uksouth: { zones: true, pair: "ukwest" },
  ukwest: { zones: false, pair: "uksouth" },
  westcentralus: { zones: false, pair: "westus2" },
  westeurope: { zones: true, pair: "northeurope" },
  westindia: { zones: false, pair: "southindia" },
  westus: { zones: false, pair: "eastus" },
  westus2: { zones: true, pair: "westcentralus" },
  westus3: { zones: true, pair: "eastus" },
};
