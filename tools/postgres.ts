import * as fs from "node:fs";
import * as path from "node:path";
import { freePort } from "./freePorts";
import { findOnPath, install, say } from "./packages";

/** Where Debian keeps the commands of the version that RDS runs for us. */
const folder = "/usr/lib/postgresql/15/bin";

/**
 * Finds PostgreSQL 15, or installs Debian's, with the server's own commands and amcheck.
 * @returns the folder of its commands.
 * @throws Error with one line that names what is missing.
 */
export function ensurePostgres(): string {
  const works = () => say(path.join(folder, "postgres"), ["--version"]).ok && findOnPath("psql") !== undefined;
  if (works()) return folder;
  install("PostgreSQL 15", "postgresql-15");
  if (!works()) throw new Error("PostgreSQL 15 is installed, and postgres --version fails");
  return folder;
}

/**
 * What starts a command as nobody: PostgreSQL refuses to run as root. In a user namespace of its own, so that the files
 * of whoever starts it stay readable.
 */
export function asNobody(): string[] {
  return process.getuid?.() === 0 ? ["unshare", "--user", "--map-user=65534", "--map-group=65534"] : [];
}

/** A PostgreSQL server of one test. */
export interface PostgresServer {
  /** Of the loopback, TLS alone and with a password; as superuser `nucleus`. */
  port: number;
  /** Runs SQL past password and TLS; returns rows as text, fields between `|`. */
  sql(query: string, database?: string): string;
  stop(): void;
}

/**
 * Starts an empty server in a folder that has `tls.crt` and `tls.key`.
 * @throws Error with what PostgreSQL said.
 */
export async function startPostgres(into: string, password: string): Promise<PostgresServer> {
  const bin = ensurePostgres();
  const at = (file: string) => path.join(into, file);
  const run = (command: string, args: string[]) => {
    const [file = "", ...rest] = [...asNobody(), path.join(bin, command), ...args];
    // Files and not pipes: the server would hold a pipe open.
    const said = say("sh", ["-c", 'exec "$@" >"$0" 2>&1', at("said"), file, ...rest]);
    if (!said.ok) throw new Error(`${command} fails: ${fs.readFileSync(at("said"), "utf8").trim()}`);
    return fs.readFileSync(at("said"), "utf8").trim();
  };
  fs.writeFileSync(at("password"), password, { mode: 0o600 });
  run("initdb", [
    ...["--pgdata", at("data"), "--username", "nucleus", "--pwfile", at("password"), "--encoding", "UTF8"],
    ...["--locale", "C.UTF-8", "--auth-local", "trust", "--auth-host", "scram-sha-256", "--no-sync"],
  ]);
  fs.writeFileSync(at("data/pg_hba.conf"), "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n");
  const port = await freePort();
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: into,
    ssl: "on",
    ssl_cert_file: at("tls.crt"),
    ssl_key_file: at("tls.key"),
    fsync: "off",
  };
  const options = Object.entries(settings).map(([key, value]) => `-c ${key}='${value}'`);
  run("pg_ctl", [
    ...["start", "--pgdata", at("data"), "--wait", "--log", at("log")],
    ...["--options", options.join(" ")],
  ]);
  return {
    port,
    sql: (query, database = "nucleus") =>
      run("psql", [
        ...["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"],
        ...["--host", into, "--port", String(port), "--username", "nucleus", "--dbname", database, "--command", query],
      ]),
    stop: () => void run("pg_ctl", ["stop", "--pgdata", at("data"), "--mode", "immediate"]),
  };
}

if (require.main === module) {
  try {
    process.stdout.write(`${ensurePostgres()}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
