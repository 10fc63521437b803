import type { StepText } from "../../runbooks/recoverySteps";
import type { ProcedureName } from "../procedures";

/** What the page of a procedure says around its steps, and of each of them. */
export interface ProcedureText {
  when: string;
  /** What whoever starts it writes where the Jobs read it. */
  inputs: Readonly<Record<string, string>>;
  before: readonly string[];
  steps: Readonly<Record<string, StepText>>;
  after: readonly string[];
}

const back = "Go on with [rollback](rollback.md).";

const pageOn: StepText = {
  does: "Starts the page that stands apart from Nucleus, and leads the Service `nginx` to it: people get a 503 with its reason; `/health` is still the answer of the pods behind.",
  fails: "Nothing has been stopped. Look at the pods of `omniverse-page`.",
};

const stop: StepText = {
  does: "Notes how many pods each Deployment labelled `app=nucleus` has, scales them to 0 and waits until no pod is left.",
  fails: "A pod is left: find its node and end it there.",
};

const pageOff: StepText = {
  does: "Asks `/health` several times, leads the Service `nginx` back to its own pods, and ends the page.",
  fails: "The service is not healthy, and people go on seeing the page.",
};

/** Texts by procedure. */
export const procedureTexts: Readonly<Record<ProcedureName, ProcedureText>> = {
  "server-recovery": {
    when: "Nucleus does not answer, or answers now and then; its region stands. Pods are replaced and a standby of RDS takes over by themselves: this is for what comes back and is not well.",
    inputs: {},
    before: ["Look whether a recovery or a deployment is under way: it has stopped the server on purpose."],
    steps: {
      status: { does: "Shows each workload with the pods it should have and has, and why a container is not ready." },
      restart: {
        does: "Restarts the Deployment `nucleus-server` and gives it the runbook's half a minute. A server that is not ready then may lack what the next steps look at.",
        fails: "The server is to have no pod: end what has stopped it first.",
      },
      database: {
        does: "Connects to the database over TLS and asks whether it takes writes. Restarts nothing of RDS.",
        fails: "Go on with [database-repair](database-repair.md).",
      },
      disk: {
        does: "Above 90 % of the volume of the logs, rotated logs older than a day go, each archived to the locked bucket first. What cannot be archived goes only as far as it must.",
        fails: "Something else fills the volume, or it is too small: make the claim larger.",
      },
      health: {
        does: "Waits the runbook's minute, then asks `/health` several times in a row, and whether every pod is ready.",
        fails:
          "The server is **not** recovered: its log shows what is not ready. A version that was deployed lately: [rollback](rollback.md). Damaged accounts, files or database: their recovery.",
      },
    },
    after: [
      "Write down why it failed. What was removed from the volume is below `backups/database/logs/` of the bucket.",
    ],
  },
  "database-repair": {
    when: "The database does not answer, or answers with errors. It reaches it, looks at all of it, and mends what indexes alone have lost; rows are not mended but restored.",
    inputs: {},
    before: [
      "The promise's clock runs: where damage is known, begin with [database-in-place](database-in-place.md) and not here.",
    ],
    steps: {
      reach: {
        does: "Starts an instance that somebody stopped, restarts one only where RDS says that it waits for it, and waits until it answers over TLS.",
        fails: "It says which path to take.",
      },
      integrity: {
        does: "Reads every page of every table and every entry of every index (`pg_amcheck --heapallindexed`), then all rows (`pg_dump` to nowhere).",
        fails:
          "Rows are damaged: [database-in-place](database-in-place.md), to a moment before. This user may not look at pages: whether indexes are broken cannot be told here; `REINDEX` needs no such right, the restore neither.",
      },
      stop,
      repair: {
        does: "Makes all indexes and statistics anew where indexes alone are broken, while nobody writes; else does nothing.",
        fails: "Two rows have one key, which no index can hold: [database-in-place](database-in-place.md).",
      },
      verify: {
        does: "Looks at everything again, counts rows, and looks up each file that the database refers to.",
        fails:
          "It was not enough: [database-in-place](database-in-place.md). Files are missing: [assets-in-place](assets-in-place.md) first.",
      },
      start: { does: "Starts Nucleus with as many pods as before and waits for `/health`." },
    },
    after: [
      "Find out what broke the indexes: a changed library of the system, storage, an extension. Until then it may happen again.",
    ],
  },
  deployment: {
    when: "A new version of Nucleus, by the runbook's checklist. Steps prepare and rehearse disturb nobody and may be done up to a day before; the way back uses the dump that is taken once people have stopped.",
    inputs: {
      CHANGE_REQUEST: "CHG-1234",
      APPROVED_BY: "<who approved>",
      NEW_VERSION: "2026.2.0",
      NEW_IMAGES: '{"nucleus-server": "<image>@sha256:<digest>"}',
      NEW_SETTINGS: "{}",
      MIGRATION_SQL: "",
      ISSUES: "none",
    },
    before: [
      "Nothing in the settings is secret: they are variables that anybody in the namespace can read.",
      "Have a second person at hand: from maintenance-on until maintenance-off nobody can work.",
    ],
    steps: {
      prepare: {
        does: "Notes what runs, takes a dump that is locked and named for the version, and the shape of the database.",
        fails: "Nothing has changed.",
      },
      rehearse: {
        does: "Restores that dump into a server of its own, counts it, and gives it the name as a rollback would.",
        fails: "There is no way back: do not deploy.",
      },
      gates: {
        does: "The checklist's six: approved by name, copies read back lately, a declared window, the way back rehearsed, alerts evaluated and sent, people told. Names all that are open.",
        fails: "Nothing has changed. Close what its log names.",
      },
      "maintenance-on": pageOn,
      stop,
      dump: {
        does: "Takes a second dump, locked like the first, now that nobody writes any more: a rollback loses nothing that was written before.",
        fails: `Nothing has changed: start it again while there is time. ${back}`,
      },
      deploy: { does: "Gives the named workloads their images, while no pod runs.", fails: back },
      migrate: {
        does: "Runs MIGRATION_SQL in one transaction, if there is any, and notes whether the database has changed.",
        fails: `Nothing of the migration is in force. ${back}`,
      },
      configure: { does: "Sets NEW_SETTINGS as variables of the workloads.", fails: back },
      start: { does: "Starts the services in the order of their dependencies and waits for `/health`.", fails: back },
      smoke: {
        does: "The images that were meant run and are ready; `/health`, rows, and every file that the database refers to.",
        fails: back,
      },
      watch: {
        does: "For half an hour asks `/health`, restarts, critical alerts and errors in the logs, up to the first failure.",
        fails: back,
      },
      "maintenance-off": pageOff,
      finish: {
        does: "The checklist's five points of afterwards: it works, alerts are quiet, people reach it by its name, ISSUES is written down, whoever waits is told.",
        fails: `Its log names the point. ${back}`,
      },
    },
    after: [
      "Declare the images and settings in `Pulumi.<stack>.yaml` before the next `pulumi up`, which would else bring the old ones back.",
    ],
  },
  "stand-down": {
    when: "Before the step last of [fail-back](fail-back.md), or where a failover is broken off after its step resume: the second site, which serves, stops. Run it there.",
    inputs: {},
    before: ["Tell whoever works: from here on nothing is accepted until fail-back has ended."],
    steps: {
      close: {
        does: "Takes back what an earlier stand-down has written into the database, so that no fail-back believes it. Then scales `nginx` to 0: nobody comes in any more, so no account and no tag changes. The servers behind it go on, because accounts are copied from one that runs.",
        fails: "A pod is left: find its node and end it there.",
      },
      accounts: {
        does: "Starts the job `omniverse-backup-accounts` of this site, and waits for a copy that began after the step close.",
        fails:
          "Look at the Job that it names. To let people in again: `kubectl -n omniverse-prod scale deployment/nginx --replicas=2`, or as many as there were.",
      },
      verify: {
        does: "Fetches that copy, restores it into scratch with the vendor's tools and counts it. Nothing stops before it can be read.",
        fails: "Start accounts again.",
      },
      stop: {
        does: "Scales Nucleus to 0, sends the jobs of this site to sleep (copies, their verification, the daily work), and writes into the database that it has stood down, and which copy of the accounts is its last: whoever follows it and reads that has all that was written before.",
        fails: "Nothing was lost: start the Deployments again, or the step.",
      },
    },
    after: [
      "Fail-back: go on with the step last of [fail-back](fail-back.md). People let in again before its step promote: begin with close the next time.",
      "**A failover that is broken off after resume**, before dns has moved the name: give the second site's instance the name `<instance>-replica-stood-down` (`aws rds modify-db-instance --db-instance-identifier <instance>-replica --new-db-instance-identifier <instance>-replica-stood-down --apply-immediately`), then the first site's, `<instance>-fenced`, its own. Start the Deployments of the first site. What people wrote at the second meanwhile is in the one that stood down and in its bucket: tell them. Then [follow-again](follow-again.md) here: until it has ended, the promise for a lost region does not hold.",
    ],
  },
  "follow-again": {
    when: "After [database-in-place](database-in-place.md) and after [fail-back](fail-back.md): what serves is another instance under the old name, and the replica and the carried backups of the other region are still those of the one that was put aside. Until this has ended, the promise for a lost region does not hold. Run it in the secondary; nobody is disturbed.",
    inputs: {},
    before: [
      "The instance of the first region serves under its name, and is well: what follows copies everything of it, damage too.",
    ],
    steps: {
      aside: {
        does: "Notes how the replica was made and gives it the name `<replica>-until-<time>`, unless it follows what serves. Refuses one that follows nothing: it may be what serves.",
        fails: "Neither the replica nor one that stood down is there: deploy the program, which makes one.",
      },
      follow: {
        does: "Makes a replica of what serves, with the settings and under the name of the old one, and waits until it can be used.",
        fails: "Start it again: it goes on waiting for the same one.",
      },
      backups: {
        does: "Has RDS send the backups of what serves to this region, and waits until a moment of it can be restored here. Names in its log what is sent besides, of instances that were put aside, with the command that ends it. Notes the number of the instance, by which a recovery chooses.",
        fails: "Start it again: it goes on waiting. RDS sends a whole snapshot first.",
      },
    },
    after: [
      "Its log says `are still sent here`? Somebody who may end copies, which no role of ours may, runs the command that it prints: `aws rds stop-db-instance-automated-backups-replication`. What came is kept as long as ever. Until then two are as new as each other, and only what this step has noted tells them apart when the region is lost.",
      "Look whether OmniverseBackupsNotCarried and OmniverseReplicaBehind are quiet: the promise for a lost region holds again.",
      "Run `pulumi preview`, and import the replica and its backups, before anybody deploys.",
      "Keep `<replica>-until-<time>` until somebody has looked.",
    ],
  },
  "fail-back": {
    when: "The first region stands again after a failover, and people are to go back. Planned: steps look, follow and files take hours, and may take days, while people work at the second site; from stand-down until dns nobody can.",
    inputs: {},
    before: [
      "A failover without its promoted database at the second site cannot be gone back from: that one is followed.",
      "Disable the replication rule of the first site's bucket: what it had not sent would arrive over newer work. The step look refuses until then.",
    ],
    steps: {
      look: {
        does: "Stops whatever runs here, sees that the second site serves and that nothing is copied to it any more, and puts the old instance aside as `<instance>-fenced`, with the time behind it where that is taken, marked so that nothing is restored from it.",
      },
      follow: {
        does: "Makes a replica here of the instance that serves there, with the network, the room to grow, the logs and the other settings of the old one. From here on the database of the second site has a copy in another region again.",
      },
      files: {
        does: "Copies every file that was written at the second site and is not here, as a new version. Repeat it while people work: less is left for the last time.",
        fails: "Start it again: what is done is not done twice.",
      },
      last: {
        does: "After [stand-down](stand-down.md): waits until the replica has followed to this step's own beginning, some five minutes where nobody writes; reads there that the second site has stood down since files were copied last, and asks Prometheus whether anybody was served there after that; copies the last files, and looks up each file that the database refers to. Notes which copy of the accounts is the second site's last.",
        fails:
          "People go on at the second site when its Deployments are started again; all of stand-down is then done again, from close. Its log says that Prometheus does not say who was served: see yourself that nobody has started the second site since.",
      },
      promote: {
        does: "Promotes the replica, gives the second site's instance the name `<replica>-stood-down`, with the time behind it where that is taken, so that nothing there writes to what nobody follows, and gives this one its standby and backups.",
      },
      verify: { does: "Counts rows, reads every index, and looks up each file that the database refers to." },
      resume: {
        does: "After stop, restore and verify of [accounts-in-place](accounts-in-place.md), which need no RESTORE_BEFORE now: they bring the very copy that the second site made last. Starts Nucleus here and waits for `/health`. This step and dns refuse without that copy.",
      },
      dns: {
        does: "Points the public name to this site, the second behind it. People work here from now on. Then it wakes every job of this site that a failover has sent to sleep, and copies database and accounts at once.",
        fails:
          "Its last line names jobs that still sleep? The name has moved: wake those as the page of [OmniverseJobsAsleep](OmniverseJobsAsleep.md) says, and go on.",
      },
      onward: {
        does: "Sees that the replication rule is enabled, and that the newest version of every file that is older than a quarter of an hour is the newest at the second site too. Before it has ended, fail-back has not.",
        fails:
          "S3 sends nothing by itself that was written while its rule was off, and so nothing that came home. Enable the rule (the console, or the next deployment), then start S3 Batch Replication for this bucket: S3, Batch Operations, create job, in the bucket's region; objects of the bucket's own replication configuration, of the statuses *not replicated* and *failed*; a role that S3 makes for it. When the job is complete, start this step again; it may take days.",
      },
    },
    after: [
      "Until onward has ended, a loss of this region would cost the files of the whole time at the second site. Do not delete anything there before.",
      "Make the second site's database follow this one: [follow-again](follow-again.md). Until both have ended the promise for a lost region does not hold.",
      "Run `pulumi preview`, and import what serves, before anybody deploys.",
      "When the next copy of the files has ended, look that all three of this site are there: until then only the second site's are.",
      "Keep `<instance>-fenced` and `<replica>-stood-down` until somebody has looked.",
    ],
  },
  rollback: {
    when: "A deployment has failed, at whichever step. Back to the images and settings of before, and to the database of before where that was changed: seen in the database itself, and in what migrate noted.",
    inputs: {},
    before: [
      "Nothing needs to be said: what ran before is noted by the deployment, for seven days.",
      "Where the database goes back, it is to what people left when the deployment stopped them; what was written since leaves it and is kept under another name. Of a deployment that did not come to its step dump it is to the dump of prepare, which may be a day old.",
    ],
    steps: {
      "maintenance-on": pageOn,
      stop,
      version: { does: "Gives the workloads the images of before, and the variables that the deployment has set." },
      database: {
        does: "Kept where nothing of it changed. Else the dump of before is restored beside it, counted and checked, and takes its name; the other keeps its data as `nucleus_until_<time>`.",
        fails:
          "Nothing was replaced: start it again. A dump that cannot be restored: [database-in-place](database-in-place.md), to the moment before the deployment.",
      },
      start: { does: "Starts the services in the order of their dependencies and waits for `/health`." },
      verify: {
        does: "After the runbook's minute: the images of before run and are ready, `/health` answers several times, and every file that the database refers to is there.",
        fails: "**ROLLBACK FAILED**: [server-recovery](server-recovery.md), then the paths in place.",
      },
      "maintenance-off": pageOff,
    },
    after: [
      "Look through what was put aside before anybody removes it: `nucleus_until_<time>` has what people wrote since.",
      "A deployment that is tried again begins with prepare.",
    ],
  },
};
