import { type Asked, json } from "../azure/wire";

/** A right that Azure asks for: an action on a resource, or on what lies inside of it. */
export interface AzureRequest {
  action: string;
  /** Whether it is about what lies inside. */
  data: boolean;
  /** Id of the resource. */
  scope: string;
}

/** Ids of what the addresses of the data planes name; undefined for what is somebody else's. */
export interface AzureIds {
  account(name: string): string | undefined;
  vault(name: string): string | undefined;
  namespace(name: string): string | undefined;
  /** The workspace of logs that an address names by its number, and the one component of Application Insights. */
  logs: string;
  insights: string;
}

/** A call below the address of one service; `name` is the account, vault or namespace. */
export interface AzureCall {
  service: string;
  name: string;
  asked: Asked;
}

const resource = (action: string, scope: string): AzureRequest => ({ action, data: false, scope });
const inside = (action: string, scope: string): AzureRequest => ({ action, data: true, scope });

/**
 * What Azure asks a caller for. https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations
 * Nothing where a resource is not ours, or where the service decides by lists of its own: Databricks, Power BI.
 */
export function azureNeeds({ service, name, asked }: AzureCall, ids: AzureIds): AzureRequest[] {
  switch (service) {
    case "arm":
      return ofManagement(asked);
    case "blob":
      return ofBlobs(asked, ids.account(name));
    case "vault":
      return ofSecrets(asked, ids.vault(name));
    case "events": {
      const id = ids.namespace(name);
      const [, topic = ""] = asked.path.split("/");
      return id === undefined
        ? []
        : [inside("Microsoft.EventHub/namespaces/messages/send/action", `${id}/eventhubs/${topic}`)];
    }
    case "logs": {
      const [, id] = /^\/v1(\/subscriptions\/.*)\/query$/.exec(asked.path) ?? [];
      return [resource("Microsoft.OperationalInsights/workspaces/query/read", id ?? ids.logs)];
    }
    case "insights":
      return [inside("Microsoft.Insights/Telemetry/Write", ids.insights)];
    case "databricks":
    case "powerbi":
      return [];
    default:
      throw new Error(`nobody knows what ${service} asks for`);
  }
}

const verbs: Readonly<Record<string, string>> = { GET: "read", PUT: "write", PATCH: "write", DELETE: "delete" };

function ofManagement(asked: Asked): AzureRequest[] {
  const { method, path } = asked;
  // How something goes on that this caller has begun.
  if (path.startsWith("/operations/")) return [];
  const [, kinds = ""] = /\/providers\/((?!.*\/providers\/).+)$/.exec(path) ?? [];
  const [provider = "", ...names] = kinds.split("/");
  const types = names.filter((_, place) => place % 2 === 0).join("/");
  // A path that ends with a type is a list; of a POST that is the action.
  const kind = kinds === "" ? above(path) : `${provider}${types && `/${types}`}`;
  const action = method === "POST" ? `${kind}/action` : `${kind}/${verbs[method]}`;
  return [resource(action, path), ...joined(asked)];
}

/** Subscriptions and groups themselves, and lists of what they hold. */
function above(path: string): string {
  const parts = path.split("/").filter((_, place) => place % 2 === 1);
  return `Microsoft.Resources/${parts.join("/")}`.replace("subscriptions/providers", "providers");
}

/** Whoever lets a network in must be allowed to join it, of each network that is named. */
function joined(asked: Asked): AzureRequest[] {
  if (!["PUT", "PATCH"].includes(asked.method)) return [];
  const named = JSON.stringify(json(asked)).match(/\/subscriptions\/[^"]+\/virtualNetworks\/[^/"]+\/subnets\/[^/"]+/g);
  return (named ?? []).map((subnet) =>
    resource("Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action", subnet),
  );
}

function ofBlobs({ method, path }: Asked, account: string | undefined): AzureRequest[] {
  if (account === undefined) return [];
  const [, container = ""] = path.split("/");
  const verb = { GET: "read", HEAD: "read", PUT: "write", DELETE: "delete" }[method] ?? method;
  const below = `${account}/blobServices/default/containers/${container}`;
  return [inside(`Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${verb}`, below)];
}

function ofSecrets({ method, path }: Asked, vault: string | undefined): AzureRequest[] {
  if (vault === undefined) return [];
  const [, area, name, last] = path.split("/");
  const action = () => {
    if (method === "POST") return `${last}/action`;
    if (method === "PUT") return "setSecret/action";
    if (method === "DELETE") return "delete";
    return area === "secrets" && name && last !== "versions" ? "getSecret/action" : "readMetadata/action";
  };
  return [inside(`Microsoft.KeyVault/vaults/secrets/${action()}`, vault)];
}
