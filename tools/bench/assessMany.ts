import { performance } from "node:perf_hooks";
import { assess, gaps } from "../../recovery";
import { manyAssets } from "./manyAssets";

const asOf = Date.UTC(2026, 10, 21) / 1_000;
const tenYears = { from: asOf, to: Date.UTC(2036, 10, 21) / 1_000, missed: 2 };

/** Seconds that something takes. */
function timed(work: () => unknown): number {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1_000;
}

const count = Number(process.argv.at(-1));
if (count > 0) {
  const plan = manyAssets(count);
  console.log(JSON.stringify({ seconds: timed(() => assess(plan, asOf)) }));
} else {
  const schedule = { scheduler: "kubernetes", expression: "* * * * *", timeZone: "Europe/Berlin" } as const;
  console.log(JSON.stringify({ seconds: timed(() => gaps(schedule, tenYears)) }));
}
