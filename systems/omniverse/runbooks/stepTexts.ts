import { table } from "../../runbooks/page";
import type { StepText } from "../../runbooks/recoverySteps";
import { fenceVerdicts, type RdsSays } from "../fence";
import { probes } from "../names";
import type { PathName } from "../recoverySteps";
import { accountStepTexts } from "./accountTexts";

const stop: StepText = {
  does: "Notes how many pods each Deployment labelled `app=nucleus` has, scales them to 0 and waits until no pod is left. Nobody writes from here on.",
  fails: "A pod is left: find its node and end it there. Restore nothing while one runs.",
};

const notify: StepText = {
  does: "Tells people that a failover begins. It never holds the failover up.",
  fails: "It does not fail for that; `told: false` in its log means: call them.",
};

const rdsSays: Readonly<Record<RdsSays, string>> = {
  fenced: "the name is gone, now or from a run before",
  refuses: "an error, a refusal, or the name is not gone in time",
  nothing: "no answer, and RDS here does answer",
};

const fence: StepText = {
  does: "Gives the first site's database the name `<instance>-fenced`: that restarts it, ends every connection, and takes away the address that Nucleus there knows. Where that name is taken, the time comes behind it. Nothing is lost by it, and the name can be given back. It notes which instance that was: its number says later whose backups are the right ones. Then `/health` of the first site must not be served, three times in a row. Silence counts where it is not that of the way there.",
  more: `${table(
    ["RDS of the first region", "`/health` is served", "it answers otherwise", "no answer comes"],
    (Object.keys(fenceVerdicts) as RdsSays[]).map((rds) => {
      const { serves, refuses, nothing } = fenceVerdicts[rds];
      return [rdsSays[rds], serves, refuses, nothing];
    }),
  )}

The way is known where this site's own address answers from here now, and the probe \`${probes.secondary}\` has seen the first site within the last day. Where RDS does not answer here either, the step stops: nothing can be told from here.`,
  fails:
    'Its last line says why. Stop what writes there (scale the Deployments labelled `app=nucleus` of the first site to 0, or stop its database), or make sure that nothing there can write: two sites that do cannot be made one again. Only then add `FENCED=yes`, with the command for one word above, and start the step again; it then goes on in every case. A region that could not be reached is noted as unreachable, not as fenced: before it is connected again, rename its database and suspend its CronJobs. Where its cluster can be reached, do so now: `kubectl -n omniverse-prod patch cronjob <job> --patch \'{"spec":{"suspend":true}}\'` for `omniverse-backup-database`, `omniverse-backup-assets`, `omniverse-backup-accounts` and `omniverse-orphans`; those that copy stop by themselves once dns has moved the name, and write into a folder of their own site until then.',
};

const resumeInPlace: StepText = {
  does: "Gives the old instance another name and the verified one its name, so that its address stays the same; then starts Nucleus with as many pods as before and waits for `/health`. A name takes RDS some ten minutes.",
  fails: "Start it again: it goes on with the name that is missing. Both instances are there whatever happened.",
};

const start: StepText = {
  does: "Starts Nucleus at this site and waits for `/health`. Clients do not come here yet.",
  fails: "Look at the pods that are not ready; start the step again when they are.",
};

const dns: StepText = {
  does: "Points the public name to this site and waits until the change is everywhere. Refuses before database **and** assets are verified and `/health` answers. Clients follow within the record's TTL.",
  fails: "Its message names the step that is missing: do that one. Never move the name by hand first.",
};

const verifyDatabase: StepText = {
  does: "Connects over TLS, counts the rows of the largest tables, reads every index with `pg_amcheck`, and looks up each file that the database refers to. It fails above none missing. Where RDS gives this user no right to look at pages, it says so and goes on.",
  fails:
    "Files are missing: its log lists twenty and counts all. They were deleted since, so bring the files back to the same RESTORE_BEFORE by [assets-in-place](assets-in-place.md), all its steps, and start this one again; an earlier RESTORE_BEFORE alone lacks as many or more. Damage: choose an earlier RESTORE_BEFORE and begin with the first step. `pg_amcheck` has not read everything in time: start it again, what was read is faster. Its database says that it was put aside, or has stood down: it was restored from an instance that no longer served; choose a RESTORE_BEFORE before that, or the DATABASE_RESOURCE that served.",
};

/** The same where a region is lost. */
const verifyElsewhere: StepText = {
  ...verifyDatabase,
  fails:
    "Files are missing: its log lists twenty, counts all, and has the words by which they are accepted (GO_ON_WITHOUT, see above); or choose an earlier RESTORE_BEFORE and begin with the first step. Damage: the latter. `pg_amcheck` has not read everything in time: start it again, what was read is faster. Its database says that it was put aside, or has stood down: choose the DATABASE_RESOURCE that served.",
};

/** The same of copies, where dump and files were completed for each other. */
const verifyInRoom: StepText = {
  ...verifyDatabase,
  fails:
    "Files are missing: its log lists twenty, counts all, and has the words by which their owners accept to be without them (`--from-literal=GO_ON_WITHOUT='[\"projects/a.usd\"]'`, a list of keys in JSON; what was gone on without is in its result); or choose an earlier RESTORE_BEFORE and begin with find of [assets-in-clean-room](assets-in-clean-room.md), which takes the pair before. Damage: the latter. `pg_amcheck` has not read everything in time: start it again, what was read is faster.",
};

