import { describe, expect, it } from "vitest";
import { RecoveryKit } from "../../components/recovery/recoveryKit";
import { RecoveryPath, type RecoveryStep } from "../../components/recovery/recoveryPath";
import { LockedBucket } from "../../components/storage/lockedBucket";
import { account, declared, named, namesOf, placement, work } from "./declare";

const step = (name: string, after: string[], more: Partial<RecoveryStep> = {}): RecoveryStep => ({
  name,
  deadline: "5m",
  after,
  work,
  ...more,
});

const path = (steps: RecoveryStep[], runsAt?: string) =>
  declared(
    () =>
      new RecoveryPath("way", {
        placement: placement(),
        path: "restore",
        job: "database-restore",
        protects: "shop/data",
        disruptions: ["region", "zone"],
        ...(runsAt === undefined ? {} : { runsAt }),
        steps,
      }),
  );

describe("a recovery path", () => {
  it("is a suspended CronJob for every step, each with its own deadline", async () => {
    const all = await path([
      step("stop", [], { deadline: "1m", effect: "stops-writes" }),
      step("load", ["stop"], { deadline: "20m", effect: "restores" }),
      step("switch", ["stop", "load"], { redirects: "shop.example.com" }),
    ]);
    expect(namesOf(all)).toEqual([
      "holdfast:recovery:RecoveryPath way",
      "kubernetes:batch/v1:CronJob way-load",
      "kubernetes:batch/v1:CronJob way-stop",
      "kubernetes:batch/v1:CronJob way-switch",
    ]);
    expect(named(all, "way-load").props).toMatchObject({
      metadata: {
        name: "database-restore-load",
        annotations: {
          "holdfast.dev/role": "recovery",
          "holdfast.dev/path": "restore",
          "holdfast.dev/protects": "shop/data",
          "holdfast.dev/disruptions": "region,zone",
          "holdfast.dev/step": "load",
          "holdfast.dev/after": "stop",
          "holdfast.dev/effect": "restores",
        },
      },
      spec: {
        suspend: true,
        concurrencyPolicy: "Forbid",
        jobTemplate: { spec: { activeDeadlineSeconds: 1200, backoffLimit: 0 } },
      },
    });
    expect(annotationsOf(named(all, "way-stop").props)).not.toHaveProperty(["holdfast.dev/after"]);
    expect(annotationsOf(named(all, "way-switch").props)).toMatchObject({
      "holdfast.dev/after": "stop,load",
      "holdfast.dev/redirects": "shop.example.com",
    });
  });

  it("says what it recovers from where no CronJob takes that", async () => {
    const [plain, named_] = await Promise.all(
      [{}, { from: "point-in-time" }].map((more) =>
        declared(
          () =>
            new RecoveryPath("way", {
              placement: placement(),
              path: "restore",
              job: "database-restore",
              protects: "shop/data",
              disruptions: ["corruption"],
              ...more,
              steps: [step("load", [])],
            }),
        ),
      ),
    );
    const key = ["holdfast.dev/protection"];
    expect(annotationsOf(named(named_ ?? [], "way-load").props)).toHaveProperty(key, "point-in-time");
    expect(annotationsOf(named(plain ?? [], "way-load").props)).not.toHaveProperty(key);
  });

  it("says at which site it runs where that is not the cluster it lies in", async () => {
    expect(annotationsOf(named(await path([step("load", [])], "clean-room"), "way-load").props)).toHaveProperty(
      ["holdfast.dev/runs-at"],
      "clean-room",
    );
  });

  it("refuses a step that waits for no earlier one", async () => {
    await expect(path([step("load", ["stop"]), step("stop", [])])).rejects.toThrow(
      "way: step load waits for stop, which is no earlier step",
    );
  });
});

describe("a recovery kit", () => {
  it("is locked until a day of its own, after the bucket's lock is in force", async () => {
    const all = await declared(() => {
      const provider = account();
      const bucket = new LockedBucket("copies", {
        bucket: "copies",
        provider,
        lock: "45d",
        expire: "46d",
        expiring: "backups/",
      });
      new RecoveryKit("kit", {
        bucket,
        provider,
        lockedUntil: "2027-03-01",
        files: { manifests: { key: "kit/all.json", content: "{}", contentType: "application/json" } },
      });
    });
    const file = named(all, "kit-manifests");
    expect(file.type).toBe("aws:s3/bucketObjectv2:BucketObjectv2");
    expect(file.protect).toBe(true);
    expect(file.dependencies).toContain(named(all, "copies-lock").urn);
    expect(file.props).toEqual({
      bucket: "copies",
      key: "kit/all.json",
      content: "{}",
      contentType: "application/json",
      objectLockMode: "COMPLIANCE",
      objectLockRetainUntilDate: "2027-03-01T00:00:00Z",
    });
  });
});

function annotationsOf({ metadata }: { metadata?: unknown }): unknown {
  return (metadata as { annotations: unknown }).annotations;
}
