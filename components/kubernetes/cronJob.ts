import type * as k8s from "@pulumi/kubernetes";
import { type Duration, duration } from "../../recovery/duration";
import { type Amounts, withNodeDisk } from "./nodeDisk";
import { restrictedContainer, restrictedPod } from "./security";
import { type MountedVolume, mountsOf, volumesOf } from "./volume";

/** What a Job runs: the same for backups, drills, maintenance and recovery. */
export interface JobWork {
  /** Image pinned by digest. */
  image: string;
  command: string[];
  /** Plain values; the policy pack and the tests read them, so nothing secret. */
  env: Record<string, string>;
  /** ConfigMap with values that whoever starts the job has to say; it need not exist until then. */
  inputs?: string;
  volumes: MountedVolume[];
  serviceAccount: string;
  /** Labels that network policies select by. */
  labels: Record<string, string>;
  uid: number;
  resources: Amounts;
}

/** When a Job runs, and how long it may take. */
export interface JobTiming {
  /** Five-field cron expression as Kubernetes reads it. */
  schedule: string;
  /** IANA time zone of `schedule`; UTC never skips or repeats a run. @default "Etc/UTC" */
  timeZone?: string;
  /** Latest start after the scheduled moment; a later one is a missed run. */
  startWithin: Duration;
  /** Total over all attempts; a run that reaches it has failed. */
  deadline: Duration;
  /** Runs only when somebody creates a Job from it. @default false */
  suspend?: boolean;
}

/** How many Jobs of a CronJob stay readable after they ended. */
const KEPT_JOBS = 3;

/**
 * The same of Jobs whose pods have a disk of their own, and how long: it stays, and is paid for, until the pod is deleted
 * (https://github.com/kubernetes/kubernetes/issues/120756).
 */
const KEPT_WITH_DISK = { jobs: 1, seconds: duration("2d") };

/** The spec of a CronJob: one attempt, no overlap, bounded start and run. */
export function cronJobSpec(work: JobWork, timing: JobTiming): k8s.types.input.batch.v1.CronJobSpec {
  const hasDisk = work.volumes.some(({ source }) => "disk" in source);
  const kept = hasDisk ? KEPT_WITH_DISK.jobs : KEPT_JOBS;
  return {
    schedule: timing.schedule,
    timeZone: timing.timeZone ?? "Etc/UTC",
    startingDeadlineSeconds: duration(timing.startWithin),
    concurrencyPolicy: "Forbid",
    suspend: timing.suspend ?? false,
    successfulJobsHistoryLimit: kept,
    failedJobsHistoryLimit: kept,
    jobTemplate: {
      spec: {
        activeDeadlineSeconds: duration(timing.deadline),
        // A retry would eat the deadline of the run that is meant to follow.
        backoffLimit: 0,
        ...(hasDisk ? { ttlSecondsAfterFinished: KEPT_WITH_DISK.seconds } : {}),
        template: { metadata: { labels: work.labels }, spec: podSpec(work) },
      },
    },
  };
}

function podSpec(work: JobWork): k8s.types.input.core.v1.PodSpec {
  const inputs =
    work.inputs === undefined ? {} : { envFrom: [{ configMapRef: { name: work.inputs, optional: true } }] };
  return {
    restartPolicy: "Never",
    serviceAccountName: work.serviceAccount,
    securityContext: restrictedPod(work.uid),
    containers: [
      {
        name: "job",
        image: work.image,
        command: work.command,
        env: Object.entries(work.env).map(([name, value]) => ({ name, value })),
        ...inputs,
        volumeMounts: mountsOf(work.volumes),
        resources: withNodeDisk(work.resources, work.volumes),
        securityContext: restrictedContainer,
      },
    ],
    volumes: volumesOf(work.volumes),
  };
}
