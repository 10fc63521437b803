import { type Answer, type Asked, json, ok, refused } from "./wire";

/** A resource of Azure, by what Resource Manager keeps of it. */
export interface ArmResource {
  id: string;
  location?: string;
  // biome-ignore lint/suspicious/noExplicitAny: each type has properties of its own
  properties: Record<string, any>;
  // biome-ignore lint/suspicious/noExplicitAny: sku, identity, tags
  [more: string]: any;
}

/**
 * An action of a resource, `POST <id>/<action>`: it changes the resource, and goes on after the answer; what it gives is done
 * only once the operation has succeeded.
 */
export type Action = (resource: ArmResource, body: Record<string, unknown>) => Answer | (() => void) | undefined;

/** Resource Manager: resources by id, lists of what is below an id, and actions. */
export class Arm {
  private readonly resources = new Map<string, ArmResource>();
  private readonly operations = new Map<string, { left: number; status: string; then: () => void }>();
  private readonly actions: [RegExp, Action][] = [];
  /** How often an operation is asked for until it ends, how it ends, and which header says where: Azure uses both. */
  operation: { asked: number; status: string; by?: "azure-asyncoperation" | "location" } = {
    asked: 1,
    status: "Succeeded",
  };

  constructor(private readonly url: () => string) {
    this.action(/Microsoft\.EventHub\/namespaces\/[^/]+\/failover$/i, promote);
    this.action(/Microsoft\.(PowerBIDedicated|Fabric)\/capacities\/[^/]+\/(resume|suspend)$/i, (one, _body) => {
      one.properties.state = one.properties.state === "Paused" ? "Active" : "Paused";
      return undefined;
    });
  }

  /** Declares a resource. */
  put(id: string, resource: Partial<ArmResource> = {}): ArmResource {
    const made = { name: id.split("/").at(-1), properties: {}, ...resource, id };
    this.resources.set(id.toLowerCase(), made);
    return made;
  }

  /** @throws Error when there is none. */
  get(id: string): ArmResource {
    const found = this.resources.get(id.toLowerCase());
    if (!found) throw new Error(`no resource ${id}`);
    return found;
  }

  /** Ids of all resources. */
  ids(): string[] {
    return [...this.resources.values()].map(({ id }) => id);
  }

  delete(id: string): boolean {
    return this.resources.delete(id.toLowerCase());
  }

  /** What `POST` of a path does; the resource is the longest declared id that the path begins with. */
  action(path: RegExp, does: Action): void {
    this.actions.unshift([path, does]);
  }

  answer(asked: Asked): Answer {
    const { method, path, query } = asked;
    if (path.startsWith("/operations/")) return this.ask(path);
    if (query.get("api-version") === null) return refused(400, "MissingApiVersionParameter");
    const found = this.resources.get(path.toLowerCase());
    if (method === "GET") return found ? ok(found) : this.list(path, query);
    if (method === "PUT") return this.started(this.put(path, json(asked)), 201);
    if (method === "POST") return this.act(asked);
    if (!found) return refused(404, "ResourceNotFound");
    if (method === "PATCH") {
      const { properties, ...more } = json(asked);
      return this.started(Object.assign(found, more, { properties: merged(found.properties, properties) }), 200);
    }
    this.delete(path);
    return { status: 200 };
  }

  private act(asked: Asked): Answer {
    const { path } = asked;
    const [, does] = this.actions.find(([pattern]) => pattern.test(path)) ?? [];
    const of = this.ownerOf(path);
    if (!does) return refused(404, "InvalidResourceType");
    if (!of) return refused(404, "ResourceNotFound");
    const answer = does(of, json(asked));
    return typeof answer === "object" ? answer : this.started({}, 202, answer);
  }

