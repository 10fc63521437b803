import { commandsIn, shell } from "../../runbooks/commands";
import { bullets, type Page, page, table } from "../../runbooks/page";
import { type Procedure, type ProcedureName, procedureJob, procedures } from "../procedures";
import { contacts } from "../routes";
import { procedureTexts } from "./procedureTexts";

/** Namespace of production; a stack with another one says so at the top of its own pages. */
const { runJob, writeInputs } = commandsIn("omniverse-prod");

/** A page for every procedure. */
export function procedurePages(): Page[] {
  return (Object.keys(procedures) as ProcedureName[]).map(procedurePage);
}

function procedurePage(name: ProcedureName): Page {
  const { steps, inputs, only }: Procedure = procedures[name];
  const { when, before, after, inputs: values } = procedureTexts[name];
  const names = Object.keys(steps);
  const where =
    only === undefined
      ? "Run by the site that serves: `kubectl config use-context <the one that serves>`."
      : `Run by the ${only} site, which alone has its jobs: \`kubectl config use-context <${only}>\`.`;
  return page(`${name}.md`, `Procedure: ${name.replaceAll("-", " ")}`, [
    when,
    "## Before",
    bullets(before),
    ...(Object.keys(values).length > 0 ? [shell(writeInputs(inputs, values))] : []),
    "## Steps",
    `${where} The Jobs refuse to run out of order; any of them can be started again.`,
    table(
      ["step", "waits for", "at most", "does"],
      Object.entries(steps).map(([step, deadline], i) => [
        step,
        names[i - 1] ?? "nothing",
        deadline,
        textOf(name, step).does,
      ]),
    ),
    ...Object.entries(steps).map(([step, deadline]) => {
      const { does, fails } = textOf(name, step);
      return [
        `### ${step} (at most ${deadline})`,
        does,
        shell(runJob(procedureJob(name, step), deadline)),
        `Fails: ${fails ?? "its log names what is missing; mend that and start the step again."}`,
      ].join("\n\n");
    }),
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
