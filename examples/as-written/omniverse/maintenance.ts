import type * as k8s from "@pulumi/kubernetes";
import { declareJob } from "./job";
import { assumed } from "./links";
import { IMAGES } from "./runbook";
import type { Mend } from "./variant";

/** The storage clean-up of the Sunday window, which opens when the dump starts. */
export function declareMaintenance(mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  declareJob(
    {
      name: "weekly-storage-maintenance",
      script: "weekly-storage-maintenance.sh",
      image: IMAGES.nucleus,
      schedule: "0 2 * * 0",
      // The window closes at 6:00 AM.
      deadlineSeconds: 4 * 3600,
      said: {
        role: "maintenance",
        ...assumed("a CronJob at the start of the window: the runbook names no time zone", mended, ["deadlines"]),
      },
    },
    mended,
    provider,
  );
}
