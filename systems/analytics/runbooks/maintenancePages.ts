import { shell } from "../../runbooks/commands";
import { type Page, page, steps, table } from "../../runbooks/page";
import { databricksJobs } from "../names";
import { BACK, choreNames, lakeChores, type UpgradeStep, upgradeJob, upgradeSteps } from "../operations/choreNames";
import { type Chore, choresSchema, operationsSchema } from "../operations/operationsConfig";
import { lastRuns, runJob, startJob } from "./commands";

/** What one job does, when it fails, and what to do then. */
interface ChoreText {
  does: string;
  fails: string;
  remedy: string;
}

const restart: ChoreText = {
  does: "Makes a cluster beside, leads the pipeline there, restarts the cluster, leads the pipeline back and deletes the other one. Between the two the pipeline begins anew where it left off: about a minute, in which events wait in Event Hubs.",
  fails:
    "the other cluster does not start, a job with an end is still at work, or the cluster does not come back in time",
  remedy:
    "Nothing is interrupted, and what was made is deleted; only while the cluster itself does not run, the other one goes on serving. Mend what keeps the cluster from starting (its events say what), then start the job again: it tidies first.",
};

const patch: ChoreText = {
  does: "Brings the newest node image to the pools of one region's cluster, one after the other, from the other region. Jobs are not evicted: a node waits for them. The region that stands by is first; the one that works a day later, if that went well.",
  fails:
    "the stage before is not whole, a pool is not well or does not upgrade, a cluster of Databricks was not restarted for eight days, or the runtime's patches end within 90 days",
  remedy:
    "Look at the pool in the portal: usually a machine that cannot be had. Start the stage again; it goes on where it stopped.",
};

/** Texts by job. */
export const choreTexts: Readonly<Record<Chore, ChoreText>> = {
  restartBronze: restart,
  restartSilver: restart,
  restartGold: restart,
  patchSecondary: patch,
  patchPrimary: patch,
  capacity: {
    does: "Bytes of the lake, bytes a second of events and use of processors: 90 days by the hour, a straight line through them, and where it is in 30 days.",
    fails: "that is above 80 % of what there is (of processors: above the document's 65 %), or too few hours are known",
    remedy: "Decide on size now: `lake.mostBytes`, `kafka.load` or the clusters; a quota of Azure takes days.",
  },
  review: {
    does: "Use of processors by cluster, queries by the hour and the slowest 20, skew between partitions, jobs without a timeout, clusters that were left.",
    fails: "anything is above its level; its last line names each",
    remedy: "Each problem has a page among the common issues.",
  },
  diagnostics: {
    does: "Looks at clusters, storage, streams and network; each whatever the others say.",
    fails: "one is not well, or could not be looked at",
    remedy: "Its last line names what; a component that is unknown counts as not well.",
  },
};

const stepTexts: Readonly<Record<UpgradeStep, string>> = {
  prepare:
    "Makes a cluster with the new runtime beside each declared one, and reads every table with it. Needs `operations.runtime.successor` in the stack, deployed.",
  move: "Leads the pipelines there, one after the other.",
  verify: "Waits until the newest events are no older than a minute in bronze and silver.",
  finish:
    "Leads the pipelines back to the declared clusters, which have the new runtime by then, and deletes the others.",
  back: "From any step: leads the pipelines back to the declared clusters as they are, and deletes the others.",
};

