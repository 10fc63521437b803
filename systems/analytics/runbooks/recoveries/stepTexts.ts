import type { StepText } from "../../../runbooks/recoverySteps";
import type { AssetName } from "../../objectives";
import { type PathName, type PathPlan, recoveryPaths, type Way } from "../../recovery/recoverySteps";

const findExport: StepText = {
  does: "Chooses the export that comes back, the newest that is trusted, and reads every part of it against its checksum.",
  fails:
    "Older than promised: its last line has the words to say, LOST_AT or LOSE_SINCE. No export before RESTORE_BEFORE: nothing older is kept. A part that is not what was written: say an earlier RESTORE_BEFORE, and call the security team.",
};

const stopPipelines: StepText = {
  does: "Pauses the pipelines of bronze, silver and gold, ends their runs, and waits until none lives. Events wait in Event Hubs.",
  fails:
    "A run has not ended: end it in the workspace, then start the step again. Bring nothing back while somebody writes.",
};

const startPipelines: StepText = {
  does: "Sets the checkpoints of the pipelines aside, for tables are not as those know them, has them run again from where their tables end, and waits until each has a run that goes on.",
  fails:
    "A run ends and begins anew: read its error in the workspace, mend it, and start the step again. Nothing is undone by it; the old checkpoints lie in volumes beside the new ones.",
};

const sound =
  "A number of rows that differs: somebody still writes, see that it ends. Content that is not sound: its log names table and check; begin again with an earlier moment.";

/** The first step of every way back in the clean room. */
const room: StepText = {
  does: "Looks whether what people prepare is there, group, workspace or vault, and whether the copies under the lock can be read from the room.",
  fails:
    "Its last line names the first thing that is missing: make it, say it, and start the step again. What people take for that counts against the promise.",
};

