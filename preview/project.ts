import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument } from "yaml";
import { BadInput } from "./badInput";
import { unknownOnWire } from "./wire";

/** A Pulumi project and the configuration of one stack of it, read as the engine reads them. */
export interface Project {
  name: string;
  /** Where `Pulumi.yaml` is. */
  folder: string;
  /** Where the program runs. */
  workFolder: string;
  /** File to load. */
  entry: string;
  /** Values as the engine hands them to a program; encrypted ones hold the unknown value. */
  config: Record<string, string>;
  /** Keys of encrypted values. */
  secretKeys: string[];
}

/** Reads `Pulumi.yaml` and `Pulumi.<stack>.yaml`; throws `BadInput` for what is missing or malformed. */
export function readProject(folder: string, stack: string): Project {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new BadInput(
      `${shown(folder)} is not a folder; --program takes the folder of a Pulumi.yaml, e.g. --program .`,
    );
  }
  const file = fileOf(folder, "Pulumi");
  if (file === undefined) {
    throw new BadInput(`${shown(folder)} has no Pulumi.yaml; --program takes the folder of one, e.g. --program .`);
  }
  const project = readYaml(file);
  const name = textAt(project, "name");
  if (name === undefined) throw new BadInput(`${shown(file)}: name must be the project's name, e.g. name: holdfast`);
  const reader = new ConfigReader();
  const shared = project.get("config");
  if (isMap(shared)) reader.addProject(shared.items, name, file);
  const stackFolder = path.join(folder, textAt(project, "stackConfigDir") ?? ".");
  const stackFile = fileOf(stackFolder, `Pulumi.${stack}`);
  if (stackFile === undefined) refuseUnknownStack(stackFolder, stack);
  else reader.addStack(readYaml(stackFile), name, stackFile);
  return {
    name,
    folder,
    ...entryOf(folder, textAt(project, "main")),
    config: reader.config,
    secretKeys: [...reader.secretKeys].sort(),
  };
}

/** A stack without a file has no configuration, unless other stacks have files: then it is a slip. */
function refuseUnknownStack(folder: string, stack: string): void {
  const stacks = existsSync(folder)
    ? readdirSync(folder).flatMap((name) => /^Pulumi\.(.+)\.ya?ml$/.exec(name)?.[1] ?? [])
    : [];
  if (stacks.length === 0) return;
  const allowed = stacks.sort().join(", ");
  throw new BadInput(
    `there is no stack "${stack}": ${shown(path.join(folder, `Pulumi.${stack}.yaml`))} is missing; ` +
      `allowed: ${allowed}, e.g. --stack ${stacks[0]}`,
  );
}

function entryOf(folder: string, main: string | undefined): Pick<Project, "entry" | "workFolder"> {
  const wanted = path.resolve(folder, main ?? ".");
  if (!existsSync(wanted)) throw new BadInput(`${shown(folder)}: main names ${shown(wanted)}, which does not exist`);
  if (statSync(wanted).isFile()) return { entry: wanted, workFolder: path.dirname(wanted) };
  const candidates = [...mainOf(path.join(wanted, "package.json")), "index.js", "index.ts"];
  const entry = candidates.map((name) => path.join(wanted, name)).find((name) => existsSync(name));
  if (entry !== undefined) return { entry, workFolder: wanted };
  throw new BadInput(`${shown(wanted)} has no program: no index.ts, and no "main" in package.json`);
}

function mainOf(manifest: string): string[] {
  if (!existsSync(manifest)) return [];
  try {
    const { main } = JSON.parse(readFileSync(manifest, "utf8")) as { main?: unknown };
    return typeof main === "string" ? [main] : [];
  } catch (error) {
    throw new BadInput(`${shown(manifest)} is not JSON: ${(error as Error).message}`);
  }
}

/** Collects configuration values, later files over earlier ones. */
class ConfigReader {
  readonly config: Record<string, string> = {};
  readonly secretKeys = new Set<string>();