/** The page of the regular work. */
export function maintenancePage(call: string): Page {
  const timings = choresSchema.parse(undefined);
  const { optimize, optimizeDaily, vacuum } = operationsSchema.shape;
  const chores = Object.keys(choreNames) as Chore[];
  return page("maintenance.md", "Regular work", [
    "Each runs by itself; times are production's. A run that fails is told by AnalyticsJobFailed, one that does not come by AnalyticsMaintenanceOverdue.",
    table(
      ["job", "when (UTC)", "at most", "fails when"],
      chores.map((chore) => [
        `\`${choreNames[chore]}\``,
        `\`${timings[chore].schedule}\``,
        timings[chore].deadline,
        choreTexts[chore].fails,
      ]),
    ),
    "Three more run in the workspace, which tells of them by its own alerts:",
    table(
      ["job of Databricks", "when (Quartz, UTC)", "at most", "what"],
      [
        [
          `\`${lakeChores.optimize}\``,
          `\`${optimize.parse(undefined).schedule}\``,
          optimize.parse(undefined).deadline,
          "OPTIMIZE of today and yesterday, ZORDER BY (event_type, customer_id), as often as tables are cloned: what it puts together is copied once more; a look at the history",
        ],
        [
          `\`${lakeChores.optimizeDaily}\``,
          `\`${optimizeDaily.parse(undefined).schedule}\``,
          optimizeDaily.parse(undefined).deadline,
          "the same of the five days before, a day at a time, and statistics",
        ],
        [
          `\`${lakeChores.vacuum}\``,
          `\`${vacuum.parse(undefined).schedule}\``,
          vacuum.parse(undefined).deadline,
          "VACUUM of tables and clones, 840 hours: never fewer, or damage that is found after 8 days cannot be undone",
        ],
      ],
    ),
    "## First clones",
    `What has never been cloned takes as long as all of it takes to copy, and the clones by schedule end after minutes and have then copied nothing. So after the first deployment, after a fail-back, and where many tables came at once: pause \`${databricksJobs.cloneToCopy}\` and \`${databricksJobs.cloneToLocked}\`, start the first ones by hand, and let the others go on once they have ended. Until then the lake has no copy, or an older one: tell its owners. How long they took is how fast a clone copies: put it into the register (analytics-copy-rate).`,
    shell([
      "databricks jobs list --output json | jq -r '.[] | select(.settings.name | test(\"clone\")) | [.job_id, .settings.name] | @tsv'",
      "databricks jobs run-now <id of the first clone> --no-wait",
    ]),
    ...chores.map((chore) =>
      [
        `## ${choreNames[chore]}`,
        choreTexts[chore].does,
        choreTexts[chore].remedy,
        shell([startJob(choreNames[chore]), ...lastRuns(choreNames[chore])]),
      ].join("\n\n"),
    ),
    "## When to stop, who to call",
    `A job that fails three times in a row: ${call}`,
  ]);
}

/** The page of the quarterly upgrade. */
export function upgradePage(call: string): Page {
  const ordered = Object.keys(upgradeSteps) as (keyof typeof upgradeSteps)[];
  const deadlines: Readonly<Record<UpgradeStep, string>> = { ...upgradeSteps, back: BACK };
  const told = (step: UpgradeStep) =>
    `**${step}.** ${stepTexts[step]}\n\n${shell(runJob(upgradeJob(step), deadlines[step]))}`;
  return page("upgrade.md", "Platform upgrade", [
    "Quarterly, within 4 hours, and not read-only as the document has it: everything is made beside what works, so that writes go on. A pipeline stands still for about a minute each time that it is led elsewhere; events wait in Event Hubs.",
    "## Before",
    steps([
      "Say `operations.runtime.successor` in the stack, a runtime with long-term support, and deploy. In staging first; a week there without findings.",
      "Begin outside of the weekly restart (Sunday, 02:00 to 05:00): it refuses while this is under way.",
      "An export of the workspace that is taken meanwhile names clusters that are gone afterwards: note the hours; a recovery of the workspace takes one from before or after.",
    ]),
    "## Steps",
    steps(
      ordered.map((step) =>
        step === "finish"
          ? `Deploy \`databricks.runtime\` with the new version and without the successor: nothing works on the declared clusters, so their restart harms nobody.\n\n${told(step)}`
          : told(step),
      ),
    ),
    "## The way back",
    told("back"),
    "After finish the way back is an upgrade to the old runtime, as long as it has patches.",
    "## When to stop, who to call",
    `A step fails twice: start back, then look. ${call}`,
  ]);
}