/** Texts as the steps are done: `<step>-<way>` where the way decides what a step does, else `<step>`. */
const texts: Readonly<Record<AssetName, Readonly<Record<string, StepText>>>> = {
  lake: {
    fence: {
      does: "Closes the lost region's account to all, and the clones to all but this region: a workspace there that still lives, or comes back, can neither write nor clone over what people go on with. If it answers within a minute, its pipelines, clones and work on files are paused. The locked account stays as it is: captured events go on being written there, and the clean room can read.",
      fails:
        "The clones cannot be closed: this needs Azure Resource Manager; do not go on without. Only the lost region's own account cannot be closed: see that nothing there writes, add `FENCED=yes` with the command for one word above, and start the step again.",
    },
    "restore-secondary": {
      does: "Takes from the newest list of the runs of clones which tables there are and how old each is, marks the clones as serving, and gives them the names that people know, where they lie: no byte is moved. The lake is as old as its oldest clone. A table that was dropped is in no newer list; one under `absent` in the result is too young to have been cloned.",
      fails:
        "Older than promised: its last line names the table and has the words to say. The list cannot be read: no run of clones has ever ended there, or the lake's account here is not reached.",
    },
    stop: stopPipelines,
    "find-place": {
      does: "Of each table (or of DAMAGED_TABLES) finds the newest version before RESTORE_BEFORE, and reads it: its files must still be there.",
      fails:
        "No version that old, or one that cannot be read: that table comes from the clones under the lock, by [lake-in-clean-room](lake-in-clean-room.md); say the others as DAMAGED_TABLES and start the step again. Tables under `young` in the result were made since, and stay as they are: their owners look at them.",
    },
    "restore-place": {
      does: "Restores each table to the version that was found. That is a new version: what was written since stays in the history.",
      fails: "Start it again: a table that is back is restored to the same version once more.",
    },
    "verify-place": {
      does: "Counts each table against the version that was to come back, and checks the content of the quarter of an hour before: nothing that names a row is empty, no event is there twice.",
      fails: sound,
    },
    "verify-secondary": {
      does: "Counts the version of each table that was cloned against what its run noted, and checks the content of the quarter of an hour before: nothing that names a row is empty, no event is there twice. What people have written since is not looked at.",
      fails:
        "Other rows than were noted: files of the clone are missing, call the security team. Content that is not sound: its log names table and check; an earlier clone is in the history of that table (`DESCRIBE HISTORY`, then `RESTORE TABLE … TO VERSION AS OF`), which its owner chooses.",
    },
    "verify-room": {
      does: "Counts each table against the clone that it leads to, and checks the content of the quarter of an hour before: nothing that names a row is empty, no event is there twice.",
      fails: sound,
    },
    resume: startPipelines,
    room,
    "restore-room": {
      does: "Names each table under the lock that the runs had listed and cloned before RESTORE_BEFORE in the schema `locked` of the room, and makes a shallow clone of it in the account of the room: no byte is moved, and what is written there stays there. Under `absent` in the result are those that had been listed and not cloned.",
      fails:
        "The list or a clone from before that moment cannot be read: somebody has deleted or overwritten files. The lock keeps their versions: bring them back as said below, then start the step again.",
    },
  },
  kafka: {
    "restore-secondary": {
      does: "Promotes every namespace to this region, all at once, without waiting for the lost one. Their names go along: clients connect again and need no change. None is promoted unless all can be.",
      fails:
        "Some were not promoted: start it again, it goes on with those. Some cannot be (no replica here): nothing was changed; call Azure with their names.",
    },
    "verify-secondary": {
      does: "Asks each namespace where it takes events, and whether its topic has all partitions.",
      fails: "Its last line names the namespace: start restore again. A topic that is not whole: call Azure.",
    },
    stop: stopPipelines,
    "restore-place": {
      does: "Reads all events since RESTORE_BEFORE from Event Hubs again, of all namespaces at once and a quarter of an hour at a time, and writes into bronze those that it lacks. An event is never changed where it lies.",
      fails:
        "Its last line says EVENTS_SINCE: add it with the command for one word above and start it again; it goes on there. Its deadline holds an hour of events; more take as many starts. Events older than Event Hubs keeps them are in the captured files.",
    },
    verify: {
      does: "Checks the content of bronze since RESTORE_BEFORE: nothing that names a row is empty, no event is there twice.",
      fails: sound,
    },
    resume: startPipelines,
    room,
    "restore-room": {
      does: "Reads the events that were captured under the lock from the newest row of bronze on, up to RESTORE_BEFORE, and writes into bronze those that it lacks.",
      fails:
        "Start it again: what is there is not written twice. Nothing was captured: look whether files of that time lie in the container of events.",
    },
  },
  databricks: {
    room,
    find: findExport,
    restore: {
      does: "Makes every job of the export, or sets it as it was, and the clusters, pools, policies and warehouses that are not here by their names; each job leads to what has the names that it named, and runs as the person as whom it ran. In place it also sets policies and clusters as they were and takes away what was granted since. Gives permissions and grants; in another workspace than its own to people and groups alone. What the program declares here stays as it is. Jobs come back paused.",
      fails:
        "Its last line names the job, the cluster or the permission: usually a principal that is gone. Start it again then. What it names under `left` no export brings, and everything else is there: what stands on Delta Live Tables, shares its name with another, or ran as a service (`run_as`), and the grants of views, of schemas that are not here and of people's external locations. Their owners make them anew; those that the program declares a deployment makes.",
    },
    verify: {
      does: "Compares every job with the export, setting by setting, and what it names by names; looks whether the pipelines name what is here, and runs SQL on the warehouse.",
      fails:
        "Jobs that are not as they were: start restore again. Pipelines that are not here: a deployment makes them. SQL does not run: look at the warehouse and at its network.",
    },
    resume: {
      does: "Sets checkpoints of an earlier time aside, has the pipelines run from where their tables end, and waits until each has a run that goes on: from here on this workspace writes.",
      fails:
        "No run goes on: read its error in the workspace; usually a cluster that gets no machines. Start it again.",
    },
  },
  powerbi: {
    room,
    find: findExport,
    capacity: {
      does: "Wakes the capacity, waits until it is active, and leads every workspace of the export to it.",
      fails: "A workspace that is not there: make it, with this job's identity as its admin, and start the step again.",
    },
    restore: {
      does: "Publishes every report of the export; one that is there under its name is replaced.",
      fails: "Its last line names the report. Start it again: those that were published are published once more.",
    },
    verify: {
      does: "Looks for every report, takes each model over, points it at the warehouse that serves now, and refreshes it to its end.",
      fails:
        "A model that cannot read what it shows: look whether the lake has come back and the warehouse runs, and give the model credentials for that warehouse in its settings (Data source credentials): they come with no report and with no address. Then start the step again. A report that is missing: start restore again.",
    },
  },
  configuration: {
    room,
    find: findExport,
    restore: {
      does: "Writes every setting that differs from the export as it was: policies, alerts, action groups, networks of namespaces; policies that were added it takes away. What keeps data it names under `others` and leaves to the program, role assignments that were added, changed or taken away under `roles`: it gives nobody rights.",
      fails:
        "Its last line names the resource that Azure refused. Start it again: what is right already is not written.",
    },
    verify: {
      does: "Compares every setting and every role assignment with the export, and looks for policies and role assignments that it does not have.",
      fails:
        "Its last line names the first five that differ: somebody, or a deployment, changes them meanwhile. Stop that, then start restore again. Role assignments: an owner of the subscription gives back or takes away what it names (`az role assignment create`, `az role assignment delete --ids`), then start it again.",
    },
  },
  keys: {
    room,
    find: findExport,
    "restore-secondary": {
      does: "Waits until the paired region answers for the vault. Microsoft fails it over; until the region is back it can be read and not written.",
      fails:
        "It does not answer: whoever cannot wait opens the newest export by [keys-in-clean-room](keys-in-clean-room.md), for which RESTORE_BEFORE is now.",
    },
    "restore-place": {
      does: "Brings back secrets that were deleted, and writes those that were changed after RESTORE_BEFORE as they were before it. Values pass through files in memory, never through arguments or logs.",
      fails:
        "Its last line names the secret. Start it again: what is right already stays. One without a version before that moment is new: rotate it.",
    },
    "restore-room": {
      does: "Opens the export with the private key of the room and writes every secret into the vault of the room.",
      fails: "The key cannot be read, or does not open the export: see that the Secret holds the right one.",
    },
    verify: {
      does: "Looks whether every secret is as it was: in place the version of RESTORE_BEFORE, in the pair the version that was exported, in the room the value that was sealed. No value is printed.",
      fails:
        "Its last line names those that cannot: deleted for good, or refused. Start restore again, or make them anew.",
    },
  },
  logs: {
    "restore-secondary": {
      does: "Switches the workspace of logs over to its replica, and waits until Azure says that it has.",
      fails:
        "It has not switched in time: Azure names half an hour. Start it again, it goes on waiting; it is switched once only.",
    },
    "verify-secondary": {
      does: "Waits until lines come in that are younger than a quarter of an hour.",
      fails:
        "Nothing comes in: look whether agents and diagnostic settings of this region live; those of the lost one are silent.",
    },
    room,
    find: {
      does: "Lists all daily copies that had ended by RESTORE_BEFORE.",
      fails: "No copy that old: choose a later moment, if the security team trusts it.",
    },
    restore: {
      does: "Reads every day from the lock, against its checksums, and lays it down as files that a query reads (`externaldata`). Nothing is written into a table of logs: nobody can say that we have changed one.",
      fails: "Its last line names the day. Start it again: it begins with the first.",
    },
    verify: {
      does: "Counts the files against those that were written.",
      fails: "Fewer are there: start restore again.",
    },
  },
};

/**
 * What a step of a way back does, looked up as its script does: what is done on this way alone first.
 *
 * @throws RangeError for a step without a text: nobody may be left with a name alone.
 */
export function stepText(path: PathName, step: string): StepText {
  const { asset, way }: PathPlan = recoveryPaths[path];
  const text = texts[asset][`${step}-${way}`] ?? texts[asset][step];
  if (!text)
    throw new RangeError(
      `the step ${step} of ${path} must have a text in systems/analytics/runbooks/recoveries/stepTexts.ts`,
    );
  return text;
}

/** Texts that no step asks for: `<asset> <step>`. */
export function unusedTexts(): string[] {
  const asked = new Set(
    Object.values(recoveryPaths).flatMap(({ asset, way, steps }: { asset: AssetName; way: Way; steps: object }) =>
      Object.keys(steps).map((step) => `${asset} ${texts[asset][`${step}-${way}`] ? `${step}-${way}` : step}`),
    ),
  );
  return Object.entries(texts).flatMap(([asset, own]) =>
    Object.keys(own)
      .map((step) => `${asset} ${step}`)
      .filter((one) => !asked.has(one)),
  );
}
