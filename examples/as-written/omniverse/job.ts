import * as k8s from "@pulumi/kubernetes";
import { SCRIPTS } from "./host";
import { links } from "./links";
import { BUCKET, NAMESPACE, SCRIPT_FOLDER } from "./runbook";
import type { Mend } from "./variant";

/** A script of the runbook as a CronJob. */
export interface RunbookJob {
  name: string;
  script: string;
  args?: string[];
  image: string;
  schedule: string;
  suspend?: boolean;
  /** Longest run in seconds, where runs have one. */
  deadlineSeconds: number;
  /** Folders of the host by volume name; what a job only reads is mounted so. */
  reads?: Record<string, string>;
  writes?: Record<string, string>;
  said: Record<string, string>;
}

/** A CronJob without time zone, deadline or policy, unless the stack mends that. */
export function declareJob(job: RunbookJob, mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  const mount = (folders: Record<string, string>, readOnly: boolean) =>
    Object.entries(folders).map(([name, mountPath]) => ({ name, mountPath, ...(readOnly ? { readOnly } : {}) }));
  const folders = Object.entries({ ...job.reads, ...job.writes });
  const bounded = mended.has("deadlines");
  new k8s.batch.v1.CronJob(
    job.name,
    {
      metadata: { name: job.name, namespace: NAMESPACE, annotations: links(job.said) },
      spec: {
        schedule: job.schedule,
        ...(job.suspend ? { suspend: true } : {}),
        ...(bounded ? { concurrencyPolicy: "Forbid", startingDeadlineSeconds: 10 } : {}),
        jobTemplate: {
          spec: {
            ...(bounded ? { activeDeadlineSeconds: job.deadlineSeconds, backoffLimit: 0 } : {}),
            template: {
              spec: {
                restartPolicy: "Never",
                containers: [
                  {
                    name: "runbook",
                    image: job.image,
                    command: ["/bin/bash", `${SCRIPT_FOLDER}/${job.script}`],
                    ...(job.args ? { args: job.args } : {}),
                    ...(mended.has("upload") ? { env: [{ name: "BACKUP_BUCKET", value: BUCKET }] } : {}),
                    volumeMounts: [
                      { name: "scripts", mountPath: SCRIPT_FOLDER, readOnly: true },
                      ...mount(job.reads ?? {}, true),
                      ...mount(job.writes ?? {}, false),
                    ],
                  },
                ],
                volumes: [
                  { name: "scripts", configMap: { name: SCRIPTS } },
                  ...folders.map(([name, path]) => ({ name, hostPath: { path } })),
                ],
              },
            },
          },
        },
      },
    },
    { provider },
  );
}
