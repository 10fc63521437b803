import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { ResourceGraph } from "../../../../policies/graph";
import type { RunWith } from "../../../support/cronJob";
import { type BucketOptions, doublesPath, makeBucket } from "../../../support/doubles";
import { type OmniverseRun, startOmniverse } from "../../../support/omniverseRun";

export const ASSETS = "company-omniverse-prod-assets";
export const COPIES = "company-omniverse-prod-backups";
/** Passwords, which nothing may show. */
export const canaries = ["canary-of-the-database", "canary-of-the-repositories", "canary-of-the-token"] as const;

/** Database, assets and bucket of one test, as doubles. */
export interface Estate extends OmniverseRun {
  /** Writes an object of the assets, and what the database knows of it. */
  save(key: string, body?: string): void;
  /** Writes or hides an object of a bucket. */
  object(bucket: string, key: string, body?: string): void;
  /** What the database double holds. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON of a double
  server(change?: (state: any) => void): any;
  /** What the double of Nucleus holds, and what goes wrong with it. */
  nucleus(change: Partial<Nucleus>): void;
  /** What goes wrong with PostgreSQL. */
  fault(what: string): void;
  /** Keys of the bucket of copies that are not hidden, below a prefix. */
  keys(prefix: string): string[];
  /** Manifests of the points of an asset that a site has made, oldest first. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON as the scripts wrote it
  points(asset: "database" | "assets" | "accounts", site?: "primary" | "secondary", bucket?: string): any[];
  /** Makes every version of the bucket of copies below a prefix so many days older. */
  age(prefix: string, days: number): void;
  /** Files of stored versions of one key. */
  stored(key: string): string[];
  bucket(name: string, options: BucketOptions): void;
}

/** State of the double of Nucleus: see test/support/doubles/nucleus-tools. */
export interface Nucleus {
  version: string;
  token: string;
  ports: number[];
  accounts: string[];
  tags: string[];
  fault?: "dies" | "torn" | "loses";
}

