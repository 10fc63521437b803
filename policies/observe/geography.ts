import { isUnknown, type Maybe } from "../../recovery/bound";
import type { Place, Site } from "../../recovery/plan";
import type { Provider, Resource } from "../graph";
import { azurePlace, azureProvider, subscriptionOf, subscriptionOfWorkspace } from "./azure/place";
import { type Facts, facts, type Read } from "./read";

const kubernetes = "pulumi:providers:kubernetes";
const aws = "pulumi:providers:aws";
const databricks = "pulumi:providers:databricks";

/** Where resources are, from their own region, their provider and the sites of the register. */
export class Geography {
  readonly #providers: ReadonlyMap<string, Resource>;
  /** Sites, each with whether this program holds credentials there. */
  readonly sites: Site[];

  constructor(resources: readonly Resource[], sites: readonly Site[]) {
    const declared = resources.filter(({ type }) => type.startsWith("pulumi:providers:"));
    const used = resources.flatMap(({ provider }) => (provider ? [asResource(provider)] : []));
    this.#providers = new Map([...used, ...declared].map((one) => [one.urn, one]));
    const providers = [...this.#providers.values()];
    const reached = sites.filter((site) => providers.some((one) => mayReach(one, site)));
    // Whoever holds credentials in an account may take others there, under whatever cloud the register files it.
    const ruled = new Set(reached.map(({ place }) => place.account));
    this.sites = sites.map((site) => ({ ...site, place: { ...site.place, deployed: ruled.has(site.place.account) } }));
  }

  /** The place of a resource, or why it is not known. */
  placeOf(resource: Resource): Maybe<Place> {
    const provider = this.#providerOf(resource);
    if (provider === undefined)
      return { unknown: "it names no provider, so whatever is the default when deploying decides" };
    switch (provider.type) {
      case kubernetes: {
        const site = this.#siteOfProvider(provider);
        return isUnknown(site) ? site : site.place;
      }
      case aws:
        return awsPlace(resource, provider);
      case azureProvider:
        return azurePlace(resource, provider);
      default:
        return { unknown: `no reader knows the places of ${provider.type}` };
    }
  }

  /** The site a Kubernetes resource is at, or why it is not known. */
  siteOf(resource: Resource): Maybe<Site> {
    const provider = this.#providerOf(resource);
    if (provider === undefined)
      return { unknown: "it names no provider, so whatever is the default when deploying decides" };
    return this.#siteOfProvider(provider);
  }

  /** A name for the cluster of a resource: two providers of one context reach the same. */
  clusterOf(resource: Resource): string {
    const provider = this.#providerOf(resource);
    if (provider === undefined) return "default";
    const context = contextOf(provider);
    return typeof context === "string" ? `context ${context}` : provider.urn;
  }

  #providerOf({ provider }: Resource): Resource | undefined {
    return provider && this.#providers.get(provider.urn);
  }

  #siteOfProvider(provider: Resource): Maybe<Site> {
    const elsewhere = elsewhereThan(facts(provider));
    if (elsewhere !== undefined) return { unknown: `provider ${provider.name} ${elsewhere}` };
    const context = contextOf(provider);
    if (isUnknown(context)) return context;
    if (context === undefined) return { unknown: `provider ${provider.name} names no Kubernetes context` };
    const site = this.sites.find((one) => one.context === context);
    return site ?? { unknown: `no site in Register has the Kubernetes context of provider ${provider.name}` };
  }
}

function asResource(provider: Provider): Resource {
  return { ...provider, dependencies: [], propertyDependencies: {}, protect: false, ignoreChanges: [] };
}

function contextOf(provider: Resource): Read<string> {
  return facts(provider).text("context");
}

/** Why what a provider makes is not in the cluster of its context. */
function elsewhereThan(provider: Facts): string | undefined {
  const writesFiles = provider.value("renderYamlToDirectory");
  if (writesFiles !== undefined && writesFiles !== "")
    return "writes files and deploys nothing (renderYamlToDirectory)";
  const cluster = provider.value("cluster");
  if (cluster !== undefined && cluster !== "") return "names a cluster of its own beside its context (cluster)";
  return undefined;
}

/** Whether a provider's credentials may reach a site: one that does not say where it leads may lead anywhere. */
function mayReach(provider: Resource, site: Site): boolean {
  if (provider.type === kubernetes) {
    const context = contextOf(provider);
    return isUnknown(context) || context === undefined || context === site.context;
  }
  if (provider.type === azureProvider || provider.type === databricks) {
    const subscription = provider.type === databricks ? subscriptionOfWorkspace(provider) : subscriptionOf(provider);
    return isUnknown(subscription) ? site.place.cloud === "azure" : subscription === site.place.account;
  }
  if (provider.type !== aws) return false;
  const account = accountOf(provider);
  return isUnknown(account) || account === site.place.account;
}

function awsPlace(resource: Resource, provider: Resource): Maybe<Place> {
  if (hasEndpoints(facts(provider)))
    return { unknown: `provider ${provider.name} has custom endpoints: what it reaches is not AWS` };
  const account = accountOf(provider);
  if (isUnknown(account)) return account;
  const own = facts(resource).text("region");
  const region = own === undefined ? facts(provider).text("region") : own;
  if (isUnknown(region)) return region;
  if (region === undefined) return { unknown: `neither it nor provider ${provider.name} names a region` };
  // What has a region and no zone in AWS is kept in at least three zones that it does not name.
  return { cloud: "aws", account, region, zones: [1, 2, 3].map((n) => `zone ${n} of ${region}`), deployed: true };
}

function accountOf(provider: Resource): Maybe<string> {
  const [account, ...others] = accountsOf(facts(provider));
  if (account !== undefined && others.length === 0) return account;
  return { unknown: `provider ${provider.name} must name one account in allowedAccountIds` };
}

/** The engine hands lists of a provider's configuration over as JSON. */
function accountsOf(provider: Facts): string[] {
  const text = provider.text("allowedAccountIds");
  if (typeof text === "string") return jsonList(text).filter((one) => typeof one === "string");
  const list = provider.texts("allowedAccountIds");
  return Array.isArray(list) ? list : [];
}

function hasEndpoints(provider: Facts): boolean {
  const text = provider.text("endpoints");
  if (typeof text === "string") return jsonList(text).length > 0;
  const list = provider.items("endpoints");
  return isUnknown(list) || (list ?? []).length > 0;
}

function jsonList(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
