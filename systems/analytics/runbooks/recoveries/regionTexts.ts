import { shell } from "../../../runbooks/commands";
import { analyticsSchema } from "../../config";
import { CATALOG } from "../../names";
import { REPLAY_DEADLINE, REPLAY_ELSEWHERE_JOB } from "../../recovery/failBack";
import { runJob } from "../commands";
import type { PathText } from "./pathText";

const { lag } = analyticsSchema.shape.kafka.parse(undefined);

const moment = "a moment, only where the damage began before the region was lost: an older export comes back then";
const lose = "only where a step refuses because more would be lost than is promised: it names the moment to say";

const lostAt =
  "LOST_AT is when AnalyticsRegionLost says that it began, such as 2026-11-21T03:04:00Z; what is lost is reckoned from it.";

/** Deleting the Stack leaves everything as it is; the gate writes it again. */
const noDeployments =
  "Nothing must be deployed from now until fail-back has ended: it would open what is closed and start what is paused. `kubectl -n holdfast-prod delete stack analytics` keeps the operator from it, `gh workflow disable deploy.yml` the workflow. Should one come through all the same: the clones of the first region see that this one serves, and fail without copying anything.";

const back =
  "The first region stands again: [fail-back](fail-back.md), which is planned work. Until it has ended no deployment of this stack: the Stack stays deleted and the workflow disabled.";

