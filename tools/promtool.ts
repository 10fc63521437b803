import * as path from "node:path";
import { goBuild } from "./go";
import { cached, findOnPath, say, unpack } from "./packages";

/** Built where Debian's package cannot be had; as a Go module Prometheus 3.n is v0.30n. */
const source = {
  name: "promtool",
  main: "github.com/prometheus/prometheus/cmd/promtool",
  modules: { "github.com/prometheus/prometheus": "v0.315.0" },
};

/**
 * Finds promtool, or obtains it: from the PATH, from Debian's package of Prometheus, else by building it from source.
 * @returns its absolute path.
 * @throws Error with one line that names what is missing.
 */
export function ensurePromtool(): string {
  const own = findOnPath("promtool");
  if (own !== undefined && say(own, ["--version"]).ok) return own;
  const folder = cached("promtool", (into) => {
    const refused = unpack("prometheus", "usr/bin/promtool", into);
    if (refused !== undefined) goBuild(source, path.join(into, "promtool"), refused);
  });
  return path.join(folder, "promtool");
}

if (require.main === module) {
  try {
    process.stdout.write(`${ensurePromtool()}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
