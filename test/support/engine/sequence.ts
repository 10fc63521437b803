import { type EngineResult, type EngineRun, runEngines } from "./run";

/** Runs the engine for each entry, in order and in one process, and answers by the same names. */
export async function runSequence<Name extends string>(
  runs: Record<Name, EngineRun>,
): Promise<Record<Name, EngineResult>> {
  const names = Object.keys(runs) as Name[];
  const results = await runEngines(names.map((name) => runs[name]));
  return Object.fromEntries(names.map((name, index) => [name, results[index]])) as Record<Name, EngineResult>;
}

/** What a run did to the cloud, previews and reads apart: `create orders-cron`. */
export function done({ calls }: EngineResult): string[] {
  return calls
    .filter(({ method, preview }) => !preview && method !== "read" && method !== "invoke")
    .map(({ method, name }) => `${method} ${name}`);
}
