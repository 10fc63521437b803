import * as databricks from "@pulumi/databricks";
import * as pulumi from "@pulumi/pulumi";
import { type Duration, duration } from "../../recovery/duration";

/** What a job does to what is kept: it takes restore points, ends the history of tables, or neither. */
type Purpose =
  | {
      role: "full" | "incremental";
      /** `account/container` that it copies to. */
      copiesTo: string;
      /** Which moment a run holds; tables that are cloned one after the other hold no one moment. @default "fuzzy" */
      capture?: "start" | "end" | "fuzzy";
      /** Whether a run writes files of its own, or replaces the tables of the one before it. @default "tables" */
      writes?: "tables" | "files";
      /** Whether a recovery reads what was copied where it is, as clones of tables: nothing is moved. @default false */
      readInPlace?: boolean;
    }
  | {
      role: "vacuum";
      /** What VACUUM leaves; whole hours. */
      retain: Duration;
    }
  | { role: "maintenance" };

/** Arguments of `DatabricksJob`. */
export interface DatabricksJobArgs {
  /** Provider of the workspace that runs it; it names its `azureWorkspaceResourceId`. */
  provider: databricks.Provider;
  /** Name of the job in its workspace. */
  job: string;
  /** Asset that it works for. */
  protects: string;
  purpose: Purpose;
  /** Six or seven fields, as Quartz reads them: `0 0/15 * * * ?`. */
  schedule: string;
  /** @default "Etc/UTC" */
  timeZone?: string;
  /** A run is stopped after it, and counts as failed. */
  deadline: Duration;
  /** A job of a workspace that stands by is paused until that takes over. @default false */
  paused?: boolean;
  /** Path of the notebook that it runs; `{{job.parameters.retain_hours}}` is what VACUUM leaves. */
  notebook: string;
  /** Parameters of the notebook. @default none */
  parameters?: Record<string, string>;
  cluster: databricks.types.input.JobJobClusterNewCluster;
}

/** A job of Databricks with a schedule of its own, one run at a time. */
export class DatabricksJob extends pulumi.ComponentResource {
  /** The job. */
  declare readonly job: databricks.Job;

  constructor(name: string, args: DatabricksJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:azure:DatabricksJob", name, {}, opts);
    const { purpose, parameters = {} } = args;
    const all = { ...parameters, ...hoursOf(name, purpose) };
    const jobClusterKey = "own";
    this.job = new databricks.Job(
      `${name}-job`,
      {
        name: args.job,
        tags: tagsOf(args),
        schedule: {
          quartzCronExpression: args.schedule,
          timezoneId: args.timeZone ?? "Etc/UTC",
          pauseStatus: args.paused ? "PAUSED" : "UNPAUSED",
        },
        // A run that is due during another is skipped; one that waits would start nobody knows when.
        maxConcurrentRuns: 1,
        queue: { enabled: false },
        timeoutSeconds: duration(args.deadline),
        parameters: Object.entries(all).map(([key, value]) => ({ name: key, default: value })),
        jobClusters: [{ jobClusterKey, newCluster: args.cluster }],
        tasks: [{ taskKey: "run", jobClusterKey, notebookTask: { notebookPath: args.notebook, source: "WORKSPACE" } }],
      },
      { parent: this, provider: args.provider },
    );
    this.registerOutputs({});
  }
}

function tagsOf({ protects, purpose }: DatabricksJobArgs): Record<string, string> {
  const own = { holdfast_protects: protects, holdfast_role: purpose.role };
  if (purpose.role !== "full" && purpose.role !== "incremental") return own;
  return {
    ...own,
    holdfast_copies_to: purpose.copiesTo,
    holdfast_capture: purpose.capture ?? "fuzzy",
    ...(purpose.writes === "files" ? { holdfast_writes: "files" } : {}),
    ...(purpose.readInPlace ? { holdfast_read: "in-place" } : {}),
  };
}

function hoursOf(name: string, purpose: Purpose): Record<string, string> {
  if (purpose.role !== "vacuum") return {};
  const hours = duration(purpose.retain) / 3_600;
  if (!Number.isInteger(hours)) throw new RangeError(`${name}: retain must be whole hours, got ${purpose.retain}`);
  return { retain_hours: String(hours) };
}
