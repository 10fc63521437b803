import type * as pulumi from "@pulumi/pulumi";
import type { CloudAlarm } from "../../components/alerts/cloudAlarms";
import type { Edge } from "./edge";
import { DATABASE_ID } from "./objectives";

/** What names a load balancer, its targets and the check of the name in metrics of AWS; known once AWS has made them. */
export interface EdgeDimensions {
  balancer: pulumi.Input<string>;
  targets: pulumi.Input<string>;
  check: pulumi.Input<string>;
}

/** Load balancer and targets of the first site, since at the other one nobody serves on healthy days; and the public name. */
export function dimensionsOf({ name, entrances }: Edge): EdgeDimensions {
  const { balancer, targets } = entrances.primary;
  return { balancer: balancer.arnSuffix, targets: targets.arnSuffix, check: name.checks.public?.id ?? "" };
}

const common = { asset: DATABASE_ID, guards: "health", period: "1m" } as const;

/** What only the load balancer sees: whether anything stands behind it, and what people get instead of an answer. */
export function entranceAlarms({ balancer, targets }: EdgeDimensions): CloudAlarm[] {
  const metrics = { ...common, namespace: "AWS/ApplicationELB" } as const;
  const behind = { LoadBalancer: balancer, TargetGroup: targets };
  return [
    {
      ...metrics,
      alarm: "OmniverseNobodyServes",
      metric: "HealthyHostCount",
      dimensions: behind,
      statistic: "Minimum",
      threshold: 1,
      below: true,
      periods: 3,
      missing: "breaching",
      severity: "critical",
      description: "The load balancer of the first site has no target that serves, or says nothing any more.",
    },
    {
      ...metrics,
      alarm: "OmniverseTargetsUnhealthy",
      metric: "UnHealthyHostCount",
      dimensions: behind,
      statistic: "Maximum",
      threshold: 0,
      periods: 5,
      missing: "notBreaching",
      severity: "warning",
      description:
        "A target of the load balancer does not answer at /health: another one serves, and nothing is spare.",
    },
    {
      ...metrics,
      alarm: "OmniverseEntranceErrors",
      metric: "HTTPCode_ELB_5XX_Count",
      dimensions: { LoadBalancer: balancer },
      statistic: "Sum",
      threshold: 50,
      periods: 5,
      // No errors, no metric.
      missing: "notBreaching",
      severity: "warning",
      description: "People get errors from the load balancer itself: it reaches no target in time.",
    },
  ];
}

/**
 * What Route 53 sees from the internet, by the name that people use: of the site that they are led to, before a failover and
 * after it. No record hangs on that check, whose name it would then be. Its metrics are published in us-east-1.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
 */
export function nameAlarms({ check }: EdgeDimensions): CloudAlarm[] {
  return [
    {
      ...common,
      alarm: "OmniverseSiteSilent",
      namespace: "AWS/Route53",
      metric: "HealthCheckStatus",
      dimensions: { HealthCheckId: check },
      statistic: "Minimum",
      threshold: 1,
      below: true,
      periods: 2,
      missing: "breaching",
      severity: "critical",
      description:
        "Route 53 does not reach, by the public name, the site that people are led to, or says nothing of it any more.",
    },
  ];
}
