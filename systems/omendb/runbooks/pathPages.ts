import { formatSeconds } from "../../../recovery/duration";
import type { Disruption } from "../../../recovery/objective";
import { saidForIncident, saidHolds } from "../../incident";
import { bullets, type Page, page } from "../../runbooks/page";
import { longestChain, type ShownStep, stepBlocks, stepTable } from "../../runbooks/recoverySteps";
import { tiers } from "../../tiers";
import { guideObjectives, TIER } from "../objectives";
import { type PathName, recoveryPaths, type StepPlan, upgradeSteps } from "../recoverySteps";
import { contacts } from "../routes";
import { commands, removeInputs, shell, writeInputs } from "./commands";
import { inputMaps, stepJob } from "./jobNames";
import { stepTexts } from "./stepTexts";

interface PathText {
  when: string;
  before: string[];
  after: string[];
  sites: string;
}

const texts: Readonly<Record<PathName, PathText>> = {
  "restore-in-place": {
    when: "The volume is lost or cannot be mounted, and the cluster stands. The guide's disaster recovery.",
    before: [
      "Make sure that no standby can take over by itself: it would lose nothing, this does. See [OmenDBDown](OmenDBDown.md).",
    ],
    after: ["Start a full backup: the restored data continues no chain."],
    sites: "primary",
  },
  "restore-in-secondary": {
    when: "The primary region is lost. The guide's data center failure.",
    before: [
      "Decide with the database manager: what was written since the newest copy is given up.",
      "If the old site still answers, the first step fences it; if it does not, it must be fenced before it is connected again.",
    ],
    after: [
      "The next failure has no protection until a full backup from here has ended.",
      "Going back to the primary region is planned work: this path the other way round.",
    ],
    sites: "secondary",
  },
  "restore-clean": {
    when: "Data is damaged: a bad write, an operator's error, a broken log. Every replica of the volume holds the damage. The guide's corruption recovery.",
    before: [
      "Find the time of the first sign of damage, in UTC, and set it, with the incident that it belongs to; earlier is safer and loses more:\n\n" +
        shell(writeInputs(inputMaps.incident, saidForIncident({ DAMAGE_TIME: "2026-11-21T03:04:00Z" }))),
      saidHolds,
      "Tell whoever writes: from the first step on nothing is accepted.",
    ],
    after: [
      "Enter again from their sources the writes that step replay names.",
      "Keep what was put aside until the data is validated by its owners.",
      `What was said for this incident must not steer the next:\n\n${shell([removeInputs(inputMaps.incident)])}`,
    ],
    sites: "primary",
  },
  "rebuild-in-clean-room": {
    when: "Credentials of the workload or of the deployer are in other hands. Nothing they can reach is trusted: only the locked bucket is.",
    before: [
      `Call the security team: ${contacts.security.reach}, ${contacts.security.above}.`,
      "Use a machine and an account that never held those credentials. The manifests and images are in the recovery kit of the locked bucket.",
      "Change nothing in the old site: it is evidence.",
      "The security team says the last moment before the intrusion, in UTC: what was written to the bucket since, under whatever name, does not come back. Set it, with the incident that it belongs to:\n\n" +
        shell(writeInputs(inputMaps.incident, saidForIncident({ RESTORE_BEFORE: "2026-11-21T03:04:00Z" }))),
      saidHolds,
    ],
    after: [
      "Issue new credentials, certificates and users; none of the old ones come along.",
      "Move to a permanent site once the security team agrees.",
    ],
    sites: "clean room",
  },
};

const promises: Partial<Record<Disruption, { rpo: string; rto: string }>> = { ...tiers[TIER], ...guideObjectives };

/** A page for every recovery path and one for the upgrade. */
export function pathPages(): Page[] {
  return [
    ...Object.entries(recoveryPaths).map(([path, plan]) => pathPage(path, plan, texts[path as PathName])),
    upgradePage(),
  ];
}

function pathPage(
  path: string,
  { disruptions, steps }: { disruptions: readonly Disruption[]; steps: Readonly<Record<string, StepPlan>> },
  text: PathText,
): Page {
  const promised = disruptions.map(
    (one) => `${one}: loses ${limit(promises[one]?.rpo)}, back ${limit(promises[one]?.rto)}`,
  );
  const shown = Object.entries(steps).map(([step, { after, deadline }]) => shownStep(path, step, deadline, after));
  return page(`${path}.md`, `Recovery: ${path.replaceAll("-", " ")}`, [
    text.when,
    `Promised: ${promised.join("; ")}. All steps together take at most ${formatSeconds(longestChain(steps))}; each has ended by its deadline or has failed.`,
    "## Before",
    bullets(text.before),
    "## Steps",
    `Run by the ${text.sites} site: \`kubectl config use-context <${text.sites.replace(" ", "-")}>\`. Start a step only when the ones it waits for are complete; the Jobs refuse to run out of order.`,
    stepTable(shown),
    ...stepBlocks(shown, commands),
    "## Afterwards",
    bullets(text.after),
    "## When to stop, who to call",
    `A step that failed twice, or half the time gone with no step complete: ${contacts["on-call"].who} ${contacts["on-call"].reach}, then ${contacts.database.who} ${contacts.database.reach}, ${contacts.database.above}. Other paths: ${Object.keys(
      recoveryPaths,
    )
      .filter((other) => other !== path)
      .map((other) => `[${other}](${other}.md)`)
      .join(", ")}.`,
  ]);
}

function upgradePage(): Page {
  return page("upgrade.md", "Upgrade, and the way back", [
    "Planned work: backup, rolling update, rollout, health. The lease changes hands once, so clients see one short pause. The last step is only for when one of the others failed.",
    "## Before",
    shell(
      writeInputs(inputMaps.upgrade, { NEW_IMAGE: "<registry>/omendb/omendb@sha256:<digest>", FORMAT_CHANGED: "no" }),
    ),
    "The image by digest, never a tag. `FORMAT_CHANGED=yes` if the release notes say that data on disk changes: then only the backup leads back.",
    "Put the same image into the stack's configuration afterwards, or the next deployment undoes the upgrade.",
    "## Steps",
    ...stepBlocks(
      Object.entries(upgradeSteps).map(([step, deadline]) => shownStep("upgrade", step, deadline)),
      commands,
    ),
    "## When to stop, who to call",
    `If the way back fails: [restore in place](restore-in-place.md), and ${contacts.database.who} ${contacts.database.reach}, ${contacts.database.above}.`,
  ]);
}

/** Throws for a step that has no text: nobody may be left with a name alone. */
function shownStep(path: string, step: string, deadline: string, waitsFor: readonly string[] = []): ShownStep {
  const text = stepTexts[step];
  if (!text)
    throw new RangeError(`the step ${step} of ${path} must have a text in systems/omendb/runbooks/stepTexts.ts`);
  return { step, job: stepJob(path, step), deadline, waitsFor, text };
}

function limit(text: string | undefined): string {
  if (text === undefined) return "unknown";
  return text.startsWith("under ") ? text : text === "0s" ? "nothing" : `at most ${text}`;
}
