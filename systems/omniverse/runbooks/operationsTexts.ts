import type { AlertText } from "../../runbooks/alertPage";
import { commandsIn } from "../../runbooks/commands";
import { choreNames } from "../choreNames";
import { services } from "../names";

const { kubectl, lastRuns, startJob } = commandsIn("omniverse-prod");

const pods = kubectl("get pods -l app=nucleus -o wide");

const nobodySaysAsleep =
  "At the second site, while people are at the first? Nobody says any more that it sleeps: mend kube-state-metrics there.";

/** Texts of the alerts on the service itself and on the daily work. */
export const operationsTexts: Readonly<Record<string, AlertText>> = {
  NucleusServerDown: {
    means: "Nobody can open or save a project: the server of Nucleus exports no metrics, or there is no pod of it.",
    look: [
      pods,
      kubectl(`logs deployment/${services.server.workload} --tail=50`),
      "curl --max-time 10 -sS https://omniverse.company.com/health",
    ],
    act: [
      "`/health` answers and metrics do not: people work; mend the port for metrics by day.",
      "The pod restarts again and again: its last lines say why; the database and the volumes are the usual reasons.",
      "No pod can be placed: `describe pod` says what is missing.",
      nobodySaysAsleep,
    ],
    stop: "Ten minutes without a server: what is promised for a node is over, call the content platform team.",
  },
  HighCPUUsage: {
    means: "A node that carries Nucleus has had no processor to spare for five minutes, or no node is seen any more.",
    look: ["kubectl top nodes", kubectl("top pods"), ...lastRuns(choreNames.sessions)],
    act: [
      "One session works hard: `nucleus-admin session stats --detailed` names it, `nucleus-admin session info --session-id <id>` whose it is; talk to them.",
      "A job of ours beside it: wait for its deadline, then move its schedule.",
      "No series: the exporter of nodes, or the name that it gives them, has changed.",
    ],
    stop: "An hour above 90 %: add a node, and tell the capacity review.",
  },
  DatabaseConnectionFailure: {
    means: "The database refused a query, or nobody has asked it for minutes. Nothing can be saved while it is away.",
    look: [
      "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceStatus]' --output text",
      ...lastRuns(choreNames.metrics),
    ],
    act: [
      "RDS fails over by itself: two minutes, and clients connect again.",
      "`available`, and the job is refused: its password or its security group has changed.",
      "The job does not run: that is all that is wrong; mend it, because nobody sees the database meanwhile.",
      "Damaged or gone: [database](database-in-place.md).",
      nobodySaysAsleep,
    ],
    stop: "A quarter of an hour without an answer: the promise for a zone is over, call the content platform team.",
  },
  StorageSpaceLow: {
    means:
      "A volume of the servers, or the disk of a node under them, is more than 85 % full, or nobody says how full it is.",
    look: [kubectl("get pvc"), ...lastRuns(choreNames.storage)],
    act: [
      `Logs or cache: clear them as on Sundays, \`${startJob(choreNames.storage)}\`.`,
      "`/opt/ove/nucleus/data`: raise the size that the program asks for; nothing in it is to be deleted by hand.",
      "`/` of a node: old images; the node clears them by itself, or is replaced.",
      "No series: the driver of the volumes reports their use only with `--vol-metrics-opt-in`.",
    ],
    stop: "Above 90 %: the recovery of the server clears rotated logs; call the content platform team first.",
  },
  OmniverseMetricsMissing: {
    means: "The series that the alert names has no value: reports get a gap, and whatever it would tell goes unseen.",
    look: [...lastRuns(choreNames.metrics), pods],
    act: [
      "Sessions or response time while Nucleus is down: they come back with it.",
      "The job cannot ask: its log names the token, the certificate or the address.",
      "`memory_usage_percent`: the exporter of nodes, or the name that it gives them, has changed.",
    ],
    stop: "A day without: the weekly report will say so; tell its readers.",
  },
  OmniverseMaintenanceOverdue: {
    means:
      "A job of the daily, weekly or monthly work has not succeeded for too long. What it does is on [its page](daily-work.md).",
    look: [kubectl("get cronjobs"), kubectl("get jobs --sort-by=.metadata.creationTimestamp | tail -20")],
    act: [
      "Read the log of its last run, mend what it names, and start it again, in its window where it has one.",
      nobodySaysAsleep,
    ],
    stop: "Clean-ups may wait for a week; the health check and the metrics may not wait for a day.",
  },
  OmniverseAuditOverdue: {
    means: "Nobody has looked at logins, users, certificates, ports and updates for longer than a month.",
    look: lastRuns(choreNames.audit),
    act: [`Start it: \`${startJob(choreNames.audit)}\`; its log is the report.`],
    stop: "It cannot run for a week: the security team does it by hand.",
  },
};
