import * as k8s from "@pulumi/kubernetes";
import { NEEDED_BYTES, PLANNED_BYTES } from "./capacity";
import { FOLDERS, NAMESPACE } from "./guide";
import { links } from "./links";
import { CLASSES } from "./register";
import type { Mend } from "./variant";

const claim = "omendb-backups";

/** The folder of the guide's backups: on the disk of a node, which has no size that a resource could tell. */
export function backupVolume(mended: ReadonlySet<Mend>): k8s.types.input.core.v1.Volume {
  return {
    name: "backups",
    ...(mended.has("disk") ? { persistentVolumeClaim: { claimName: claim } } : { hostPath: { path: FOLDERS.backups } }),
  };
}

/** Mended: a claim for the folder, of the size that the guide plans and not of the size that its retention needs. */
export function declareBackupClaim(provider: k8s.Provider): void {
  new k8s.core.v1.PersistentVolumeClaim(
    "backup-claim",
    {
      metadata: {
        name: claim,
        namespace: NAMESPACE,
        annotations: links({
          needs: String(NEEDED_BYTES),
          assumed: "a claim: the guide keeps backups in a folder; its size is the one of the guide's capacity planning",
        }),
      },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: CLASSES.zonal,
        resources: { requests: { storage: String(PLANNED_BYTES) } },
      },
    },
    { provider },
  );
}
