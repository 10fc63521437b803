import { readFileSync } from "node:fs";
import { BadInput } from "./badInput";
import { shown } from "./project";
import type { World } from "./world";

/** One resource of a state, as `pulumi stack export` writes it; what nobody here reads is left out. */
export interface StateResource {
  urn: string;
  type: string;
  custom?: boolean;
  /** Replaced already, and waiting to be deleted. */
  delete?: boolean;
  /** Only read: another program, or nobody, looks after it. */
  external?: boolean;
  /** Deleted already, and waiting to be made anew. */
  pendingReplacement?: boolean;
  /** Shown for another resource, which made it. */
  viewOf?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  parent?: string;
  /** URN and id. */
  provider?: string;
  protect?: boolean;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
  initErrors?: string[];
}

/** What a run of Pulumi had begun when it ended. */
export interface PendingOperation {
  type: string;
  resource: StateResource;
}

/** What a state file says is deployed. */
export interface State {
  stack: string;
  project: string;
  resources: StateResource[];
  pending: PendingOperation[];
}

const example = "e.g. pulumi stack export --stack prod > state.json, then --state state.json";

/** Versions of the format whose resources read alike: 4 only lists the features that a state makes use of. */
const versions: readonly unknown[] = [3, 4];

/**
 * Reads what `pulumi stack export` printed, or the checkpoint of a backend that keeps files; `-` is standard input.
 * @throws BadInput for what is no state, or an empty one. Nothing of the file is repeated: it may hold secrets.
 */
export async function loadState(file: string, world: Pick<World, "stdin">): Promise<State> {
  const name = stateName(file);
  const deployment = deploymentIn(parse(await textOf(file, name, world), name), name);
  const resources = listIn(deployment, "resources", name).map((one, index) => resourceIn(one, `[${index}]`, name));
  const pending = listIn(deployment, "pending_operations", name).map((one, index) => pendingIn(one, index, name));
  const [, , stack, project] = /^(urn:pulumi:)(.+?)::(.+?)::/.exec(resources[0]?.urn ?? "") ?? [];
  if (stack === undefined || project === undefined) {
    throw new BadInput(`${name} holds no resource: nothing is deployed, so there is nothing to judge`);
  }
  return { stack, project, resources, pending };
}

/** What reports call a state file. */
export function stateName(file: string): string {
  return file === "-" ? "standard input" : shown(file);
}

async function textOf(file: string, name: string, { stdin }: Pick<World, "stdin">): Promise<string> {
  if (file === "-") {
    const parts: Buffer[] = [];
    for await (const part of stdin) parts.push(Buffer.from(part));
    return Buffer.concat(parts).toString("utf8");
  }
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new BadInput(`${name} cannot be read: ${readErrors[code] ?? code}; ${example}`);
  }
}

const readErrors: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "it may not be read",
};

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Node's own message repeats what it found.
    const what = text.trim() === "" ? "is empty" : "is not JSON";
    throw new BadInput(`${name} ${what}; --state takes an exported state, ${example}`);
  }
}

function deploymentIn(value: unknown, name: string): Record<string, unknown> {
  const { version, deployment, checkpoint } = isMap(value) ? value : {};
  const latest = isMap(checkpoint) ? checkpoint.latest : undefined;
  const found = isMap(deployment) ? deployment : latest;
  if (!isMap(found)) {
    const plan = isMap(value) && "assets" in value ? " (a plan is judged with --plan)" : "";
    throw new BadInput(`${name} has no deployment: --state takes an exported state${plan}, ${example}`);
  }
  if (!versions.includes(version)) {
    const got = typeof version === "number" ? String(version) : "none";
    throw new BadInput(`${name}: version must be 3 or 4, got ${got}; export the state with Pulumi 3`);
  }
  return found;
}

function listIn(deployment: Record<string, unknown>, key: string, name: string): unknown[] {
  const list = deployment[key] ?? [];
  if (Array.isArray(list)) return list;
  throw new BadInput(`${name}: deployment.${key} must be a list; ${example}`);
}

function resourceIn(value: unknown, at: string, name: string): StateResource {
  const fits =
    isMap(value) &&
    typeof value.urn === "string" &&
    typeof value.type === "string" &&
    ["inputs", "outputs", "propertyDependencies"].every((key) => value[key] === undefined || isMap(value[key])) &&
    ["dependencies", "initErrors"].every((key) => value[key] === undefined || Array.isArray(value[key]));
  if (!fits) throw new BadInput(`${name}: deployment.resources${at} is no resource with a urn and a type; ${example}`);
  return value as unknown as StateResource;
}

function pendingIn(value: unknown, index: number, name: string): PendingOperation {
  const { type, resource } = isMap(value) ? value : {};
  return { type: String(type), resource: resourceIn(resource, ` of pending operation ${index}`, name) };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
