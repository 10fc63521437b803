import * as path from "node:path";
import { formatSeconds, seconds } from "../../../../recovery/duration";
import { readRegister } from "../../../config/register";
import { shell } from "../../../runbooks/commands";
import { bullets, type Page, page } from "../../../runbooks/page";
import { longestChain, type ShownStep, type StepText, stepBlocks, stepTable } from "../../../runbooks/recoverySteps";
import { analyticsSchema } from "../../config";
import { LONGEST_OUTAGE, lakeRates, roundsTake } from "../../copies/rates";
import { LAKE_ACCOUNTS } from "../../data/lake";
import { databricksJobs } from "../../names";
import { AT_ONCE, failBackJob, failBackSteps, LAST_ROUND } from "../../recovery/failBack";
import { commands } from "../commands";

type Step = keyof typeof failBackSteps;

/** What production reckons with: the pages are production's. */
const rates = lakeRates(
  readRegister(path.join(__dirname, "../../../.."), ["registers/prod/analytics.yaml"]).entries.assumptions,
);
const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);

/** How long rounds take until one is short enough: each brings what was written during the one before it. */
function roundsSay(): string {
  const [first = 0, ...further] = roundsTake(rates, LAST_ROUND).map((span) =>
    formatSeconds(seconds(Math.ceil(span / 60) * 60)),
  );
  return `After ${LONGEST_OUTAGE} the first takes ${first}, the next ${further.join(", ")}: ${gigabytes(rates.written)} GB are written in a second, and ${gigabytes(rates.copied)} copied, as the register assumes (analytics-write-rate, analytics-copy-rate). A larger warehouse copies faster.`;
}

const copyOfAll = formatSeconds(
  seconds(Math.ceil(analyticsSchema.shape.lake.parse(undefined).bytes / rates.copied / 3600) * 3600),
);

const texts: Readonly<Record<Step, StepText>> = {
  ready: {
    does: "Looks whether the first region answers and both accounts of the lake are open to it again, pauses its pipelines, clones and work on files, starts its warehouse, and notes which tables it has.",
    fails:
      "An account is closed or does not answer: open both as said above. Runs that do not end: end them in the first workspace. A table is not in its folder: it was made there without a `LOCATION`, where its own catalog alone writes. Its owner brings here what was written to it and never cloned, and drops it there (`UNDROP TABLE` takes it back for a week): lake copies it whole, and it is named again as said below.",
  },
  stop: {
    does: `Refuses where the last round took longer than ${LAST_ROUND}, or ended longer ago. Pauses the pipelines of this region, ends their runs and waits until none lives. From here on the lake gets nothing new; events wait in Event Hubs.`,
    fails:
      "The last round took too long, or ended too long ago: start lake once more. A run has not ended: end it in the workspace, then start the step again.",
  },
  rest: {
    does: "Brings back what was written since the last round began, as lake does, checks its content in the first region, and notes that both regions hold the same: a failover that comes before the next clones finds that.",
    fails:
      "As of lake. Nobody writes meanwhile: if it cannot be mended within its time, let the second region serve on, as below.",
  },
  lake: {
    does: `Brings back what was written here, while people go on writing: sets each table of the first region to the version that was cloned, adds the rows that the change data feed of the clone tells, replaces whole days where rows were changed or deleted, and counts both sides. What was written in ${AT_ONCE} goes at once, and is noted. What had been written there and was never cloned stays in the history of the table. Start it again until a round takes ${LAST_ROUND} at most. ${roundsSay()}`,
    fails:
      "Start it again: it goes on from the last table that was brought back, and adds nothing twice. Columns that differ: change the table of the first region alike (`ALTER TABLE`), then again. A table must be copied whole (it was made here, or changed and is not divided by date) and its bytes take longer than the step has: its owner copies it beside this page, or drops it here. Other numbers of rows: somebody writes in the first region, see that it ends.",
  },
  kafka: {
    does: "Has every namespace take its events in the first region again, without force: nothing is given up.",
    fails:
      "A namespace whose replica is behind: wait, and start it again; it goes on with those that are left. Never force it.",
  },
  resume: {
    does: "Takes away the mark of the clones, sets the checkpoints of the first region aside, which know its tables as they were, starts its pipelines, and waits until each has a run that goes on: they read on from where the tables end what has waited in Event Hubs. Then it starts a first run of each clone, which has the time to copy everything. What the failover has noted is forgotten: another one begins with its own fence.",
    fails:
      "A run of a pipeline ends and begins anew: read its error in the first workspace, mend it, and start the step again. Start it again as well once the first workspace answers: no first run is started twice.",
  },
};

