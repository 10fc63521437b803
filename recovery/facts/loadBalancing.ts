import { factsOf } from "./group";

const healthCheck = { source: "@pulumi/aws 7.48.0 types/input.d.ts, TargetGroupHealthCheck", read: "2026-11-21" };
const targetGroup = { source: "@pulumi/aws 7.48.0 lb/targetGroup.d.ts", read: "2026-11-21" };

/** AWS load balancers. */
export const loadBalancing = factsOf("load-balancing", {
  interval: {
    says: "A load balancer that names no interval checks a target this often.",
    value: 30,
    unit: "seconds",
    standing: "design",
    ...healthCheck,
  },
  intervalLeast: {
    says: "A load balancer cannot check a target more often than this.",
    value: 5,
    unit: "seconds",
    standing: "design",
    ...healthCheck,
  },
  intervalMost: {
    says: "A load balancer cannot check a target less often than this.",
    value: 300,
    unit: "seconds",
    standing: "design",
    ...healthCheck,
  },
  threshold: {
    says: "A load balancer that names no threshold takes a target for lost after this many failed checks in a row.",
    value: 3,
    unit: "count",
    standing: "design",
    ...healthCheck,
  },
  timeout: {
    says: "A check of a target by HTTPS fails after this long where no timeout is named.",
    value: 10,
    unit: "seconds",
    standing: "design",
    ...healthCheck,
  },
  path: {
    says: "A load balancer that names no path asks a target for / alone, which may answer while the service does not.",
    standing: "design",
    ...healthCheck,
  },
  deregistration: {
    says: "A target that is taken out keeps its connections this long.",
    value: 300,
    unit: "seconds",
    standing: "design",
    ...targetGroup,
  },
  allUnhealthy: {
    says: "Once no target is healthy, the load balancer sends to all of them.",
    standing: "design",
    source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    read: "2025",
  },
});
