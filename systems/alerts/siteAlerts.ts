import type * as pulumi from "@pulumi/pulumi";
import { AlertRules } from "../../components/alerts/alertRules";
import type { Placement } from "../../components/kubernetes/placement";
import type { ClusterSite } from "../config/sites";
import type { AlertRoutes, RouteArgs } from "./routing";
import type { RuleGroup } from "./rule";

/** A site of a system, as far as its alerts go. */
interface AlertedSite {
  prefix: string;
  placement: Placement;
  site: ClusterSite;
  config: { alerts: RouteArgs };
  parent: pulumi.Resource;
}

/** The alerts of a system at one of its sites, and who is told of them. */
export function siteAlerts(
  { prefix, placement, site, config: { alerts }, parent }: AlertedSite,
  object: string,
  groups: RuleGroup[],
  routes: (args: RouteArgs) => AlertRoutes,
): AlertRules {
  const { selectors } = site.cluster.monitoring;
  const { secret, mail, escalateAfter } = alerts;
  const told = routes({ secret, mail, ...(escalateAfter === undefined ? {} : { escalateAfter }) });
  return new AlertRules(`${prefix}-alerts`, { placement, object, selectors, groups, routes: told }, { parent });
}
