import * as aws from "@pulumi/aws";
import * as azure from "@pulumi/azure-native/provider";
import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import type { ClusterSite, Site } from "./config/sites";

/** A site with the provider of its cluster. */
export interface ReachedCluster {
  name: string;
  site: ClusterSite;
  provider: k8s.Provider;
}

/** The providers of a stack, one for each thing it reaches and none besides: what holds no credentials cannot leak them. */
export class Reach {
  readonly #clusters = new Map<string, ReachedCluster>();
  readonly #accounts = new Map<string, aws.Provider>();
  readonly #subscriptions = new Map<string, azure.Provider>();
  /** Generates passwords. */
  readonly random = new random.Provider("random");

  constructor(private readonly sites: Readonly<Record<string, Site>>) {}

  /** The cluster of a site. */
  cluster(name: string): ReachedCluster {
    const known = this.#clusters.get(name);
    if (known) return known;
    const site = this.site(name);
    const { cluster } = site;
    if (!cluster) throw new RangeError(`site ${name} has no cluster`);
    const reached = {
      name,
      site: { ...site, cluster },
      provider: new k8s.Provider(name, { context: cluster.context, enableServerSideApply: true }),
    };
    this.#clusters.set(name, reached);
    return reached;
  }

  /** AWS at a site: its account, and no other by accident; in another region, where a service is only there. */
  aws(name: string, elsewhere?: string): aws.Provider {
    const as = elsewhere === undefined ? name : `${name}-${elsewhere}`;
    const known = this.#accounts.get(as);
    if (known) return known;
    const { cloud, account, region: own } = this.site(name);
    const region = elsewhere ?? own;
    if (cloud !== "aws") throw new RangeError(`site ${name} is not in AWS but in ${cloud}`);
    const provider = new aws.Provider(`${as}-aws`, { region: region as aws.Region, allowedAccountIds: [account] });
    this.#accounts.set(as, provider);
    return provider;
  }

  /** Azure at a site: its subscription and its region. */
  azure(name: string): azure.Provider {
    const known = this.#subscriptions.get(name);
    if (known) return known;
    const { cloud, account: subscriptionId, region: location } = this.site(name);
    if (cloud !== "azure") throw new RangeError(`site ${name} is not in Azure but in ${cloud}`);
    const provider = new azure.Provider(`${name}-azure`, { subscriptionId, location });
    this.#subscriptions.set(name, provider);
    return provider;
  }

  /** What is said of a site. */
  site(name: string): Site {
    const site = this.sites[name];
    if (!site) throw new RangeError(`there is no site ${name}`);
    return site;
  }
}
