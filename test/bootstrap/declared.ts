import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import type { Document } from "../../bootstrap/statement";
import type { Resource } from "../../policies/graph";
import { type Loaded, loadGraph } from "../../preview/offline";
import { readProject } from "../../preview/project";

/** Folder of the program. */
export const program = path.resolve(__dirname, "../../bootstrap");

/** Root of the checkout. */
export const root = path.resolve(program, "..");

/** The example's configuration as the engine hands it to the program. */
export const example = readProject(program, "main").config;

/** Settings by dotted name without `bootstrap:`, `stacks.prod.region`; undefined takes one away. */
export type Changes = Record<string, unknown>;

interface Group {
  [key: string]: unknown;
}

/** The example's settings with changes, as the engine hands them to the program. */
export function changed(changes: Changes): Record<string, string> {
  const own = Object.entries(example).filter(([key]) => key.startsWith("bootstrap:"));
  const settings: Group = Object.fromEntries(
    own.map(([key, text]) => [key.slice("bootstrap:".length), JSON.parse(text) as unknown]),
  );
  for (const [name, value] of Object.entries(changes)) set(settings, name.split("."), value);
  const left = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(left.map(([key, value]) => [`bootstrap:${key}`, text(value)]));
}

function set(group: Group, [key = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    group[key] = value;
    return;
  }
  group[key] ??= {};
  set(group[key] as Group, rest, value);
}

/** Texts that are no groups go as they are. */
function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What the program declares with the example's settings, changed. */
export async function declared(changes: Changes = {}): Promise<Loaded> {
  const home = path.join(root, ".holdfast", "tests");
  mkdirSync(home, { recursive: true });
  const folder = mkdtempSync(path.join(home, "bootstrap-"));
  const project = parse(readFileSync(path.join(program, "Pulumi.yaml"), "utf8")) as Group;
  writeFileSync(
    path.join(folder, "Pulumi.yaml"),
    JSON.stringify({ ...project, main: path.relative(folder, path.join(program, "index.ts")) }),
  );
  const values = changed(changes);
  const config = Object.fromEntries(Object.entries(values).map(([key, text]) => [key, JSON.parse(text)]));
  writeFileSync(
    path.join(folder, "Pulumi.main.yaml"),
    JSON.stringify({ config: { "pulumi:disable-default-providers": ["*"], ...config } }),
  );
  try {
    return await loadGraph({ program: folder, stack: "main" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The resource of this type and name. @throws Error when there is none */
export function named({ graph }: Loaded, type: string, name: string): Resource {
  const found = graph.resources.find((one) => one.type.endsWith(`:${type}`) && one.name === name);
  if (!found) throw new Error(`there is no ${type} ${name}`);
  return found;
}

/** A policy that a resource has. */
export function policyOf({ props }: Resource, property: "policy" | "assumeRolePolicy" = "policy"): Document {
  return JSON.parse(String(props[property])) as Document;
}

/** All that a role of CI may do: its own policy with those of the account that it has besides. */
export function rightsOf(program: Loaded, name: string): Document {
  const own = policyOf(named(program, "RolePolicy", `${name}-policy`));
  const besides = program.graph.resources
    .filter((one) => one.type.endsWith(":RolePolicyAttachment") && one.name.startsWith(`${name}-`))
    .flatMap((one) => one.propertyDependencies.policyArn ?? [])
    .flatMap((urn) => program.graph.resources.filter((one) => one.urn === urn))
    .flatMap((one) => policyOf(one).Statement);
  return { ...own, Statement: [...own.Statement, ...besides] };
}
