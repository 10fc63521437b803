import { kubectl, lastRuns, startJob } from "../commands";
import type { AnalyticsAlertText } from "./guide";

const failedJobs = [
  kubectl("get jobs --sort-by=.metadata.creationTimestamp | tail -20"),
  kubectl("get events --sort-by=.lastTimestamp | tail -20"),
];

const lagOf = (job: string) => lastRuns(job);

/** Texts of the alerts of Prometheus: copies, jobs, the region. */
export const recoveryTexts: Readonly<Record<string, AnalyticsAlertText>> = {
  AnalyticsRegionLost: {
    means: "The primary region does not answer from the other one: accounts, namespaces and workspaces are silent.",
    look: [kubectl("get pods"), kubectl("get jobs --sort-by=.metadata.creationTimestamp | tail -5")],
    act: [
      "Ask Azure and somebody in another network whether they see the region: a broken prober looks the same.",
      "Decide within 15 minutes: Kafka is promised back within half an hour.",
      "Kafka waits for nobody: start its promotion at once, and whatever else waits for nothing beside it. Then, once their first step lets them, Databricks and Power BI.",
    ],
    stop: "The region answers again before the first step has ended: stop, and compare before anything is written back.",
  },
  AnalyticsExportLate: {
    means: "One export was missed or failed: a lost region or an intrusion would cost more than on healthy days.",
    look: lastRuns("analytics-export"),
    act: [
      "Read the log of the run: it names what was not whole, or what refused it.",
      "Start it again at the secondary site; the alert names the asset.",
    ],
    stop: "The rerun fails with the same words: the next alert comes with the next missed run, call the platform team before it.",
  },
  AnalyticsExportStale: {
    means: "Two exports were missed: the promise is about to break.",
    look: [...lastRuns("analytics-export"), ...failedJobs],
    act: [
      "Refused by the locked account? Its lock or the job's rights have changed: compare with the program.",
      "Refused by the source? Its API, or a token of the directory.",
      "An image that cannot be pulled stops every job: see `kubectl describe` of the pod.",
    ],
    stop: "No export an hour after the page: tell the owners that deployments stop until there is one.",
  },
  AnalyticsConfigurationChanged: {
    means:
      "What is there is not as it was at the last look, five minutes before, and half an hour of a workspace: a resource, a policy, a role or a secret; or a job, a cluster, a table, a grant or a permission that is gone or was changed.",
    look: [...lastRuns("analytics-export"), ...lastRuns("analytics-drift")],
    act: [
      "Does somebody deploy? The last runs of the workflow say so: silence the alert until it has ended.",
      "The log of the run names what was added, removed and changed; the activity log of the subscription says who did it.",
      "Nobody knows of it: take it for damage, and for an intrusion where a role, a policy or a secret is among it.",
      "Nobody looks any more: the runs fail, and their logs say why.",
    ],
    stop: "It goes on changing, or nobody can say who it is: call the security team before anything is put back.",
  },
  AnalyticsClonesBehind: {
    means: "The tables in the other region are too old: a lost region would cost more than an hour.",
    look: [...lagOf("analytics-clone-status"), "databricks jobs list-runs --limit 20 --output table"],
    act: [
      "Clones fail: the run names the table. A table that was written by a newer protocol, or without rights.",
      "Clones take too long: the cluster is too small for what was written since.",
      `Nobody asks any more: start \`${startJob("analytics-clone-status")}\`.`,
    ],
    stop: "Not younger within half an hour: tell the lake's owner what a lost region costs now.",
  },
  AnalyticsLockedClonesBehind: {
    means: "The tables under the lock are too old: an intrusion would cost more than is promised.",
    look: [...lagOf("analytics-clone-status"), "databricks jobs list-runs --limit 20 --output table"],
    act: [
      "As for [AnalyticsClonesBehind](AnalyticsClonesBehind.md); it is the other job.",
      "The account refuses writes? Its lock is longer than its name is free: no run may write a name twice.",
    ],
    stop: "It stops without a reason that somebody can name: treat it as an intrusion.",
  },
  AnalyticsEventsBehind: {
    means:
      "The second region of Event Hubs is behind, or nobody knows. At its bound writes of the first are held back: nothing more is lost, and producers wait.",
    look: lagOf("analytics-event-lag"),
    act: [
      "Producers held back: look at the load, and at Azure's health of both regions.",
      "The second region is down: writes can be let go on by raising the bound, which then is what a lost region costs. Only the owner of the promise decides that.",
      `Nobody asks any more: start \`${startJob("analytics-event-lag")}\`.`,
    ],
    stop: "Half an hour: the owner of Kafka decides between waiting and the promise.",
  },
  AnalyticsCaptureBehind: {
    means: "Event Hubs writes no files of events any more: they are what is left of events after an intrusion.",
    look: lagOf("analytics-capture-lag"),
    act: [
      "The namespace's identity has lost its right on the locked account, or the account's network refuses it.",
      "Event Hubs keeps the events for 35 days: what is missing can be written later.",
    ],
    stop: "A day: take it as an incident of the week, and name in the register what is missing.",
  },
  AnalyticsLogsBehind: {
    means: "The workspace of logs in the other region is behind: after a switchover lines would be missing.",
    look: lagOf("analytics-log-lag"),
    act: [
      "Replication goes in batches; one that is late comes with the next.",
      "It was switched off? `az rest --method get` of the workspace with api-version 2025-02-01 shows `replication`; deploy.",
    ],
    stop: "A day: ask Azure, with the id of the workspace.",
  },
  AnalyticsJobFailed: {
    means:
      "An export, a check, a verification, a drill or a piece of maintenance failed. Its log says why in its last line.",
    look: failedJobs,
    act: ["Read the log, mend what it names, start the job again."],
    stop: "It fails three times: leave it to the alert on what is overdue, and call the platform team by day.",
  },
  AnalyticsVerificationOverdue: {
    means: "Nobody has read the copies back for too long: nobody knows whether they can be.",
    look: failedJobs,
    act: ["Start the verification of the asset that the alert names: see [drills](drills.md)."],
    stop: "It cannot run: read one copy by hand, and write down that you did.",
  },
  AnalyticsDrillOverdue: {
    means: "Nobody has rehearsed a recovery for too long: its time is a guess again.",
    look: failedJobs,
    act: [
      "Start the drill that the alert names: see [drills](drills.md).",
      "Write what it prints into the register as a drill record.",
    ],
    stop: "It fails: the recovery would fail as well. Treat it as an incident of the day.",
  },
  AnalyticsMaintenanceOverdue: {
    means: "Work that must come again and again has not succeeded: its news is its absence.",
    look: failedJobs,
    act: ["Start the job that the alert names; suspended jobs are woken by whoever put them to sleep."],
    stop: "Its window is missed: agree on another with whoever depends on it.",
  },
  AnalyticsAuditOverdue: {
    means: "Access is not looked at any more: an intrusion would go unnoticed.",
    look: failedJobs,
    act: ["Start the audit that the alert names, and read what it says of the time since the last."],
    stop: "It was switched off and nobody did it: call the security team.",
  },
  AnalyticsIntegrityFailed: {
    means: "A copy does not hold what it should: the asset may be damaged, or whoever writes copies is hostile.",
    look: failedJobs,
    act: [
      "A recovery takes the copy before it.",
      "Damaged under the lock: call the security team now.",
      "Damaged at its source: stop the writers, and go to the recovery of the asset.",
    ],
    stop: "Two copies in a row are damaged: nothing newer is to be trusted, tell the owners.",
  },
  AnalyticsEscalated: {
    means: "A critical alert stays: whoever was told did not end it.",
    look: failedJobs,
    act: ["Ask the primary on-call what they need; decide what they may not."],
    stop: "Nobody answers: you are on call now.",
  },
  HoldfastWatchdog: {
    means: "Always firing. The heartbeat service pages when it stops: alerting of this site is dead.",
    look: ["kubectl -n monitoring get pods"],
    act: ["Mend Prometheus or Alertmanager; the other site and Azure Monitor still see the platform."],
    stop: "Two hours: somebody has to look at the platform itself until alerting is back.",
  },
};
