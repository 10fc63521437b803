import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import type { LockedObject, Safeguard } from "../../../recovery";
import { cronJob, edit, healthy, kubernetes, type Parts, read, resource } from "./program";

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
