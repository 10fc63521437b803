import * as authorization from "@pulumi/azure-native/authorization";
import type * as pulumi from "@pulumi/pulumi";
import { KeptAsset } from "../../../components/asset/keptAsset";
import { groupId, subscriptionId } from "../ids";
import { CONFIGURATION_ID, retentions } from "../objectives";
import type { AnalyticsSite, Estate } from "../site";
import { standards } from "./standards";

/** How everything is set: git has it, the drift job compares, and Azure itself refuses what must not be. */
export function configuration(estate: Estate): KeptAsset {
  const { config, primary, secondary, parent } = estate;
  for (const site of [primary, secondary]) refusals(estate, site, parent);
  return new KeptAsset(
    "analytics-configuration",
    {
      id: CONFIGURATION_ID,
      kind: "configuration",
      objectives: config.objectives.configuration,
      retention: retentions.configuration,
      bytes: 20_000_000,
      site: config.sites.primary,
      service: "resourceManager",
    },
    { parent },
  );
}

/** Definitions of Azure Policy in the subscription, once, and their assignment to a region's group. */
function refusals({ primary, secondary }: Estate, at: AnalyticsSite, parent: pulumi.Resource): void {
  const { provider } = at.azure;
  for (const [name, { title, refused }] of Object.entries(standards([primary.region, secondary.region]))) {
    // biome-ignore lint/suspicious/noThenProperty: the word of Azure Policy
    const policyRule = { if: refused, then: { effect: "deny" } };
    const policyDefinitionName = `${at.group}-${name}`;
    const definition = new authorization.PolicyDefinition(
      `analytics-${at.role}-policy-${name}`,
      { policyDefinitionName, displayName: title, mode: "Indexed", policyType: "Custom", policyRule },
      { parent, provider, dependsOn: [at.made] },
    );
    new authorization.PolicyAssignment(
      `analytics-${at.role}-policy-${name}-assigned`,
      {
        policyAssignmentName: name,
        displayName: title,
        scope: groupId(at),
        policyDefinitionId: `${subscriptionId(at.subscription)}/providers/Microsoft.Authorization/policyDefinitions/${policyDefinitionName}`,
        enforcementMode: "Default",
      },
      { parent, provider, dependsOn: [definition] },
    );
  }
}