/** Undoes what steps of this page have done, up to resume: the second region serves on. */
const notYet =
  "Not to be gone on with before resume? The second region serves on: have its pipelines run again (`databricks jobs update`, `continuous.pause_status` UNPAUSED), and start with ready another day. After kafka go on to the end.";

/** The page of the planned way back to the first region. */
export function failBackPage(call: string): Page {
  const names = Object.keys(failBackSteps) as Step[];
  const shown = names.map(
    (step, place): ShownStep => ({
      step,
      job: failBackJob(step),
      deadline: failBackSteps[step],
      waitsFor: names.slice(Math.max(0, place - 1), place),
      text: texts[step],
    }),
  );
  const chain = Object.fromEntries(shown.map(({ step, deadline, waitsFor }) => [step, { deadline, after: waitsFor }]));
  return page("fail-back.md", "Fail-back to the first region", [
    "The region that was lost stands again, and serves again: planned work, on a day that its users know. Until it has ended, no copy of what is written lies in a second region.",
    `All steps take at most ${formatSeconds(longestChain(chain))} with one round of lake. Nothing arrives in the lake from stop to resume; nothing is lost, because Event Hubs keeps it.`,
    "## Before",
    bullets([
      "Azure says that the region stands, and AnalyticsServiceIncident is silent.",
      `Open the accounts of the lake that fence has closed to the first region, and nothing else: what goes back is written to the one, and from the other the first clones learn whether they may run. A whole deployment would start the pipelines of the first region while those here run: both would read the same events.\n\n${shell(
        [
          `pulumi up --stack prod --policy-pack policies --refresh ${LAKE_ACCOUNTS.map((one) => `--target '**::${one}'`).join(" ")}`,
        ],
      )}`,
      "Keys and logs need nothing: Azure leads the vault back by itself, the workspace of logs is switched back in the portal.",
    ]),
    "## Steps",
    "Run by the secondary site: `kubectl config use-context <secondary>`. The Jobs refuse to run out of order, and any of them can be started again; the first begins anew.",
    stepTable(shown),
    ...stepBlocks(shown, commands),
    "## Over",
    "It is over when the first region's pipelines run, AnalyticsPipelineDown and AnalyticsDataLoss are silent, both first clones have ended, and a whole deployment has nothing to change.",
    "## Afterwards",
    bullets([
      `Wait until ${databricksJobs.firstCloneToCopy} and ${databricksJobs.firstCloneToLocked} have ended in the first workspace: nobody promises that Databricks sees what the clones hold already, and a copy of everything takes ${copyOfAll} at ${gigabytes(rates.copied)} GB a second. The clones by schedule are paused until then. Meanwhile the second region keeps what was brought back, and loses what is written from now on: tell the owners.`,
      `Then deploy everything: it lets the clones run by their schedule, and pauses what stands by.\n\n${shell(["pulumi up --stack prod --policy-pack policies --refresh"])}`,
      "AnalyticsClonesBehind and AnalyticsLockedClonesBehind end with the clones that follow: take their silences away then, and not before.",
      "Tables that the results of lake and rest name under `copied` were made in the second region, or were dropped in the first: their owners name them in the first workspace (`CREATE TABLE … USING DELTA LOCATION`), before the next list of the clones leaves them out.",
      "Power BI: point the models back at the first warehouse (parameter Host), and pause the capacity of the second region.",
      "Jobs that people made in the second region meanwhile: their owners bring them along; the export does not.",
    ]),
    "## When to stop, who to call",
    `${notYet}\n\n${call}`,
  ]);
}
