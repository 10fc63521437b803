import type { Resource, ResourceGraph } from "../../../policies/graph";
import { objectsOf } from "../cronJob";
import type { AzureIds, AzureRequest } from "./azureNeeds";
import { type AzureRole, builtInRoles } from "./azureRoles";

/** A role that somebody has on a scope and all below. */
export interface AzureGrant {
  /** Name of the declared assignment. */
  name: string;
  scope: string;
  role: AzureRole;
}

/**
 * The identity that Azure takes the pods of a service account for: the one that its annotation names, if that trusts it.
 * @throws Error when there is none.
 */
export function identityOf(graph: ResourceGraph, cluster: string, account: string): Resource {
  const own = objectsOf(graph, cluster).find(
    // Its annotation is not known before the identity is made.
    ({ type, props }) => type.endsWith(":ServiceAccount") && (props.metadata as { name: string }).name === account,
  );
  const named = own?.propertyDependencies.metadata ?? [];
  const identity = graph.resources.find(
    ({ type, urn }) => type.endsWith(":UserAssignedIdentity") && named.includes(urn),
  );
  if (!own || !identity) throw new Error(`${account} of ${cluster} is nobody in Azure`);
  const { namespace } = own.props.metadata as { namespace: string };
  const subject = `system:serviceaccount:${namespace}:${account}`;
  const trusted = graph.resources.some(
    ({ type, props }) =>
      type.endsWith(":FederatedIdentityCredential") &&
      props.resourceName === identity.props.resourceName &&
      props.resourceGroupName === identity.props.resourceGroupName &&
      props.subject === subject,
  );
  if (!trusted) throw new Error(`${identity.name} does not let ${subject} in`);
  return identity;
}

/**
 * Everything that Azure lets a principal do; `principal` is an identity of the graph, or an id of somebody elsewhere.
 * @throws Error when a role is neither declared nor known.
 */
export function grantsOf({ resources }: ResourceGraph, principal: Resource | string): AzureGrant[] {
  const own = resources.filter(({ type, props, propertyDependencies }) => {
    if (!type.endsWith(":RoleAssignment")) return false;
    if (typeof principal === "string") return props.principalId === principal;
    return propertyDependencies.principalId?.includes(principal.urn) ?? false;
  });
  return own.map(({ name, props }) => {
    const id = String(props.roleDefinitionId).split("/").at(-1) ?? "";
    const made = resources.find((one) => one.type.endsWith(":RoleDefinition") && one.props.roleDefinitionId === id);
    const [permissions] = (made?.props.permissions ?? []) as unknown as AzureRole[];
    const role = builtInRoles[id] ?? permissions;
    if (!role) throw new Error(`${name} gives the role ${id}, which nobody knows`);
    return { name, scope: String(props.scope), role };
  });
}

/** Those grants that allow it: one is enough. */
export function allowing(grants: readonly AzureGrant[], { action, data, scope }: AzureRequest): AzureGrant[] {
  return grants.filter(({ scope: given, role }) => {
    const below = `${scope.toLowerCase()}/`.startsWith(`${given.toLowerCase()}/`);
    const { actions, notActions = [], dataActions = [] } = role;
    return below && covers(data ? dataActions : actions, action) && !(!data && covers(notActions, action));
  });
}

function covers(patterns: readonly string[], action: string): boolean {
  return patterns.some((one) => {
    const pattern = one.split("*").map((part) => part.replace(/[.\\]/g, "\\$&"));
    return new RegExp(`^${pattern.join(".*")}$`, "i").test(action);
  });
}

/** Where the declared resources of the system are. @throws Error when one is not declared, or twice. */
export function idsOf({ resources }: ResourceGraph): AzureIds {
  const own = resources.filter(({ urn }) => urn.includes("holdfast:analytics:"));
  const [, , subscription] = String(own.find(({ type }) => type.endsWith(":RoleAssignment"))?.props.scope).split("/");
  const all = (kind: string): Map<string, string> => {
    const named = own.flatMap(({ type, props }) => {
      const name = nameOf(kind, type, props);
      return name === undefined ? [] : [[name, String(props.resourceGroupName)] as const];
    });
    if (named.length === 0) throw new Error(`no ${kind} is declared`);
    return new Map(
      named.map(([name, group]) => [
        name,
        `/subscriptions/${subscription}/resourceGroups/${group}/providers/${kind}/${name}`,
      ]),
    );
  };
  const one = (kind: string): string => {
    const [id = "", ...others] = all(kind).values();
    if (others.length > 0) throw new Error(`more than one ${kind} is declared`);
    return id;
  };
  const [accounts, namespaces] = [all("Microsoft.Storage/storageAccounts"), all("Microsoft.EventHub/namespaces")];
  const vaults = all("Microsoft.KeyVault/vaults");
  return {
    account: (name) => accounts.get(name),
    vault: (name) => vaults.get(name),
    namespace: (name) => namespaces.get(name),
    logs: one("Microsoft.OperationalInsights/workspaces"),
    insights: one("Microsoft.Insights/components"),
  };
}

const typed: Readonly<Record<string, [type: string, name: string]>> = {
  "azure-native:storage:StorageAccount": ["Microsoft.Storage/storageAccounts", "accountName"],
  "azure-native:keyvault:Vault": ["Microsoft.KeyVault/vaults", "vaultName"],
  "azure-native:applicationinsights:Component": ["Microsoft.Insights/components", "resourceName"],
};

/** Name of a resource if it is of a kind; what no type of the provider knows is declared by its kind. */
function nameOf(kind: string, type: string, props: Resource["props"]): string | undefined {
  if (type === "azure-native:resources:Resource")
    return kind === `${String(props.resourceProviderNamespace)}/${String(props.resourceType)}`
      ? String(props.resourceName)
      : undefined;
  const [of, name = ""] = typed[type] ?? [];
  return of === kind ? String(props[name]) : undefined;
}
