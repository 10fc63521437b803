import { formatSeconds } from "../../../../recovery/duration";
import { shell } from "../../../runbooks/commands";
import { bullets, type Page, page } from "../../../runbooks/page";
import { longestChain, type ShownStep, type StepText, stepBlocks, stepTable } from "../../../runbooks/recoverySteps";
import { WRITTEN_ACCOUNT } from "../../data/lake";
import { failBackJob, failBackSteps } from "../../recovery/failBack";
import { commands } from "../commands";

type Step = keyof typeof failBackSteps;

const texts: Readonly<Record<Step, StepText>> = {
  ready: {
    does: "Looks whether the first region answers and its account of the lake is open again, pauses its pipelines, and starts its warehouse.",
    fails:
      "The account is closed or does not answer: open it as said above. Runs that do not end: end them in the first workspace.",
  },
  stop: {
    does: "Pauses the pipelines of this region, ends their runs and waits until none lives. From here on the lake gets nothing new; events wait in Event Hubs.",
    fails: "A run has not ended: end it in the workspace, then start the step again.",
  },
  lake: {
    does: "Clones every table back to the first region, which copies what differs, and counts each on both sides.",
    fails:
      "Start it again: what is there is not copied twice. Other numbers: somebody still writes here, see that it ends.",
  },
  kafka: {
    does: "Has every namespace take its events in the first region again, without force: nothing is given up.",
    fails:
      "A namespace whose replica is behind: wait, and start it again; it goes on with those that are left. Never force it.",
  },
  resume: {
    does: "Sets the checkpoints of the first region aside, which know its tables as they were, starts its pipelines, and waits until each has a run that goes on. They read on from where the tables end what has waited in Event Hubs.",
    fails: "A run ends and begins anew: read its error in the first workspace, mend it, and start the step again.",
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
    `All steps take at most ${formatSeconds(longestChain(chain))}. Nothing arrives in the lake from stop to resume; nothing is lost, because Event Hubs keeps it.`,
    "## Before",
    bullets([
      "Azure says that the region stands, and AnalyticsServiceIncident is silent.",
      `Open the account of the lake that fence has closed, and nothing else. A whole deployment would let the clones of the first region write over what people go on with here, and set pipelines on both sides as declared.\n\n${shell(
        [`pulumi up --stack prod --policy-pack policies --refresh --target '**::${WRITTEN_ACCOUNT}'`],
      )}`,
      "Keys and logs need nothing: Azure leads the vault back by itself, the workspace of logs is switched back in the portal.",
    ]),
    "## Steps",
    "Run by the secondary site: `kubectl config use-context <secondary>`. The Jobs refuse to run out of order, and any of them can be started again; the first begins anew.",
    stepTable(shown),
    ...stepBlocks(shown, commands),
    "## Over",
    "It is over when the first region's pipelines run, AnalyticsPipelineDown and AnalyticsDataLoss are silent, and a whole deployment has nothing to change.",
    "## Afterwards",
    bullets([
      `Deploy everything: it opens the other accounts to the first region again, and pauses what stands by.\n\n${shell(["pulumi up --stack prod --policy-pack policies --refresh"])}`,
      "AnalyticsClonesBehind and AnalyticsLockedClonesBehind end with the first clones: take their silences away then, and not before.",
      "Power BI: point the models back at the first warehouse (parameter Host), and pause the capacity of the second region.",
      "Jobs that people made in the second region meanwhile: their owners bring them along; the export does not.",
    ]),
    "## When to stop, who to call",
    `${notYet}\n\n${call}`,
  ]);
}
