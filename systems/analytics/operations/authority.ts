import * as databricks from "@pulumi/databricks";
import * as k8s from "@pulumi/kubernetes";
import { assignRole, customRole } from "../../../components/azure/roles";
import { placed } from "../../../components/kubernetes/placement";
import { type IncidentSeverity, incidentSeverities, severities } from "../alerts/severities";
import { layers } from "../data/tables";
import type { PipelineClusters } from "../databricks/clusters";
import { groupId } from "../ids";
import { INCIDENT_MAP } from "../names";
import type { AnalyticsSite, Estate } from "../site";

/** A rule of a Role. */
interface ClusterRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

/** What whoever holds the authority of a severity may do, besides what the lower ones may. */
interface Authority {
  /** Actions of Azure in the platform's resource groups. */
  actions: string[];
  /** Rules in the jobs' namespace of both clusters. */
  rules: ClusterRule[];
  /** Permission on the pipelines' clusters of Databricks. @default none */
  clusters?: "CAN_RESTART" | "CAN_MANAGE";
}

const start: ClusterRule[] = [
  { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "delete"] },
  // What is said for an incident is made anew for each; a right to create cannot name what.
  { apiGroups: [""], resources: ["configmaps"], verbs: ["create"] },
  {
    apiGroups: [""],
    resources: ["configmaps"],
    resourceNames: [INCIDENT_MAP],
    verbs: ["get", "patch", "update", "delete"],
  },
];

/**
 * The authority column of the matrix as rights. Documents lie in git, so that whoever may only update those reads here. No
 * severity may delete anything in Azure, nor give rights: stopping production is undone by starting it again.
 */
export const authorities: Readonly<Record<IncidentSeverity, Authority>> = {
  low: { actions: ["*/read"], rules: [] },
  medium: {
    actions: ["*/read"],
    // Starting a job is how this platform is restarted: every remedy and every recovery is one.
    rules: start,
    clusters: "CAN_RESTART",
  },
  high: {
    actions: [
      "*/read",
      "Microsoft.EventHub/namespaces/eventhubs/write",
      "Microsoft.Fabric/capacities/write",
      "Microsoft.Insights/scheduledQueryRules/write",
      "Microsoft.Insights/metricAlerts/write",
      "Microsoft.Insights/actionGroups/write",
    ],
    rules: [...start, { apiGroups: ["batch"], resources: ["cronjobs"], verbs: ["patch"] }],
    clusters: "CAN_MANAGE",
  },
  critical: {
    actions: [
      "*/read",
      "Microsoft.EventHub/namespaces/write",
      "Microsoft.EventHub/namespaces/eventhubs/write",
      "Microsoft.EventHub/namespaces/failover/action",
      "Microsoft.Fabric/capacities/write",
      "Microsoft.Fabric/capacities/suspend/action",
      "Microsoft.Fabric/capacities/resume/action",
      "Microsoft.Storage/storageAccounts/write",
      "Microsoft.Insights/scheduledQueryRules/write",
      "Microsoft.Insights/metricAlerts/write",
      "Microsoft.Insights/actionGroups/write",
    ],
    rules: [...start, { apiGroups: ["batch"], resources: ["cronjobs"], verbs: ["patch"] }],
    clusters: "CAN_MANAGE",
  },
};

/** Roles, and who holds them: groups of the directory, so that people come and go without a deployment. */
export function authority(estate: Estate, clusters: PipelineClusters): void {
  for (const severity of incidentSeverities) {
    inAzure(estate, severity);
    for (const at of [estate.primary, estate.secondary]) inCluster(estate, at, severity);
  }
  onClusters(estate, clusters);
}

function inAzure({ config, primary, secondary, parent }: Estate, severity: IncidentSeverity): void {
  const { actions } = authorities[severity];
  const { subscription, azure } = primary;
  const groups = [primary, secondary].map(groupId);
  const name = `analytics-authority-${severity}`;
  const role = customRole(
    name,
    {
      named: `${subscription} ${config.namespace} ${name}`,
      subscription,
      roleName: `${config.namespace} ${severity}: ${severities[severity].authority.toLowerCase()}`,
      scopes: groups,
      actions,
    },
    { parent, provider: azure.provider, dependsOn: [primary.made, secondary.made] },
  );
  for (const at of [primary, secondary])
    assignRole(
      `${name}-${at.role}`,
      {
        named: `${subscription} ${config.namespace} ${name}-${at.role}`,
        subscription,
        role: role.id,
        scope: groupId(at),
        principalId: config.operations.authority[severity],
        principalType: "Group",
      },
      { parent, provider: azure.provider, dependsOn: [role.definition] },
    );
}

/** AKS knows groups of the directory by their ids. */
function inCluster({ config, parent }: Estate, at: AnalyticsSite, severity: IncidentSeverity): void {
  const metadata = { name: `analytics-${severity}`, namespace: at.placement.namespace };
  const look = {
    apiGroups: ["", "batch"],
    resources: ["pods", "pods/log", "events", "jobs", "cronjobs", "configmaps"],
    verbs: ["get", "list", "watch"],
  };
  const options = placed(parent, at.placement);
  new k8s.rbac.v1.Role(
    `${at.prefix}-authority-${severity}`,
    { metadata, rules: [look, ...authorities[severity].rules] },
    options,
  );
  new k8s.rbac.v1.RoleBinding(
    `${at.prefix}-authority-${severity}-binding`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: config.operations.authority[severity] }],
    },
    options,
  );
}

/** Databricks names groups as it was told; their ids stay theirs in the directory. */
function onClusters({ config, primary, parent }: Estate, clusters: PipelineClusters): void {
  const provider = primary.databricks;
  const held = incidentSeverities.flatMap((severity) => {
    const permissionLevel = authorities[severity].clusters;
    if (permissionLevel === undefined) return [];
    const group = new databricks.Group(
      `${primary.prefix}-group-${severity}`,
      { displayName: `analytics-${severity}`, externalId: config.operations.authority[severity], force: true },
      { parent, provider },
    );
    return [{ groupName: group.displayName, permissionLevel }];
  });
  for (const layer of layers)
    new databricks.Permissions(
      `${primary.prefix}-cluster-${layer}-permissions`,
      { clusterId: clusters[layer].clusterId, accessControls: held },
      { parent, provider },
    );
}
