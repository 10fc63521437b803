import * as fs from "node:fs";
import * as path from "node:path";

/** A kind of value that the SDK declares for an output. */
export type OutputKind = "string" | "number" | "boolean" | "list" | "object";

const known = new Map<string, Map<string, OutputKind>>();

/**
 * The outputs that a resource type always has, by name, as the SDK's own type declarations state them
 * (`Output<T>` without `undefined`). What a program does not set among these, the provider computes.
 * Empty for a type whose declaration is not found.
 */
export function outputsOf(type: string): Map<string, OutputKind> {
  const cached = known.get(type);
  if (cached) return cached;
  const file = declarationOf(type);
  const outputs = file === undefined ? new Map<string, OutputKind>() : parse(fs.readFileSync(file, "utf8"));
  known.set(type, outputs);
  return outputs;
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

function parse(text: string): Map<string, OutputKind> {
  const outputs = new Map<string, OutputKind>();
  for (const match of text.matchAll(/^ {4}readonly (\w+): pulumi\.Output<([\s\S]*?)>;$/gm)) {
    const [, name, type] = match;
    if (name === undefined || type === undefined || type.endsWith("| undefined")) continue;
    outputs.set(name, kindOf(type));
  }
  return outputs;
}

function kindOf(type: string): OutputKind {
  if (type.endsWith("[]")) return "list";
  if (type === "number" || type === "boolean") return type;
  if (type.startsWith("{") || (type.startsWith("outputs.") && !type.startsWith("outputs.enums."))) return "object";
  return "string";
}
