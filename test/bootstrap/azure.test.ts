import { beforeAll, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../policies/graph";
import type { Loaded } from "../../preview/offline";
import { inAzure } from "./azure";
import { declared, named } from "./declared";

let loaded: Loaded;
beforeAll(async () => {
  loaded = await declared({ "stacks.prod.azure": inAzure });
});

const subscription = `/subscriptions/${inAzure.subscription}`;
const role = (id: string) => `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
const reader = role("acdd72a7-3385-48ef-bd42-f606fba81ae7");
const contributor = role("b24988ac-6180-42a0-ab88-20f7382dd24c");

describe("a stack that is in Azure", () => {
  it("has two identities in a resource group of their own, and the other stack none", () => {
    const azure = loaded.graph.resources.filter(({ type }) => type.startsWith("azure-native:"));
    expect(azure.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort()).toEqual([
      "FederatedIdentityCredential prod-azure-deploy-credential",
      "FederatedIdentityCredential prod-azure-preview-credential",
      "ResourceGroup prod-azure-group",
      "RoleAssignment prod-azure-deploy-analytics-prod",
      "RoleAssignment prod-azure-deploy-analytics-prod-data",
      "RoleAssignment prod-azure-preview-analytics-prod",
      "RoleAssignment prod-azure-preview-analytics-prod-data",
      "UserAssignedIdentity prod-azure-deploy-identity",
      "UserAssignedIdentity prod-azure-preview-identity",
    ]);
    expect(azure.filter(({ provider }) => provider?.props.subscriptionId !== inAzure.subscription)).toEqual([]);
  });

  it.each([
    ["preview", "repo:example/holdfast:environment:prod-preview"],
    ["deploy", "repo:example/holdfast:environment:prod"],
  ])("trusts the tokens of exactly one environment to %s", (purpose, subject) => {
    expect(named(loaded, "FederatedIdentityCredential", `prod-azure-${purpose}-credential`).props).toMatchObject({
      issuer: "https://token.actions.githubusercontent.com",
      subject,
      audiences: ["api://AzureADTokenExchange"],
    });
  });

  it.each([
    ["preview", reader],
    ["deploy", contributor],
  ])("lets %s reach the resource groups that are named, never the subscription", (purpose, definition) => {
    for (const group of inAzure.resourceGroups) {
      expect(named(loaded, "RoleAssignment", `prod-azure-${purpose}-${group}`).props).toMatchObject({
        scope: `${subscription}/resourceGroups/${group}`,
        roleDefinitionId: definition,
        principalType: "ServicePrincipal",
      });
    }
  });

  it("tells GitHub who they are", () => {
    const { variables } = loaded.outputs as { variables: Record<string, object> };
    expect(variables["prod-preview"]).toMatchObject({
      AZURE_TENANT_ID: inAzure.tenant,
      AZURE_SUBSCRIPTION_ID: inAzure.subscription,
      AZURE_CLIENT_ID: UNKNOWN,
    });
    expect(variables.staging).not.toHaveProperty("AZURE_CLIENT_ID");
  });
});
