import { commandsIn } from "../../runbooks/commands";
import { CONTAINER, WORKLOAD } from "../names";

export { shell } from "../../runbooks/commands";

/** Namespace of the guide; a stack with another one says so at the top of its own pages. */
export const NAMESPACE = "omendb-prod";

/** Commands in that namespace. */
export const commands = commandsIn(NAMESPACE);

export const { kubectl, startJob, runJob, writeInputs, removeInputs, lastRuns } = commands;

/** Shows pods, the lease and the one address that clients reach. */
export const whoServes = [
  kubectl("get pods -l app=omendb -o wide"),
  kubectl(`get lease ${WORKLOAD} -o yaml`),
  kubectl(`get endpointslice ${WORKLOAD}-serving -o yaml`),
];

/** Names the pod that serves; the others hold no data open and answer nothing. */
export const findServing = `SERVING=$(${kubectl(`get endpointslice ${WORKLOAD}-serving -o jsonpath='{.endpoints[0].targetRef.name}'`)})`;

/** The database's own metrics, from inside its pod: the certificate names no address outside. */
export function metrics(pattern: string): string[] {
  return [
    findServing,
    `${kubectl(`exec "$SERVING" -c ${CONTAINER} --`)} curl -s --cacert /etc/omendb/tls/ca.crt https://localhost:9090/metrics | grep ${pattern}`,
  ];
}

/** Errors and warnings of the last hour, most frequent first. */
export const countErrors = `${kubectl("logs -l app=omendb --since=1h --tail=-1")} | grep -E "(ERROR|WARN)" | sort | uniq -c | sort -nr | head`;
