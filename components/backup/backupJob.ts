import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { links } from "../kubernetes/annotations";
import { cronJobSpec, type JobTiming, type JobWork } from "../kubernetes/cronJob";
import { type Placement, placed } from "../kubernetes/placement";

/** Arguments of `BackupJob`. */
export interface BackupJobArgs extends Omit<JobTiming, "suspend"> {
  placement: Placement;
  /** Name of the CronJob in its namespace, at most 52 characters. */
  job: string;
  work: JobWork;
  /** A full stands alone; an incremental needs the points before it. */
  role: "full" | "incremental";
  /** Asset whose restore points it takes. */
  protects: string;
  /** Bucket it copies to before it counts as done; an environment value names it as well. */
  copiesTo: string;
  /** Which moment a point holds; `fuzzy` when the data changes under it. */
  capture: "start" | "end" | "fuzzy";
}

/** A CronJob that takes restore points of one asset. */
export class BackupJob extends pulumi.ComponentResource {
  constructor(name: string, args: BackupJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:backup:BackupJob", name, {}, opts);
    const { placement, job, role, protects, copiesTo, capture } = args;
    new k8s.batch.v1.CronJob(
      `${name}-cron`,
      {
        metadata: {
          name: job,
          namespace: placement.namespace,
          labels: args.work.labels,
          annotations: links({ role, protects, "copies-to": copiesTo, capture }),
        },
        spec: cronJobSpec(args.work, args),
      },
      placed(this, placement),
    );
    this.registerOutputs({ protects, role });
  }
}
