import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { type Document, parseAllDocuments, Scalar } from "yaml";
import { script } from "./event";

/** A commit that is about to be deployed, and the stack it is deployed to. */
export interface Candidate {
  /** `prod-omendb` of `Pulumi.prod-omendb.yaml`. */
  stack: string;
  /** The whole hash. */
  commit: string;
}

interface Evidence {
  tool?: { name?: unknown };
  stack?: unknown;
  engine?: unknown;
  commit?: unknown;
  summary?: { findings?: { mandatory?: unknown } };
}

/**
 * Why evidence does not let a commit be deployed; undefined where it does. The last gate is the engine's preview: the
 * operator that follows has neither a preview nor the pack.
 */
export function refusal(text: string, { stack, commit }: Candidate): string | undefined {
  if (!/^[0-9a-f]{40}$/.test(commit)) return `the commit must be a whole hash of 40 digits, got ${commit}`;
  const evidence = evidenceIn(text);
  if (evidence === undefined) return "it is no evidence";
  const mandatory = evidence.summary?.findings?.mandatory;
  const wanted: [what: string, got: unknown, wanted: unknown][] = [
    ["stack", evidence.stack, stack],
    ["engine", evidence.engine, "pulumi"],
    ["commit", evidence.commit, commit],
    ["summary.findings.mandatory", mandatory, 0],
  ];
  const wrong = wanted.filter(([, got, must]) => got !== must);
  if (wrong.length === 0) return undefined;
  return wrong.map(([what, got, must]) => `${what} must be ${must}, got ${got}`).join("; ");
}

/** The manifests with the commit, and the hash of the evidence that passed it, in the Stack of this Pulumi stack. */
export function withCommit(manifests: string, evidence: string, { stack, commit }: Candidate): string | undefined {
  const documents = parseAllDocuments(manifests);
  const stacks = documents.filter((one) => isStack(one, stack));
  for (const one of stacks) {
    one.setIn(["spec", "commit"], quoted(commit));
    one.setIn(["metadata", "annotations", "holdfast.dev/evidence"], `sha256:${hashOf(evidence)}`);
  }
  return stacks.length === 0 ? undefined : documents.map((one) => one.toString({ lineWidth: 0 })).join("");
}

/**
 * Writes the commit into the one manifest of a folder that deploys a stack, once its evidence has passed it.
 * @returns the file.
 * @throws Error with one line where the evidence does not, or where not one manifest deploys the stack.
 */
export function passCommit(folder: string, evidenceFile: string, candidate: Candidate): string {
  if (!fs.existsSync(evidenceFile)) {
    throw new Error(
      `${evidenceFile} is missing: run holdfast preview --engine pulumi --stack ${candidate.stack} first`,
    );
  }
  const evidence = fs.readFileSync(evidenceFile, "utf8");
  const why = refusal(evidence, candidate);
  if (why !== undefined) throw new Error(`${evidenceFile} does not pass ${candidate.commit}: ${why}`);
  const files = fs.readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  const changed = files.sort().flatMap((name) => {
    const file = path.join(folder, name);
    const text = withCommit(fs.readFileSync(file, "utf8"), evidence, candidate);
    return text === undefined ? [] : [{ file, text }];
  });
  const [only, ...more] = changed;
  if (only === undefined || more.length > 0) {
    const found = changed.length === 0 ? "none" : changed.map(({ file }) => file).join(", ");
    throw new Error(`${folder}: one manifest must have a Stack with spec.stack ${candidate.stack}, got ${found}`);
  }
  fs.writeFileSync(only.file, only.text);
  return only.file;
}

function evidenceIn(text: string): Evidence | undefined {
  try {
    const evidence = JSON.parse(text) as Evidence | null;
    return evidence?.tool?.name === "holdfast" ? evidence : undefined;
  } catch {
    return undefined;
  }
}

function isStack(document: Document, stack: string): boolean {
  return document.get("kind") === "Stack" && document.getIn(["spec", "stack"]) === stack;
}

/** A hash of digits alone would be read as a number. */
function quoted(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

if (require.main === module) {
  const [, , stack = "", commit = "", folder = "deploy/operator"] = process.argv;
  script(async () => [passCommit(folder, path.join(".holdfast", stack, "evidence.json"), { stack, commit })]);
}
