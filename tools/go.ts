import * as fs from "node:fs";
import * as path from "node:path";
import { findOnPath, lastLine, type Said, say } from "./packages";

/** A command that is published as source. */
export interface GoCommand {
  /** For people: `promtool`. */
  name: string;
  /** The package of the command, which belongs to the first of the modules. */
  main: string;
  /** Modules with their versions. */
  modules: Readonly<Record<string, string>>;
  /**
   * Modules that others stand in for, each `module version`; as in the command's own go.mod, whose `replace` does not
   * reach modules that depend on it.
   */
  replace?: () => Readonly<Record<string, string>>;
  /** Variables of the command that its own build sets, such as its version. */
  variables?: Readonly<Record<string, string>>;
}

/** Longer than any of the builds takes on a slow machine. */
const limit = 30 * 60_000;

/**
 * Builds a command from its published source, which comes through the Go module proxy.
 * @param otherwise why it cannot be had without: `cannot be downloaded (no network)`.
 * @throws Error with one line that names what is missing.
 */
export function goBuild(command: GoCommand, out: string, otherwise: string): void {
  const { name, main, modules, replace, variables = {} } = command;
  const failed = (why: string) => new Error(`${name} is missing, ${otherwise}, and ${why}`);
  const version = goVersion();
  if (version === undefined) throw failed("building it needs Go 1.26 or newer on the PATH");
  process.stderr.write(`Building ${name} from source with ${version}: some minutes, once.\n`);
  const folder = fs.mkdtempSync(path.join(path.dirname(out), "source-"));
  try {
    const lines = [
      "module holdfast.invalid/build",
      // Raised by go where a module asks for more; without one go would read the requirements of all modules there are.
      "go 1.25.0",
      ...Object.entries(modules).map(([module, wanted]) => `require ${module} ${wanted}`),
      ...Object.entries(replace?.() ?? {}).map(([module, other]) => `replace ${module} => ${other}`),
    ];
    fs.writeFileSync(path.join(folder, "go.mod"), `${lines.join("\n")}\n`);
    fs.writeFileSync(path.join(folder, "main.go"), `package main\n\nimport _ "${main}"\n`);
    const flags = ["-s", "-w", ...Object.entries(variables).map(([variable, value]) => `-X ${variable}=${value}`)];
    const said = go(["build", "-mod=mod", "-buildvcs=false", "-ldflags", flags.join(" "), "-o", out, main], folder);
    if (!said.ok) throw failed(`building it with ${version} failed: ${said.last}`);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** A module that Go's checksum database vouches for, or whose checksum is pinned here instead. */
export interface GoModule {
  module: string;
  version: string;
  /** As go.sum has it, `h1:…`: the checksum database is then not asked. */
  sum?: string;
}

/**
 * The folder of a module's published source, fetched through the Go module proxy where Go's own cache lacks it.
 * @param name what it is wanted for, for people.
 * @throws Error with one line that names what is missing.
 */
export function goModule(name: string, { module, version, sum }: GoModule): string {
  const failed = (why: string) => new Error(`${name}: ${module} ${version} is missing, and ${why}`);
  if (goVersion() === undefined) throw failed("fetching it needs Go 1.26 or newer on the PATH");
  const env = sum === undefined ? {} : { GONOSUMDB: [process.env.GONOSUMDB, module].filter(Boolean).join(",") };
  const said = go(["mod", "download", "-json", `${module}@${version}`], undefined, env);
  // What is wrong is told in the same JSON.
  const told = /^\s*\{/.test(said.stdout) ? (JSON.parse(said.stdout) as Downloaded) : {};
  if (told.Dir === undefined || told.Error !== undefined) {
    throw failed(`go cannot fetch it: ${lastLine(told.Error ?? said.last)}`);
  }
  if (sum !== undefined && told.Sum !== sum) {
    throw failed(`what go fetched is not what is pinned: its checksum must be ${sum}, got ${told.Sum}`);
  }
  return told.Dir;
}

interface Downloaded {
  Dir?: string;
  Sum?: string;
  Error?: string;
}

/** As `go1.26.8`; undefined where there is none that works. */
function goVersion(): string | undefined {
  if (findOnPath("go") === undefined) return undefined;
  const said = say("go", ["env", "GOVERSION"]);
  return said.ok ? said.last : undefined;
}

function go(args: readonly string[], cwd?: string, more: Readonly<Record<string, string>> = {}): Said {
  // A workspace of the user's has no say, nor has cgo: what is built runs wherever the cache is.
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off", ...more };
  return say("go", args, { env, timeout: limit, ...(cwd === undefined ? {} : { cwd }) });
}
