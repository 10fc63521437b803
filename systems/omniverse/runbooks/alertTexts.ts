import type { AlertText } from "../../runbooks/alertPage";
import { commandsIn } from "../../runbooks/commands";
import { backupJobs, firstCopies, jobNames, standbyJobs } from "../names";
import { edgeAlertTexts } from "./edgeAlertTexts";
import { operationsTexts } from "./operationsTexts";
import { servedTexts } from "./servedTexts";

const { kubectl, lastRuns, startJob } = commandsIn("omniverse-prod");

const failedJobs = [
  kubectl("get jobs --sort-by=.metadata.creationTimestamp | tail -20"),
  kubectl("get events | tail -20"),
];

const instances =
  "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceStatus,LatestRestorableTime]' --output text";

const lastCopies = backupJobs.flatMap(lastRuns);

const lastVerifications = [
  ...lastRuns(jobNames.verifyDatabase),
  ...lastRuns(jobNames.verifyAssets),
  ...lastRuns(jobNames.verifyAccounts),
];

const drillJobs = [jobNames.drillDatabase, jobNames.drillAssets, jobNames.drillAccounts];

const lastDrills = drillJobs.flatMap(lastRuns);

/** Texts by alert. */
export const alertTexts: Readonly<Record<string, AlertText>> = {
  ...operationsTexts,
  OmniverseCopyLate: {
    means:
      "One dump, or one copy of the assets or of the accounts, was missed. The service goes on; an intrusion would cost four hours more than on healthy days.",
    look: lastCopies,
    act: [
      "Read the log of the run: it names what was not whole, or what the bucket refused.",
      `The dump or the assets: start them again, the dump first: \`${startJob(jobNames.dump)}\`, then \`${startJob(jobNames.assets)}\`.`,
      `The accounts: \`${startJob(jobNames.accounts)}\`; it needs a server that runs, and its ports for the vendor's tools.`,
    ],
    stop: "The rerun fails with the same words: call the content platform team before the next run is due.",
  },
  OmniverseCopyStale: {
    means: "Two runs were missed: what an intrusion may cost is about to pass what is promised.",
    look: lastCopies,
    act: [
      "Bucket refused? Its lock or the role of the jobs has changed: compare with the program.",
      "Database refused? Its password or its security group has changed; `aws rds describe-events` says since when.",
      "The mirror is full? The assets have grown: its size follows `assets.bytes` of the stack.",
    ],
    stop: "No copy an hour after the page: tell the owners that nothing risky is to be deployed until there is one.",
  },
  OmniverseLogStopped: {
    means:
      "RDS restores no moment of the last minutes, or nobody asks any more. A bad write now costs all work since the moment that it names.",
    look: [instances, ...lastRuns(jobNames.restorable)],
    act: [
      "The job fails? Mend it first: its log says what it may not ask.",
      "A failover or a restore within the hour? RDS restores nothing of a new instance before its first backup has ended: until then dumps are all there is; see that the last one succeeded.",
      "`storage-full`? Give the instance room: it takes no backups while it is full.",
      "`modifying`, `upgrading`? Wait for it; RDS uploads its log again when it is available.",
    ],
    stop: "Half an hour without a newer moment: take a dump by hand, and call AWS.",
  },
  OmniverseBackupsNotCarried: {
    means: "The backups in the other region fall behind: a lost region now costs more than is promised.",
    look: [
      "aws rds describe-db-instance-automated-backups --region <secondary> --query 'DBInstanceAutomatedBackups[].[DBInstanceIdentifier,Status,RestoreWindow.LatestTime]' --output text",
      ...lastRuns(jobNames.restorable),
    ],
    act: [
      "`retained` or none? Somebody has stopped the replication: the next deployment puts it back.",
      "The key of the other region disabled? Enable it: what is encrypted with it cannot be restored.",
    ],
    stop: "An hour behind: take a dump by hand; it goes to the other region.",
  },
  OmniverseRegionLost: {
    means: "Omniverse does not answer from the other region. Either it is down, or its region is.",
    look: [
      kubectl("get pods"),
      "curl --max-time 10 -sS https://omniverse.company.com/health",
      "aws health describe-events --region us-east-1",
    ],
    act: [
      "The region answers and the service does not: it restarts by itself; look at its pods and at the database.",
      "The region is lost: two people decide. Then begin all three at once, each in a window of its own, because what is promised counts on that: [database](database-in-secondary.md) with notify and fence, [assets](assets-in-secondary.md), [accounts](accounts-in-secondary.md). What must wait for another refuses until that has ended.",
      "The replica is quicker, and refuses when it holds more than the assets do: [promote](promote-replica.md).",
    ],
    stop: "The region answers again before the step resume: stop, and compare both before anything is written. After resume go on to the end, or break off as [stand-down](stand-down.md) says: a second site that serves and a first one that was never fenced part from each other.",
  },
  OmniverseDirectoryServerDown: {
    means:
      "One directory server of this site takes no connection, or the probe asks it no more. People log in through the other one.",
    look: [
      "openssl s_client -connect <server>:636 -brief </dev/null",
      kubectl("logs deployment/nucleus-authentication --tail=50"),
    ],
    act: ["Tell whoever keeps Active Directory which one it is; it is theirs to mend."],
    stop: "The other one goes as well: follow OmniverseDirectoryUnreachable.",
  },
  OmniverseDirectoryUnreachable: {
    means: "No directory server answers at this site: who is logged in works on, nobody else gets in.",
    look: ["openssl s_client -connect <server>:636 -brief </dev/null", kubectl("get pods -l component=authentication")],
    act: [
      "Call whoever keeps Active Directory: no recovery of ours brings it back.",
      "They answer from elsewhere and not from here? A network policy or a security group has changed: deploy.",
      "Nobody asks any more? Mend the prober of this site.",
    ],
    stop: "An hour without: tell the owners; a failover helps only where the other site's servers answer.",
  },
  OmniverseJobFailed: {
    means:
      "A copy, a verification, a drill or a step of a recovery failed within the last hour. Its log says why in its last line.",
    look: failedJobs,
    act: ["Read the log, mend what it names, start the job again."],
    stop: "It fails three times: leave it to the alert on what is overdue, and call the content platform team by day.",
  },
  OmniverseVerificationOverdue: {
    means:
      "Nobody has restored a dump or a copy of the accounts, or read a snapshot back, for too long: copies may be worth nothing.",
    look: lastVerifications,
    act: ["Start the verification that the alert names."],
    stop: "It cannot run: restore a dump by hand on a machine of your own.",
  },
  OmniverseDrillOverdue: {
    means: "Nobody has rehearsed the recovery for longer than a month: its time is a guess again.",
    look: lastDrills,
    act: [
      "Start the drill at the secondary site.",
      "Write each of the `records` that it prints into `drills` of the register.",
    ],
    stop: "It fails: the recovery would fail as well. Treat it as an incident of the day.",
  },
  OmniverseDrillFellShort: {
    means:
      "A drill brought everything back and verified it, but later, or as of an earlier moment, than is promised or planned: a real recovery would do no better. Or it ended well, and what it measured is not known.",
    look: lastDrills,
    act: [
      "The last line of the drill's log says each number and what it is held against; so do the series `holdfast_drill_restore_seconds`, `holdfast_drill_age_seconds` and `holdfast_drill_bytes`.",
      "It took longer? More data than the register counts with, a slower disk or a throttled key: mend that, or declare longer steps and see in `pulumi preview` what that makes of the promise.",
      "What came back was too old? Copies were missed before it: OmniverseCopyStale says which.",
      "Nothing measured? The Pushgateway of this site has lost it: start the drill again.",
      `Then start the drill again: ${drillJobs.map((job) => `\`${startJob(job)}\``).join(", ")}. The alert ends with one that keeps the promise.`,
    ],
    stop: "A second drill falls short as well: the promise does not hold. Tell the owners, and put the measured time into the register.",
  },
  OmniverseIntegrityFailed: {
    means:
      "A dump or a snapshot does not hold what its manifest says. The database may be damaged, or whoever writes the bucket is hostile.",
    look: lastVerifications,
    act: [
      "Its restore failed: is the database itself damaged? `pg_amcheck` says so; then [database](database-in-place.md).",
      "It refers to files that are gone: somebody cleaned up what a database still names; [assets](assets-in-place.md).",
      "Damaged in the bucket although locked: call the security team now.",
    ],
    stop: "Two in a row are damaged: nothing newer is to be trusted, tell the owners.",
  },
  OmniverseJobsAsleep: {
    means:
      "This site serves people, and the job that the alert names is suspended: nobody copies, verifies or tidies what they do. A failover or a fail-back was not finished, or somebody deployed over it.",
    look: [kubectl("get cronjobs"), kubectl("get deployments")],
    act: [
      "Does the public name lead here (`dig +short omniverse.company.com`), or is a failover or a fail-back to this site between its steps resume and dns? If neither, as where one to the other site has fenced this one: wake nothing, and find out who started Nucleus here, before two sites write.",
      "A failover or a fail-back has just been made? Read the log of its step resume, or dns: its last line names what it could not wake, and why.",
      `Wake them yourself: \`for JOB in ${standbyJobs.join(" ")}; do ${kubectl(`patch "cronjob/$JOB" --type=merge --patch '{"spec":{"suspend":false}}'`)}; done\`.`,
      `Then take copies: ${firstCopies.map((job) => `\`${startJob(job)}\``).join(", ")}; the files when the dump has ended, which they must not be older than: \`${startJob(jobNames.assets)}\`.`,
    ],
    stop: "A job cannot be woken within half an hour: take a dump by hand, and call the content platform team.",
  },
  OmniverseEscalated: {
    means: "A critical alert of Omniverse stays: whoever was told did not end it.",
    look: failedJobs,
    act: ["Ask the primary on-call what they need; decide what they may not."],
    stop: "Nobody answers: you are on call now.",
  },
  OmniverseAssetCopyBehind: {
    means: "Files reach the other region later than S3's contract of 15 minutes: a lost region costs that work too.",
    look: [
      "aws cloudwatch get-metric-statistics --region <secondary> --namespace AWS/S3 --metric-name BytesPendingReplication ...",
    ],
    act: [
      "Somebody loads very much at once: it catches up; more than 1 Gbit/s takes a raised quota.",
      "The rule, its role or a key has changed: the next deployment puts it back.",
    ],
    stop: "An hour behind: call AWS, and stop large imports.",
  },
  OmniverseAssetCopyUnseen: {
    means: "S3 says nothing of the copy any more: the rule or its metrics are gone, or nothing was written for long.",
    look: ["aws s3api get-bucket-replication --bucket <assets>"],
    act: ["No rule? Deploy: what was written meanwhile takes a batch replication."],
    stop: "It is there and says nothing for an hour of work: call AWS.",
  },
  OmniverseAssetCopyFailed: {
    means:
      "S3 gave up on a file: it is in one region only until somebody writes it again, and a failover refuses whatever refers to it until a person accepts to be without it.",
    look: ["aws s3api head-object --bucket <assets> --key <file> --query ReplicationStatus"],
    act: ["Mend what its event names, a key or a permission, then write the file again, or replicate it as a batch."],
    stop: "Many files fail: treat it as a copy that is behind.",
  },
  OmniverseReplicaBehind: {
    means: "The replica is too far behind to be promoted, or says nothing. The promise does not count on it.",
    look: [instances],
    act: [
      "A long transaction or a large import: it catches up.",
      "`Replication error`? Make it again: remove it from the program, deploy, and put it back.",
    ],
    stop: "A day behind: tell those who would fail over that this path is closed.",
  },
  ...edgeAlertTexts,
  ...servedTexts,
  OmniverseDatabaseStorageLow: {
    means: "The database has less than a tenth of its storage left; a full one takes no writes and no backups.",
    look: [
      instances,
      "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,AllocatedStorage,MaxAllocatedStorage]' --output text",
    ],
    act: [
      "Below `storageMostGib` it grows by itself within minutes: watch it.",
      "At the limit: raise `database.size.storageMostGib` and deploy.",
    ],
    stop: "It does not grow: RDS changes storage once in six hours; delete what is temporary.",
  },
  HoldfastWatchdog: {
    means: "Always firing. The heartbeat service pages when it stops: alerting of this site is dead.",
    look: ["kubectl -n monitoring get pods"],
    act: ["Mend Prometheus or Alertmanager; the other site still sees the region."],
    stop: "Alerting stays dead: look at dumps and copies by hand until it is back.",
  },
};
