import * as path from "node:path";
import { fileURLToPath } from "node:url";
import type { ResourceGraph, Value } from "../policies/graph";
import { BadInput } from "./badInput";
import { assemble, type Transform } from "./graph";
import { GraphMonitor, type Registration } from "./monitor";
import { runProgram, withFreshModules } from "./program";
import { type Project, readProject } from "./project";
import { inOwnRuntime } from "./runtime";
import { stackType } from "./urn";

/** What to load. */
export interface LoadOptions {
  /** Folder of the `Pulumi.yaml`. */
  program: string;
  stack: string;
  /**
   * Changes what is registered before links and providers are resolved: a changed provider reaches every resource
   * that uses it; undefined leaves a resource out. For tests.
   */
  transform?: Transform;
  /** Called with the number of resources registered so far. */
  onProgress?: (resources: number) => void;
}

/** What a program declares. */
export interface Loaded {
  graph: ResourceGraph;
  project: string;
  stack: string;
  /** Outputs of the stack. */
  outputs: Readonly<Record<string, Value>>;
  /** `file:line` by URN, relative to the program's folder. The engine shows policies nothing of the kind. */
  positions: ReadonlyMap<string, string>;
}

let previous: Promise<unknown> = Promise.resolve();

/**
 * Runs a Pulumi TypeScript program without engine, providers or credentials, and returns the graph that the pack gets
 * from the real engine at the preview of an empty stack: of a resource what the program sets, so that what is not set
 * is absent and only what is set to something unknown is unknown; of a component its outputs. Answers of providers,
 * resources read with `.get()`, outputs of other stacks and encrypted configuration are unknown. One program runs at a
 * time; loads do not affect each other.
 * @throws BadInput for a folder, project or stack that is not there; whatever the program throws.
 */
export function loadGraph(options: LoadOptions): Promise<Loaded> {
  // The working directory and the module cache belong to the whole process.
  const result = previous.then(() => load(options));
  previous = result.catch(() => undefined);
  return result;
}

async function load({ program, stack, transform, onProgress }: LoadOptions): Promise<Loaded> {
  const project = readProject(path.resolve(program), stack);
  const monitor = new GraphMonitor(stack, project.name, onProgress ?? (() => undefined));
  const settings = { stack, project: project.name, config: project.config, secretKeys: project.secretKeys };
  const run = { ...settings, folder: project.folder, monitor };
  await inFolder(project.workFolder, () =>
    withFreshModules(() => inOwnRuntime(run, () => runProgram(project.entry))),
  ).catch((error: unknown) => {
    throw explained(error, monitor);
  });
  const registrations = [...monitor.registrations.values()];
  if (!registrations.some(({ type }) => type !== stackType)) throw nothingDeclared(project);
  const graph = assemble(registrations, settings, transform);
  return {
    graph,
    project: project.name,
    stack,
    outputs: graph.resources.find(({ type }) => type === stackType)?.props ?? {},
    positions: positionsIn(project.folder, registrations),
  };
}

function positionsIn(folder: string, registrations: readonly Registration[]): Map<string, string> {
  return new Map(
    registrations.flatMap(({ urn, type, position }) =>
      // The stack is made by us.
      position && type !== stackType
        ? [[urn, `${path.relative(folder, fileURLToPath(position.uri))}:${position.line}`] as const]
        : [],
    ),
  );
}

function nothingDeclared(project: Project): BadInput {
  return new BadInput(`the stack is empty: ${path.basename(project.entry)} of ${project.name} declares no resource`);
}

async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const home = process.cwd();
  process.chdir(folder);
  try {
    return await work();
  } finally {
    process.chdir(home);
  }
}

/** Says what to do where a program trips over something that is missing offline. */
function explained(error: unknown, monitor: GraphMonitor): unknown {
  if (!(error instanceof Error)) return error;
  const missing = /The Pulumi CLI does not support ([\w ]+)\./.exec(error.message)?.[1];
  if (missing !== undefined) {
    error.message = `${missing} need the Pulumi engine: judge this program with pulumi preview --policy-pack policies`;
  }
  // A plain `getX()` resolves to an object without properties.
  if (error instanceof TypeError && /undefined|iterable/.test(error.message) && monitor.asked.size > 0) {
    const asked = [...monitor.asked].sort().join(", ");
    error.message += ` (offline nobody answers ${asked}: use the Output form of the call, get...Output)`;
  }
  return error;
}