  addStack(document: Yaml, project: string, file: string): void {
    const config = document.get("config");
    if (config === undefined || config === null) return;
    if (!isMap(config)) throw new BadInput(`${shown(file)}: config must be a map of keys to values`);
    for (const pair of config.items) this.add(keyOf(pair, project), pair.value as Node | null, file);
  }

  addProject(pairs: readonly Pair[], project: string, file: string): void {
    for (const pair of pairs) {
      const value = pair.value as Node | null;
      if (!isMap(value)) this.add(keyOf(pair, project), value, file);
      else if (value.has("value")) this.add(keyOf(pair, project), value.get("value", true) as Node, file);
      else if (value.has("default")) this.add(keyOf(pair, project), value.get("default", true) as Node, file);
    }
  }

  private add(key: string, node: Node | null, file: string): void {
    const value = plain(node, (problem) => {
      throw new BadInput(`${shown(file)}: ${key} ${problem}`);
    });
    if (value.secret) this.secretKeys.add(key);
    else this.secretKeys.delete(key);
    this.config[key] = typeof value.value === "string" ? value.value : JSON.stringify(value.value);
  }
}

function keyOf(pair: Pair, project: string): string {
  const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
  return key.includes(":") ? key : `${project}:${key}`;
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What a YAML value becomes in a program; `secure` values are unknown without the key that decrypts them. */
function plain(node: Node | null, fail: (problem: string) => never): { value: Json; secret: boolean } {
  if (isAlias(node)) fail("is a YAML alias, which Pulumi does not keep; write the value out");
  if (isMap(node)) {
    if (node.items.length === 1 && typeof node.get("secure") === "string")
      return { value: unknownOnWire, secret: true };
    const parts = node.items
      .map((pair) => [keyText(pair), plain(pair.value as Node | null, fail)] as const)
      // Pulumi hands objects on with sorted keys.
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return {
      value: Object.fromEntries(parts.map(([key, part]) => [key, part.value])),
      secret: parts.some(([, part]) => part.secret),
    };
  }
  if (isSeq(node)) {
    const parts = node.items.map((item) => plain(item as Node, fail));
    return { value: parts.map((part) => part.value), secret: parts.some((part) => part.secret) };
  }
  if (!isScalar(node)) return { value: null, secret: false };
  if (node.type === "PLAIN" && typeof node.value === "string" && dated.test(node.value)) {
    fail(`is a date without quotes, which Pulumi turns into another text; write "${node.value}"`);
  }
  return { value: node.value as Json, secret: false };
}

/** What the engine's YAML library takes for a point in time. */
const dated = /^\d{4}-\d{1,2}-\d{1,2}([Tt ]\d{1,2}:.*)?$/;

function keyText(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

interface Yaml {
  get(key: string): unknown;
}

function readYaml(file: string): Yaml {
  const document = parseDocument(readFileSync(file, "utf8"), { merge: true, prettyErrors: true });
  const error = document.errors[0];
  if (error) {
    const at = error.linePos?.[0];
    const where = at ? `:${at.line}:${at.col}` : "";
    throw new BadInput(
      `${shown(file)}${where} is not YAML: ${error.message.split("\n")[0]?.replace(/ at line .*$/, "")}`,
    );
  }
  if (document.contents === null) return { get: () => undefined };
  if (!isMap(document.contents)) throw new BadInput(`${shown(file)} must be a map of keys to values`);
  return document;
}

function textAt(document: Yaml, key: string): string | undefined {
  const value = document.get(key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function fileOf(folder: string, name: string): string | undefined {
  return [`${name}.yaml`, `${name}.yml`].map((file) => path.join(folder, file)).find((file) => existsSync(file));
}

/** A path as the person at the command line knows it. */
export function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative === "" ? "." : relative.startsWith(`..${path.sep}..${path.sep}..`) ? file : relative;
}
