/** A stack's place in Azure; the numbers are made up. */
export const inAzure = {
  tenant: "00000000-0000-0000-0000-00000000000a",
  subscription: "00000000-0000-0000-0000-00000000000b",
  location: "westeurope",
  resourceGroups: ["analytics-prod", "analytics-prod-data"],
};
