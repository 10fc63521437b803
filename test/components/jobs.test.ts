import { describe, expect, it } from "vitest";
import { BackupJob } from "../../components/backup/backupJob";
import { DrillJob } from "../../components/drill/drillJob";
import { MaintenanceJob } from "../../components/maintenance/maintenanceJob";
import { declared, named, namesOf, placement, work } from "./declare";

const timing = { schedule: "*/3 * * * *", startWithin: "60s", deadline: "2m" };

describe("a backup job", () => {
  const resources = () =>
    declared(
      () =>
        new BackupJob("nightly", {
          placement: placement(),
          job: "database-backup",
          work,
          role: "incremental",
          protects: "shop/data",
          copiesTo: "copies",
          capture: "fuzzy",
          ...timing,
        }),
    );

  it("is one CronJob that says what it protects", async () => {
    const all = await resources();
    expect(namesOf(all)).toEqual(["holdfast:backup:BackupJob nightly", "kubernetes:batch/v1:CronJob nightly-cron"]);
    expect(named(all, "nightly").props).toEqual({ protects: "shop/data", role: "incremental" });
    expect(named(all, "nightly-cron").props.metadata).toEqual({
      name: "database-backup",
      namespace: "here",
      labels: { app: "jobs" },
      annotations: {
        "holdfast.dev/role": "incremental",
        "holdfast.dev/protects": "shop/data",
        "holdfast.dev/copies-to": "copies",
        "holdfast.dev/capture": "fuzzy",
      },
    });
    expect(named(all, "nightly-cron").parent).toBe(named(all, "nightly").urn);
  });

  it("starts in time or not at all, runs once, alone and within its deadline", async () => {
    expect(named(await resources(), "nightly-cron").props.spec).toMatchObject({
      schedule: "*/3 * * * *",
      timeZone: "Etc/UTC",
      startingDeadlineSeconds: 60,
      concurrencyPolicy: "Forbid",
      suspend: false,
      jobTemplate: { spec: { activeDeadlineSeconds: 120, backoffLimit: 0 } },
    });
  });

  it("runs as nobody in particular, with a root it cannot write to", async () => {
    expect(named(await resources(), "nightly-cron").props.spec).toMatchObject({
      jobTemplate: {
        spec: {
          template: {
            spec: {
              restartPolicy: "Never",
              serviceAccountName: "worker",
              securityContext: {
                runAsNonRoot: true,
                runAsUser: 10_001,
                fsGroup: 10_001,
                seccompProfile: { type: "RuntimeDefault" },
              },
              containers: [
                {
                  env: [{ name: "BUCKET", value: "copies" }],
                  volumeMounts: [{ name: "data", mountPath: "/data", readOnly: true }],
                  securityContext: {
                    allowPrivilegeEscalation: false,
                    readOnlyRootFilesystem: true,
                    capabilities: { drop: ["ALL"] },
                  },
                },
              ],
              volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data", readOnly: true } }],
            },
          },
        },
      },
    });
  });
});

describe("other jobs", () => {
  it("say that they rehearse", async () => {
    const all = await declared(
      () =>
        new DrillJob("rehearsal", {
          placement: placement(),
          job: "database-drill",
          work,
          role: "drill",
          protects: "shop/data",
          ...timing,
        }),
    );
    expect(namesOf(all)).toEqual(["holdfast:drill:DrillJob rehearsal", "kubernetes:batch/v1:CronJob rehearsal-cron"]);
    expect(named(all, "rehearsal-cron").props.metadata).toMatchObject({
      annotations: { "holdfast.dev/role": "drill", "holdfast.dev/protects": "shop/data" },
    });
  });

  it("wait for somebody where they are suspended, and read what that person says", async () => {
    const all = await declared(
      () =>
        new MaintenanceJob("chore", {
          placement: placement(),
          job: "database-chore",
          work: { ...work, inputs: "request" },
          ...timing,
          suspend: true,
        }),
    );
    expect(namesOf(all)).toEqual([
      "holdfast:maintenance:MaintenanceJob chore",
      "kubernetes:batch/v1:CronJob chore-cron",
    ]);
    expect(named(all, "chore-cron").props).toMatchObject({
      metadata: { annotations: { "holdfast.dev/role": "maintenance" } },
      spec: {
        suspend: true,
        jobTemplate: {
          spec: {
            template: { spec: { containers: [{ envFrom: [{ configMapRef: { name: "request", optional: true } }] }] } },
          },
        },
      },
    });
  });
});
