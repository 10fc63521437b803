import { type Asked, json } from "../azure/wire";

/** What a workspace of Databricks asks a caller for. */
export interface SparkNeed {
  /** Whoever administers the workspace alone sees and sets what is of others; `job` and `warehouse` may be permitted. */
  as: "member" | "job" | "warehouse" | "admin";
  /** The job that it is about. */
  job?: number;
  /** Privileges of Unity Catalog, `SELECT on catalog analytics`. */
  privileges: SparkPrivilege[];
}

/** A privilege on an object of Unity Catalog: its kind as a grant names it, and its name. */
export interface SparkPrivilege {
  privilege: string;
  on: "catalog" | "schema" | "table" | "externalLocation";
  name: string;
}

const members = ["jobs/list", "jobs/create", "sql/warehouses"];
const seen = ["jobs/get", "jobs/runs/list", "jobs/runs/get"];

/** https://docs.databricks.com/security/auth/access-control: lists show only what their caller may see, so those count as all. */
export function sparkNeeds({ method, path, query, body }: Asked, nameOf?: NameOf): SparkNeed {
  const call = path.replace(/^\/api\/[\d.]+\//, "");
  if (call === "sql/statements" && method === "POST")
    return { as: "warehouse", privileges: statementNeeds(json({ body } as Asked).statement, nameOf) };
  if (call === "sql/warehouses" && method === "POST") return { as: "admin", privileges: [] };
  if (call.startsWith("sql/"))
    return { as: method === "GET" && members.includes(call) ? "member" : "warehouse", privileges: [] };
  if (members.includes(call)) return { as: "member", privileges: [] };
  const [, on, name = ""] =
    /^unity-catalog\/permissions\/(catalog|schema|table|external_location)\/(.+)$/.exec(call) ?? [];
  if (on !== undefined && method === "PATCH") {
    const kind = (on === "external_location" ? "externalLocation" : on) as SparkPrivilege["on"];
    return { as: "member", privileges: [{ privilege: "MANAGE", on: kind, name: decodeURIComponent(name) }] };
  }
  const id = Number(query.get("job_id") ?? (method === "POST" ? json({ body } as Asked).job_id : undefined));
  const job = Number.isNaN(id) || id === 0 ? {} : { job: id };
  if (seen.includes(call) && (query.has("job_id") || query.has("run_id"))) return { as: "job", ...job, privileges: [] };
  return { as: "admin", ...job, privileges: [] };
}

/** Name of the table that a metastore has at a folder, if it has one. */
type NameOf = (folder: string) => string | undefined;

/**
 * https://docs.databricks.com/data-governance/unity-catalog/manage-privileges/privileges. A folder that is a table of the
 * metastore is read by who may read the table: https://learn.microsoft.com/azure/databricks/volumes/paths
 */
export function statementNeeds(text: string, nameOf: NameOf = () => undefined): SparkPrivilege[] {
  const line = text.replace(/`/g, "").replace(/\s+/g, " ").trim();
  const folders = [...line.matchAll(/abfss:\/\/(\w+@\w+)\.[^'\s),]*/g)];
  const [[, first = ""] = []] = folders;
  const path = (privilege: string, name: string) => ({ privilege, on: "externalLocation" as const, name });
  const table = (privilege: string, name: string): SparkPrivilege[] => {
    const [catalog = "", schema = ""] = name.split(".");
    return [
      // Everybody may use what Databricks itself keeps; what is in it is granted by the schema.
      ...(catalog === "system" ? [] : [{ privilege: "USE_CATALOG", on: "catalog" as const, name: catalog }]),
      ...(schema === "" ? [] : [{ privilege: "USE_SCHEMA", on: "schema" as const, name: `${catalog}.${schema}` }]),
      { privilege, on: schema === "" ? "catalog" : name.split(".").length > 2 ? "table" : "schema", name },
    ];
  };
  const reads = () => [
    ...folders.flatMap(([folder = "", place = ""]) => {
      const name = nameOf(folder);
      return name === undefined ? [path("READ_FILES", place)] : table("SELECT", name);
    }),
    ...[...line.matchAll(/table_changes\('([\w.]+)'/gi)].flatMap(([, name = ""]) => table("SELECT", name)),
    ...[...line.matchAll(/(?:from|join|history|detail|clone) (?!delta\.|read_)([a-z]\w*(?:\.\w+){2})/gi)].flatMap(
      ([, name = ""]) =>
        // Names of what a catalog has are shown to whoever may use it.
        name.includes(".information_schema.") ? table("USE_CATALOG", name.split(".")[0] ?? "") : table("SELECT", name),
    ),
  ];
  const [, made] = /^create (?:or replace )?table (?:if not exists )?(\S+)/i.exec(line) ?? [];
  const [, changed] = /^(?:restore table|merge into) (\S+)/i.exec(line) ?? [];
  const [, schema] = /^(?:create|drop) schema (?:if (?:not )?exists )?(\S+)/i.exec(line) ?? [];
  const [, volumeMade] = /^create volume (?:if not exists )?(\S+)/i.exec(line) ?? [];
  const [, volumeNamed] = /^alter volume (\S+)/i.exec(line) ?? [];
  const schemaOf = (name: string) => name.split(".").slice(0, 2).join(".");
  if (volumeMade !== undefined) return table("CREATE_VOLUME", schemaOf(volumeMade));
  // A new name is a new volume as well.
  if (volumeNamed !== undefined)
    return [...table("MANAGE", volumeNamed), ...table("CREATE_VOLUME", schemaOf(volumeNamed))];
  // https://docs.databricks.com/data-governance/unity-catalog/manage-external-locations: files of no table of this metastore
  if (/^(?:insert into|delete from|restore table) delta\./i.test(line)) return [path("WRITE_FILES", first), ...reads()];
  if (schema !== undefined) return table("CREATE_SCHEMA", schema.split(".")[0] ?? "");
  if (changed !== undefined) return [...table("MODIFY", changed), ...table("SELECT", changed), ...reads()];
  if (made?.startsWith("delta.")) return [path("WRITE_FILES", first), ...reads()];
  const target = made === undefined ? [] : table("CREATE_TABLE", made.split(".").slice(0, 2).join("."));
  if (!/ location '/i.test(line)) return [...target, ...reads()];
  const [, source] = / clone ([a-z]\w*(?:\.\w+){2})/i.exec(line) ?? [];
  return [...target, path("CREATE_EXTERNAL_TABLE", first), ...(source === undefined ? [] : table("SELECT", source))];
}
