import * as securityinsights from "@pulumi/azure-native/securityinsights";
import * as pulumi from "@pulumi/pulumi";
import type { AzureSite } from "../../../components/azure/place";
import type { SentinelRule } from "./sentinelRules";

/** Arguments of `Sentinel`. */
export interface SentinelArgs {
  at: AzureSite;
  /** Name of the workspace of logs that it stands on. */
  workspace: string;
  /** What must be there first: the workspace. */
  after: pulumi.Resource[];
  rules: readonly SentinelRule[];
}

/** Sentinel upon a workspace of logs, and the rules by which it opens incidents. */
export class Sentinel extends pulumi.ComponentResource {
  constructor(name: string, { at, workspace, after, rules }: SentinelArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:azure:Sentinel", name, {}, opts);
    const options = { parent: this, provider: at.provider };
    const upon = { resourceGroupName: at.resourceGroup, workspaceName: workspace };
    const onboarded = new securityinsights.SentinelOnboardingState(
      `${name}-onboarding`,
      { ...upon, sentinelOnboardingStateName: "default" },
      { ...options, dependsOn: after },
    );
    for (const one of rules)
      new securityinsights.ScheduledAlertRule(
        `${name}-${one.rule}`,
        { ...upon, ...ruleOf(one) },
        { ...options, dependsOn: [onboarded] },
      );
    this.registerOutputs({});
  }
}

function ruleOf({
  rule,
  title,
  description,
  severity,
  query,
  every,
  over,
  tactics,
}: SentinelRule): Omit<securityinsights.ScheduledAlertRuleArgs, "resourceGroupName" | "workspaceName"> {
  return {
    kind: "Scheduled",
    ruleId: rule,
    displayName: title,
    description,
    severity,
    enabled: true,
    query,
    queryFrequency: every,
    queryPeriod: over,
    triggerOperator: "GreaterThan",
    triggerThreshold: 0,
    tactics: [...tactics],
    // The same lines are seen at every look of the hour: one incident, and not twelve.
    suppressionEnabled: true,
    suppressionDuration: over,
    incidentConfiguration: { createIncident: true },
  };
}
