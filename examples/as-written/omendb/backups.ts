import * as k8s from "@pulumi/kubernetes";
import { backupVolume } from "./backupVolume";
import { BUCKET } from "./copy";
import { CLAIM, mountPath } from "./database";
import { DATA, FOLDERS, IMAGE, NAMESPACE, RETENTION_DAYS } from "./guide";
import { assumed, links } from "./links";
import type { Mend } from "./variant";

type Kind = "full" | "incremental";

/** The backup script: it runs every day and looks at the weekday, so it amounts to two schedules. */
export function declareBackups(mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  declareBackup("full", "0 2 * * 0", mended, provider);
  declareBackup("incremental", mended.has("schedule") ? "* * * * *" : "0 2 * * 1-6", mended, provider);
}

function declareBackup(kind: Kind, schedule: string, mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  new k8s.batch.v1.CronJob(
    `backup-${kind}`,
    {
      metadata: {
        name: `omendb-backup-${kind}`,
        namespace: NAMESPACE,
        annotations: links({
          role: kind,
          protects: DATA,
          // It reads files that the database writes meanwhile.
          capture: "fuzzy",
          ...assumed(
            "02:00 and a CronJob: the guide names no hour, no time zone and nothing that starts its script",
            mended,
            ["log", "disk", "copy", "deadlines", "schedule"],
          ),
          ...(mended.has("copy") ? { "copies-to": BUCKET } : { "kept-for": `${RETENTION_DAYS}d` }),
        }),
      },
      spec: {
        schedule,
        ...(mended.has("deadlines") ? { concurrencyPolicy: "Forbid", startingDeadlineSeconds: 10 } : {}),
        jobTemplate: {
          spec: {
            ...deadline(mended),
            template: {
              spec: {
                restartPolicy: "Never",
                containers: [
                  {
                    name: "backup",
                    image: IMAGE,
                    command: ["/bin/bash", "-c", script(kind)],
                    ...(mended.has("copy") ? { env: [{ name: "BACKUP_BUCKET", value: BUCKET }] } : {}),
                    volumeMounts: [
                      { name: "data", mountPath: mountPath(mended), readOnly: true },
                      { name: "backups", mountPath: FOLDERS.backups },
                    ],
                  },
                ],
                volumes: [{ name: "data", persistentVolumeClaim: { claimName: CLAIM } }, backupVolume(mended)],
              },
            },
          },
        },
      },
    },
    { provider },
  );
}

/** Mended: a run of half a minute where it is to run every minute, else of half an hour. */
function deadline(mended: ReadonlySet<Mend>): { activeDeadlineSeconds: number; backoffLimit: number } | object {
  if (!mended.has("deadlines")) return {};
  return { activeDeadlineSeconds: mended.has("schedule") ? 30 : 1800, backoffLimit: 0 };
}

function script(kind: Kind): string {
  const tool = `/usr/local/bin/backup_tool --data-dir "${FOLDERS.data}" --backup-dir "${FOLDERS.backups}"`;
  return [
    "set -euo pipefail",
    `${tool} ${kind}-backup --database production`,
    `${tool} cleanup --retention-days ${RETENTION_DAYS}`,
  ].join("\n");
}
