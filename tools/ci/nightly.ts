import * as fs from "node:fs";
import * as path from "node:path";
import { type Api, apiOf } from "./api";
import { pageOf, script } from "./event";
import { evidenceIn, stacksOf } from "./evidence";
import { upsertIssue } from "./issue";
import { verdictOf } from "./report";

/** How the steps of a night ended, as GitHub calls it; a step that never ran has no entry. */
export type Outcome = Partial<Record<Step, string>>;

type Step = "drift" | "deployed" | "preview";

const wrong: Record<Step, string> = {
  drift: "what is deployed is not what was deployed: `pulumi refresh --preview-only` shows the difference",
  deployed: "the state breaks a promise: `holdfast assess --state` says which",
  preview: "the program breaks a promise at today's date: an assumption, a waiver or a drill may have run out",
};

/** What is wrong with a stack, in words; nothing when every step succeeded. */
export function troubleOf(outcome: Outcome, verdict: string | undefined, run: string): string | undefined {
  const failed = (Object.keys(wrong) as Step[]).filter((step) => outcome[step] !== "success");
  if (failed.length === 0) return undefined;
  const lines = failed.map((step) =>
    outcome[step] === "failure"
      ? `- ${wrong[step]}`
      : `- nobody knows: ${step} was not checked (${outcome[step] ?? "no answer"})`,
  );
  const told = failed.includes("preview") && verdict !== undefined ? ["", verdict] : [];
  return [...lines, ...told, "", `[The run](${run}) has the log and the evidence.`].join("\n");
}

/** One issue for each stack with trouble, closed when it is over. */
export async function tellNight(api: Api, folder: string, checkout: string, run: string): Promise<string[]> {
  const said: string[] = [];
  for (const stack of stacksOf(checkout)) {
    const at = path.join(folder, `nightly-${stack}`);
    const { markdown } = evidenceIn(at, stack);
    const body = troubleOf(outcomeIn(at), markdown && verdictOf(stack, markdown), run);
    const answer = await upsertIssue(api, {
      title: `Nightly check of ${stack}`,
      marker: `<!-- holdfast nightly ${stack} -->`,
      ...(body === undefined ? {} : { body }),
    });
    said.push(`${stack}: issue ${answer}`);
  }
  return said;
}

function outcomeIn(folder: string): Outcome {
  const file = path.join(folder, "outcome.json");
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Outcome) : {};
}

if (require.main === module) {
  script(() => tellNight(apiOf(process.env), process.argv[2] ?? "", process.cwd(), pageOf(process.env)));
}
