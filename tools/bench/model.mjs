import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { median, rounds, row, run } from "./measure.mjs";

const require = createRequire(import.meta.url);
const script = fileURLToPath(new URL("assessMany.ts", import.meta.url));
const sizes = [100, 1_000, 10_000, 100_000];

/** What 10,000 assets may take. */
const allowed = { seconds: 2, megabytes: 300 };

/** What the model itself costs, from few assets to very many; false where that is more than it may be. */
export function modelCost() {
  const args = (size) => [
    "--require",
    require.resolve("tsx/cjs"),
    "--eval",
    `require(${JSON.stringify(script)})`,
    `${size}`,
  ];
  const runs = new Map([0, ...sizes].map((size) => [size, []]));
  run("assess", { args: args(0) });
  for (let round = 0; round < rounds; round++) {
    for (const [size, measured] of runs) {
      const { megabytes, printed } = run("assess", { args: args(size) });
      measured.push({ megabytes, seconds: JSON.parse(printed).seconds });
    }
  }
  const middle = (size, what) => median(runs.get(size).map((one) => one[what]));
  row(`\nthe model, median of ${rounds}`, "time", "per asset", "peak memory");
  for (const size of sizes) {
    const seconds = middle(size, "seconds");
    row(
      `${size.toLocaleString("en")} assets x 6 disruptions`,
      `${seconds.toFixed(2)} s`,
      `${((seconds / size) * 1e6).toFixed(0)} µs`,
      `${middle(size, "megabytes").toFixed(0)} MB`,
    );
  }
  row("ten years of every minute, cold", `${middle(0, "seconds").toFixed(2)} s`);
  const kept = Object.entries(allowed).every(([what, most]) => middle(10_000, what) <= most);
  if (!kept) console.log(`10,000 assets may take ${allowed.seconds} s and ${allowed.megabytes} MB`);
  return kept;
}
