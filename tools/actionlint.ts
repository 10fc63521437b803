import * as path from "node:path";
import { goBuild } from "./go";
import { cached, findOnPath, say } from "./packages";

const version = "1.7.12";
const source = "github.com/rhysd/actionlint";

/**
 * Finds actionlint at the pinned version, or builds it: some seconds, once.
 * @returns its absolute path.
 * @throws Error with one line that names what is missing.
 */
export function ensureActionlint(): string {
  const own = findOnPath("actionlint");
  if (own !== undefined && say(own, ["-version"]).output.startsWith(version)) return own;
  const folder = cached(`actionlint-${version}`, (into) => {
    goBuild(
      { name: "actionlint", main: `${source}/cmd/actionlint`, modules: { [source]: `v${version}` } },
      path.join(into, "actionlint"),
      `no version ${version} is on the PATH`,
    );
  });
  return path.join(folder, "actionlint");
}
