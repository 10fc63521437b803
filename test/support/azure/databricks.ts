import { layers } from "../../../systems/analytics/data/tables";
import { knowsChangeFeed } from "./changeFeed";
import { knowsCloneLog } from "./cloneLog";
import { type Row, Warehouse } from "./delta";
import { runNotebook } from "./notebook";
import { unknownId } from "./references";
import { type Answer, type Asked, json, ok, refused } from "./wire";

// biome-ignore lint/suspicious/noExplicitAny: settings as Databricks' own API has them
type Json = Record<string, any>;

/** One run of a job. */
export interface Run {
  run_id: number;
  job_id: number;
  state: { life_cycle_state: string; result_state?: string };
  job_parameters: Record<string, string>;
  start_time: number;
  end_time?: number;
}

/** Service that declares jobs, and as which they run. */
export const DEPLOYER = "00000000-0000-0000-0000-00000000de01";

/** Ids are of one workspace: no two give the same. */
let given = 0;

/** A workspace of Databricks: jobs and their runs, clusters, pools, policies, warehouses, permissions, and the catalog of its tables. */
export class Workspace {
  readonly jobs = new Map<number, Json>();
  readonly runs: Run[] = [];
  readonly clusters = new Map<string, Json>();
  readonly pools = new Map<string, Json>();
  readonly policies = new Map<string, Json>();
  readonly warehouses = new Map<string, Json>();
  /** Bodies by path, for what is only written and read again: permissions, catalogs, schemas, repos. */
  readonly kept = new Map<string, Json>();
  readonly warehouse = new Warehouse();
  /** How runs end; `RUNNING` where they never do. */
  outcome: (run: Run) => "SUCCESS" | "FAILED" | "TIMEDOUT" | "RUNNING" = () => "SUCCESS";
  /** Whether continuous jobs start nothing although they are let go. */
  stuck = false;
  /** Whether runs of continuous jobs fail as soon as somebody has seen them, and begin anew. */
  flaps = false;
  /** Privileges on all of the catalog that are declared for whoever declares pipelines, and runs them. */
  granted: readonly string[] = [];
  /** Notebooks by path: what a run does whose job names one of them. */
  readonly notebooks = new Map<string, string>();
  /** Whether runs that somebody ends go on. */
  lingers = false;
  /** Whether statements take longer than the call that starts them waits. */
  slow = false;
  /** State that a cluster has after it was asked to start. */
  starts = "RUNNING";
  private readonly statements = new Map<string, Json>();
  private readonly tokens = new Map<string, number>();

  constructor() {
    knowsCloneLog(this.warehouse);
    knowsChangeFeed(this.warehouse);
  }

  /** Declares a job. */
  job(name: string, settings: Json = {}): number {
    const id = Math.max(100, ...this.jobs.keys()) + 1;
    this.jobs.set(id, {
      job_id: id,
      run_as_user_name: DEPLOYER,
      settings: { name, schedule: { pause_status: "PAUSED" }, ...settings },
    });
    return id;
  }

  /** Settings of the job of a name. @throws Error when there is none. */
  settings(name: string): Json {
    const found = [...this.jobs.values()].find((one) => one.settings.name === name);
    if (!found) throw new Error(`no job ${name}`);
    return found.settings;
  }

