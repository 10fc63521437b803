import { formatSeconds } from "../../../recovery/duration";
import { commandsIn } from "../../runbooks/commands";
import { ACCOUNTS, jobNames, PLACE_MAP } from "../names";
import type { PathName } from "../recoverySteps";
import { afterLag, lasts } from "../regionOrder";
import { accountPathTexts } from "./accountTexts";
import { lostRegion, lostRegionWords } from "./lostRegion";

const { startJob } = commandsIn("omniverse-prod");

/** What the page of a path says around its steps. */
export interface PathText {
  when: string;
  /** What whoever starts it writes where the Jobs read it. */
  inputs: Readonly<Record<string, string>>;
  /** Words that only some incidents need, and when. @default none */
  words?: Readonly<Record<string, string>>;
  before: readonly string[];
  after: readonly string[];
}

const moment = { RESTORE_BEFORE: "2026-11-21T03:04:00Z" };

const declare =
  "Declare what is in force: the recovery has renamed instances, which the program's state does not know. Run `pulumi preview`, and import the instance that serves before anybody deploys.";

const keepAside = "Keep what was put aside until its owners have looked; no job ever deletes it.";

/** How one file that never arrived is kept from holding up everything. */
const without =
  "Where single files are in the way that can never come (S3 gave up on them, and the first bucket is gone), their owners may accept to be without them: write GO_ON_WITHOUT with their keys, a list in JSON such as `--from-literal=GO_ON_WITHOUT='[\"projects/a.usd\"]'`; the log of the step that refuses has it for what is missing. A key that is there is refused. What was gone on without is in the result of the step as `without`.";
const owed =
  "What was gone on without (`without` in the result of the steps): tell its owners, who write it again or delete it in Nucleus. Until then the verification of the copies names it as missing. Should the first bucket come back, it is there again after fail-back.";

/** What is true of a second site that has begun to serve. */
const servesAlone = [
  "**Until fail-back has ended, no copy lies in a second region.** The locked bucket and all that RDS keeps are in the region that serves now: losing it too loses all work since the failover, and nothing here promises otherwise. Tell the owners, and go back as soon as the first region stands: the procedure fail-back. Where that takes longer than a day, have RDS carry its backups to another region that stands (`aws rds start-db-instance-automated-backups-replication`), and S3 the locked bucket.",
  "Its step resume has woken every job of this site: copies, their verification and the daily work; database and accounts it copies at once, the files as soon as their schedule is due. The first copy of the files brings all of them to the mirror before it sends them: its deadline may end it, and the next goes on from there. Alerts on them are silent for as long as a healthy one may take, then as sharp as at the first; OmniverseJobsAsleep says what still sleeps.",
  "What watches the first site goes on firing until it stands: silence OmniverseRegionLost, OmniverseEscalated with `escalated=OmniverseRegionLost`, OmniverseCertificateNotRenewed, the alarms of AWS on the first region, and of those in this region OmniverseReplicaBehind and OmniverseAssetCopyUnseen, which have nothing to follow; nothing else. OmniverseSiteSilent asks the public name, so from dns on it watches this site from outside: do not silence it.",
  "**Damage while this site serves has no way back in place**: the paths *in place* run at the first site alone, and what is promised for corruption does not hold until fail-back has ended. What there is: RDS restores `<instance>-replica` to a moment since the failover as a new instance (`aws rds restore-db-instance-to-point-in-time`), and the bucket here keeps its versions. Stop Nucleus first, call the content platform team, and give names as [database-in-place](database-in-place.md) does.",
  "**No `pulumi up` of this stack until fail-back has ended**: the program declares this site without pods and its jobs asleep, so a deployment takes both away, or stops at the fields that the recovery owns. A new image goes in by the procedure [deployment](deployment.md), started here: it needs no Pulumi; declare the image after fail-back. Where somebody deployed nonetheless, OmniverseJobsAsleep fires as soon as pods are back: scale the Deployments labelled `app=nucleus` to their annotation `holdfast.dev/replicas`, in the order of `holdfast.dev/turn`, then wake the jobs as the page of that alert says.",
  "Broken off between resume and dns, because the first region answers again: not by starting that, but as [stand-down](stand-down.md) says.",
  `When the first copies have ended, read them back, or a deployment waits for the next run: \`${startJob(jobNames.verifyDatabase)}\`, \`${startJob(jobNames.verifyAssets)}\`, \`${startJob(jobNames.verifyAccounts)}\`.`,
];

const copying = [jobNames.dump, jobNames.assets, jobNames.accounts].join(" ");
const reading = [jobNames.verifyDatabase, jobNames.verifyAssets, jobNames.verifyAccounts].join(" ");

