import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { longestFirst } from "./tools/longestFirst.mts";
import { jobTests } from "./vitest.jobs.config.mts";

const long = [
  "recovery/simulator/families",
  "systems/omendb/backupRun",
  "recovery/laws",
  "systems/omniverse/configEdges",
  "policies/mutations",
  "systems/told",
  "preview/commandLine",
  "policies/judge",
  "recovery/schedule/gaps",
  "recovery/simulator/damage",
];

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/real/**", ...jobTests],
    setupFiles: ["test/support/seed.ts"],
    testTimeout: 120_000,
    // Graphs of both stacks, on a machine that does something else beside.
    hookTimeout: 300_000,
    // Loading the SDKs takes longer than most files: a worker loads them once. Who changes the process puts it back.
    isolate: false,
    // Vitest would leave a processor to itself, which is half of a small machine.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: longestFirst(long) },
    passWithNoTests: false,
  },
});
