import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, vi } from "vitest";

/** A machine with nothing on it but the commands that a test puts there. */
export interface Machine {
  /** Puts a command on the PATH: the body of a Node script, with `args`, `fs`, `path` and `say(text)`. */
  put(name: string, body: string): string;
  /** Each call of a command as `name argument argument`. */
  calls(): string[];
  /** The names in the cache, except Go's own. */
  cache(): string[];
  env: Record<string, string>;
  /** Gives the process its own environment back and removes the machine. */
  close(): void;
}

/** A machine of its own for every test of a file; what tools tell a person on the way is not shown. */
export function machineForEach(): Omit<Machine, "close"> {
  let here: Machine;
  beforeEach(() => {
    here = machine();
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    here.close();
  });
  return {
    put: (name, body) => here.put(name, body),
    calls: () => here.calls(),
    cache: () => here.cache(),
    get env() {
      return here.env;
    },
  };
}

/** Makes such a machine and moves this process into it. */
function machine(): Machine {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-machine-"));
  const at = (name: string) => path.join(folder, name);
  for (const name of ["bin", "cache", "home"]) fs.mkdirSync(at(name));
  const env = { PATH: at("bin"), XDG_CACHE_HOME: at("cache"), HOME: at("home"), PULUMI_HOME: at("home/pulumi") };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const log = at("calls");
  fs.writeFileSync(log, "");
  return {
    put: (name, body) => {
      const file = path.join(at("bin"), name);
      const lines = [
        `#!${process.execPath}`,
        `const fs = require("node:fs"), path = require("node:path"), args = process.argv.slice(2);`,
        `const say = (text) => process.stdout.write(text + "\\n");`,
        `fs.appendFileSync(${JSON.stringify(log)}, [${JSON.stringify(name)}, ...args].join(" ") + "\\n");`,
        body,
      ];
      fs.writeFileSync(file, lines.join("\n"), { mode: 0o755 });
      return file;
    },
    calls: () => fs.readFileSync(log, "utf8").split("\n").slice(0, -1),
    cache: () => (fs.existsSync(at("cache/holdfast")) ? fs.readdirSync(at("cache/holdfast")).sort() : []),
    env,
    close: () => {
      vi.unstubAllEnvs();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A `go` that builds a command which says this; `before` runs first. */
export function goThatBuilds(said: string, before = ""): string {
  const built = `#!${process.execPath}\nconsole.log(${JSON.stringify(said)})`;
  const write = `fs.writeFileSync(args[args.indexOf("-o") + 1], ${JSON.stringify(built)}, { mode: 0o755 });`;
  return `
    if (args[0] === "env") say("go1.26.8");
    if (args[0] === "mod") {
      const dir = path.join(process.env.HOME, "module");
      fs.mkdirSync(dir, { recursive: true });
      fs.writeFileSync(path.join(dir, "go.mod"), "replace (\\n\\tk8s.io/api => ./staging/src/k8s.io/api\\n)\\n");
      say(JSON.stringify({ Dir: dir }));
    }
    if (args[0] === "build") { ${before} ${write} }
  `;
}
