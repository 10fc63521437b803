import { type Page, page, table } from "../../runbooks/page";
import { jobNames } from "./jobNames";

/** One item of the guide's lists: done by a machine, or by somebody. */
export interface CheckItem {
  every: "day" | "week" | "month";
  /** The guide's words. */
  item: string;
  /** `job <name>`, `alert <name>`, or the person. */
  by: string;
  how: string;
}

/** The guide's daily, weekly and monthly lists, whole, and the review that keeps them true. */
export const checkItems: readonly CheckItem[] = [
  {
    every: "day",
    item: "Check system health dashboards",
    by: `job ${jobNames.health}`,
    how: "health, readiness and metrics through the Service; the dashboard is for a look at trends",
  },
  {
    every: "day",
    item: "Review error logs",
    by: `job ${jobNames.errors}`,
    how: "counts errors by message; primary on-call reads the summary in the morning",
  },
  {
    every: "day",
    item: "Verify backup completion",
    by: "alert OmenDBRestorePointLate",
    how: "by capture time, all day; every run also reads back what it wrote",
  },
  {
    every: "day",
    item: "Monitor performance metrics",
    by: "alert HighQueryLatency",
    how: "with HighInsertLatency, OmenDBSearchFailures, OmenDBInsertFailures",
  },
  {
    every: "week",
    item: "Index performance analysis",
    by: `job ${jobNames.index}`,
    how: "index statistics in its log; database team compares with last week and retrains if the error grew",
  },
  {
    every: "week",
    item: "Capacity planning review",
    by: `job ${jobNames.capacity}`,
    how: "volumes against the formula; fails above 80 %. Database team changes `expected_size` when growth will pass it within a quarter",
  },
  {
    every: "week",
    item: "Security audit review",
    by: `job ${jobNames.audit}`,
    how: "counts logins and 401/403; security team reads the result and signs it off",
  },
  {
    every: "week",
    item: "Update documentation",
    by: "database team",
    how: "correct what an incident or a drill of the week showed to be wrong; pages are generated from `systems/omendb/runbooks`",
  },
  {
    every: "month",
    item: "Full backup verification",
    by: `job ${jobNames.verification}`,
    how: "newest point and one older chain, downloaded and every link verified",
  },
  {
    every: "month",
    item: "Disaster recovery testing",
    by: `job ${jobNames.drill}`,
    how: "restores into scratch and counts the records; database team enters the measured time as a drill record. Once a quarter the whole path restore-in-secondary, by hand",
  },
  {
    every: "month",
    item: "Performance benchmarking",
    by: `job ${jobNames.benchmark}`,
    how: "fails above 1 s at the 95th percentile; database team compares with the month before",
  },
  {
    every: "month",
    item: "Security patches",
    by: "database team",
    how: "new image by digest through staging, then the upgrade; node patches with the platform team, one zone at a time: the disruption budget allows one pod",
  },
  {
    every: "month",
    item: "Review of contacts, assumptions and waivers",
    by: "database team",
    how: "the preview lists what expires next; numbers and addresses are called once. The guide was last updated in September 2025",
  },
];

/** The lists as a page. */
export function checklistPage(): Page {
  const list = (every: CheckItem["every"]) =>
    table(
      ["done", "item", "by", "how"],
      checkItems
        .filter((one) => one.every === every)
        .map(({ item, by, how }) => [machine(by) ? "by itself" : "☐", item, by, how]),
    );
  return page("checklists.md", "Checklists", [
    "What a machine can do is a Job or an alert and tells you when it fails. Boxes are for people.",
    "## Daily",
    list("day"),
    "## Weekly",
    list("week"),
    "## Monthly",
    list("month"),
  ]);
}

function machine(by: string): boolean {
  return by.startsWith("job ") || by.startsWith("alert ");
}
