import { commandsIn, shell } from "../../runbooks/commands";
import { type Page, page, table } from "../../runbooks/page";
import { type Chore, choreNames } from "../choreNames";
import { DISK_LEVELS } from "../levels";
import { choresSchema } from "../operationsConfig";
import { contacts } from "../routes";

const { lastRuns, startJob } = commandsIn("omniverse-prod");

/** What one job does, when it fails, and what to do then. */
interface ChoreText {
  does: string;
  fails: string;
  remedy: string;
}

/** Texts by job. */
export const choreTexts: Readonly<Record<Chore, ChoreText>> = {
  metrics: {
    does: "Asks Nucleus for its health and its sessions and the database for an answer, and pushes what it measured with the time of it.",
    fails: "nobody takes the numbers",
    remedy: "Look at the Pushgateway. What could not be measured is left out, and an alert on the series tells.",
  },
  health: {
    does: "The runbook's morning check: services, database, the name, both sites, sessions, processors, memory, load, disks, and the errors of 24 hours.",
    fails: "anything is wrong; its last line names each",
    remedy: "Each problem has a page of its own among the alerts; a check that could not be made is a problem as well.",
  },
  sessions: {
    does: "Closes sessions that nobody has touched for two hours.",
    fails: "the command or the count before and after it fails",
    remedy: "Read its last line; open sessions cost memory, and nothing else.",
  },
  maintenance: {
    does: "VACUUM ANALYZE, REINDEX CONCURRENTLY, statistics and sizes, after the dump of 02:00. What an interrupted run left behind is dropped first.",
    fails: "a dump is running, a statement fails, an index is left invalid or a table has no new statistics",
    remedy: "Start it again on a quiet evening: people can work while it runs, and indexes that are there stay valid.",
  },
  storage: {
    does: "Deletes temporary files after 7 days, cache after 30, logs of nginx after 30; logs of Nucleus go, compressed, to the other region after 30 days, and only then from here.",
    fails: "a log was not archived; it stays where it is",
    remedy: "The bucket refused it, or it is too large for one object: its last line names the file.",
  },
  orphans: {
    does: "Notes since when nothing refers to an object; hides one only when no dump and no moment that RDS can restore names it. No version is deleted.",
    fails:
      "a list or a dump cannot be read, not all dumps can be read in its time, or more than a tenth of all objects would go",
    remedy:
      "What it could not hide in its time the next run hides; where it cannot read all dumps, give it more (operations.chores.orphans). Never run `nucleus-admin assets cleanup`: it deletes what older databases refer to. An object that was hidden comes back when its marker is removed.",
  },
  updates: {
    does: "Tells which packages, drivers and versions have newer ones. Changes nothing.",
    fails: "a source could not be asked",
    remedy: "Updates come with a new image, a new node or a deployment, and not from here.",
  },
  report: {
    does: "Average and most sessions and uptime of seven days, hour by hour, as omniverse-report-YYYYMMDD.json in the bucket.",
    fails: "there is no data at all, or the report was not stored",
    remedy: "Hours without data are named in the report and count neither as idle nor as down.",
  },
  capacity: {
    does: "Processors, memory, disks, the 20 largest projects, assets by month for a year, and what users did.",
    fails: `processors above 80 %, memory above 85 % or a disk above ${DISK_LEVELS.review} %, or one of them is not known`,
    remedy: "Decide on size before the alert does: more nodes, a larger volume, or fewer versions.",
  },
  audit: {
    does: "Failed logins of a month, users who did not come for 30 days, the end of the certificate, open ports, security updates.",
    fails:
      "a port is open that nobody declared, the certificate ends within 30 days, or something could not be looked at",
    remedy: "Close the port or declare it in `operations.openPorts`; the security team reads the rest.",
  },
};

/** The page of the runbook's daily, weekly and monthly work. */
export function dailyWorkPage(): Page {
  const timings = choresSchema.parse(undefined);
  return page("daily-work.md", "Daily, weekly and monthly work", [
    "Each runs by itself at the serving site; a run that fails or does not come is told by OmniverseJobFailed and OmniverseMaintenanceOverdue. Times are production's.",
    table(
      ["job", "when (UTC)", "at most", "fails when"],
      (Object.keys(choreNames) as Chore[]).map((chore) => [
        `\`${choreNames[chore]}\``,
        `\`${timings[chore].schedule}\``,
        timings[chore].deadline,
        choreTexts[chore].fails,
      ]),
    ),
    ...(Object.keys(choreNames) as Chore[]).map((chore) =>
      [
        `## ${choreNames[chore]}`,
        choreTexts[chore].does,
        choreTexts[chore].remedy,
        shell([startJob(choreNames[chore]), ...lastRuns(choreNames[chore])]),
      ].join("\n\n"),
    ),
    "## When to stop, who to call",
    `A job that fails three times: ${contacts.content.who} ${contacts.content.reach}, ${contacts.content.above}; the audit: ${contacts.security.who} ${contacts.security.reach}.`,
  ]);
}