const verifyFiles: StepText = {
  does: "Compares the bucket with what was to be brought back, and reads the beginning of some files: a key that this site may not use shows only so.",
  fails: "Start the step before again: it brings back what differs. A file that cannot be read: mend the key's policy.",
};

/** The first step of every way back in a clean room. */
export const room: StepText = {
  does: "Waits until the room is made, and names in its log what is still to be made: start it first, and make what it names. That of the database looks at everything up to the last step as well: the Secrets and claims that a start needs, zone and health check. The two hours are part of what is promised.",
  fails: "Its last line names what is missing: make that and start it again.",
};

const findPoint: StepText = {
  does: "Finds the newest copy in the locked bucket that is not later than RESTORE_BEFORE and that S3 had taken by then, and reads its manifest. What was written later does not count, whatever moment it claims.",
  fails: "No copy that old: choose a later RESTORE_BEFORE, if the security team trusts it.",
};

/** Texts of the steps of each path. */
export const stepTexts: Readonly<Record<PathName, Readonly<Record<string, StepText>>>> = {
  ...accountStepTexts,
  "database-in-place": {
    stop,
    restore: {
      does: "Has RDS make a new instance as the old one was at RESTORE_BEFORE, with the same network, parameters and protection. The old one is not touched.",
      fails:
        "RESTORE_BEFORE is refused: its message says what can be restored. RDS could not: look at the instance's events. A run that its deadline ended is started again and goes on waiting for the same instance.",
    },
    verify: verifyDatabase,
    resume: resumeInPlace,
  },
  "assets-in-place": {
    stop,
    restore: {
      does: "Copies the version that each file had at RESTORE_BEFORE over the newest, and brings deleted files back. Newer files stay: nothing refers to them. No version is deleted. It notes below `.holdfast/notes/` of the bucket which versions are meant, for they expire and the database goes on naming them.",
      fails: "Start it again: what is done is not done twice.",
    },
    verify: verifyFiles,
  },
  "promote-replica": {
    notify,
    fence,
    lag: {
      does: "Asks the replica up to when it follows, compares that with the replicated backups, and looks up in the bucket here every file that it refers to.",
      fails:
        "The replica is ahead of the files, or far behind, or of an instance that was put aside: do not promote it, unless what is missing can never come and is accepted (GO_ON_WITHOUT, see above). Go on with [database-in-secondary](database-in-secondary.md), at its step restore: the fence of this page counts there.",
    },
    promote: {
      does: "Makes the replica a database of its own, with backups. It cannot follow again.",
      fails: "Start it again: one that is promoted is not promoted twice.",
    },
    verify: verifyElsewhere,
    resume: start,
    dns,
  },
  "database-in-secondary": {
    notify,
    fence,
    restore: {
      does: "Has RDS make an instance from the replicated backups, as it was at the newest moment that the files here hold, from the backups of the instance that served (or at RESTORE_BEFORE, where that is set and earlier). Network and settings are those of the replica, or where there is none those that the program declares.",
      fails:
        "`take` of the assets is missing: do that first. Backups of several instances are here: it prints them; add the DATABASE_RESOURCE of the one that served. Backups that end too long before the region was lost: take [promote-replica](promote-replica.md), or say LOSE_SINCE. A run that its deadline ended is started again and goes on with the moment it had chosen.",
    },
    verify: verifyElsewhere,
    resume: {
      ...resumeInPlace,
      does: "Gives the replica another name and the verified instance its name, the one that Nucleus here connects to; then starts Nucleus and waits for `/health`. Clients do not come here yet.",
    },
    dns,
  },
  "assets-in-secondary": {
    take: {
      does: "Says which moment the files here hold: exactly, where the first bucket still answers (the latest of which every file that was there then has arrived; what was replaced or deleted before is not waited for), else estimated. Names what is pending or failed, refuses what is older than promised, and proves that this site may write here.",
      fails:
        "More would be lost than is promised, its log names the files that are in the way: see above. Nothing can be written here: mend policy or key of the bucket.",
    },
    verify: verifyFiles,
  },
  "database-in-clean-room": {
    room,
    find: {
      ...findPoint,
      does: "Finds the dump that the chosen copy of the assets was completed for; that copy is found first.",
    },
    restore: {
      does: "Restores the dump into TARGET_HOST under another name, gives it its own when it is whole, and compares every table with what was counted when it was taken.",
      fails: "Start it again. A database of that name that is not this dump is never overwritten: rename it first.",
    },
    verify: verifyInRoom,
    resume: {
      does: "Refuses until `omniverse-place` names the restored database and bucket; then starts Nucleus, which reads them from there, and waits for `/health`. Clients do not come here yet.",
      fails:
        "The command that points Nucleus here is in its last line, or the pods that are not ready: start it again when they are.",
    },
    dns,
  },
  "assets-in-clean-room": {
    room,
    find: findPoint,
    restore: {
      does: "Restores the snapshot, read as the repository was when it was complete, and uploads it to TARGET_BUCKET.",
      fails: "Start it again: files that are there are not sent twice.",
    },
    verify: verifyFiles,
  },
};
