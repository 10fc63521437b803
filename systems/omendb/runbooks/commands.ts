import { CONTAINER, WORKLOAD } from "../names";

/** Namespace of the guide; a stack with another one says so at the top of its own pages. */
export const NAMESPACE = "omendb-prod";

/** A kubectl line in the system's namespace. */
export function kubectl(line: string): string {
  return `kubectl -n ${NAMESPACE} ${line}`;
}

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

/** Starts a Job from a CronJob now; a name of its own, so that it can be repeated. */
export function startJob(cronJob: string): string {
  return kubectl(`create job --from=cronjob/${cronJob} ${cronJob}-$(date +%H%M%S)`);
}

/** Starts a Job, waits until it is complete or its time is up, and shows what it said. */
export function runJob(cronJob: string, atMost: string): string[] {
  return [
    `JOB=${cronJob}-$(date +%H%M%S)`,
    kubectl(`create job --from=cronjob/${cronJob} "$JOB"`),
    kubectl(`wait --for=condition=complete "job/$JOB" --timeout=${atMost}`),
    kubectl('logs "job/$JOB" --tail=30'),
  ];
}

/** Writes what only a person knows where the Jobs read it: `kubectl create job` takes no values. */
export function writeInputs(map: string, values: Readonly<Record<string, string>>): string[] {
  const literals = Object.entries(values).map(([name, value]) => `--from-literal=${name}=${value}`);
  return [
    `${kubectl(`create configmap ${map} ${literals.join(" ")} --dry-run=client -o yaml`)} | ${kubectl("apply -f -")}`,
  ];
}

/** The last runs of a CronJob and what the newest said. */
export function lastRuns(cronJob: string): string[] {
  return [
    `${kubectl("get jobs --sort-by=.metadata.creationTimestamp")} | grep ${cronJob} | tail -3`,
    `${kubectl("logs --tail=50")} job/$(${kubectl("get jobs --sort-by=.metadata.creationTimestamp -o name")} | grep ${cronJob} | tail -1 | cut -d/ -f2)`,
  ];
}

/** Commands as a Markdown block. */
export function shell(lines: readonly string[]): string {
  return ["```sh", ...lines, "```"].join("\n");
}
