// How much longer `holdfast preview` takes than Pulumi's stock mocks need for the same program: npm run bench [-- <folder>].
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

const rounds = 5;
const limit = 0.5;
const stack = "prod";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = path.resolve(process.argv[2] ?? root);
const require = createRequire(import.meta.url);
require("tsx/cjs");
const project = require("../preview/project.ts").readProject(folder, stack);

// The last thing a process does is to say what it has needed, on a channel of its own.
const report = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; process.on("exit", () => writeSync(3, JSON.stringify(process.resourceUsage())));',
)}`;

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

/** Runs a contender once: seconds, seconds of processor time, and peak memory in MB. */
function measure(name) {
  const { args, cwd, env, allowed } = contenders[name];
  const started = performance.now();
  const ended = spawnSync(process.execPath, ["--import", report, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    encoding: "utf8",
  });
  const seconds = (performance.now() - started) / 1000;
  if (!allowed.includes(ended.status)) throw new Error(`${name} ended with ${ended.status}:\n${ended.stderr}`);
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(ended.output[3]);
  return { seconds, busy: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

try {
  const names = Object.keys(contenders);
  const runs = Object.fromEntries(names.map((name) => [name, []]));
  // The first run of each fills the compiler's cache.
  for (const name of names) measure(name);
  for (let round = 0; round < rounds; round++) for (const name of names) runs[name].push(measure(name));
  const middle = (name, what) => median(runs[name].map((run) => run[what]));
  const row = (label, ...cells) => console.log(label.padEnd(26) + cells.map((cell) => cell.padStart(12)).join(""));
  // On a busy machine the processor time is the steadier of the two.
  row(`median of ${rounds}, alternating`, "time", "processor", "peak memory");
  for (const name of names) {
    const megabytes = Math.max(...runs[name].map((run) => run.megabytes));
    row(
      name,
      `${middle(name, "seconds").toFixed(2)} s`,
      `${middle(name, "busy").toFixed(2)} s`,
      `${megabytes.toFixed(0)} MB`,
    );
  }
  const difference = (what) => middle(names[0], what) - middle(names[1], what);
  row("difference", `${difference("seconds").toFixed(2)} s`, `${difference("busy").toFixed(2)} s`);
  if (difference("seconds") > limit) {
    console.log(`more than the ${limit} s that are allowed`);
    process.exitCode = 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
