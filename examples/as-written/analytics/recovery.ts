import * as k8s from "@pulumi/kubernetes";
import { assetOf, maintenance, type Row, SCRIPT_FOLDER, scripts } from "./guide";
import { copies } from "./lake";
import { NAMESPACE, type Place } from "./places";
import { assumed, type Mend } from "./variant";

const SCRIPTS = "guide-scripts";
const IMAGE = "analytics/operations:latest";

/** A namespace with the guide's scripts. */
export function declareRunner({ role, cluster }: Place): void {
  const provider = cluster;
  new k8s.core.v1.Namespace(`${role}-namespace`, { metadata: { name: NAMESPACE } }, { provider });
  new k8s.core.v1.ConfigMap(
    `${role}-scripts`,
    {
      metadata: {
        name: SCRIPTS,
        namespace: NAMESPACE,
        annotations: { "holdfast.dev/assumed": "a ConfigMap: the guide shows the scripts, and not where they lie" },
      },
      data: scripts(),
    },
    { provider },
  );
}

interface GuideRun {
  name: string;
  at: Place;
  row: Row;
  script: string;
  schedule: string;
  suspend?: boolean;
  deadlineSeconds: number;
  env?: Record<string, string>;
  said: Record<string, string>;
}

/** A CronJob without deadline or policy, unless the stack mends that. */
function declareRun(run: GuideRun, mended: ReadonlySet<Mend>): void {
  const bounded = mended.has("deadlines");
  const annotations = { protects: assetOf(run.row), ...run.said };
  new k8s.batch.v1.CronJob(
    run.name,
    {
      metadata: {
        name: run.name,
        namespace: NAMESPACE,
        annotations: Object.fromEntries(
          Object.entries(annotations).map(([key, value]) => [`holdfast.dev/${key}`, value]),
        ),
      },
      spec: {
        schedule: run.schedule,
        ...(run.suspend ? { suspend: true } : {}),
        ...(bounded ? { concurrencyPolicy: "Forbid", startingDeadlineSeconds: 10 } : {}),
        jobTemplate: {
          spec: {
            ...(bounded ? { activeDeadlineSeconds: run.deadlineSeconds, backoffLimit: 0 } : {}),
            template: {
              spec: {
                restartPolicy: "Never",
                containers: [
                  {
                    name: "guide",
                    image: IMAGE,
                    command: [`${SCRIPT_FOLDER}/${run.script}`],
                    env: Object.entries(run.env ?? {}).map(([name, value]) => ({ name, value })),
                    volumeMounts: [{ name: "scripts", mountPath: SCRIPT_FOLDER, readOnly: true }],
                  },
                ],
                volumes: [{ name: "scripts", configMap: { name: SCRIPTS } }],
              },
            },
          },
        },
      },
    },
    { provider: run.at.cluster },
  );
}

/** Scripts that a person starts: suspended, on a day that only fills the field. */
const byHand = { schedule: "0 0 1 1 *", suspend: true, deadlineSeconds: 3_600 } as const;

/** Power BI's daily export, the two recoveries that the guide has, and its test of them. */
export function declareRecoveries(primary: Place, secondary: Place, mended: ReadonlySet<Mend>): void {
  const unsaid = "a CronJob, and an hour: the guide names nothing that runs its scripts, and no time";
  declareRun(
    {
      name: "powerbi-export",
      at: primary,
      row: "powerbi",
      script: "export_powerbi.sh",
      schedule: "0 0 * * *",
      deadlineSeconds: 1_800,
      env: { BACKUP: copies.powerbi },
      said: {
        role: "full",
        "copies-to": copies.powerbi,
        capture: "start",
        assumed: assumed("the whole job, at midnight UTC: the guide says no more than that it is daily", mended, [
          "deadlines",
        ]),
      },
    },
    mended,
  );
  declareRun(
    {
      ...byHand,
      name: "data-recovery",
      at: secondary,
      row: "lake",
      script: "data_recovery.sh",
      // Mended: as long as it takes to move 2.3 PB, and the rest of the hour.
      ...(mended.has("backup") ? { deadlineSeconds: 153 * 3_600 } : {}),
      env: { SOURCE_CONTAINER: copies.lake },
      said: {
        role: "recovery",
        path: "data-recovery",
        ...(mended.has("backup") ? { protection: "clones" } : {}),
        step: "data-recovery",
        effect: "restores,verifies",
        disruptions: "region,corruption",
        assumed: assumed(unsaid, mended, ["deadlines", "backup"]),
      },
    },
    mended,
  );
  for (const row of ["databricks", "powerbi"] as const)
    declareRun(
      {
        ...byHand,
        name: `service-recovery-${row}`,
        at: secondary,
        row,
        script: "service_recovery.py",
        env: { BACKUP: copies[row] },
        said: {
          role: "recovery",
          path: `service-recovery-${row}`,
          step: "failover-service",
          effect: "restores,verifies",
          disruptions: "region",
          ...(row === "databricks" ? { protection: "exports" } : {}),
          assumed: assumed(`${unsaid}; that it restores at all: it moves the name before it starts anything`, mended, [
            "deadlines",
          ]),
        },
      },
      mended,
    );
  const [test] = maintenance.filter(({ name }) => name === "DR testing");
  for (const row of ["lake", "databricks", "powerbi"] as const)
    declareRun(
      {
        name: `dr-test-${row}`,
        at: secondary,
        row,
        script: "service_recovery.py",
        schedule: test?.schedule ?? "",
        deadlineSeconds: 8 * 3_600,
        ...(row === "lake" ? { env: { SOURCE_CONTAINER: copies.lake } } : { env: { BACKUP: copies[row] } }),
        said: {
          role: "drill",
          assumed: assumed("a CronJob for each store: eight hours, in the secondary region only", mended, [
            "deadlines",
          ]),
        },
      },
      mended,
    );
}
