import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigError } from "./config/problems";

/** Where a program runs, and what it is told of its judgement. */
export interface JudgedRun {
  /** `prod` of `Pulumi.prod.yaml`. */
  stack: string;
  /** Folder that the file is named from. */
  root: string;
  /** Path of the evidence that judged what is deployed; a deployment sets it. @default env `HOLDFAST_EVIDENCE` */
  file?: string | undefined;
}

/** What is said where no evidence is named: a preview, or a deployment that nobody judged first. */
export const NOT_JUDGED = "not judged";

/**
 * Names the evidence that judged a deployment by the hash of its bytes, `sha256:…`, or says that none did.
 * @throws ConfigError for a file that is not there, is no evidence, or judged another stack.
 */
export function judgedBy({ stack, root, file = process.env.HOLDFAST_EVIDENCE }: JudgedRun): string {
  if (file === undefined || file === "") return NOT_JUDGED;
  const refused = (why: string) => {
    const message = `must name the evidence of stack ${stack}, got ${JSON.stringify(file)}, ${why}; npx holdfast preview --stack ${stack} writes .holdfast/${stack}/evidence.json`;
    return new ConfigError("The environment", [{ key: "HOLDFAST_EVIDENCE", message }]);
  };
  const bytes = bytesOf(resolve(root, file));
  if (typeof bytes === "string") throw refused(bytes);
  const judged = stackIn(bytes.toString("utf8"));
  if (judged === undefined) throw refused("which is no evidence");
  if (judged !== stack) throw refused(`which judged stack ${judged}`);
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

/** The stack that evidence is about; undefined where the text is none. */
function stackIn(text: string): string | undefined {
  try {
    const { tool, stack } = JSON.parse(text) as { tool?: { name?: unknown }; stack?: unknown };
    return tool?.name === "holdfast" && typeof stack === "string" ? stack : undefined;
  } catch {
    return undefined;
  }
}
