import type * as k8s from "@pulumi/kubernetes";
import { declareJob, type RunbookJob } from "./job";
import { assumed } from "./links";
import { ASSETS, DATABASE, FOLDERS, IMAGES } from "./runbook";
import type { Mend } from "./variant";

/** Scripts that a person starts: suspended, on a day that only fills the field. */
const byHand = { schedule: "0 0 1 1 *", suspend: true } as const;

/** The runbook's own: a database recovery in place, and a failover; it has none for assets. */
export function declareRecovery(mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  declareJob(
    {
      ...byHand,
      name: "database-recovery",
      script: "database-recovery.sh",
      image: IMAGES.postgres,
      deadlineSeconds: 3600,
      reads: { dumps: FOLDERS.dumps },
      writes: { database: FOLDERS.database },
      said: {
        role: "recovery",
        protects: DATABASE,
        path: "database-recovery",
        step: "database-recovery",
        effect: "restores,verifies",
        disruptions: "corruption",
        ...assumed("an hour; and that the script it calls to restore exists", mended, ["deadlines"]),
      },
    },
    mended,
    provider,
  );
  declareJob(
    {
      ...byHand,
      name: "failover",
      script: "failover.sh",
      image: IMAGES.postgres,
      deadlineSeconds: 3600,
      said: {
        role: "recovery",
        protects: DATABASE,
        path: "failover",
        step: "failover",
        protection: "replica",
        effect: "restores,verifies",
        disruptions: "node,zone,region",
        ...assumed("an hour; on the primary host, whose services its second step stops without ssh", mended, [
          "deadlines",
        ]),
      },
    },
    mended,
    provider,
  );
}

/** Mended: a restore of each asset as a job in another region. */
export function declareRestores(mended: ReadonlySet<Mend>, provider: k8s.Provider): void {
  const restore = (name: string, protects: string, image: string, writes: Record<string, string>): RunbookJob => ({
    ...byHand,
    name,
    script: "monthly-dr-test.sh",
    image,
    deadlineSeconds: 3600,
    writes,
    said: {
      role: "recovery",
      protects,
      path: name,
      step: name,
      effect: "stops-writes,restores,verifies",
      disruptions: "node,zone,region,corruption",
      ...assumed("an hour; by what the DR test does: the runbook has no script that restores elsewhere", mended, [
        "deadlines",
        "upload",
        "recovery",
      ]),
    },
  });
  declareJob(restore("restore-database", DATABASE, IMAGES.postgres, { database: FOLDERS.database }), mended, provider);
  declareJob(restore("restore-assets", ASSETS, IMAGES.nucleus, { assets: FOLDERS.assets }), mended, provider);
}
