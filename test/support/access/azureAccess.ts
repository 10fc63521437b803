import type { Resource, ResourceGraph } from "../../../policies/graph";
import type { ClientCall, SimulatedAzure } from "../azure";
import { type Answer, json, refused } from "../azure/wire";
import { type AzureIds, azureNeeds } from "./azureNeeds";
import { type AzureGrant, allowing, grantsOf, identityOf, idsOf } from "./azureRights";
import { sparkNeeds } from "./sparkNeeds";
import { type SparkRights, sparkDecision, sparkRightsOf } from "./sparkRights";

/** Client of the security team's own subscription; of ours it may do what is granted to its principal. */
export const ROOM_CLIENT = "clean-room";

interface Client {
  /** Identity of the graph; absent for the clean room. */
  identity?: Resource;
  grants: AzureGrant[];
  workspaces: Map<string, SparkRights>;
  /** What no other grant than these would have allowed. */
  needed: Set<string>;
  /** Schemas that it has made: whoever makes one may do all in it. */
  made: Set<string>;
}

/**
 * Decides each call by what the program declares: role assignments in Azure, membership and grants in Databricks. What
 * Power BI, and a workspace that is not ours, let somebody do is theirs to say: there every call passes.
 */
export class AzureAccess {
  /** Calls that were refused, one line each. */
  readonly refused: string[] = [];
  private readonly clients = new Map<string, Client>();
  private readonly ids: AzureIds;
  private readonly subscription: string;

  /** @param providers provider of the graph by the simulated name of each workspace of ours */
  constructor(
    private readonly graph: ResourceGraph,
    private readonly providers: Readonly<Record<string, string>>,
  ) {
    this.ids = idsOf(graph);
    this.subscription = this.ids.logs.split("/").slice(0, 3).join("/");
  }

  /** Id that the pods of a service account show, as the annotation of the account names it. */
  clientOf(cluster: string, account: string): string {
    const identity = identityOf(this.graph, cluster, account);
    this.client(identity.name, identity);
    return identity.name;
  }

  /** From now on refuses what a client may not do. */
  guard(azure: SimulatedAzure): void {
    azure.gate = (call) => this.decide(call, azure);
  }

  private decide(call: ClientCall, azure: SimulatedAzure): Answer | undefined {
    const client = this.client(call.client);
    const lacks = [...this.inAzure(client, call), ...this.inSpark(client, call, azure)];
    if (lacks.length === 0) return undefined;
    this.refused.push(`${call.client}: ${call.asked.method} ${call.service}/${call.name}: ${lacks.join(", ")}`);
    return refused(403, "AuthorizationFailed");
  }

  /** Declared grants of a service account that no call of this file needed: none of them, or another one as well. */
  unasked(cluster: string, account: string): string[] {
    const { grants, workspaces, needed } = this.client(this.clientOf(cluster, account));
    const spark = [...workspaces.values()].flatMap(({ member, admin, warehouse, job, privileges }) =>
      [member, admin, warehouse, job, ...privileges.map(({ by, privilege }) => `${by} ${privilege}`)].filter(
        (one) => one !== undefined,
      ),
    );
    return [...grants.map(({ name }) => name), ...spark].filter((one) => !needed.has(one)).sort();
  }

  private client(name: string, identity?: Resource): Client {
    const known = this.clients.get(name);
    if (known) return known;
    if (!identity && name !== ROOM_CLIENT) throw new Error(`${name} is no identity that a job has taken`);
    const made: Client = {
      ...(identity && { identity }),
      grants: grantsOf(this.graph, identity ?? this.roomPrincipal()),
      workspaces: new Map(
        Object.entries(this.providers).map(([workspace, provider]) => [
          workspace,
          identity ? sparkRightsOf(this.graph, identity, provider) : { privileges: [] },
        ]),
      ),
      needed: new Set(),
      made: new Set(),
    };
    this.clients.set(name, made);
    return made;
  }

  private roomPrincipal(): string {
    const one = this.graph.resources.find(({ name }) => name === "analytics-clean-room-reads");
    return String(one?.props.principalId);
  }

  private inAzure({ grants, needed, identity }: Client, call: ClientCall): string[] {
    return azureNeeds(call, this.ids).flatMap((request) => {
      // What lies in the room is the security team's.
      if (!identity && !request.scope.startsWith(this.subscription)) return [];
      const found = allowing(grants, request);
      if (found.length === 1) needed.add(found[0]?.name ?? "");
      return found.length > 0 ? [] : [`may not ${request.action} on ${request.scope}`];
    });
  }

  private inSpark(
    { workspaces, needed, made }: Client,
    { service, name, asked, client }: ClientCall,
    azure: SimulatedAzure,
  ): string[] {
    const rights = service === "databricks" ? workspaces.get(name) : undefined;
    if (!rights) return [];
    const { job, ...need } = sparkNeeds(asked, (folder) => azure.workspace(name).warehouse.nameAt(folder));
    // Whoever makes a job owns it.
    if (job !== undefined && azure.workspace(name).jobs.get(job)?.creator_user_name === client) need.as = "member";
    const { lacks, by } = sparkDecision(rights, need, (one) => made.has(one.split(".").slice(0, 2).join(".")));
    for (const one of by) needed.add(one);
    const [, schema] = /^create schema (?:if not exists )?(\S+)/i.exec(String(json(asked).statement ?? "")) ?? [];
    if (lacks.length === 0 && schema !== undefined) made.add(schema.replaceAll("`", ""));
    return lacks;
  }
}
