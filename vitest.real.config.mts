import { defineConfig } from "vitest/config";
import { longestFirst } from "./tools/longestFirst.mts";

const long = [
  "life",
  "parity",
  "mutants",
  "cloud",
  "clusters",
  "ways",
  "commandLine",
  "kubernetes",
  "everyAlert",
  "standbyAlerts",
];

export default defineConfig({
  test: {
    include: ["test/real/**/*.test.ts"],
    globalSetup: ["tools/provision.ts"],
    testTimeout: 600_000,
    hookTimeout: 1_200_000,
    // As many as a small machine has processors; each has engines and clusters of its own, on ports of their own.
    maxWorkers: 2,
    sequence: { sequencer: longestFirst(long.map((name) => `real/${name}`)) },
    passWithNoTests: false,
  },
});
