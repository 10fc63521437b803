import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";

/** How often everything is measured; the median counts. */
export const rounds = 5;

// The last thing a process does is to say what it has needed, on a channel of its own.
const report = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; process.on("exit", () => writeSync(3, JSON.stringify(process.resourceUsage())));',
)}`;

/** Runs node once: seconds, seconds of processor time, peak memory in MB, and what it printed. */
export function run(name, { args, cwd, env = {}, allowed = [0] }) {
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
  return { seconds, busy: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024, printed: ended.stdout };
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** One line of a table. */
export function row(label, ...cells) {
  console.log(label.padEnd(34) + cells.map((cell) => cell.padStart(14)).join(""));
}
