import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { links } from "../kubernetes/annotations";
import { cronJobSpec, type JobTiming, type JobWork } from "../kubernetes/cronJob";
import { type Placement, placed } from "../kubernetes/placement";

/** Arguments of `MaintenanceJob`. */
export interface MaintenanceJobArgs extends JobTiming {
  placement: Placement;
  /** Name of the CronJob in its namespace, at most 52 characters. */
  job: string;
  work: JobWork;
  /** Asset that what it keeps on a claim belongs to; it takes none of its restore points. @default none */
  protects?: string;
  /** Assets that it works on though nothing of it shows that: it must not run beside their backups or other work. @default none */
  apartFrom?: readonly string[];
  /** Assets whose store it knows and from which it only reads: it may run beside their backups. @default none */
  reads?: readonly string[];
}

/** A CronJob for one point of a checklist; suspended ones run when somebody asks. */
export class MaintenanceJob extends pulumi.ComponentResource {
  constructor(name: string, args: MaintenanceJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:maintenance:MaintenanceJob", name, {}, opts);
    const { placement, job } = args;
    new k8s.batch.v1.CronJob(
      `${name}-cron`,
      {
        metadata: {
          name: job,
          namespace: placement.namespace,
          labels: args.work.labels,
          annotations: links({
            role: "maintenance",
            protects: args.protects,
            "apart-from": args.apartFrom,
            reads: args.reads,
          }),
        },
        spec: cronJobSpec(args.work, args),
      },
      placed(this, placement),
    );
    this.registerOutputs({});
  }
}
