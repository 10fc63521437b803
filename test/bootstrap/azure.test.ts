import { beforeAll, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../policies/graph";
import type { Loaded } from "../../preview/offline";
import { azureRoleOf, givable, inAzure } from "./azure";
import { declared, named } from "./declared";

let loaded: Loaded;
beforeAll(async () => {
  loaded = await declared({ "stacks.prod.azure": inAzure, "stacks.staging.azure": undefined });
});

describe("a stack that is in Azure", () => {
  it("has two identities in a resource group of their own, and the other stack none", () => {
    const azure = loaded.graph.resources.filter(({ type }) => type.startsWith("azure-native:"));
    expect(azure.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort()).toEqual([
      "FederatedIdentityCredential prod-azure-deploy-trust",
      "FederatedIdentityCredential prod-azure-preview-trust",
      "ResourceGroup prod-azure-group",
      "RoleAssignment prod-azure-deploy-rights",
      "RoleAssignment prod-azure-preview-rights",
      "RoleDefinition prod-azure-deploy-role",
      "RoleDefinition prod-azure-preview-role",
      "UserAssignedIdentity prod-azure-deploy-identity",
      "UserAssignedIdentity prod-azure-preview-identity",
    ]);
    expect(azure.filter(({ provider }) => provider?.props.subscriptionId !== inAzure.subscription)).toEqual([]);
  });

  it.each([
    ["preview", "repo:example/holdfast:environment:prod-preview"],
    ["deploy", "repo:example/holdfast:environment:prod"],
  ])("trusts the tokens of exactly one environment to %s", (purpose, subject) => {
    expect(named(loaded, "FederatedIdentityCredential", `prod-azure-${purpose}-trust`).props).toMatchObject({
      issuer: "https://token.actions.githubusercontent.com",
      subject,
      audiences: ["api://AzureADTokenExchange"],
    });
  });

  it("lets each do in its subscription what a role of its own says, and gives it no other", () => {
    const [preview, deploy] = [azureRoleOf(loaded, "prod", "preview"), azureRoleOf(loaded, "prod", "deploy")];
    expect([preview.subscription, deploy.subscription]).toEqual([inAzure.subscription, inAzure.subscription]);
    expect(preview.actions.filter((action) => !deploy.actions.includes(action))).toEqual([]);
    const dangerous = /[*]|elevateAccess|locks|listKeys|resourceGroups\/delete|storageAccounts\/delete|vaults\/delete/i;
    expect(deploy.actions.filter((action) => dangerous.test(action))).toEqual([]);
  });

  it("lets the one that deploys give roles that are named, and the stack's own; the other gives none", () => {
    const deploy = azureRoleOf(loaded, "prod", "deploy");
    expect(givable(deploy, "write")).toContain(inAzure.roles[0]);
    expect(givable(deploy, "write")).toEqual(givable(deploy, "delete"));
    const preview = azureRoleOf(loaded, "prod", "preview");
    expect(givable(preview, "write")).toEqual([]);
    expect(preview.actions).not.toContain("Microsoft.Authorization/roleAssignments/write");
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
