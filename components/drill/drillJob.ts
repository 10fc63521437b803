import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { links } from "../kubernetes/annotations";
import { cronJobSpec, type JobTiming, type JobWork } from "../kubernetes/cronJob";
import { type Placement, placed } from "../kubernetes/placement";

/** Arguments of `DrillJob`. */
export interface DrillJobArgs extends Omit<JobTiming, "suspend"> {
  placement: Placement;
  /** Name of the CronJob in its namespace, at most 52 characters. */
  job: string;
  work: JobWork;
  /** A verification reads restore points; a drill restores them and measures. */
  role: "verification" | "drill";
  /** Asset whose recovery it rehearses. */
  protects: string;
}

/** A CronJob that shows regularly that restore points can be restored. */
export class DrillJob extends pulumi.ComponentResource {
  constructor(name: string, args: DrillJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:drill:DrillJob", name, {}, opts);
    const { placement, job, role, protects } = args;
    new k8s.batch.v1.CronJob(
      `${name}-cron`,
      {
        metadata: {
          name: job,
          namespace: placement.namespace,
          labels: args.work.labels,
          annotations: links({ role, protects }),
        },
        spec: cronJobSpec(args.work, args),
      },
      placed(this, placement),
    );
    this.registerOutputs({ protects, role });
  }
}
