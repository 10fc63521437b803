import { defineConfig } from "vitest/config";
import { longestFirst } from "./tools/longestFirst.mts";

/** Jobs of systems as processes, against doubles and real tools: hundreds of short commands each. */
export const jobTests = ["test/systems/*/jobs/**/*.test.ts"];

export default defineConfig({
  test: {
    include: jobTests,
    globalSetup: ["tools/provision.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // As many as a small machine has processors: what they start works in folders and on ports of its own.
    maxWorkers: 2,
    sequence: {
      sequencer: longestFirst(
        [
          "omniverse/jobs/assets",
          "omniverse/jobs/real/copies",
          "omniverse/jobs/real/deploy",
          "analytics/jobs/recoverRegion",
        ].map((name) => `systems/${name}`),
      ),
    },
    passWithNoTests: false,
  },
});
