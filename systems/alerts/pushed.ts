import type * as pulumi from "@pulumi/pulumi";
import { PushgatewayMonitor } from "../../components/alerts/pushgatewayMonitor";
import type { Placement } from "../../components/kubernetes/placement";
import type { ClusterSite } from "../config/sites";

/** A site of a system, as far as what its jobs push goes. */
interface PushingSite {
  prefix: string;
  placement: Placement;
  site: ClusterSite;
  config: { scrape: { interval: string; timeout: string } };
  parent: pulumi.Resource;
}

/** Has Prometheus read what the jobs of a system push at a site, as often as its alerts count on. */
export function pushedMetrics(
  { prefix, placement, site, config, parent }: PushingSite,
  args: { monitor: string; asset: string; unnamed?: boolean },
): PushgatewayMonitor {
  const { selectors, namespace, pushgatewayLabels: labels, pushgatewayPortName: port } = site.cluster.monitoring;
  return new PushgatewayMonitor(
    `${prefix}-pushgateway`,
    { placement, selectors, gateway: { namespace, labels, port }, ...args, ...config.scrape },
    { parent },
  );
}
