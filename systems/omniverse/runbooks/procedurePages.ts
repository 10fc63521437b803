import { commandsIn, shell } from "../../runbooks/commands";
import { bullets, type Page, page } from "../../runbooks/page";
import { type ShownStep, stepBlocks, stepTable } from "../../runbooks/recoverySteps";
import { type Procedure, type ProcedureName, procedureJob, procedures } from "../procedures";
import { contacts } from "../routes";
import { procedureTexts } from "./procedureTexts";

/** Namespace of production; a stack with another one says so at the top of its own pages. */
const commands = commandsIn("omniverse-prod");

/** A page for every procedure. */
export function procedurePages(): Page[] {
  return (Object.keys(procedures) as ProcedureName[]).map(procedurePage);
}

function procedurePage(name: ProcedureName): Page {
  const { steps, inputs, only }: Procedure = procedures[name];
  const { when, before, after, inputs: values } = procedureTexts[name];
  const names = Object.keys(steps);
  const shown = Object.entries(steps).map(
    ([step, deadline], i): ShownStep => ({
      step,
      job: procedureJob(name, step),
      deadline,
      waitsFor: names.slice(Math.max(0, i - 1), i),
      text: textOf(name, step),
    }),
  );
  const where =
    only === undefined
      ? "Run by the site that serves: `kubectl config use-context <the one that serves>`."
      : `Run by the ${only} site, which alone has its jobs: \`kubectl config use-context <${only}>\`.`;
  return page(`${name}.md`, `Procedure: ${name.replaceAll("-", " ")}`, [
    when,
    "## Before",
    bullets(before),
    ...(Object.keys(values).length > 0 ? [shell(commands.writeInputs(inputs, values))] : []),
    "## Steps",
    `${where} The Jobs refuse to run out of order; any of them can be started again.`,
    stepTable(shown),
    ...stepBlocks(shown, commands),
    "## Afterwards",
    bullets(after),
    "## When to stop, who to call",
    `A step that failed twice: ${contacts["on-call"].who} ${contacts["on-call"].reach}, then ${contacts.content.who} ${contacts.content.reach}, ${contacts.content.above}.`,
  ]);
}

/** Throws for a step that has no text: nobody may be left with a name alone. */
function textOf(name: ProcedureName, step: string) {
  const text = procedureTexts[name].steps[step];
  if (!text)
    throw new RangeError(
      `the step ${step} of ${name} must have a text in systems/omniverse/runbooks/procedureTexts.ts`,
    );
  return text;
}
