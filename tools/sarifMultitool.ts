import * as fs from "node:fs";
import * as path from "node:path";
import { cached, say } from "./packages";

/** Microsoft's own validator of SARIF: it knows the schema and what GitHub refuses. */
const version = "5.7.0";

/**
 * Obtains the SARIF Multitool from npm, into the cache: some 40 MB, once.
 * @returns its absolute path; it needs `DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1` where ICU is not installed.
 * @throws Error with one line that names what is missing.
 */
export function ensureSarifMultitool(): string {
  const name = `@microsoft/sarif-multitool-${process.platform}`;
  const executable = process.platform === "win32" ? "Sarif.Multitool.exe" : "Sarif.Multitool";
  const folder = cached(`sarif-multitool-${version}`, (into) => {
    const args = ["install", "--prefix", into, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
    const said = say("npm", [...args, `${name}@${version}`], { cwd: into });
    if (!said.ok) throw new Error(`the SARIF Multitool ${version} is missing, and npm cannot install it: ${said.last}`);
    // npm sets the mode of what a package calls a command; this one names none.
    fs.chmodSync(path.join(into, "node_modules", name, executable), 0o755);
  });
  return path.join(folder, "node_modules", name, executable);
}
