import type { Duration } from "../../recovery/duration";

/** How Prometheus reads the metrics. */
export interface MetricsArgs {
  /** Name of the port. */
  port: string;
  interval: Duration;
  timeout: Duration;
  /** Labels by which Prometheus selects the ServiceMonitor. */
  selectors: Record<string, string>;
  /** Name in the certificate. */
  serverName: string;
  /** Secret with `username` and `password`. */
  user: string;
}

/** The spec of a ServiceMonitor that reads over TLS; `secret` holds the authority of the certificate. */
export function monitorSpec(metrics: MetricsArgs, labels: Record<string, string>, secret: string) {
  return {
    // With Endpoints instead of slices Prometheus would not see a slice that no controller wrote.
    serviceDiscoveryRole: "EndpointSlice",
    // The guide's alerts say job="omendb", which is this label of the Service.
    jobLabel: "app",
    selector: { matchLabels: labels },
    endpoints: [
      {
        port: metrics.port,
        scheme: "https",
        interval: metrics.interval,
        scrapeTimeout: metrics.timeout,
        tlsConfig: { serverName: metrics.serverName, ca: { secret: { name: secret, key: "ca.crt" } } },
        basicAuth: {
          username: { name: metrics.user, key: "username" },
          password: { name: metrics.user, key: "password" },
        },
      },
    ],
  };
}
