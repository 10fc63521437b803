import { shell } from "../../../runbooks/commands";
import { bullets, type Page, page, table } from "../../../runbooks/page";
import { type AssetName, assetIds, assetNames } from "../../objectives";
import { type PathPlan, pathNames, recoveryPaths } from "../../recovery/recoverySteps";
import { drillJob, drillTime, rehearsed, verifyJob, verifyTime } from "../../recovery/rehearsals";
import { commands } from "../commands";

/** What a drill brings back, and where; nothing that serves is touched. */
const brings: Readonly<Record<AssetName, string>> = {
  lake: "Each clone of the second region and each under the lock, where it lies: counted and checked",
  kafka:
    "An hour of captured events as tables of the drill's own. No namespace is promoted: that would stop who writes",
  databricks: "Every job of the newest export under a name of the drill's own, paused, compared setting by setting",
  powerbi: "Every report of the newest export in a workspace of the drill's own",
  configuration: "Every definition of a policy of the newest export under a name of the drill's own",
  keys: "Nothing is written: every secret that the newest export names is read",
  logs: "The lines of the newest daily copy, unpacked and counted",
};

const { runJob, startJob } = commands;
const linked = (path: string) => `[${path}](${path}.md)`;

/** The page of what rehearses the ways back, and of what does not. */
export function drillsPage(call: string): Page {
  const covered = new Set<string>(Object.values(rehearsed));
  const left = pathNames.filter((path) => !covered.has(path));
  return page("drills.md", "Drills and verifications", [
    "A recovery time is measured or it is a guess. Told by [AnalyticsDrillOverdue](AnalyticsDrillOverdue.md), [AnalyticsVerificationOverdue](AnalyticsVerificationOverdue.md) and [AnalyticsIntegrityFailed](AnalyticsIntegrityFailed.md). All run by themselves, at the secondary site, and touch nothing that serves.",
    "## Drills",
    `Each at \`${drillTime.schedule}\` (UTC), ${drillTime.deadline} at most: the document's quarterly test.`,
    table(
      ["asset", "goes through the steps of", "brings back"],
      assetNames.map((asset) => [assetIds[asset], linked(rehearsed[asset]), brings[asset]]),
    ),
    "One now, here of the lake; the others end with the name of their asset:",
    shell(["kubectl config use-context <secondary>", ...runJob(drillJob("lake"), drillTime.deadline)]),
    bullets([
      "It has succeeded: write the entry of `records` in its last line into `drills` of the register, within the day. Until then the evidence goes on saying that nobody has rehearsed.",
      "`worse than it should be`: everything came back and was verified, but later or older than is promised or planned. A recovery would do no better: tell the owner, then put the measured time into the register or mend what was slow.",
      "It failed: the recovery would fail as well. It is an incident of the day; mend what its last line names, then start it again.",
      "`could not be taken away`: remove by hand what begins with the mark that its log names.",
    ]),
    "## Verifications",
    `Each Monday the copies are read back where they lie, ${verifyTime(0).deadline} at most; nothing is restored.`,
    table(
      ["asset", "job", "when (UTC)"],
      assetNames.map((asset, place) => [
        assetIds[asset],
        `\`${verifyJob(asset)}\``,
        `\`${verifyTime(place).schedule}\``,
      ]),
    ),
    shell(assetNames.map((asset) => startJob(verifyJob(asset)))),
    "## What no job rehearses",
    "These take people, because they stop what serves or need the clean room. Whoever has done one writes its record by hand, with the time from the first command to the last verification. In staging the same Jobs can be started at any time.",
    table(
      ["way back", "rehearsed by", "by whom"],
      left.map((path) => {
        const { way }: PathPlan = recoveryPaths[path];
        return [linked(path), ...exercises[way]];
      }),
    ),
    `The [fail-back](fail-back.md) is rehearsed by the first that is made for good.`,
    "## When to stop, who to call",
    `A drill fails twice: ${call}`,
  ]);
}

const exercises: Readonly<Record<PathPlan["way"], readonly [string, string]>> = {
  secondary: [
    "a promotion for good, in a window that users know, with the fail-back after it",
    "platform operations team",
  ],
  place: ["the corruption exercise, on tables and settings of staging", "platform operations team"],
  room: ["the check of the clean room, from the kit on", "security team"],
};
