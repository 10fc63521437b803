import { shell } from "../../runbooks/commands";
import { type Page, page, steps } from "../../runbooks/page";
import { choreNames, lakeChores } from "../operations/choreNames";
import { kubectl, lastRuns, startJob } from "./commands";

/** A row of the document's common issues. */
interface Issue {
  file: string;
  title: string;
  /** The document's columns. */
  symptoms: string;
  cause: string;
  resolution: string;
  /** Alerts that tell of it. */
  alerts: readonly string[];
  look: readonly string[];
  act: readonly string[];
  stop: string;
}

const clusters =
  "databricks clusters list --output json | jq '.[] | {cluster_name, state, num_workers, autoscale, state_message}'";

const diagnose = [startJob(choreNames.diagnostics), ...lastRuns(choreNames.diagnostics)];

/** The document's five issues. */
export const issues: readonly Issue[] = [
  {
    file: "high-latency.md",
    title: "High latency",
    symptoms: "Processing takes more than 10 s",
    cause: "The cluster is too small for what comes",
    resolution: "Scale the cluster up",
    alerts: ["AnalyticsHighLatency", "AnalyticsResourcePressure"],
    look: [clusters, ...lastRuns(choreNames.review)],
    act: [
      "Is a cluster PENDING or RESTARTING? Then a restart or an upgrade is under way: its job says how far it is; wait for its deadline.",
      "All workers there and busy? Raise `operations.clusters.mostWorkers` and deploy: the clusters grow by themselves up to it. At once, without a deployment: `databricks clusters resize`, which the next deployment undoes.",
      "Workers idle and still late? One partition has most of the events: see [data skew](data-skew.md).",
      "Everything well here? Look at the events: [diagnostics](maintenance.md) says whether namespaces hold them back.",
    ],
    stop: "Ten minutes above 10 s with all workers there: page the platform operations team; nothing is lost, events wait in Event Hubs.",
  },
  {
    file: "data-skew.md",
    title: "Data skew",
    symptoms: "Partitions of uneven size; some tasks take many times as long as the others",
    cause: "A poor partition key",
    resolution: "Repartition the data",
    alerts: ["AnalyticsHighLatency"],
    look: lastRuns(choreNames.review),
    act: [
      "The report names partitions that hold 20 % more than the average. One producer? Its key is the same for all of its events: have it send without one, or with one of more values.",
      "Of a table: sort it by another column with OPTIMIZE … ZORDER, or have it clustered; its folders by date stay.",
      `Then put its files together: \`databricks jobs run-now\` of \`${lakeChores.optimize}\`.`,
    ],
    stop: "The key of producers cannot be changed by us: ask their owners, and size the clusters for the largest partition until then.",
  },
  {
    file: "memory-errors.md",
    title: "Memory errors",
    symptoms: "Out of memory; executors are lost and come again",
    cause: "Joins that send a large table to every worker",
    resolution: "Mend the join",
    alerts: ["AnalyticsResourcePressure", "AnalyticsErrorSpike"],
    look: [
      "databricks clusters events <cluster-id> --output json | jq '.events[] | select(.type | test(\"LOST|OOM|NODES\")) | {timestamp, type, details}' | head -50",
      clusters,
    ],
    act: [
      "Every cluster has `spark.sql.autoBroadcastJoinThreshold`, and no policy lets anybody raise it. A hint `BROADCAST` in a query goes past it: look for one in what was deployed last, and take it out.",
      `No hint? Look at the plan of the query: statistics that are too old make a large table look small. Compute them: \`databricks jobs run-now\` of \`${lakeChores.optimizeDaily}\`.`,
      "Still too large? Filter before the join, or give the nodes more memory (`databricks.cluster.nodeType`).",
    ],
    stop: "The pipeline falls over again and again: lead it back to what ran before by deploying the last commit that did.",
  },
  {
    file: "connection-timeout.md",
    title: "Connection timeout",
    symptoms: "Queries and jobs fail before they begin",
    cause: "The network",
    resolution: "Check firewall rules",
    alerts: ["AnalyticsStoreDown", "AnalyticsPipelineDown", "AnalyticsJobFailed"],
    look: diagnose,
    act: [
      "`has no address`: the cluster's DNS; look at CoreDNS of this cluster first, then at the resource: was it renamed or deleted?",
      "`does not answer`: compare the networks that the account, vault or namespace takes with the subnets of `network` in the stack. The drift job says what changed and when.",
      "Somebody opened everything to find out? Azure refuses that for accounts, and the drift alert tells of the rest: close it again by deploying.",
      `From a pod of ours and not from a worker of Databricks? Then it is the workers' subnets. \`${kubectl("get pods")}\` shows where the job ran.`,
    ],
    stop: "All names fail at once: it is the network of the region, or the region. See [AnalyticsRegionLost](AnalyticsRegionLost.md).",
  },
  {
    file: "cost-spike.md",
    title: "Cost spike",
    symptoms: "Alerts on the budget",
    cause: "Runaway jobs",
    resolution: "Give every job a timeout",
    alerts: ["AnalyticsCostOverrun"],
    look: [
      ...lastRuns(choreNames.review),
      "databricks jobs list-runs --active-only --output json | jq 'sort_by(.start_time) | .[:20] | .[] | {run_id, run_name, start_time}'",
    ],
    act: [
      "The review names jobs without a timeout and clusters that were left. Ours all have one; a job that somebody made by hand gets one, or goes.",
      "A run that began long before the others: ask its owner, then `databricks jobs cancel-run`.",
      "A cluster `…-beside` with no restart or upgrade under way: the next restart tidies it; at once: start that restart.",
      "Costs come a day late: what you end now is seen tomorrow.",
    ],
    stop: "Nobody knows whose it is and it goes on: whoever holds the authority of critical may stop it. See [escalation](escalation.md).",
  },
];

/** Pages of common issues by alert, so that the page of each alert can name them. */
export function issuesOf(alert: string): { title: string; file: string }[] {
  return issues.filter(({ alerts }) => alerts.includes(alert)).map(({ title, file }) => ({ title, file }));
}

/** The pages of the document's common issues. */
export function issuePages(call: string): Page[] {
  return issues.map(({ file, title, symptoms, cause, resolution, alerts, look, act, stop }) =>
    page(file, title, [
      `**Symptoms:** ${symptoms}. **Usual cause:** ${cause}. **Resolution:** ${resolution}.`,
      `Told by ${alerts.map((alert) => `[${alert}](${alert}.md)`).join(", ")}.`,
      "## First look",
      shell(look),
      "## What to do",
      steps(act),
      "## When to stop, who to call",
      `${stop}\n\n${call}`,
    ]),
  );
}
