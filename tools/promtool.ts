import * as fs from "node:fs";
import * as path from "node:path";
import { aptGet, cached, findOnPath, say } from "./packages";

/** Built where Debian's package cannot be had; as a Go module Prometheus 3.n is v0.30n. */
const goVersion = "v0.315.0";

/**
 * Finds promtool, or obtains it: from the PATH, from Debian's package of Prometheus (unpacked into the cache and not
 * installed, as that would start a server), else by building it from source.
 * @returns its absolute path.
 * @throws Error with one line that names what is missing.
 */
export function ensurePromtool(): string {
  const own = findOnPath("promtool");
  if (own !== undefined && say(own, ["--version"]).ok) return own;
  const folder = cached("promtool", (into) => {
    const refused = unpack(into);
    if (refused !== undefined) build(into, refused);
  });
  return path.join(folder, "promtool");
}

/** Takes promtool out of Debian's package; returns why it could not. */
function unpack(into: string): string | undefined {
  const folder = path.join(into, "package");
  fs.mkdirSync(folder);
  const download = () => say("apt-get", ["download", "prometheus"], { cwd: folder });
  let said = download();
  if (!said.ok) {
    aptGet("update");
    said = download();
  }
  const [file] = fs.readdirSync(folder);
  if (!said.ok || file === undefined) return `apt-get cannot download it: ${said.last}`;
  const unpacked = say("dpkg-deb", ["--extract", file, "."], { cwd: folder });
  if (!unpacked.ok) return `dpkg-deb cannot unpack it: ${unpacked.last}`;
  const promtool = path.join(into, "promtool");
  fs.renameSync(path.join(folder, "usr", "bin", "promtool"), promtool);
  fs.rmSync(folder, { recursive: true });
  const works = say(promtool, ["--version"]);
  return works.ok ? undefined : `it does not run here: ${works.last}`;
}

function build(into: string, refused: string): void {
  const failed = (why: string) => new Error(`promtool is missing, ${refused}, and ${why}`);
  if (findOnPath("go") === undefined) throw failed("building it needs Go on the PATH");
  process.stderr.write(`Building promtool from source: some minutes, once.\n`);
  const source = "github.com/prometheus/prometheus";
  const folder = path.join(into, "source");
  fs.mkdirSync(folder);
  fs.writeFileSync(
    path.join(folder, "go.mod"),
    `module holdfast.invalid/promtool\n\ngo 1.25\n\nrequire ${source} ${goVersion}\n`,
  );
  fs.writeFileSync(path.join(folder, "main.go"), `package main\n\nimport _ "${source}/cmd/promtool"\n`);
  const args = ["build", "-mod=mod", "-buildvcs=false", "-o", path.join(into, "promtool"), `${source}/cmd/promtool`];
  const said = say("go", args, { cwd: folder, env: { ...process.env, CGO_ENABLED: "0" } });
  if (!said.ok) throw failed(`building it failed: ${said.last}`);
  fs.rmSync(folder, { recursive: true });
}

if (require.main === module) {
  try {
    process.stdout.write(`${ensurePromtool()}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
