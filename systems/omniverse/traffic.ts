import { DNS, HTTPS } from "../../components/database/traffic";
import {
  addresses,
  from,
  NamespaceTraffic,
  namespace,
  pods,
  type Traffic,
  to,
} from "../../components/kubernetes/traffic";
import { JOB_LABELS, labelsOf, PAGE, SCAN_LABELS, services, TOOL_LABELS, TOOL_PORTS } from "./names";
import type { OmniverseSite } from "./site";

type Service = keyof typeof services;

/** Where a directory speaks LDAP over TLS. */
const LDAPS = 636;
const POSTGRES = 5432;
/** Where distributions keep their lists of packages. */
const HTTP = 80;

/** Whom each service of the runbook's picture calls. */
const calls: Readonly<Record<Service, readonly Service[]>> = {
  edge: ["server", "navigator", "discovery", "authentication"],
  navigator: ["server", "discovery", "authentication"],
  server: ["discovery", "authentication"],
  discovery: [],
  authentication: [],
};

/** What each calls outside of the namespace besides names: its database, its files and secrets in AWS, the directory. */
const outside: Readonly<Partial<Record<Service, readonly number[]>>> = {
  server: [POSTGRES, 443],
  authentication: [LDAPS, 443],
};

/** Who calls whom at a site: people come by the load balancer alone, and only jobs and servers reach the database. */
export function networkPolicies(at: OmniverseSite): NamespaceTraffic {
  const { prefix, placement, parent } = at;
  return new NamespaceTraffic(`${prefix}-traffic`, { placement, allowed: allowedAt(at) }, { parent });
}

function allowedAt({ site, role, config }: OmniverseSite): Record<string, Traffic> {
  const { monitoring } = site.cluster;
  const jobs = pods(JOB_LABELS);
  const visitors = addresses(config.edge[role].blocks);
  const named = Object.keys(services) as Service[];
  const served = named.map((service): [string, Traffic] => {
    const { workload, port, ...more } = services[service];
    const callers = named.filter((other) => calls[other].includes(service)).map((other) => pods(labelsOf(other)));
    const people = service === "edge" ? [...visitors, pods(PAGE.labels)] : [];
    // Jobs call the API and see whether people would be served.
    const asked = service === "server" || service === "edge" ? [jobs] : [];
    const whom = calls[service].map((other) => to([pods(labelsOf(other))], services[other].port));
    const beyond = outside[service] ?? [];
    return [
      `${workload}-traffic`,
      {
        labels: labelsOf(service),
        from: [
          from([...people, ...callers, ...asked], port),
          ...("metrics" in more ? [from([namespace(monitoring.namespace), jobs], more.metrics)] : []),
        ],
        to: [DNS, ...whom, ...(beyond.length === 0 ? [] : [to([], ...beyond)])],
      },
    ];
  });
  const { server, edge } = services;
  const called = [
    DNS,
    HTTPS,
    to([], POSTGRES, HTTP),
    to([pods(labelsOf("server"))], server.port, server.metrics),
    to([pods(labelsOf("edge"))], edge.port),
    to([namespace(monitoring.namespace)], monitoring.pushgatewayPort, portOf(config.operations.prometheus)),
  ];
  const tools = to([pods(labelsOf("server"))], ...Object.values(TOOL_PORTS));
  return {
    ...Object.fromEntries(served),
    [`${JOB_LABELS.app}-traffic`]: { labels: JOB_LABELS, from: [], to: called },
    // It is what people see while nginx is replaced, and asks nginx how it is.
    [`${PAGE.workload}-traffic`]: {
      labels: PAGE.labels,
      from: [from(visitors, edge.port)],
      to: [DNS, to([pods(labelsOf("edge"))], edge.port)],
    },
    "omniverse-tools-traffic": { labels: TOOL_LABELS, from: [], to: [tools] },
    // What asks which ports are open has to try them.
    "omniverse-scan-traffic": { labels: SCAN_LABELS, from: [], to: [{}] },
  };
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === "" ? (protocol === "https:" ? 443 : HTTP) : Number(port);
}
