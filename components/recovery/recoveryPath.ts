import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../recovery/duration";
import type { Disruption } from "../../recovery/objective";
import { type LinkName, links } from "../kubernetes/annotations";
import { cronJobSpec, type JobWork } from "../kubernetes/cronJob";
import { type Placement, placed } from "../kubernetes/placement";

/** One step of a recovery: a Job that ends within its deadline, or has failed loudly. */
export interface RecoveryStep {
  /** `restore`; the CronJob is named `<job>-restore`. */
  name: string;
  deadline: Duration;
  /** Steps of this path that must have ended. */
  after: readonly string[];
  /** What the step does to the losses, or `verifies` what was restored. */
  effect?: "restores" | "stops-writes" | "verifies";
  /** DNS name it repoints; an environment value names it as well. */
  redirects?: string;
  /** How soon clients follow by themselves once the place serves, where the name fails over. */
  redirectWithin?: Duration;
  work: JobWork;
}

/** Arguments of `RecoveryPath`. */
export interface RecoveryPathArgs {
  placement: Placement;
  /** Name of the path: `restore-in-secondary`. */
  path: string;
  /** What the names of its CronJobs begin with. */
  job: string;
  /** Asset it recovers. */
  protects: string;
  disruptions: readonly Disruption[];
  /** What it recovers from, where no CronJob takes it: `point-in-time`, `replicated-backups`, `replica`. */
  from?: string;
  /** Site that runs it, where it is not the cluster of the placement. */
  runsAt?: string;
  /** Keys of the objects beside the restore points that bring its jobs there, and what they need. */
  kit?: readonly string[];
  steps: readonly RecoveryStep[];
}

/** A suspended CronJob never starts by itself; the field is required all the same. */
const NEVER = { schedule: "0 0 1 1 *", startWithin: "1m", suspend: true } as const;

/** One way back to service: a suspended CronJob for every step, started with `kubectl create job --from`. */
export class RecoveryPath extends pulumi.ComponentResource {
  constructor(name: string, args: RecoveryPathArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:recovery:RecoveryPath", name, {}, opts);
    refuseUnknownSteps(name, args.steps);
    for (const step of args.steps) {
      new k8s.batch.v1.CronJob(
        `${name}-${step.name}`,
        {
          metadata: {
            name: `${args.job}-${step.name}`,
            namespace: args.placement.namespace,
            labels: step.work.labels,
            annotations: links(linksOf(args, step)),
          },
          spec: cronJobSpec(step.work, { ...NEVER, deadline: step.deadline }),
        },
        placed(this, args.placement),
      );
    }
    this.registerOutputs({ protects: args.protects, path: args.path });
  }
}

function linksOf(args: RecoveryPathArgs, step: RecoveryStep): Parameters<typeof links>[0] {
  const values: Partial<Record<LinkName, string | readonly string[] | undefined>> = {
    role: "recovery",
    path: args.path,
    protects: args.protects,
    protection: args.from,
    disruptions: args.disruptions,
    step: step.name,
    after: step.after,
    effect: step.effect,
    redirects: step.redirects,
    "redirect-within": step.redirectWithin,
    "runs-at": args.runsAt,
    kit: args.kit,
  };
  return values;
}

function refuseUnknownSteps(name: string, steps: readonly RecoveryStep[]): void {
  const earlier = new Set<string>();
  for (const step of steps) {
    const missing = step.after.find((other) => !earlier.has(other));
    if (missing !== undefined)
      throw new RangeError(`${name}: step ${step.name} waits for ${missing}, which is no earlier step`);
    earlier.add(step.name);
  }
}
