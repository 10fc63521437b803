import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import type { LockedObject, Safeguard } from "../../../recovery";
import { cronJob, edit, healthy, kubernetes, messages, type Parts, read, resource } from "./program";
import { kept } from "./rdsProgram";

const cloud = healthy().bucket?.provider;
if (cloud === undefined) throw new Error("the example's bucket has a provider");

const object = (props: Record<string, Value>) =>
  resource(
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "kit",
    { bucket: "omendb-copies", key: "kit/omendb.json", ...props },
    { provider: cloud },
  );
const locked = { objectLockMode: "COMPLIANCE", objectLockRetainUntilDate: "2027-03-01T00:00:00Z" };
const until = Date.UTC(2027, 2, 1) / 1_000;

const of = <K extends Safeguard["kind"]>(kind: K, parts: Parts) =>
  read(parts).plan.safeguards.filter((one): one is Extract<Safeguard, { kind: K }> => one.kind === kind);
const kits = (props: Record<string, Value>, parts: Parts = healthy()): Partial<LockedObject>[] =>
  of("locked-object", { ...parts, kit: object(props) }).map(({ name, assets, mode, until: end }) => ({
    name,
    assets,
    mode,
    ...(end === undefined ? {} : { until: end }),
  }));
const name = "kit/omendb.json in Bucket Bucket";

describe("locks of single objects", () => {
  it("are read with their mode and their end", () => {
    expect(kits(locked)).toEqual([{ name, assets: [], mode: "compliance", until }]);
    expect(kits({ objectLockMode: "GOVERNANCE" })).toEqual([{ name, assets: [], mode: "governance" }]);
  });

  it("name the assets whose recovery counts on the object", () => {
    const kit = edit(healthy(), "restore", 'metadata.annotations["holdfast.dev/kit"]', "kit/omendb.json, kit/other");
    expect(kits(locked, kit)).toEqual([{ name, assets: ["omendb/data"], mode: "compliance", until }]);
    expect(kits({}, kit)).toEqual([{ name, assets: ["omendb/data"], mode: "none" }]);
  });

  it("are of no matter where nothing locks an object and nothing counts on it", () => {
    expect(kits({})).toEqual([]);
  });

  it.each<[string, Record<string, Value>, object]>([
    ["an end", { ...locked, objectLockRetainUntilDate: UNKNOWN }, { until: { unknown: expect.any(String) } }],
    ["a mode", { ...locked, objectLockMode: UNKNOWN }, { mode: { unknown: expect.any(String) } }],
    ["a mode that S3 does not have", { ...locked, objectLockMode: "SOFT" }, { mode: { unknown: expect.any(String) } }],
  ])("have %s that is not known", (_, props, expected) => {
    expect(kits(props)).toEqual([{ name, assets: [], mode: "compliance", until, ...expected }]);
  });
});