/** Texts of the ways back to the other region. */
export const regionTexts = {
  "kafka-in-secondary": {
    when: "The primary region is lost, or its Event Hubs: producers and consumers are refused. It waits for no other page and for nobody's decision but your own; every minute counts.",
    alerts: ["AnalyticsRegionLost", "AnalyticsServiceDown"],
    before: [
      `Nothing is to be said. What had not arrived here when the region was lost is given up; Event Hubs held writes back before that was more than ${lag}.`,
      "The region still answers and only one namespace does not? Then no promotion: it takes all of them along.",
    ],
    over: `verify has ended, and the namespaces say themselves that events come in. No alert says it: test events are sent from the lost region alone, and the logs may be lost with it.\n\n${shell(
      [
        "az monitor metrics list --resource <id of a namespace> --metric IncomingMessages --interval PT1M --query 'value[0].timeseries[0].data[-5:]'",
      ],
    )}`,
    after: [
      "AnalyticsEventsUnchecked fires until [fail-back](fail-back.md) has ended: silence it, and ask as above each hour.",
      "Producers connect again by themselves, to the same names. One that does not has kept an address: restart it.",
      "The pipelines of this region read on once [databricks-in-secondary](databricks-in-secondary.md) has ended.",
      back,
    ],
    undo: "A promotion is undone by another one, without force and once the first region stands: step kafka of [fail-back](fail-back.md). What was given up is not in any region that takes events.",
  },
  "lake-in-secondary": {
    when: "The primary region is lost, or its account of the lake: the clones of this region become what people read and write.",
    alerts: ["AnalyticsRegionLost", "AnalyticsServiceDown", "AnalyticsStoreDown"],
    words: {
      FENCED:
        "`yes`, only after fence has refused, and somebody has made sure that nothing writes into the lost account",
      LOSE_SINCE: lose,
    },
    before: [
      lostAt,
      "Two people decide: what was written since the last clone is given up, as far as Event Hubs does not keep it.",
      "The lost account is closed by the first step: a region that comes back by itself no longer serves.",
      noDeployments,
    ],
    over: "verify has ended; people and warehouses of this region read the tables by their names.",
    after: [
      "Go on with [databricks-in-secondary](databricks-in-secondary.md), whose first step waits for verify.",
      `Once [kafka-in-secondary](kafka-in-secondary.md) has ended, bring what came after the oldest clone: all events since then are read from Event Hubs again, and bronze gets those that it lacks. Within a day; it may run beside the pipelines, and be started again.\n\n${shell(runJob(REPLAY_ELSEWHERE_JOB, REPLAY_DEADLINE))}`,
      "AnalyticsClonesBehind and AnalyticsLockedClonesBehind fire until fail-back has ended: silence both. **Until then no copy of what is written lies in a second region**: tell the owners.",
      back,
    ],
    undo: "By all steps of [fail-back](fail-back.md), also before anybody has written here: they take along what was written, and the mark away without which the first region clones nothing.",
  },
  "databricks-in-secondary": {
    when: "The primary region is lost: jobs, clusters, permissions and grants come back in the workspace of this region, and its pipelines start.",
    alerts: ["AnalyticsRegionLost"],
    words: { RESTORE_BEFORE: moment, LOSE_SINCE: lose },
    before: [
      lostAt,
      "The workspace of the lost region must not come back to life unseen: fence of [lake-in-secondary](lake-in-secondary.md) keeps it from writing.",
    ],
    over: `resume has ended, and the newest row of bronze is younger than five minutes. AnalyticsPipelineDown says nothing of it: it is silent because nobody sends test events. In the warehouse of this region: \`SELECT max(event_time) FROM ${CATALOG}.bronze.events WHERE date >= current_date() - INTERVAL 1 DAY\`.`,
    after: [
      "Jobs of people came back paused: their owners look at them, then unpause them.",
      "Go on with [powerbi-in-secondary](powerbi-in-secondary.md).",
      back,
    ],
    undo: "Pause the pipelines of this region (`databricks jobs update`, `continuous.pause_status` PAUSED); jobs that were made stay, and do nothing. With writes in between: [fail-back](fail-back.md).",
  },
  "powerbi-in-secondary": {
    when: "The primary region is lost: the capacity of this region wakes, and every report shows what is served now.",
    alerts: ["AnalyticsRegionLost"],
    words: { RESTORE_BEFORE: moment, LOSE_SINCE: lose },
    before: [lostAt],
    over: "verify has ended: every model has been refreshed from the warehouse that serves.",
    after: [
      "Reports that people made since the last export are gone: tell whoever publishes.",
      "The job owns every model now, and refreshes by schedule use the credentials given to it: give models back to their owners (Take over in the settings).",
      back,
    ],
    undo: "Point the models back (parameter Host), assign the workspaces to the first capacity, and pause the one of this region.",
  },
  "configuration-in-secondary": {
    when: "The primary region is lost, and how this region is set is not as it was: policies, alerts, networks of namespaces.",
    alerts: ["AnalyticsRegionLost"],
    words: { RESTORE_BEFORE: moment, LOSE_SINCE: lose },
    before: [lostAt, "What the result names under `others` keeps data: the program declares it, and people decide."],
    over: "verify has ended; its `broughtByTheProgram` says how much is left to a deployment.",
    after: [back],
    undo: "Begin again with a RESTORE_BEFORE just before this recovery: the exports of that time hold what it has replaced.",
  },
  "keys-in-secondary": {
    when: "The primary region is lost, and with it the vault: its pair answers once Microsoft has failed it over. What runs goes on with the secrets that it holds.",
    alerts: ["AnalyticsRegionLost"],
    words: { RESTORE_BEFORE: moment, LOSE_SINCE: lose },
    before: [lostAt, "Change no secret until the region is back: the pair can be read only."],
    over: "verify has ended: the pair has of every secret the version that was exported.",
    after: [back],
    undo: "There is nothing to undo: it has only read.",
  },
  "logs-in-secondary": {
    when: "The primary region is lost, or takes no lines any more: the workspace of logs is switched over to its replica, and Sentinel sees again.",
    alerts: ["AnalyticsRegionLost", "AnalyticsLogsSilent"],
    before: ["Nothing is to be said. Alerts on logs are blind until it has ended: watch those of Prometheus."],
    over: "verify has ended: lines come in that are younger than a quarter of an hour.",
    after: [
      "Lines of the last minutes before may be missing: what was not replicated stays in the lost region.",
      "Switched back in the portal (Log Analytics workspace, Switch back) once the region stands.",
    ],
    undo: "Switch the workspace back in the portal, not before Azure says that it takes lines in the first region.",
  },
} as const satisfies Readonly<Record<string, PathText>>;
