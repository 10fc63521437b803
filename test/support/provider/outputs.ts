import * as fs from "node:fs";
import * as path from "node:path";

/** A kind of value that the SDK declares for an output. */
export type OutputKind = "string" | "number" | "boolean" | "list" | "object";

/** What the SDK declares of a resource type. */
interface Declared {
  outputs: Map<string, OutputKind>;
  inputs: Map<string, "required" | "optional">;
}

const known = new Map<string, Declared>();

/**
 * The outputs that a resource type always has, by name, as the SDK's own type declarations state them
 * (`Output<T>` without `undefined`). What a program does not set among these, the provider computes.
 * Empty for a type whose declaration is not found.
 */
export function outputsOf(type: string): Map<string, OutputKind> {
  return declared(type).outputs;
}

/** The inputs that a resource type takes, by name. */
export function inputsOf(type: string): Map<string, "required" | "optional"> {
  return declared(type).inputs;
}

function declared(type: string): Declared {
  const cached = known.get(type);
  if (cached) return cached;
  const file = declarationOf(type);
  const text = file === undefined ? "" : fs.readFileSync(file, "utf8");
  const found: Declared = { outputs: outputsIn(text), inputs: inputsIn(text, type.split(":").at(-1) ?? "") };
  known.set(type, found);
  return found;
}

function declarationOf(type: string): string | undefined {
  const [pkg, module, name] = type.split(":");
  if (!pkg || !module || !name) return undefined;
  const root = path.dirname(require.resolve(`@pulumi/${pkg}/package.json`));
  const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}.d.ts`;
  // aws and random name the file in the module ("s3/bucket"), azure-native names the folder ("storage").
  const candidates = [`${module.replace(/^index\//, "")}.d.ts`, path.join(module, file), file];
  return candidates.map((candidate) => path.join(root, candidate)).find((candidate) => fs.existsSync(candidate));
}

function outputsIn(text: string): Map<string, OutputKind> {
  const outputs = new Map<string, OutputKind>();
  for (const match of text.matchAll(/^ {4}readonly (\w+): pulumi\.Output<([\s\S]*?)>;$/gm)) {
    const [, name, type] = match;
    if (name === undefined || type === undefined || type.endsWith("| undefined")) continue;
    outputs.set(name, kindOf(type));
  }
  return outputs;
}

function inputsIn(text: string, kind: string): Declared["inputs"] {
  const start = text.indexOf(`export interface ${kind}Args {`);
  const inputs: Declared["inputs"] = new Map();
  if (start < 0) return inputs;
  for (const match of text.slice(start).matchAll(/^ {4}(\w+)(\??): /gm)) {
    if (match[1] !== undefined) inputs.set(match[1], match[2] === "?" ? "optional" : "required");
  }
  return inputs;
}

function kindOf(type: string): OutputKind {
  if (type.endsWith("[]")) return "list";
  if (type === "number" || type === "boolean") return type;
  if (type.startsWith("{") || (type.startsWith("outputs.") && !type.startsWith("outputs.enums."))) return "object";
  return "string";
}
