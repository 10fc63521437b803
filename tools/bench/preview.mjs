import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { median, rounds, row, run } from "./measure.mjs";

const limit = 0.5;
const stack = "prod";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = path.resolve(process.argv[2] ?? root);
const require = createRequire(import.meta.url);
require("tsx/cjs");
const project = require("../../preview/project.ts").readProject(folder, stack);

/** The least a TypeScript program costs without an engine: start Node, compile, import the SDKs, register. */
const stock = `
const pulumi = require("@pulumi/pulumi");
const mocks = { newResource: ({ name, inputs }) => ({ id: name + "-id", state: inputs }), call: () => ({}) };
pulumi.runtime
  .setMocks(mocks, ${JSON.stringify(project.name)}, ${JSON.stringify(stack)}, true)
  .then(() =>
    pulumi.runtime.runInPulumiStack(async () => {
      const program = require(${JSON.stringify(project.entry)});
      return typeof program === "function" ? program() : program;
    }),
  )
  .then(() => pulumi.runtime.disconnect());
`;

const scratch = mkdtempSync(path.join(tmpdir(), "holdfast-bench-"));
const contenders = {
  "holdfast preview": {
    args: [path.join(root, "preview/bin.js"), "preview", "--stack", stack, "--program", folder, "--out", scratch],
    cwd: folder,
    allowed: [0, 1],
    env: {},
  },
  "stock mocks": {
    args: ["--require", require.resolve("tsx/cjs"), "--eval", stock],
    cwd: path.dirname(project.entry),
    allowed: [0],
    env: {
      PULUMI_CONFIG: JSON.stringify(project.config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(project.secretKeys),
    },
  },
};

/** What `holdfast preview` costs beside Pulumi's stock mocks for the same program; false where that is more than it may be. */
export function previewCost() {
  try {
    const names = Object.keys(contenders);
    const runs = Object.fromEntries(names.map((name) => [name, []]));
    // The first run of each fills the compiler's cache.
    for (const name of names) run(name, contenders[name]);
    for (let round = 0; round < rounds; round++) {
      for (const name of names) runs[name].push(run(name, contenders[name]));
    }
    const middle = (name, what) => median(runs[name].map((one) => one[what]));
    // On a busy machine the processor time is the steadier of the two.
    row(`median of ${rounds}, alternating`, "time", "processor", "peak memory");
    for (const name of names) {
      const megabytes = Math.max(...runs[name].map((one) => one.megabytes));
      const spans = ["seconds", "busy"].map((what) => `${middle(name, what).toFixed(2)} s`);
      row(name, ...spans, `${megabytes.toFixed(0)} MB`);
    }
    const difference = (what) => middle(names[0], what) - middle(names[1], what);
    row("difference", `${difference("seconds").toFixed(2)} s`, `${difference("busy").toFixed(2)} s`);
    if (difference("seconds") > limit) console.log(`more than the ${limit} s that are allowed`);
    return difference("seconds") <= limit;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