/** What makes a clean room that serves one that is copied. */
const copiedToo = [
  `**Nothing copies this room yet**, and RDS keeps its backups in the account that serves. The same day: make a bucket with versions and a lock of 90 days in compliance mode, in another region and best in a third account; a role for \`${ACCOUNTS.backup}\` that lists, reads and writes it below \`backups/\`, hides what is below \`backups/assets/\`, reads the versions of the new bucket, its own two secrets and where RDS has the database; and one for \`${ACCOUNTS.verify}\` that reads the same. Then \`kubectl -n omniverse-prod annotate serviceaccount ${ACCOUNTS.backup} --overwrite eks.amazonaws.com/role-arn=<role>\`, and the same for \`${ACCOUNTS.verify}\`.`,
  `Point the jobs there: \`for JOB in ${copying} ${reading}; do kubectl -n omniverse-prod set env "cronjob/$JOB" BUCKET=<locked bucket> BUCKET_REGION=<its region> ASSET_BUCKET=<new bucket> DB_INSTANCE=<new instance>; done\`. Only then wake them, which else would write to what is not trusted: \`for JOB in ${copying} ${reading}; do kubectl -n omniverse-prod patch "cronjob/$JOB" --type=merge --patch '{"spec":{"suspend":false}}'; done\`, and take the first: \`${startJob(jobNames.dump)}\`, \`${startJob(jobNames.accounts)}\`, and when the dump has ended \`${startJob(jobNames.assets)}\`.`,
];