  answer(asked: Asked): Answer {
    const { path } = asked;
    const call = path.replace(/^\/api\/[\d.]+\//, "");
    const [area] = call.split("/");
    if (area === "jobs") return this.ofJobs(call.slice("jobs/".length), asked);
    if (area === "instance-pools") return this.ofPools(call.slice("instance-pools/".length), asked);
    if (call.startsWith("policies/clusters/")) return this.ofPolicies(call.slice("policies/clusters/".length), asked);
    if (area === "clusters") return this.ofClusters(call.slice("clusters/".length), asked);
    if (call.startsWith("sql/warehouses")) return this.ofWarehouses(call.slice("sql/warehouses".length), asked);
    if (call.startsWith("sql/statements")) return this.ofStatements(call.slice("sql/statements".length), asked);
    return this.ofKept(call, asked);
  }

  private ofJobs(call: string, asked: Asked): Answer {
    const body = json(asked);
    const id = Number(body.job_id ?? asked.query.get("job_id") ?? 0);
    if (call === "list") {
      const name = asked.query.get("name");
      return this.page(
        "jobs",
        [...this.jobs.values()].filter((one) => name === null || one.settings.name === name),
        asked,
      );
    }
    const unknown = unknownId(call === "create" ? body : body.new_settings, this);
    if (unknown !== undefined) return refused(400, "INVALID_PARAMETER_VALUE");
    if (call === "create") {
      const job_id = this.job(body.name);
      const runs = runsAs(body, asked.client);
      if (!runs) return refused(403, "PERMISSION_DENIED");
      this.jobs.set(job_id, { job_id, ...runs, creator_user_name: asked.client });
      return ok({ job_id });
    }
    if (call === "runs/list") {
      const found = this.runs.filter(
        (one) =>
          (id === 0 || one.job_id === id) &&
          (!asked.query.has("active_only") || one.state.life_cycle_state === "RUNNING"),
      );
      const answer = this.page("runs", structuredClone(found), asked);
      if (this.flaps || this.lacks(id).length > 0) this.flap(id);
      return answer;
    }
    if (call === "runs/get") {
      const run = this.runs.find(({ run_id }) => run_id === Number(asked.query.get("run_id")));
      return run ? ok(this.moved(run)) : refused(404, "RESOURCE_DOES_NOT_EXIST");
    }
    if (call === "runs/cancel") {
      const run = this.runs.find(({ run_id }) => run_id === body.run_id);
      if (run) run.state = { life_cycle_state: "TERMINATED", result_state: "CANCELED" };
      return ok();
    }
    if (call === "runs/cancel-all") {
      for (const run of this.runs.filter((one) => one.job_id === id && !this.lingers))
        run.state = { life_cycle_state: "TERMINATED", result_state: "CANCELED" };
      return ok();
    }
    const job = this.jobs.get(id);
    if (!job) return refused(404, "RESOURCE_DOES_NOT_EXIST");
    if (call === "get") return ok(pageOf(job, Number(asked.query.get("page_token") ?? 0)));
    if (call === "delete") this.jobs.delete(id);
    else if (call === "reset") {
      const runs = runsAs(body.new_settings, job.run_as_user_name);
      if (!runs) return refused(403, "PERMISSION_DENIED");
      Object.assign(job, runs);
    } else if (call === "update") this.update(job, body.new_settings);
    else if (call === "run-now") return this.start(id, body);
    else return refused(404, "ENDPOINT_NOT_FOUND");
    return ok();
  }

  /** A continuous job that is let go begins a run by itself. */
  private update(job: Json, settings: Json): void {
    job.settings = { ...job.settings, ...settings };
    const alive = this.runs.some((one) => one.job_id === job.job_id && one.state.life_cycle_state === "RUNNING");
    if (settings.continuous?.pause_status === "UNPAUSED" && !this.stuck && !alive) this.begin(job.job_id);
  }

  private begin(job_id: number): void {
    const run_id = this.runs.length + 1001;
    const state = { life_cycle_state: "RUNNING" };
    this.runs.push({ run_id, job_id, state, job_parameters: {}, start_time: Date.now() });
  }

  /**
   * Privileges that the run of a pipeline needs and has not, on its checkpoint and the tables of its layer: who made a job runs
   * it, and owns what it has made itself. What nobody has made by a call here is of whoever declares it.
   */
  private lacks(id: number): string[] {
    const { settings, creator_user_name } = this.jobs.get(id) ?? {};
    const checkpoint = settings?.tasks?.[0]?.notebook_task?.base_parameters?.checkpoint;
    const [, catalog, layer, volume] = /^\/Volumes\/(\w+)\/(\w+)\/(\w+)$/.exec(checkpoint ?? "") ?? [];
    const { owners } = this.warehouse;
    const foreign = (name: string) => owners.get(name) !== creator_user_name;
    const ofOthers = (names: Iterable<string>) =>
      [...names].some((one) => one.startsWith(`${catalog}.${layer}.`) && foreign(one));
    const granted = creator_user_name === undefined ? this.granted : [];
    return [
      ...(layer && foreign(`${catalog}.${layer}.${volume}`) ? ["READ_VOLUME", "WRITE_VOLUME"] : []),
      ...(layer && ofOthers(this.warehouse.tables.keys()) ? ["SELECT", "MODIFY"] : []),
    ].filter((one) => !granted.includes(one));
  }

  /** What failed as soon as it was seen begins anew. */
  private flap(job_id: number): void {
    const alive = this.runs.filter((one) => one.job_id === job_id && one.state.life_cycle_state === "RUNNING");
    for (const run of alive) {
      run.state = { life_cycle_state: "INTERNAL_ERROR", result_state: "FAILED" };
      this.begin(job_id);
    }
  }

  private start(job_id: number, body: Json): Answer {
    const known = this.tokens.get(body.idempotency_token);
    if (known !== undefined) return ok({ run_id: known });
    const run_id = this.runs.length + 1001;
    if (body.idempotency_token) this.tokens.set(body.idempotency_token, run_id);
    const state = { life_cycle_state: "RUNNING" };
    const job_parameters = body.job_parameters ?? {};
    this.runs.push({ run_id, job_id, state, job_parameters, start_time: Date.now() });
    this.work(run_id, job_parameters);
    return ok({ run_id });
  }

  /** Does what the notebook of a run says; what the job itself says of a parameter counts where the run says nothing. */
  private work(run_id: number, given: Record<string, string>): void {
    const run = this.runs.find((one) => one.run_id === run_id);
    const settings = this.jobs.get(run?.job_id ?? 0)?.settings;
    const text = this.notebooks.get(settings?.tasks?.[0]?.notebook_task?.notebook_path);
    if (!run || text === undefined) return;
    const named = (settings.parameters ?? []).map((one: Json) => [one.name, one.default]);
    try {
      runNotebook(text, this.warehouse, { ...Object.fromEntries(named), ...given });
    } catch (error) {
      if (error instanceof SyntaxError) throw error;
      run.state = { life_cycle_state: "TERMINATED", result_state: "FAILED" };
    }
  }

  private moved(run: Run): Run {
    const outcome = run.state.life_cycle_state === "RUNNING" ? this.outcome(run) : "RUNNING";
    if (outcome !== "RUNNING") {
      run.state = { life_cycle_state: "TERMINATED", result_state: outcome };
      run.end_time = Date.now();
    }
    return run;
  }

  private ofClusters(call: string, asked: Asked): Answer {
    const body = json(asked);
    if (call === "list") return this.page("clusters", [...this.clusters.values()], asked);
    if (call === "create") {
      if (unknownId(body, this) !== undefined) return refused(400, "INVALID_PARAMETER_VALUE");
      // A pool decides what its machines are.
      if (body.instance_pool_id && body.node_type_id) return refused(400, "INVALID_PARAMETER_VALUE");
      given += 1;
      const cluster_id = `cluster-${given}`;
      this.clusters.set(cluster_id, { ...body, cluster_id, state: "RUNNING" });
      return ok({ cluster_id });
    }
    const id = String(body.cluster_id ?? asked.query.get("cluster_id"));
    const found = this.clusters.get(id);
    if (!found) return refused(404, "RESOURCE_DOES_NOT_EXIST");
    if (call === "get") return ok(found);
    if (call === "start" || call === "restart") found.state = this.starts;
    else if (call === "delete") found.state = "TERMINATED";
    else if (call === "permanent-delete") this.clusters.delete(id);
    else if (call === "edit") Object.assign(found, body);
    else return refused(404, "ENDPOINT_NOT_FOUND");
    return ok();
  }

  private ofPools(call: string, asked: Asked): Answer {
    if (call === "list") return ok({ instance_pools: [...this.pools.values()] });
    if (call !== "create") return refused(404, "ENDPOINT_NOT_FOUND");
    given += 1;
    const instance_pool_id = `pool-${given}`;
    this.pools.set(instance_pool_id, { ...json(asked), instance_pool_id });
    return ok({ instance_pool_id });
  }

  private ofPolicies(call: string, asked: Asked): Answer {
    if (call === "list") return this.page("policies", [...this.policies.values()], asked);
    const body = json(asked);
    if (call === "edit") {
      const { policy_id, ...settings } = body;
      if (!this.policies.has(policy_id)) return refused(404, "RESOURCE_DOES_NOT_EXIST");
      this.policies.set(policy_id, { policy_id, ...settings });
      return ok();
    }
    if (call !== "create") return refused(404, "ENDPOINT_NOT_FOUND");
    const taken = [...this.policies.values()].some(({ name }) => name === body.name);
    if (taken || (body.policy_family_id && body.definition)) return refused(400, "INVALID_PARAMETER_VALUE");
    given += 1;
    const policy_id = `policy-${given}`;
    this.policies.set(policy_id, { ...body, policy_id });
    return ok({ policy_id });
  }

  private ofWarehouses(call: string, asked: Asked): Answer {
    if (call === "" && asked.method === "GET") return ok({ warehouses: [...this.warehouses.values()] });
    if (call === "") {
      given += 1;
      const id = `warehouse-${given}`;
      this.warehouses.set(id, { ...json(asked), id, state: "STARTING" });
      return ok({ id });
    }
    const [, id = "", action] = call.split("/");
    const found = this.warehouses.get(id);
    if (!found) return refused(404, "RESOURCE_DOES_NOT_EXIST");
    if (asked.method === "GET") return ok(found);
    found.state = action === "start" ? this.starts : "STOPPED";
    return ok();
  }

  private ofStatements(call: string, asked: Asked): Answer {
    const [, id = "", action] = call.split("/");
    if (call !== "") {
      const known = this.statements.get(id);
      if (!known) return refused(404, "RESOURCE_DOES_NOT_EXIST");
      if (action === "cancel") known.status = { state: "CANCELED" };
      return ok(known);
    }
    const { statement, parameters = [] } = json(asked);
    const statement_id = `statement-${this.statements.size + 1}`;
    const values = Object.fromEntries(parameters.map((one: { name: string; value: string }) => [one.name, one.value]));
    const body: Json = { statement_id, ...this.outcomeOf(statement, values, asked.client) };
    this.statements.set(statement_id, body);
    return ok(this.slow ? { statement_id, status: { state: "RUNNING" } } : body);
  }

  private outcomeOf(statement: string, values: Record<string, string>, by: string | undefined): Json {
    try {
      // https://learn.microsoft.com/azure/databricks/connect/unity-catalog/cloud-services/use-service-credentials: clusters alone
      if (statement.includes("databricks.serviceCredential")) throw new Error("UNSUPPORTED_FEATURE");
      const rows = this.warehouse.run(statement, values, by);
      // What is asked for INLINE is not cut off but not given at all.
      if (Buffer.byteLength(JSON.stringify(rows.map(Object.values))) > INLINE_BYTES) throw new Error("BAD_REQUEST");
      return { status: { state: "SUCCEEDED" }, ...resultOf(rows) };
    } catch (error) {
      return { status: { state: "FAILED", error: { error_code: (error as Error).message } } };
    }
  }

  private ofKept(call: string, asked: Asked): Answer {
    const { method } = asked;
    if (method === "GET") {
      const found = this.kept.get(call);
      if (found) return ok(found);
      const [list = ""] = call.split("/").slice(-1);
      const below = [...this.kept].filter(([key]) => key.startsWith(`${call}/`)).map(([, one]) => one);
      return below.length > 0 || lists.has(call) ? ok({ [list]: below }) : refused(404, "RESOURCE_DOES_NOT_EXIST");
    }
    if (method === "DELETE") return this.kept.delete(call) ? ok() : refused(404, "RESOURCE_DOES_NOT_EXIST");
    const body = json(asked);
    const [, type, name = ""] = /^unity-catalog\/permissions\/(schema|table)\/(.+)$/.exec(call) ?? [];
    if (type !== undefined && !this.inCatalog(type, decodeURIComponent(name)))
      return refused(404, `${type.toUpperCase()}_DOES_NOT_EXIST`);
    if (call.startsWith("unity-catalog/permissions/")) return this.granting(call, body.changes);
    const key = method === "POST" && lists.has(call) ? `${call}/${body.full_name ?? body.name ?? body.path}` : call;
    if (method === "POST" && this.kept.has(key)) return refused(409, "RESOURCE_ALREADY_EXISTS");
    this.kept.set(key, { ...this.kept.get(key), ...body });
    return ok(this.kept.get(key));
  }

  /** Adds and takes away what each principal may do with one thing. */
  private granting(call: string, changes: { principal: string; add?: string[]; remove?: string[] }[]): Answer {
    const given = new Map<string, Set<string>>();
    for (const { principal, privileges } of this.kept.get(call)?.privilege_assignments ?? [])
      given.set(principal, new Set(privileges));
    for (const { principal, add = [], remove = [] } of changes) {
      const all = given.get(principal) ?? new Set();
      for (const one of add) all.add(one);
      for (const one of remove) all.delete(one);
      given.set(principal, all);
    }
    const privilege_assignments = [...given].flatMap(([principal, all]) =>
      all.size > 0 ? [{ principal, privileges: [...all] }] : [],
    );
    this.kept.set(call, { privilege_assignments });
    return ok({ privilege_assignments });
  }

  /** Whether a catalog has a schema, which the program declares for each layer, or a table. */
  private inCatalog(type: string, name: string): boolean {
    const tables = [...this.warehouse.tables.keys()];
    if (type === "table") return tables.includes(name);
    return layers.some((layer) => name === `analytics.${layer}`) || tables.some((one) => one.startsWith(`${name}.`));
  }

  private page(key: string, all: readonly unknown[], { query }: Asked): Answer {
    const from = Number(query.get("page_token") ?? 0);
    const next = from + 20 < all.length ? { next_page_token: String(from + 20), has_more: true } : {};
    return ok({ [key]: all.slice(from, from + 20), ...next });
  }
}

/** Settings without whom a job is to run as, which are told beside them; `undefined` where it is a service, which takes a role of its own. */
function runsAs({ run_as, ...settings }: Json, otherwise: string | undefined): Json | undefined {
  if (run_as?.service_principal_name !== undefined) return undefined;
  return { settings, run_as_user_name: run_as?.user_name ?? otherwise };
}

/** What one answer holds of a job: a hundred of its tasks and of its clusters. https://docs.databricks.com/api/workspace/jobs/get */
function pageOf({ settings, ...job }: Json, from: number): Json {
  const { tasks = [], job_clusters = [] } = settings;
  const page = (all: unknown[]) => all.slice(from, from + 100);
  const next = Math.max(tasks.length, job_clusters.length) > from + 100 ? { next_page_token: String(from + 100) } : {};
  const lists = {
    ...(settings.tasks && { tasks: page(tasks) }),
    ...(settings.job_clusters && { job_clusters: page(job_clusters) }),
  };
  return { ...job, settings: { ...settings, ...lists }, ...next };
}

/** https://docs.databricks.com/api/workspace/statementexecution: the largest result that `disposition: INLINE` gives. */
const INLINE_BYTES = 26_214_400;

/** Lists that exist even where they are empty. */
const lists = new Set(
  ["catalogs", "schemas", "tables", "external-locations", "storage-credentials"]
    .map((one) => `unity-catalog/${one}`)
    .concat("repos"),
);

function resultOf(rows: readonly Row[]): Json {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    manifest: { schema: { columns: columns.map((name) => ({ name })) } },
    result: { data_array: rows.map((row) => columns.map((name) => row[name] ?? null)) },
  };
}
