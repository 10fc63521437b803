import * as path from "node:path";
import { type Api, apiOf } from "./api";
import { uploadSarif } from "./codeScanning";
import { script } from "./event";
import { evidenceIn } from "./evidence";

/** Hands the findings of a pushed commit to code scanning, so that pull requests are compared with them. */
export async function tellBranch(api: Api, stack: string, commit: string, ref: string): Promise<string[]> {
  const { sarif } = evidenceIn(path.join(".holdfast", stack), stack);
  if (sarif === undefined) throw new Error(`.holdfast/${stack}/evidence.sarif is missing: run holdfast preview first`);
  return [`code scanning, ${stack}: ${(await uploadSarif(api, { sarif, commit, ref })) ?? "uploaded"}`];
}

if (require.main === module) {
  const { GITHUB_SHA = "", GITHUB_REF = "" } = process.env;
  script(() => tellBranch(apiOf(process.env), process.argv[2] ?? "", GITHUB_SHA, GITHUB_REF));
}
