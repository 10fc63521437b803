import type { Provider, Resource, ResourceGraph, Value } from "../policies/graph";
import type { Registration } from "./monitor";
import { providerTypes, urnOf } from "./urn";
import { decode } from "./wire";

/** Changes a registered resource before it is judged, or leaves it out (undefined). */
export type Transform = (resource: Resource) => Resource | undefined;

/** What the default providers of a stack are made of. */
export interface StackSettings {
  stack: string;
  project: string;
  config: Readonly<Record<string, string>>;
}

/**
 * The graph that the pack makes of what the engine shows it: default providers added, every provider attached to its
 * resources, links only to resources that are in the graph, empty and repeated links left out, in the order of URNs.
 */
export function assemble(
  registrations: readonly Registration[],
  settings: StackSettings,
  transform: Transform = (resource) => resource,
): ResourceGraph {
  const providerOf = new Map<string, string>();
  const all = new Map(registrations.map((registration) => [registration.urn, resourceOf(registration)]));
  for (const registration of registrations.filter(({ custom }) => custom)) {
    const fallback = defaultProvider(registration, settings);
    if (registration.provider === "") all.set(fallback.urn, fallback);
    providerOf.set(registration.urn, registration.provider || fallback.urn);
  }
  const resources = new Map<string, Resource>();
  for (const [urn, resource] of all) {
    const kept = transform(resource);
    if (kept) resources.set(urn, kept);
  }
  return {
    resources: [...resources.values()]
      .map((resource) => linked(resource, resources, providerOf.get(resource.urn) ?? ""))
      .sort((a, b) => (a.urn < b.urn ? -1 : 1)),
  };
}

/** The provider the engine makes for resources that name none: one for each package and version of its SDK. */
function defaultProvider({ type, version }: Registration, { stack, project, config }: StackSettings): Resource {
  const pkg = type.split(":")[0] ?? "";
  const name = version === "" ? "default" : `default_${version.replace(/[.+-]/g, "_")}`;
  return {
    type: `${providerTypes}${pkg}`,
    name,
    urn: urnOf(stack, project, "", `${providerTypes}${pkg}`, name),
    props: { ...configOf(pkg, config), ...(version === "" ? {} : { version }) },
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    ignoreChanges: [],
  };
}

function resourceOf(registration: Registration): Resource {
  const { type, name, urn, props, parent, dependencies, propertyDependencies, protect, ignoreChanges } = registration;
  return {
    type,
    name,
    urn,
    props,
    dependencies,
    propertyDependencies,
    protect,
    ignoreChanges,
    ...(parent === "" ? {} : { parent }),
  };
}

/** A resource with its provider, and with links only to resources that are in the graph. */
export function linked(resource: Resource, resources: ReadonlyMap<string, Resource>, providerUrn: string): Resource {
  const present = (urns: readonly string[]) => [...new Set(urns)].filter((urn) => resources.has(urn)).sort();
  const provider = resources.get(providerUrn);
  return {
    ...resource,
    dependencies: present(resource.dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies)
        .map(([key, urns]) => [key, present(urns)] as const)
        .filter(([, urns]) => urns.length > 0),
    ),
    ...(provider ? { provider: providerFrom(provider) } : {}),
  };
}

function providerFrom({ type, name, urn, props }: Resource): Provider {
  return { type, name, urn, props };
}

function configOf(pkg: string, config: Readonly<Record<string, string>>): Record<string, Value> {
  const own = Object.entries(config).filter(([key]) => key.startsWith(`${pkg}:`));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(pkg.length + 1), decode(value)]));
}
