import { duration, formatSeconds } from "../../../recovery/duration";
import { saidForIncident, saidHolds } from "../../incident";
import { commandsIn, shell } from "../../runbooks/commands";
import { bullets, type Page, page, table } from "../../runbooks/page";
import { INCIDENT_MAP } from "../names";
import { assetObjectives } from "../objectives";
import { type PathName, type PathPlan, recoveryPaths, stepJob } from "../recoverySteps";
import { contacts } from "../routes";
import { pathTexts } from "./pathTexts";
import { stepTexts } from "./stepTexts";

/** Namespace of production; a stack with another one says so at the top of its own pages. */
const { removeInputs, runJob, writeInputs } = commandsIn("omniverse-prod");

/** A page for every recovery path. */
export function pathPages(): Page[] {
  return (Object.keys(recoveryPaths) as PathName[]).map(pathPage);
}

function pathPage(path: PathName): Page {
  const { asset, disruptions, steps, runsAt }: PathPlan = recoveryPaths[path];
  const { when, inputs, before, after } = pathTexts[path];
  const site = runsAt === "cleanRoom" ? "clean-room" : runsAt;
  const promised = disruptions.map((one) => {
    const { rpo, rto } = assetObjectives[asset][one] ?? { rpo: "unknown", rto: "unknown" };
    return `${one}: loses at most ${rpo}, back within ${rto}`;
  });
  const others = Object.keys(recoveryPaths).filter((other) => other !== path);
  return page(`${path}.md`, `Recovery: ${path.replaceAll("-", " ")}`, [
    when,
    `Promised for ${asset === "accounts" ? "accounts and tags" : "database and assets together"}: ${promised.join("; ")}. All steps of this page take at most ${formatSeconds(total(steps))}; each has ended by its deadline or has failed.`,
    "## Before",
    bullets([...before, saidHolds]),
    shell(writeInputs(INCIDENT_MAP, saidForIncident(inputs))),
    "## Steps",
    `Run by the ${site} site: \`kubectl config use-context <${site}>\`. The Jobs refuse to run out of order; any of them can be started again.`,
    table(
      ["step", "waits for", "at most", "does"],
      Object.entries(steps).map(([step, plan]) => [
        step,
        plan.after.join(", ") || "nothing",
        plan.deadline,
        textOf(path, step).does,
      ]),
    ),
    ...Object.entries(steps).map(([step, { deadline }]) => stepBlock(path, step, deadline)),
    "## Afterwards",
    bullets(after),
    "What was said for this incident must not steer the next:",
    shell([removeInputs(INCIDENT_MAP)]),
    "## When to stop, who to call",
    `A step that failed twice, or half the time gone with no step complete: ${contacts["on-call"].who} ${contacts["on-call"].reach}, then ${contacts.content.who} ${contacts.content.reach}, ${contacts.content.above}. Other paths: ${others.map((other) => `[${other}](${other}.md)`).join(", ")}.`,
  ]);
}

/** Throws for a step that has no text: nobody may be left with a name alone. */
function textOf(path: PathName, step: string) {
  const text = stepTexts[path][step];
  if (!text)
    throw new RangeError(`the step ${step} of ${path} must have a text in systems/omniverse/runbooks/stepTexts.ts`);
  return text;
}

function stepBlock(path: PathName, step: string, deadline: string): string {
  const { does, more, fails } = textOf(path, step);
  return [
    `### ${step} (at most ${deadline})`,
    does,
    ...(more === undefined ? [] : [more]),
    shell(runJob(stepJob(path, step), deadline)),
    `Fails: ${fails ?? "its log names what is missing; mend that and start the step again."}`,
  ].join("\n\n");
}

/** Longest chain of steps that wait for each other. */
function total(steps: PathPlan["steps"]): number {
  const ends = new Map<string, number>();
  for (const [step, { after, deadline }] of Object.entries(steps)) {
    ends.set(step, Math.max(0, ...after.map((other) => ends.get(other) ?? 0)) + duration(deadline));
  }
  return Math.max(0, ...ends.values());
}
