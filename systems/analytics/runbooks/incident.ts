import { shell } from "../../runbooks/commands";
import { type Page, page, steps, table } from "../../runbooks/page";
import { type IncidentSeverity, incidentSeverities, severities } from "../alerts/severities";
import { authorities } from "../operations/authority";
import { choreNames } from "../operations/choreNames";
import { lastRuns, startJob } from "./commands";
import { issues } from "./commonIssues";

/** Whom the document's process tells first, and how. */
const told: Readonly<Record<IncidentSeverity, string>> = {
  critical: "Page on-call",
  high: "Alert the team",
  medium: "Create a ticket",
  low: "Log the issue",
};

const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
/** The page of the document's incident process. */
export function incidentPage(call: string): Page {
  return page("incident.md", "Incident process", [
    "Somebody was told, or sees something. Every alert names its severity; where nobody was told, take the one that fits, and rather too high.",
    table(
      ["severity", "first", "answered within"],
      incidentSeverities.map((severity) => [capital(severity), told[severity], severities[severity].response]),
    ),
    "## From detection to its end",
    steps([
      "**Triage.** What is not served, since when, for whom? Open the page of the alert. Say in the channel that you have it: whoever does not is taken for asleep, and after 15 minutes of a critical alert the one above is called.",
      `**Investigate.** All four components at once:\n\n${shell([startJob(choreNames.diagnostics), ...lastRuns(choreNames.diagnostics)])}\n\nThen the issue that it looks like: ${issues.map(({ title, file }) => `[${title.toLowerCase()}](${file})`).join(", ")}.`,
      "**Mitigate.** The least that serves again, before the cause is known. A recovery is decided by two people; its page says what it costs. Nothing is deleted: what looks broken is what the review will need.",
      "**Resolve.** The cause is mended in git and deployed. What was changed by hand is a difference that the drift job tells of until it is there or gone.",
      "**Review.** Within five working days, for every critical and high incident: [template](post-incident-review.md).",
    ]),
    "## When to stop, who to call",
    `What you need is more than your [authority](escalation.md): call whoever holds it, at once and not after an hour.\n\n${call}`,
  ]);
}

/**
 * The page of the document's escalation matrix, with what each authority is in rights. The document says "4 hours" and "next
 * business day" of medium at once: within four hours of a working day somebody answers, and at night it waits for the morning.
 */
export function escalationPage(call: string): Page {
  return page("escalation.md", "Escalation", [
    table(
      ["severity", "response time", "escalation", "authority"],
      incidentSeverities.map((severity) => {
        const { response, escalation, authority } = severities[severity];
        return [capital(severity), response, escalation, authority];
      }),
    ),
    "Who has an authority is a group of the directory for each severity; `operations.authority` of the stack names them by id. People come and go in the group, without a deployment.",
    table(
      ["severity", "in Azure", "in the clusters", "on pipelines' clusters of Databricks"],
      incidentSeverities.map((severity) => {
        const { actions, rules, clusters } = authorities[severity];
        return [
          capital(severity),
          actions.map((action) => `\`${action}\``).join(", "),
          rules.length === 0
            ? "looks"
            : `looks; ${rules.map(({ verbs, resources }) => `${verbs.join(", ")} ${resources.join(", ")}`).join("; ")}`,
          clusters === undefined ? "-" : `\`${clusters}\``,
        ];
      }),
    ),
    "Nobody of them deletes anything in Azure or gives rights. Documents lie in git: whoever may update those needs no right here.",
    "Stopping production: pause the pipelines (`databricks jobs update`, `continuous.pause_status` PAUSED); then close the namespaces of Event Hubs to producers. Events that were taken stay for as long as they are kept.",
    "## When to stop, who to call",
    call,
  ]);
}

/** The document's template, whose example had no owner and no date on its actions. */
export function reviewPage(): Page {
  const template = `# Review of INC-YYYY-NNN

**Incident:** INC-YYYY-NNN · **Date:** · **Severity:** · **Duration:** (from first harm, not from first alert) · **Impact:** (share of queries or events, and whose)

## Timeline (UTC)
- hh:mm first harm
- hh:mm alert (which; if none: why none)
- hh:mm acknowledged
- hh:mm cause identified
- hh:mm mitigated
- hh:mm resolved, and how that was verified

## Root cause
(What let it happen, and what let it last. Not who.)

## Resolution

## Promises
(RPO and RTO that applied, and what was measured. A promise that was missed changes the register or the design.)

## Action items
| action | owner | due | kept by (test, rule, alert) |
|---|---|---|---|

## What went well
`;
  return page("post-incident-review.md", "Post-incident review", [
    "For every critical and high incident, within five working days. Nobody is blamed. An action without an owner, a date and something that keeps it is a wish.",
    `\`\`\`markdown\n${template}\`\`\``,
    "## The document's own example",
    "5 % of queries failed for 45 minutes: a large broadcast join filled the memory of the streaming cluster. Its three actions are done here:",
    table(
      ["action", "what keeps it"],
      [
        [
          "Automatic limits on the size of broadcasts",
          "`spark.sql.autoBroadcastJoinThreshold` on every cluster, fixed by the policy of every cluster that people make",
        ],
        ["Pre-emptive scaling", "Every cluster grows by itself; the monthly capacity review looks 30 days ahead"],
        ["Update the runbook", "[Memory errors](memory-errors.md)"],
      ],
    ),
  ]);
}
