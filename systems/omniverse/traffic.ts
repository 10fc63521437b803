import {
  addresses,
  DNS,
  from,
  HTTPS,
  NamespaceTraffic,
  namespace,
  pods,
  type Traffic,
  to,
} from "../../components/kubernetes/traffic";
import { JOB_LABELS, LOOK_LABELS, labelsOf, PAGE, SCAN_LABELS, services, TOOL_LABELS, TOOL_PORTS } from "./names";
import type { OmniverseSite } from "./site";

type Service = keyof typeof services;
/** The server has the policy of the one pod that serves: whoever declares it says who calls, and whom. */
type Ruled = Exclude<Service, "server">;

/** Where a directory speaks LDAP over TLS. */
const LDAPS = 636;
/** Where the database listens. */
export const POSTGRES = 5432;
/** Where distributions keep their lists of packages. */
const HTTP = 80;

/** Whom each service of the runbook's picture calls. */
const calls: Readonly<Record<Service, readonly Service[]>> = {
  edge: ["server", "navigator", "discovery", "authentication"],
  navigator: ["server", "discovery", "authentication"],
  server: ["discovery", "authentication"],
  discovery: [],
  // It is told where discovery is, as every service is.
  authentication: ["discovery"],
};

/** What each calls outside of the namespace besides names: its secrets in AWS, the directory. */
const outside: Readonly<Partial<Record<Ruled, readonly number[]>>> = { authentication: [LDAPS, 443] };

/** Labels of the services that call one of them. */
export function callersOf(service: Service): Record<string, string>[] {
  return (Object.keys(services) as Service[]).filter((other) => calls[other].includes(service)).map(labelsOf);
}

/** Ports of the services that one of them calls. */
export function portsCalledBy(service: Service): number[] {
  return calls[service].map((other) => services[other].port);
}

/** Who calls whom at a site: people come by the load balancer alone, and only jobs and servers reach the database. */
export function networkPolicies(at: OmniverseSite): NamespaceTraffic {
  const { prefix, placement, parent } = at;
  return new NamespaceTraffic(`${prefix}-traffic`, { placement, allowed: allowedAt(at) }, { parent });
}

function allowedAt({ site, role, config }: OmniverseSite): Record<string, Traffic> {
  const { monitoring } = site.cluster;
  const visitors = addresses(config.edge[role].blocks);
  const named = (Object.keys(services) as Service[]).filter((service): service is Ruled => service !== "server");
  const served = named.map((service): [string, Traffic] => {
    const { workload, port } = services[service];
    // Jobs see whether people would be served.
    const people = service === "edge" ? [...visitors, pods(PAGE.labels), pods(JOB_LABELS)] : [];
    const callers = [...people, ...callersOf(service).map(pods), pods(LOOK_LABELS)];
    const whom = calls[service].map((other) => to([pods(labelsOf(other))], services[other].port));
    const beyond = outside[service] ?? [];
    return [
      `${workload}-traffic`,
      {
        labels: labelsOf(service),
        from: [from(callers, port)],
        to: [DNS, ...whom, ...(beyond.length === 0 ? [] : [to([], ...beyond)])],
      },
    ];
  });
  const { server, edge } = services;
  const looked = named.map((service) => to([pods(labelsOf(service))], services[service].port));
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
    "omniverse-look-traffic": { labels: LOOK_LABELS, from: [], to: looked },
    // What asks which ports are open has to try them.
    "omniverse-scan-traffic": { labels: SCAN_LABELS, from: [], to: [{}] },
  };
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === "" ? (protocol === "https:" ? 443 : HTTP) : Number(port);
}