describe("maintenance jobs", () => {
  const check = (spec: Record<string, Value>) => ({
    ...healthy(),
    check: cronJob("site-check", { role: "maintenance", protects: undefined }, spec),
  });
  const read = (spec: Record<string, Value>) =>
    of("maintenance", check(spec)).map(({ name: job, schedule, suspended, startSlack, run }) => [
      job,
      "expression" in schedule ? schedule.expression : schedule,
      suspended,
      startSlack.value,
      run.value,
    ]);

  it("are read with when they run, how late and how long", () => {
    expect(read({ schedule: "50 5 * * *" })).toEqual([["site-check", "50 5 * * *", false, 30, 120]]);
    expect(read({ schedule: "50 5 * * *", suspend: true })).toEqual([["site-check", "50 5 * * *", true, 30, 120]]);
  });

  describe("keep away from the backups and the other work of what they work on", () => {
    const database = "nucleus/database";
    const job = (value: string, links: Record<string, Value> = {}) => ({
      ...kept(),
      vacuum: cronJob(
        "vacuum",
        { role: "maintenance", protects: undefined, ...links },
        {
          schedule: "0 3 * * 0",
          jobTemplate: {
            spec: {
              activeDeadlineSeconds: 60,
              template: { spec: { containers: [{ name: "job", env: [{ name: "DB_INSTANCE", value }] }] } },
            },
          },
        },
      ),
    });
    const apart = (parts: Parts) => of("maintenance", parts).find((one) => one.name === "vacuum")?.apartFrom;

    it("which is what they know by its name, whatever they say", () => {
      expect(apart(job("nucleus"))).toEqual([database]);
      expect(apart(job("nucleus-replica"))).toEqual([database]);
      expect(apart(job("nucleus-attic"))).toBeUndefined();
      expect(apart(job("nucleus-attic", { "apart-from": database }))).toEqual([database]);
    });

    it("which is nothing of what they say that they only read", () => {
      expect(apart(job("nucleus", { reads: database }))).toBeUndefined();
      expect(messages(job("nucleus", { reads: database }))).toEqual([]);
    });

    it("which is what they may write to of a workload's volumes", () => {
      const mounted = (readOnly: boolean) => ({
        ...healthy(),
        index: cronJob(
          "index",
          { role: "maintenance", protects: undefined },
          {
            schedule: "0 3 * * 0",
            jobTemplate: {
              spec: {
                activeDeadlineSeconds: 60,
                template: {
                  spec: {
                    containers: [{ name: "job", volumeMounts: [{ name: "data", mountPath: "/data", readOnly }] }],
                    volumes: [{ name: "data", persistentVolumeClaim: { claimName: "omendb-data" } }],
                  },
                },
              },
            },
          },
        ),
      });
      const read = (readOnly: boolean) =>
        of("maintenance", mounted(readOnly)).find(({ name: one }) => one === "index")?.apartFrom;
      expect(read(false)).toEqual(["omendb/data"]);
      expect(read(true)).toBeUndefined();
    });

    it("which is asked again where it cannot be read, or says two things", () => {
      expect(messages(job("nucleus", { reads: "nucleus/attic" }))).toEqual([
        "CronJob vacuum only reads nucleus/attic, for which nothing promises objectives",
      ]);
      expect(messages(job("nucleus", { reads: database, "apart-from": database }))).toEqual([
        "CronJob vacuum keeps away from nucleus/database (holdfast.dev/apart-from), and only reads it (holdfast.dev/reads): say one of them",
      ]);
      expect(apart(job("nucleus", { reads: UNKNOWN }))).toEqual([database]);
      expect(messages(job("nucleus", { reads: UNKNOWN }))).toEqual([expect.stringContaining("not known")]);
    });
  });

  it("are not the jobs of another role, nor those of none", () => {
    const other = {
      ...healthy(),
      own: kubernetes("batch/v1:CronJob", "report", {}, { spec: { schedule: "0 1 * * *" } }),
    };
    expect(of("maintenance", other)).toEqual([]);
  });
});

describe("roles of AWS", () => {
  const bounded = (props: Record<string, Value>, type = "aws:iam/role:Role") =>
    of("role", { ...healthy(), role: resource(type, "backup", props, { provider: cloud }) }).map(
      ({ name: role, boundary }) => [role, boundary],
    );
  const permissionsBoundary = "arn:aws:iam::111111111111:policy/prod-boundary";

  it.each<[string, Record<string, Value>, unknown[]]>([
    ["with what bounds them", { name: "omendb-backup", permissionsBoundary }, ["omendb-backup", permissionsBoundary]],
    ["where nothing bounds them", { name: "omendb-backup" }, ["omendb-backup", undefined]],
    [
      "where what bounds them is not known",
      { permissionsBoundary: UNKNOWN },
      ["backup", { unknown: expect.any(String) }],
    ],
  ])("are read %s", (_, props, expected) => {
    expect(bounded(props)).toEqual([expected]);
  });

  it("are users too", () => {
    expect(bounded({ name: "ci", permissionsBoundary }, "aws:iam/user:User")).toEqual([["ci", permissionsBoundary]]);
  });
});
