import type { SimulatedAzure } from "../../../support/azure";
import type { Workspace } from "../../../support/azure/databricks";
import { type Answer, type Asked, json, ok } from "../../../support/azure/wire";

/** A run of a pipeline or of another job on a cluster. */
interface ClusterRun {
  run_id: number;
  job_id: number;
  cluster: string;
  state: { life_cycle_state: string; result_state?: string };
}

/**
 * What a workspace does with clusters that jobs name, beside the simulated one: a cluster takes its time to start, ends
 * what runs on it when it restarts or goes, and a job without end begins again where it is told to as soon as that runs.
 */
export class Pipelines {
  readonly runs: ClusterRun[] = [];
  /** Runs that nobody cancelled and that ended all the same. */
  readonly interrupted: number[] = [];
  readonly workspace: Workspace;
  /** Looks at a cluster until it runs; `never` where it does not. */
  looks: (cluster: string, call: string) => number | "never" = () => 1;
  /** How the notebook that is submitted to a cluster ends. */
  check = "SUCCESS";
  private readonly starting = new Map<string, number | "never">();
  private made = 0;

  constructor(azure: SimulatedAzure, workspace: string) {
    this.workspace = azure.workspace(workspace);
    azure.on(new RegExp(`^(GET|POST) /databricks/${workspace}/api/`), (asked) => this.answer(asked));
  }

  /** Declares a cluster that runs. */
  cluster(name: string, settings: Record<string, unknown> = {}): string {
    const id = `declared-${name}`;
    const own = { cluster_id: id, cluster_name: name, state: "RUNNING", spark_version: "16.4.x-scala2.12" };
    this.workspace.clusters.set(id, { ...own, node_type_id: "n", start_time: 1, last_restarted_time: 1, ...settings });
    return id;
  }

  /** Declares a job on a cluster, with a run. */
  job(name: string, cluster: string, { endless = true } = {}): number {
    const id = this.workspace.job(name, {
      tasks: [{ task_key: "run", existing_cluster_id: cluster, notebook_task: { notebook_path: name } }],
      ...(endless ? { continuous: { pause_status: "UNPAUSED" } } : { timeout_seconds: 600 }),
    });
    this.begin(id);
    return id;
  }

  /** Where the job runs, and nowhere else. */
  placeOf(job: number): string[] {
    return this.active(job).map(({ cluster }) => this.nameOf(cluster));
  }

  /** Names and tags of the clusters that were made beside others. */
  besides(): string[] {
    return [...this.workspace.clusters.values()].flatMap(({ cluster_name, custom_tags }) =>
      custom_tags?.holdfast_beside ? [`${cluster_name} (${custom_tags.holdfast_beside})`] : [],
    );
  }

  /** Ends all runs of a job, as the job itself would. */
  finish(job: number): void {
    for (const run of this.active(job)) run.state = { life_cycle_state: "TERMINATED", result_state: "SUCCESS" };
  }

  private nameOf(cluster: string): string {
    return this.workspace.clusters.get(cluster)?.cluster_name ?? cluster;
  }

  private active(job: number): ClusterRun[] {
    return this.runs.filter(({ job_id, state }) => job_id === job && state.life_cycle_state === "RUNNING");
  }

  private answer(asked: Asked): Answer | undefined {
    const call = asked.path.replace(/^.*\/api\/[\d.]+\//, "");
    const body = json(asked);
    if (call === "clusters/create") return ok({ cluster_id: this.make(body) });
    if (call === "clusters/restart" || call === "clusters/start") return this.start(String(body.cluster_id), call);
    if (call === "clusters/permanent-delete") this.end(String(body.cluster_id));
    if (call === "clusters/get") this.looked(String(asked.query.get("cluster_id")));
    if (call === "clusters/spark-versions")
      return ok({
        versions: [
          { key: "17.3.x-scala2.13", name: "17.3 LTS" },
          { key: "17.2.x-scala2.13", name: "17.2" },
        ],
      });
    if (call === "jobs/runs/list") return this.list(asked);
    if (call === "jobs/runs/cancel") return this.cancel(Number(body.run_id));
    if (call === "jobs/runs/submit") return ok({ run_id: 1 });
    if (call === "jobs/runs/get")
      return ok({ run_id: 1, state: { life_cycle_state: "TERMINATED", result_state: this.check } });
    return undefined;
  }

  private make(body: Record<string, unknown>): string {
    this.made += 1;
    const id = `made-${this.made}`;
    this.workspace.clusters.set(id, { ...body, cluster_id: id, state: "PENDING", start_time: Date.now() });
    this.starting.set(id, this.looks(String(body.cluster_name), "create"));
    return id;
  }

  private start(id: string, call: string): Answer {
    const one = this.workspace.clusters.get(id);
    if (call === "clusters/restart") this.end(id);
    this.starting.set(id, this.looks(String(one?.cluster_name), call));
    if (one) one.state = "RESTARTING";
    return ok();
  }

  private looked(id: string): void {
    const [one, left] = [this.workspace.clusters.get(id), this.starting.get(id)];
    if (!one || left === undefined || left === "never") return;
    if (left > 0) return void this.starting.set(id, left - 1);
    this.starting.delete(id);
    Object.assign(one, { state: "RUNNING", last_restarted_time: Date.now() });
    for (const job of this.workspace.jobs.keys()) this.begin(job);
  }

  /** Ends what runs on a cluster; nobody asked for that. */
  private end(cluster: string): void {
    for (const run of this.runs)
      if (run.cluster === cluster && run.state.life_cycle_state === "RUNNING") {
        run.state = { life_cycle_state: "INTERNAL_ERROR", result_state: "FAILED" };
        this.interrupted.push(run.job_id);
      }
  }

  private list({ query }: Asked): Answer {
    const job = Number(query.get("job_id"));
    const runs = query.get("active_only") === "true" ? this.active(job) : this.runs.filter((one) => one.job_id === job);
    // Clusters of tasks are told to who asks for tasks.
    const tasks = (cluster: string) =>
      query.get("expand_tasks") === "true" ? { tasks: [{ cluster_instance: { cluster_id: cluster } }] } : {};
    return ok({ runs: runs.map(({ cluster, ...run }) => ({ ...run, ...tasks(cluster) })) });
  }

  private cancel(id: number): Answer {
    const run = this.runs.find(({ run_id }) => run_id === id);
    if (run) {
      run.state = { life_cycle_state: "TERMINATED", result_state: "CANCELED" };
      this.begin(run.job_id);
    }
    return ok();
  }

  /** A job without end has a run wherever it is told to, if that runs. */
  private begin(job: number): void {
    const settings = this.workspace.jobs.get(job)?.settings;
    const cluster = settings?.tasks?.[0]?.existing_cluster_id;
    if (this.active(job).length > 0 || this.workspace.clusters.get(cluster)?.state !== "RUNNING") return;
    if (settings?.continuous === undefined && this.runs.some(({ job_id }) => job_id === job)) return;
    this.runs.push({ run_id: this.runs.length + 1, job_id: job, cluster, state: { life_cycle_state: "RUNNING" } });
  }
}
