import { shell } from "../../../runbooks/commands";
import { analyticsSchema } from "../../config";
import { REPLAY_DEADLINE, REPLAY_JOB } from "../../recovery/failBack";
import { runJob } from "../commands";
import type { PathText } from "./pathText";

const { lake, kafka } = analyticsSchema.shape;
const { keep: history } = lake.parse(undefined);
const { keep: kept } = kafka.parse(undefined);

const moment =
  "Find the last moment that is trusted, in UTC, such as 2026-11-21T03:04:00Z, and say it as RESTORE_BEFORE; earlier is safer and loses more.";

const again =
  "Begin again with a RESTORE_BEFORE just before this recovery: the exports of that time hold what it has replaced.";

/** Texts of the ways back where damage is undone in place. */
export const damageTexts = {
  "lake-in-place": {
    when: "Tables hold wrong data: a bad release, an operator's error, a table that was emptied. The clones hold it as well by now.",
    alerts: ["AnalyticsDataLoss", "AnalyticsIntegrityFailed"],
    words: {
      DAMAGED_TABLES:
        "names such as `bronze.events gold.daily_events`, where only these are damaged: the others stay as they are",
    },
    before: [
      moment,
      "Tell whoever writes: from the first step on the pipelines stand still, and events wait in Event Hubs.",
      "Mend or take back first what wrote wrongly: it would write the same again.",
    ],
    over: "the events since the moment are read again, as said below, and AnalyticsDataLoss and AnalyticsPipelineDown are silent.",
    after: [
      `Bring what came after the moment: all events since then are read from Event Hubs again, and bronze gets those that it lacks. It may run beside the pipelines. Where it ends early its last line says EVENTS_SINCE: add it to what was said, and start it again.\n\n${shell(runJob(REPLAY_JOB, REPLAY_DEADLINE))}`,
      "Silver and gold of that time are computed from bronze: run their backfill as the pipeline's owner says.",
      `What was written since stays in the history of the tables for ${history}: its owners may look into it.`,
    ],
    undo: "Begin again with another RESTORE_BEFORE: the versions that it replaced are in the history like those before them.",
  },
  "kafka-in-place": {
    when: `Events are missing from bronze, or were read wrongly: a reader that skipped, a merge that dropped. Event Hubs keeps what it took for ${kept} and never changes it.`,
    alerts: ["AnalyticsDataLoss", "AnalyticsIntegrityFailed"],
    words: { EVENTS_SINCE: "only where restore has ended early: its last line names the moment from which it goes on" },
    before: [
      moment,
      "Mend or take back first what read wrongly: it would skip the same again.",
      "Wrong rows that are there already are not removed by it: those take [lake-in-place](lake-in-place.md) first.",
    ],
    over: "resume has ended, AnalyticsDataLoss is silent, and the result of restore says how many rows bronze has more.",
    after: ["Silver and gold of that time are computed from bronze: run their backfill as the pipeline's owner says."],
    undo: "It only adds rows that Event Hubs has: there is nothing to undo. Rows that should not be there take [lake-in-place](lake-in-place.md).",
  },
  "databricks-in-place": {
    when: "Jobs, clusters, permissions or grants of the workspace were deleted or changed by mistake.",
    alerts: ["AnalyticsConfigurationChanged", "AnalyticsIntegrityFailed", "AnalyticsSparkRunFailed"],
    before: [
      moment,
      "Jobs come back paused. What was made since the moment stays; rights that were given since on what the export holds are taken away, and clusters that somebody has changed start anew.",
    ],
    over: "verify has ended, the pipelines run, and AnalyticsPipelineDown is silent.",
    after: ["Unpause what is to run: pipelines by a deployment, jobs of people by their owners."],
    undo: again,
  },
  "powerbi-in-place": {
    when: "Reports or models were deleted or overwritten by mistake.",
    alerts: ["AnalyticsIntegrityFailed"],
    before: [
      moment,
      "Every report of the export is replaced, also those that are well: whoever changed one since publishes it again.",
    ],
    over: "verify has ended: every report is there, and every model has been refreshed.",
    after: ["Tell whoever publishes which moment came back."],
    undo: again,
  },
  "configuration-in-place": {
    when: "Settings are not what they should be: somebody changed or deleted policies, alerts, action groups or networks of namespaces.",
    alerts: ["AnalyticsConfigurationChanged", "AnalyticsIntegrityFailed", "AnalyticsDeploymentIncomplete"],
    before: [
      moment,
      "The log of the drift job names what differs and since when. Stop deployments, and whoever changes things, first.",
      "Somebody who should not be there changed it: it is no mistake; see [AnalyticsSecurityBreach](AnalyticsSecurityBreach.md).",
    ],
    over: "verify has ended, and the next drift job names nothing.",
    after: ["What the result names under `others` keeps data: `pulumi preview` shows it, and people decide."],
    undo: again,
  },
  "keys-in-place": {
    when: "Secrets were deleted or overwritten by mistake. The vault keeps deleted ones for a while, and every version.",
    alerts: ["AnalyticsConfigurationChanged", "AnalyticsIntegrityFailed"],
    before: [moment, "Values were read by somebody who may not: bringing them back is not enough, rotate them."],
    over: "verify has ended: every secret of the export is what it was at that moment.",
    after: ["Restart what has read the wrong value and keeps it."],
    undo: "Every version of a secret stays in the vault: begin again with another RESTORE_BEFORE.",
  },
  "logs-in-place": {
    when: "Lines of logs were purged, or a table of logs was deleted, and somebody needs them.",
    alerts: ["AnalyticsIntegrityFailed"],
    before: [
      moment,
      "Lines come back as files beside the workspace, to be read by queries; no table of logs is written.",
    ],
    over: "verify has ended: as many files are there as were written.",
    after: [
      "Read them with `externaldata`, from the container `logs` of the locked account, folder `restored/`.",
      "A purge that nobody of ours asked for is an intrusion: see [AnalyticsSecurityBreach](AnalyticsSecurityBreach.md).",
    ],
    undo: "Delete the files below `restored/` once nobody reads them; nothing else was written.",
  },
} as const satisfies Readonly<Record<string, PathText>>;
