import type { Resource, ResourceGraph, Value } from "../../policies/graph";

/** A change to one declared resource. */
export type Mutation = (graph: ResourceGraph) => ResourceGraph;

/** Sets a property of a resource: `set("omendb-backups-lock", "rule.defaultRetention.days", 29)`; undefined removes it. */
export function set(name: string, path: string, value: Value): Mutation {
  return edit(name, (resource) => ({
    ...resource,
    props: replaced(resource.props, keysOf(path), value) as Resource["props"],
  }));
}

/** Removes a property of a resource. */
export function unset(name: string, path: string): Mutation {
  return set(name, path, undefined);
}

/** Changes the value of a property of a resource. */
export function change(name: string, path: string, to: (value: Value) => Value): Mutation {
  return edit(name, (resource) => ({
    ...resource,
    props: replaced(resource.props, keysOf(path), to(valueAt(resource.props, keysOf(path)))) as Resource["props"],
  }));
}

/** Adds entries to a list of a resource. */
export function append(name: string, path: string, ...entries: Value[]): Mutation {
  return change(name, path, (value) => [...(Array.isArray(value) ? (value as Value[]) : []), ...entries]);
}

/** Adds a resource like another one, changed: at the same place, of another type where one is named. */
export function add(like: string, as: string, props: Readonly<Record<string, Value>>, type?: string): Mutation {
  return (graph) => {
    one(graph, like);
    const added = graph.resources.flatMap((resource) => {
      if (resource.name !== like) return [];
      const changed = { ...resource, type: type ?? resource.type, name: as, props: { ...resource.props, ...props } };
      return [{ ...changed, urn: `${resource.urn}-${as}` }];
    });
    return { resources: [...graph.resources, ...added] };
  };
}

/** Ignores changes of a property of a resource. */
export function ignore(name: string, path: string): Mutation {
  return edit(name, (resource) => ({ ...resource, ignoreChanges: [...resource.ignoreChanges, path] }));
}

/** Moves a provider, and so everything it makes, to another region. */
export function region(provider: string, to: string): Mutation {
  const moved = <T extends { props: Resource["props"] }>(one: T): T => ({
    ...one,
    props: { ...one.props, region: to },
  });
  return (graph) => ({
    resources: graph.resources.map((resource) => {
      if (resource.name === provider && resource.type.startsWith("pulumi:providers:")) return moved(resource);
      return resource.provider?.name === provider ? { ...resource, provider: moved(resource.provider) } : resource;
    }),
  });
}

/** Removes the alerts of a rule resource that guard something. */
export function withoutAlerts(guards: string): Mutation {
  return (graph) => ({
    resources: graph.resources.map((resource) =>
      resource.type.endsWith(":PrometheusRule")
        ? { ...resource, props: withoutGuards(resource.props, guards) }
        : resource,
    ),
  });
}

/** Several changes at once. */
export function all(...mutations: Mutation[]): Mutation {
  return (graph) => mutations.reduce((changed, mutation) => mutation(changed), graph);
}

/** Removes a resource. */
export function without(name: string): Mutation {
  return (graph) => {
    one(graph, name);
    return { resources: graph.resources.filter((resource) => resource.name !== name) };
  };
}

function edit(name: string, change: (resource: Resource) => Resource): Mutation {
  return (graph) => {
    one(graph, name);
    return { resources: graph.resources.map((resource) => (resource.name === name ? change(resource) : resource)) };
  };
}

/** A mutation of nothing would pass for the wrong reason. */
function one(graph: ResourceGraph, name: string): void {
  const found = graph.resources.filter((resource) => resource.name === name).length;
  if (found !== 1) throw new Error(`${found} resources are called ${name}`);
}

/** `a.b[0]["c.d"]` to its keys. */
function keysOf(path: string): (string | number)[] {
  return [...path.matchAll(/\["([^"]+)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, plain]) =>
    index === undefined ? (quoted ?? plain ?? "") : Number(index),
  );
}

function valueAt(value: Value, keys: readonly (string | number)[]): Value {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (typeof value !== "object" || value === null) return undefined;
  return valueAt((value as Record<string | number, Value>)[key], rest);
}

function replaced(value: Value, keys: readonly (string | number)[], to: Value): Value {
  const [key, ...rest] = keys;
  if (key === undefined) return to;
  if (typeof key === "number") {
    if (!Array.isArray(value)) throw new Error(`[${key}] of something that is no list`);
    return value.map((item: Value, i) => (i === key ? replaced(item, rest, to) : item));
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Error(`.${key} of no object`);
  const object = value as Record<string, Value>;
  const changed = replaced(object[key], rest, to);
  const { [key]: _removed, ...others } = object;
  return changed === undefined ? others : { ...object, [key]: changed };
}

function withoutGuards(props: Resource["props"], guards: string): Resource["props"] {
  const kept = (rule: Value): boolean => !JSON.stringify(rule ?? null).includes(`"holdfast_guards":"${guards}"`);
  const walk = (value: Value): Value => {
    if (Array.isArray(value)) return value.filter((item: Value) => isGroup(item) || kept(item)).map(walk);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(props) as Resource["props"];
}

function isGroup(value: Value): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "rules" in value;
}