export async function makeEstate(graph: ResourceGraph): Promise<Estate> {
  const copies = path.join(doublesPath(), "copies");
  const run = await startOmniverse(graph, (folder) => ({
    commands: [copies, doublesPath()],
    doubles: {
      AWS_DOUBLE_DIR: path.join(folder, "aws"),
      PG_DOUBLE_DIR: path.join(folder, "pg"),
      NUCLEUS_DOUBLE_DIR: path.join(folder, "nucleus"),
      KUBECTL_DOUBLE_DIR: path.join(folder, "kube"),
      SETTLE_SECONDS: "1",
      DUMP_WITHIN: "0",
    },
    secrets: { "nucleus-admin-token": { token: canaries[2] }, "nucleus-tls": { "ca.crt": "an authority" } },
  }));
  const at = (file: string) => path.join(run.folder, file);
  const json = (file: string) => JSON.parse(fs.readFileSync(file, "utf8"));
  for (const folder of ["aws", "pg", "nucleus", "kube"]) fs.mkdirSync(at(folder));
  const bucket = (name: string, options: BucketOptions) => makeBucket(at("aws"), name, options);
  bucket(ASSETS, { region: "eu-central-1" });
  bucket(COPIES, { region: "eu-west-1", lock: { mode: "COMPLIANCE", days: 90 } });
  const [database, repositories, token] = canaries;
  const nucleus: Nucleus = {
    version: "2023.2.9",
    token,
    ports: [3006, 5555],
    accounts: ["ann", "ben"],
    tags: ["hero", "draft", "final"],
  };
  fs.writeFileSync(at("nucleus/server.json"), JSON.stringify(nucleus));
  const secrets = {
    "omniverse-prod-postgres": JSON.stringify({ username: "nucleus", password: database }),
    "holdfast/prod/omniverse-restic": JSON.stringify({ username: "restic", password: repositories }),
  };
  fs.writeFileSync(at("aws/secrets.json"), JSON.stringify(secrets));
  const instance = {
    DBInstanceStatus: "available",
    Endpoint: { Address: "localhost", Port: 5432 },
    DbiResourceId: "db-ONE",
    ReadReplicaDBInstanceIdentifiers: ["arn:aws:rds:eu-west-1:111111111111:db:omniverse-prod-replica"],
    LatestRestorableTime: "2026-11-21T01:55:00+00:00",
    BackupRetentionPeriod: 35,
    carried: {
      "eu-west-1": [
        { DbiResourceId: "db-ONE", Status: "replicating", RestoreWindow: { LatestTime: "2026-11-21T01:40:00+00:00" } },
      ],
    },
  };
  fs.writeFileSync(at("aws/rds.json"), JSON.stringify({ "omniverse-prod": instance }));
  const tables = { "public.assets": 0, "public.history": 7 };
  fs.writeFileSync(at("pg/server.json"), JSON.stringify({ password: database, tables, references: [] }));

  const folderOf = (key: string, name = COPIES) => at(`aws/${name}/objects/${encodeURIComponent(key)}`);
  // As the `aws` double keeps them, which takes a tenth of a second for each.
  const object = (name: string, key: string, body?: string) => {
    const folder = folderOf(key, name);
    fs.mkdirSync(folder, { recursive: true });
    const VersionId = `by-the-test-${fs.readdirSync(folder).length}`;
    const LastModified = `${new Date().toISOString().slice(0, 19)}+00:00`;
    const order = process.hrtime.bigint().toString().padStart(20, "0");
    const version = { Key: key, VersionId, order, LastModified, Size: body?.length ?? 0 };
    const marker = body === undefined ? { marker: true } : {};
    fs.writeFileSync(path.join(folder, `${VersionId}.json`), JSON.stringify({ ...version, ...marker }));
    if (body !== undefined) fs.writeFileSync(path.join(folder, `${VersionId}.bin`), body);
  };
  const server: Estate["server"] = (change) => {
    const state = json(at("pg/server.json"));
    change?.(state);
    fs.writeFileSync(at("pg/server.json"), JSON.stringify(state));
    return state;
  };
  const versions = (key: string, name = COPIES) =>
    fs
      .readdirSync(folderOf(key, name))
      .filter((file) => file.endsWith(".json"))
      .map((file) => path.join(folderOf(key, name), file))
      .sort((a, b) => (json(a).order < json(b).order ? 1 : -1));
  const all = (prefix: string, name = COPIES) => {
    const folder = at(`aws/${name}/objects`);
    const names = fs.existsSync(folder) ? fs.readdirSync(folder).map(decodeURIComponent) : [];
    return names.filter((key) => key.startsWith(prefix)).sort();
  };
  return {
    ...run,
    object,
    server,
    bucket,
    nucleus: (change) =>
      fs.writeFileSync(at("nucleus/server.json"), JSON.stringify({ ...json(at("nucleus/server.json")), ...change })),
    fault: (what) => fs.writeFileSync(at("pg/fault"), what),
    save: (key, body = `content of ${key}\n`) => {
      object(ASSETS, key, body);
      server((state) => {
        state.references.push([key, "", createHash("sha256").update(body).digest("hex")]);
        state.references.sort();
        state.tables["public.assets"]++;
      });
    },
    keys: (prefix) => all(prefix).filter((key) => !json(versions(key)[0] ?? "").marker),
    points: (asset, site = "primary", name = COPIES) =>
      all(`backups/${asset}/${site}/points/`, name).map((key) =>
        json((versions(key, name).at(-1) ?? "").replace(/\.json$/, ".bin")),
      ),
    age: (prefix, days) => {
      for (const file of all(prefix).flatMap((key) => versions(key))) {
        const version = json(file);
        const older = new Date(Date.parse(version.LastModified) - days * 86_400_000).toISOString();
        fs.writeFileSync(file, JSON.stringify({ ...version, LastModified: `${older.slice(0, 19)}+00:00` }));
      }
    },
    stored: (key) => versions(key).map((file) => file.replace(/\.json$/, ".bin")),
  };
}

/** A clock so many days ahead, for whoever asks `date` what time it is; a moment that is given stays what it is. */
export function clockAhead(estate: Estate, days: number): RunWith {
  const text = `case "$*" in
*"-d now"*) exec /bin/date -u -d "now ${days} days" "\${4:-+%s}" ;;
*"-d "*) exec /bin/date "$@" ;;
*) exec /bin/date -d "${days} days" "$@" ;;
esac`;
  return { commands: [estate.commands(`ahead-${days}`, { date: text })] };
}
