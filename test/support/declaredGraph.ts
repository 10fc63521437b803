import * as path from "node:path";
import type { ResourceGraph } from "../../policies/graph";
import { loadGraph } from "../../preview/offline";

const loaded = new Map<string, Promise<ResourceGraph>>();

/**
 * What this project declares in a stack, loaded once for all files that a worker runs. Nobody can change it: a test that
 * needs another one loads it for itself, or changes a copy.
 */
export function declaredGraph(stack: string): Promise<ResourceGraph> {
  let graph = loaded.get(stack);
  if (graph === undefined) {
    graph = loadGraph({ program: path.resolve(__dirname, "../.."), stack }).then((one) => frozen(one.graph));
    loaded.set(stack, graph);
  }
  return graph;
}

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const each of Object.values(value)) frozen(each);
  return value;
}
