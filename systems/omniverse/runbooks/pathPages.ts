import { formatSeconds } from "../../../recovery/duration";
import { saidForIncident, saidHolds } from "../../incident";
import { commandsIn, shell } from "../../runbooks/commands";
import { bullets, type Page, page, table } from "../../runbooks/page";
import { longestChain, type ShownStep, stepBlocks, stepTable } from "../../runbooks/recoverySteps";
import { INCIDENT_MAP } from "../names";
import { assetObjectives } from "../objectives";
import { type PathName, type PathPlan, recoveryPaths, stepJob } from "../recoverySteps";
import { crossWaits, lasts, regionWays, type StepOf, type Window } from "../regionOrder";
import { contacts } from "../routes";
import { type PathText, pathTexts } from "./pathTexts";
import { stepTexts } from "./stepTexts";

/** Namespace of production; a stack with another one says so at the top of its own pages. */
const commands = commandsIn("omniverse-prod");
const { addInputs, addWord, removeInputs } = commands;

/** A page for every recovery path. */
export function pathPages(): Page[] {
  return (Object.keys(recoveryPaths) as PathName[]).map(pathPage);
}

function pathPage(path: PathName): Page {
  const { asset, disruptions, steps, runsAt }: PathPlan = recoveryPaths[path];
  const { when, inputs, words, before, after } = pathTexts[path];
  const site = runsAt === "cleanRoom" ? "clean-room" : runsAt;
  const promised = disruptions.map((one) => {
    const { rpo, rto } = assetObjectives[asset][one] ?? { rpo: "unknown", rto: "unknown" };
    return `${one}: loses at most ${rpo}, back within ${rto}`;
  });
  const shown = Object.entries(steps).map(([step, { after, deadline }]): ShownStep => {
    const elsewhere = (crossWaits[path]?.[step] ?? []).map(linked);
    return {
      step,
      job: stepJob(path, step),
      deadline,
      waitsFor: [...after, ...elsewhere],
      text: textOf(path, step),
    };
  });
  const others = Object.keys(recoveryPaths).filter((other) => other !== path);
  return page(`${path}.md`, `Recovery: ${path.replaceAll("-", " ")}`, [
    when,
    `Promised for ${asset === "accounts" ? "accounts and tags" : "database and assets together"}: ${promised.join("; ")}. All steps of this page take at most ${formatSeconds(longestChain(steps))}; each has ended by its deadline or has failed.`,
    "## Before",
    bullets([...before, saidHolds]),
    ...orderBlock(path),
    ...(isOfRegion(path)
      ? ["One command for all pages of a lost region: whoever has run it on another one need not again."]
      : []),
    shell(addInputs(INCIDENT_MAP, saidForIncident(inputs))),
    ...wordsBlock(words),
    "## Steps",
    `Run by the ${site} site: \`kubectl config use-context <${site}>\`. The Jobs refuse to run out of order; any of them can be started again.`,
    stepTable(shown),
    ...stepBlocks(shown, commands),
    "## Afterwards",
    bullets(after),
    ...("resume" in steps
      ? ["What was said for this incident must not steer the next:", shell([removeInputs(INCIDENT_MAP)])]
      : ["What was said stays: the page that ends with resume or dns needs it, and removes it."]),
    "## When to stop, who to call",
    `A step that failed twice, or half the time gone with no step complete: ${contacts["on-call"].who} ${contacts["on-call"].reach}, then ${contacts.content.who} ${contacts.content.reach}, ${contacts.content.above}. Other paths: ${others.map((other) => `[${other}](${other}.md)`).join(", ")}.`,
  ]);
}

function linked({ path, step }: StepOf): string {
  return `${step} of [${path}](${path}.md)`;
}

const ways: Readonly<Partial<Record<PathName, readonly Window[]>>> = regionWays;

function isOfRegion(path: PathName): boolean {
  return Object.values(ways).some((windows) => windows?.some((steps) => steps.some((one) => one.path === path)));
}

/** What is begun at once with a path that ends the loss of a region, and how long all of it takes. */
function orderBlock(path: PathName): string[] {
  const windows = ways[path];
  if (!windows) return [];
  const lines = windows.map((steps) => {
    const [{ path: page } = { path }] = steps;
    return `${page === path ? "this page" : `[${page}](${page}.md)`}: ${steps.map(({ step }) => step).join(", ")}`;
  });
  return [
    `**Begin at once, each in a window of its own: ${formatSeconds(lasts(windows))} at most, and what is promised counts on that.** A step that waits for one of another page refuses until that has ended: start it again then.`,
    bullets(lines),
  ];
}

/** Words that only some incidents need: each is added when a step asks for it, and takes no other away. */
function wordsBlock(words: PathText["words"] = {}): string[] {
  const rows = Object.entries(words);
  if (rows.length === 0) return [];
  return [
    "Words that only some need, one at a time, which leaves the others as they are:",
    table(["word", "when"], rows),
    shell([addWord(INCIDENT_MAP)]),
  ];
}

/** Throws for a step that has no text: nobody may be left with a name alone. */
function textOf(path: PathName, step: string) {
  const text = stepTexts[path][step];
  if (!text)
    throw new RangeError(`the step ${step} of ${path} must have a text in systems/omniverse/runbooks/stepTexts.ts`);
  return text;
}