  /** Actions of a region's own (`locations/<region>/workspaces/<name>/failover`) are of the resource that they name. */
  private ownerOf(path: string): ArmResource | undefined {
    const plain = path.toLowerCase().replace(/\/locations\/[^/]+/, "");
    return [...this.resources]
      .filter(([id]) => plain.startsWith(`${id}/`))
      .sort(([a], [b]) => b.length - a.length)
      .map(([, one]) => one)[0];
  }

  private list(path: string, query: URLSearchParams): Answer {
    const below = `${path.toLowerCase()}/`;
    const all = [...this.resources.values()].filter((one) => {
      const rest = one.id.toLowerCase().slice(below.length);
      return one.id.toLowerCase().startsWith(below) && (path.endsWith("/resources") || !rest.includes("/"));
    });
    const [, kind] =
      /^\/subscriptions\/[^/]+\/providers(\/microsoft\.authorization\/\w+)$/.exec(path.toLowerCase()) ?? [];
    const whole = path.toLowerCase().endsWith("/resources")
      ? this.inGroup(path)
      : kind === undefined
        ? all
        : this.authorizing(path, kind);
    const known =
      this.ownerOf(`${path}/`) !== undefined || /\/(resources|providers\/[^/]+\/[^/]+|roleassignments)$/i.test(path);
    if (whole.length === 0 && !known) return refused(404, "ResourceNotFound");
    const from = Number(query.get("$skiptoken") ?? 0);
    const value = whole.slice(from, from + 50);
    const next =
      from + 50 < whole.length ? { nextLink: `${this.url()}${path}?api-version=1&$skiptoken=${from + 50}` } : {};
    return ok({ value, ...next });
  }

  /** Of a kind of policies or roles a subscription lists what lies in it and in all below. */
  private authorizing(path: string, kind: string): ArmResource[] {
    const [, subscription] = /^(\/subscriptions\/[^/]+\/)/.exec(path.toLowerCase()) ?? [];
    return [...this.resources]
      .filter(([id]) => id.startsWith(subscription ?? "") && id.includes(`/providers${kind}/`))
      .map(([, one]) => one);
  }

  private inGroup(path: string): ArmResource[] {
    const group = `${path.toLowerCase().replace(/\/resources$/, "")}/`;
    return [...this.resources.values()].filter(({ id }) => id.toLowerCase().startsWith(group));
  }

  private started(body: unknown, status: number, then: () => void = () => {}): Answer {
    const path = `/operations/${this.operations.size + 1}`;
    const { asked, status: ends, by = "azure-asyncoperation" } = this.operation;
    this.operations.set(path, { left: asked, status: ends, then });
    return { status, body, headers: { [by]: `${this.url()}${path}` } };
  }

  private ask(path: string): Answer {
    const one = this.operations.get(path);
    if (!one) return refused(404, "OperationNotFound");
    one.left -= 1;
    const ended = one.left < 0;
    if (ended && one.status === "Succeeded") one.then();
    if (this.operation.by === "location") return { status: ended ? 200 : 202 };
    return ok({ status: ended ? one.status : "InProgress" });
  }
}

/** Promotion of the other region of an Event Hubs namespace. */
const promote: Action = ({ properties }, body) => {
  const wanted = (body.properties as { primaryLocation?: string } | undefined)?.primaryLocation;
  const locations: { locationName: string; roleType: string }[] = properties.geoDataReplication?.locations ?? [];
  // Azure answers with `North Europe` and takes `northeurope` as well.
  const plain = (name = "") => name.toLowerCase().replaceAll(" ", "");
  if (!locations.some(({ locationName }) => plain(locationName) === plain(wanted))) return refused(400, "BadRequest");
  return () => {
    for (const one of locations) one.roleType = plain(one.locationName) === plain(wanted) ? "Primary" : "Secondary";
  };
};

function merged(before: Record<string, unknown>, after: Record<string, unknown> = {}): Record<string, unknown> {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = Object.entries(after).map(([key, value]) => {
    const old = before[key];
    return [key, isObject(old) && isObject(value) ? merged(old, value) : value];
  });
  return { ...before, ...Object.fromEntries(entries) };
}
