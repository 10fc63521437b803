import * as k8s from "@pulumi/kubernetes";
import { backupVolume } from "./backupVolume";
import { BUCKET } from "./copy";
import { DATA, FOLDERS, IMAGE, NAMESPACE } from "./guide";
import { links } from "./links";
import type { Mend } from "./variant";

/** Mended: `disaster_recovery.sh` as a job in another region; a script in the shell of whoever is called bounds nothing. */
export function declareRecovery(mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  declareJob(
    "disaster-recovery",
    {
      role: "recovery",
      path: "restore-from-backup",
      step: "disaster-recovery",
      effect: "stops-writes,restores,verifies",
      disruptions: "node,zone,region,corruption",
      assumed: "300 s in all: the wait of the script's last step is the only number that the guide gives",
    },
    { schedule: "0 0 1 1 *", suspend: true },
    300,
    mended,
    provider,
  );
}

/** Mended: the first two lines of the monthly checklist as jobs. */
export function declareRehearsals(mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  const monthly = (role: "verification" | "drill", schedule: string) =>
    declareJob(
      role,
      { role, assumed: "the first of the month: the guide says monthly, and that a person does it" },
      { schedule },
      3600,
      mended,
      provider,
    );
  monthly("verification", "0 4 1 * *");
  monthly("drill", "0 6 1 * *");
}

function declareJob(
  name: string,
  said: Record<string, string>,
  timing: { schedule: string; suspend?: boolean },
  activeDeadlineSeconds: number,
  mended: ReadonlySet<Mend>,
  provider: k8s.Provider,
): void {
  new k8s.batch.v1.CronJob(
    name,
    {
      metadata: {
        name: `omendb-${name}`,
        namespace: NAMESPACE,
        annotations: links({ protects: DATA, ...said }),
      },
      spec: {
        ...timing,
        concurrencyPolicy: "Forbid",
        startingDeadlineSeconds: 10,
        jobTemplate: {
          spec: {
            activeDeadlineSeconds,
            backoffLimit: 0,
            template: {
              spec: {
                restartPolicy: "Never",
                containers: [
                  {
                    name,
                    image: IMAGE,
                    command: ["/bin/bash", `/opt/omendb/${name.replace("-", "_")}.sh`],
                    env: [
                      { name: "BACKUP_DIR", value: FOLDERS.backups },
                      ...(mended.has("copy") ? [{ name: "BACKUP_BUCKET", value: BUCKET }] : []),
                    ],
                    volumeMounts: [{ name: "backups", mountPath: FOLDERS.backups }],
                  },
                ],
                volumes: [mended.has("copy") ? { name: "backups", emptyDir: {} } : backupVolume(mended)],
              },
            },
          },
        },
      },
    },
    { provider },
  );
}
