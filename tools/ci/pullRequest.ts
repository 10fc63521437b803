import * as path from "node:path";
import { type Api, apiOf } from "./api";
import { uploadSarif } from "./codeScanning";
import { upsertComment } from "./comment";
import { eventOf, script } from "./event";
import { evidenceIn, stacksOf } from "./evidence";
import { type EndedRun, pullOf } from "./pulls";
import { report } from "./report";

/**
 * Tells a pull request what its run found: one comment, and the findings at their lines. `folder` holds the run's
 * artifacts, `checkout` the default branch, which says what stacks there are.
 */
export async function tellPullRequest(api: Api, run: EndedRun, folder: string, checkout: string): Promise<string[]> {
  const pull = await pullOf(api, run);
  if (pull === undefined) return [`no open pull request is at ${run.head_sha}: nobody to tell`];
  const of = (stack: string, name = stack) => ({
    stack,
    evidence: evidenceIn(path.join(folder, `evidence-${name}`), stack),
  });
  const stacks = stacksOf(checkout).map((stack) => of(stack));
  const engine = of("staging", "staging-engine");
  const body = report({
    stacks,
    ...(engine.evidence.markdown === undefined ? {} : { engine }),
    run: run.html_url,
    commit: run.head_sha,
  });
  const said = [`pull request ${pull}: comment ${await upsertComment(api, { number: pull, body })}`];
  for (const { stack, evidence } of stacks) {
    if (evidence.sarif === undefined) continue;
    const analysis = { sarif: evidence.sarif, commit: run.head_sha, ref: `refs/pull/${pull}/head` };
    const refused = await uploadSarif(api, analysis);
    said.push(`code scanning, ${stack}: ${refused ?? "uploaded"}`);
  }
  return said;
}

if (require.main === module) {
  script(() => {
    const { workflow_run: run } = eventOf(process.env) as { workflow_run: EndedRun };
    return tellPullRequest(apiOf(process.env), run, process.argv[2] ?? "", process.cwd());
  });
}