/** Texts by path. */
export const pathTexts: Readonly<Record<PathName, PathText>> = {
  ...accountPathTexts,
  "assets-in-place": {
    when: "Files are damaged, overwritten or deleted. The other region's bucket holds the damage as well: replication copies it.",
    inputs: moment,
    before: [
      "Find the last moment that is trusted, in UTC; earlier is safer and loses more. Database and files get the same one.",
      "Tell whoever works: from the first step on nothing is accepted.",
    ],
    after: [
      "Go on with [database-in-place](database-in-place.md): a database that is newer than its files refers to some that are not there. Its step resume starts Nucleus.",
      "Files that were made after the moment are still there: give them back to their authors, then let the storage clean-up take them.",
    ],
  },
  "database-in-place": {
    when: "The database is damaged: a bad write, an operator's error, a broken migration. Standby and replica hold the damage. The runbook's database recovery, from any moment instead of last night's dump.",
    inputs: moment,
    words: {
      DATABASE_RESOURCE:
        "the number of what an earlier restore has put aside (`aws rds describe-db-instances`, DbiResourceId), where that was to the wrong moment: what serves now has no log of before",
    },
    before: [
      "Find the last moment that is trusted, in UTC; it must not be later than the one that files were brought back to.",
      "If files are damaged too, [assets-in-place](assets-in-place.md) comes first.",
    ],
    after: [
      "The promise for a lost region does **not** hold now: the replica and the carried backups of the other region belong to the instance that was put aside. At once, in the secondary: [follow-again](follow-again.md). The job `omniverse-restorable-time` fails, and OmniverseBackupsNotCarried fires, until it has ended.",
      declare,
      keepAside,
      "What was put aside has the tag `holdfast:put-aside`, and its database says so too: nothing that has either is followed, promoted or restored from by itself. To give up and go back to it, give it its name back, take the tag away (`aws rds remove-tags-from-resource`), and the word: `comment on database nucleus is null`.",
      "What was written after the moment is lost: say so to whoever works.",
    ],
  },
  "assets-in-secondary": {
    when: "The primary region is lost. The replicated bucket becomes the one that is written to. Begun together with the database and the accounts.",
    inputs: lostRegion,
    words: lostRegionWords,
    before: [
      "Decide with the content platform team: what had not arrived here is given up.",
      "LOST_AT is when the alert OmniverseRegionLost says that it began, such as 2026-11-21T03:04:00Z: what is lost is reckoned from then, not from when somebody got here.",
      "Only where take refuses because more would be lost than is promised: first look whether what is missing can still come (wait; or, while the first bucket answers, have S3 send what has failed again, by Batch Replication). If it cannot, write LOSE_SINCE with the moment that the refusal names.",
      without,
    ],
    after: [
      "The database waits for take, and its resume for verify: [database-in-secondary](database-in-secondary.md), or [promote-replica](promote-replica.md), whichever was begun.",
      "Before the first region is connected again: disable the replication rule of its bucket, or what was under way arrives over newer work.",
    ],
  },
  "promote-replica": {
    when: "The primary region is lost, and every file that the replica refers to has arrived. It loses least; its step lag refuses where it must not be used.",
    inputs: lostRegion,
    words: lostRegionWords,
    before: [
      without,
      "LOST_AT is when the alert OmniverseRegionLost says that it began, such as 2026-11-21T03:04:00Z.",
      `Where lag refuses, the way is ${formatSeconds(lasts(afterLag))} at most: restore of [database-in-secondary](database-in-secondary.md) goes on after the fence of this page.`,
    ],
    after: [
      owed,
      ...servesAlone,
      "There is no replica and no replicated backup any more, until the step follow of fail-back makes one.",
    ],
  },
  "database-in-secondary": {
    when: "The primary region is lost, and the replica is ahead of the files, damaged or gone. What the promise counts on.",
    inputs: lostRegion,
    words: lostRegionWords,
    before: [
      without,
      "LOST_AT is when the alert OmniverseRegionLost says that it began, such as 2026-11-21T03:04:00Z.",
      "After fence and lag of [promote-replica](promote-replica.md) begin with restore: it goes on after that fence.",
      "RESTORE_BEFORE only where the damage began before the region was lost, LOSE_SINCE only where take or restore refuses because more would be lost than is promised.",
    ],
    after: [keepAside, owed, ...servesAlone],
  },
  "assets-in-clean-room": {
    when: "Credentials of the workload or of the deployer are in other hands. Only the locked bucket is trusted.",
    inputs: { ...moment, SERVED: "primary", TARGET_BUCKET: "<new bucket>" },
    before: [
      "SERVED is the site that served at that moment: after a failover each site has copies of its own, and one that lives on goes on making them.",
      "Call the security team; the last moment that is trusted is theirs to say.",
      "Choose a name for the bucket, write what is below and start the step `room` here and of [accounts-in-clean-room](accounts-in-clean-room.md): it names what is still to be made. Begin with the database: as soon as RDS names its endpoint, write that too and start the `room` of [database-in-clean-room](database-in-clean-room.md).",
      "Use an account that never held those credentials. Manifests and the job scripts are in `recovery-kit/omniverse.json` of the locked bucket; the repositories' password is among the platform's keys: open it as the platform's page of its clean room says, and put it into a secret of the same name here.",
      "The ServiceAccounts of the kit name roles of the account that is not trusted: `kubectl -n omniverse-prod annotate serviceaccount omniverse-recovery omniverse-serving omniverse-authentication --overwrite eks.amazonaws.com/role-arn=<role of this account>`. The first reads the locked bucket and its own secrets and writes the new bucket, the second reads and writes the new bucket and reads the secret of the database, the third reads the secret of the directory.",
      "Make a versioned bucket for the files, in the region of the locked one.",
    ],
    after: ["Go on with [database-in-clean-room](database-in-clean-room.md)."],
  },
  "database-in-clean-room": {
    when: "As [assets-in-clean-room](assets-in-clean-room.md), which comes first: the dump that its copy was completed for.",
    inputs: {
      ...moment,
      SERVED: "primary",
      TARGET_HOST: "<new server>",
      TARGET_BUCKET: "<new bucket>",
      TARGET_ZONE: "<id of the new zone>",
    },
    before: [
      "[accounts-in-clean-room](accounts-in-clean-room.md), all steps: resume and dns refuse without them.",
      "Make an empty PostgreSQL 15 in RDS, and a secret with its `username` and `password` under the name that the Jobs read, `omniverse-prod-postgres`.",
      `Say where Nucleus here finds its data, which are the ones that come back; it is read whenever a pod starts, so it stays after the incident: \`kubectl -n omniverse-prod create configmap ${PLACE_MAP} --from-literal=DATABASE_HOST=<new server> --from-literal=FILES_BUCKET=<new bucket>\`.`,
      "The name comes last, and its zone belongs to the account that is not trusted: a role changes no zone of another account. Make a zone of the same name in this one, with whatever else people look up in it, have whoever keeps the parent domain delegate to its name servers, and write its id as TARGET_ZONE. Who remembers the old name servers comes when the delegation's TTL has ended: have it changed first.",
      `Make a health check in this account: HTTPS, port 443, \`/health\`, of the clean room's own address. The role of \`${ACCOUNTS.recovery}\` may do four things in Route 53: \`ListResourceRecordSets\` and \`ChangeResourceRecordSets\` on the new zone, \`ListHealthChecks\` and \`GetChange\`; and \`secretsmanager:DescribeSecret\` of the directory's secret, by which \`room\` sees that it is filled in.`,
    ],
    after: [
      ...copiedToo,
      "Issue new credentials and certificates; none of the old ones come along.",
      "Move to a permanent site once the security team agrees.",
    ],
  },
};
