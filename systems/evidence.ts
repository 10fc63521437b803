import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigError } from "./config/problems";

/** Where a program runs, and what it is told of its judgement. */
export interface JudgedRun {
  /** `prod` of `Pulumi.prod.yaml`. */
  stack: string;
  /** Folder that the file is named from, and whose commit runs. */
  root: string;
  /** Path of the evidence that judged what is deployed; a deployment sets it. @default env `HOLDFAST_EVIDENCE` */
  file?: string | undefined;
}

/** What is said where no evidence is named: a preview, or a deployment that nobody judged first. */
export const NOT_JUDGED = "not judged";

interface Judgement {
  stack: string;
  commit?: unknown;
  mandatory: number;
}

/**
 * Names the evidence that judged a deployment by the hash of its bytes, `sha256:…`, or says that none did: `not judged`,
 * and why where evidence is named of which nobody can say that it is of these files.
 * @throws ConfigError for a file that is not there, is no evidence, judged another stack or another commit, or has
 * mandatory findings.
 */
export function judgedBy({ stack, root, file = process.env.HOLDFAST_EVIDENCE }: JudgedRun): string {
  if (file === undefined || file === "") return NOT_JUDGED;
  const refused = (why: string) => {
    const message = `must name the evidence of stack ${stack}, got ${JSON.stringify(file)}, ${why}; where it is not set, npx holdfast preview --stack ${stack} writes .holdfast/${stack}/evidence.json`;
    return new ConfigError("The environment", [{ key: "HOLDFAST_EVIDENCE", message }]);
  };
  const bytes = bytesOf(resolve(root, file));
  if (typeof bytes === "string") throw refused(bytes);
  const judged = judgementIn(bytes.toString("utf8"));
  if (judged === undefined) throw refused("which is no evidence");
  if (judged.stack !== stack) throw refused(`which judged stack ${judged.stack}`);
  if (judged.mandatory > 0) throw refused(`which has mandatory findings: ${judged.mandatory}`);
  const commit = commitOf(root);
  if (commit === undefined || typeof judged.commit !== "string") return `${NOT_JUDGED}: the commit is not known`;
  if (judged.commit !== commit) throw refused(`which judged commit ${judged.commit}, and this is ${commit}`);
  // Files may have changed once more since they were judged, and nothing would show it.
  if (commit.endsWith("-dirty")) return `${NOT_JUDGED}: files differ from commit ${commit.slice(0, -"-dirty".length)}`;
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** The file as it is, or why it cannot be read. */
function bytesOf(file: string): Buffer | string {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? "which does not exist" : `which cannot be read (${code})`;
  }
}

/** What evidence says of itself; undefined where the text is none. */
function judgementIn(text: string): Judgement | undefined {
  try {
    const { tool, stack, commit, summary } = JSON.parse(text) as {
      tool?: { name?: unknown };
      stack?: unknown;
      commit?: unknown;
      summary?: { findings?: { mandatory?: unknown } };
    };
    const mandatory = summary?.findings?.mandatory;
    if (tool?.name !== "holdfast" || typeof stack !== "string" || typeof mandatory !== "number") return undefined;
    return { stack, commit, mandatory };
  } catch {
    return undefined;
  }
}

/** The commit of a folder as evidence names it: `-dirty` where files differ; undefined outside a repository. */
function commitOf(folder: string): string | undefined {
  const args = ["-C", folder, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"];
  try {
    return execFileSync("git", args, { encoding: "utf8", timeout: 5_000, stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}
