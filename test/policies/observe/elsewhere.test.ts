import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { edit, healthy, messages, type Parts, read, resource, without } from "./program";

const link = (key: string) => `metadata.annotations["holdfast.dev/${key}"]`;
const volumes = "spec.template.spec.volumes";

describe("a recovery in another cluster", () => {
  it("finds a standby there, whole but for its pods", () => {
    expect(messages(healthy())).toEqual([]);
  });

  it.each<[string, Parts, RegExp]>([
    ["nothing", without(healthy(), "standby"), /no workload in namespace omendb-prod says that it serves omendb\/data/],
    ["a standby that does not say so", edit(healthy(), "standby", link("asset"), undefined), /declare it there/],
    ["one that runs", edit(healthy(), "standby", "spec.replicas", 1), /a standby must have 0 replicas/],
    ["one without a Lease", edit(healthy(), "standby", link("lease"), undefined), /names no Lease/],
    [
      "one whose Lease is missing",
      without(healthy(), "farLease"),
      /holdfast.dev\/lease of Deployment prod-omendb names no Lease of its namespace/,
    ],
    ["one whose claim is missing", without(healthy(), "farData"), /^volume data of .* names no claim/],
    [
      "one whose class its site does not have",
      edit(healthy(), "farData", "spec.storageClassName", "magic"),
      /storage class magic/,
    ],
    [
      "one that keeps nothing",
      edit(healthy(), "standby", `${volumes}[0]`, { name: "data", emptyDir: {} }),
      /volume data lives and dies with its pod/,
    ],
  ])("does not find %s", (_what, parts, message) => {
    expect(messages(parts)).toEqual([expect.stringMatching(message)]);
  });

  it("cannot prove a standby whose storage class is not known", () => {
    const { problems } = read(edit(healthy(), "farData", "spec.storageClassName", UNKNOWN));
    expect(problems).toMatchObject([{ cannotProve: true, asset: "omendb/data" }]);
  });
});

describe("a recovery where no provider reaches", () => {
  const key = "kit/all.json";
  const names = ["omendb-restore-dns", "omendb-restore-restore"];

  /** The example with all steps in the clean room, and a kit for them. */
  function away(more: Record<string, Value> = {}): Parts {
    const kit = resource("aws:s3/bucketObjectv2:BucketObjectv2", "kit", {
      bucket: "omendb-copies",
      key,
      content: JSON.stringify(names),
      objectLockMode: "COMPLIANCE",
      objectLockRetainUntilDate: "2027-03-01T00:00:00Z",
      ...more,
    });
    const steps = ["restore", "dns"].reduce(
      (parts, step) => edit(edit(parts, step, link("runs-at"), "clean-room"), step, link("kit"), key),
      healthy(),
    );
    return { ...without(steps, "standby"), kit };
  }

  it("finds its jobs beside the restore points, and needs no standby here", () => {
    expect(messages(away())).toEqual([]);
  });

  it.each<[string, Parts, RegExp]>([
    ["no object", without(away(), "kit"), /holdfast.dev\/kit names must all be objects of Bucket Bucket that/],
    ["one in another bucket", away({ bucket: "other" }), /holdfast.dev\/kit names must all be objects/],
    ["one without a lock", away({ objectLockMode: undefined }), /objectLockMode must be COMPLIANCE/],
    ["one that a permission unlocks", away({ objectLockMode: "GOVERNANCE" }), /objectLockMode must be COMPLIANCE/],
    ["one that is locked for no time", away({ objectLockRetainUntilDate: undefined }), /no objectLockRetainUntilDate/],
    [
      "one whose lock has ended",
      away({ objectLockRetainUntilDate: "2026-11-20T23:59:59Z" }),
      /its lock ended on 2026-11-20/,
    ],
    ["one without a job", away({ content: "omendb-restore-dns" }), /holds all of its 2 CronJobs/],
    ["one with a job of a longer name", away({ content: `${names[0]} ${names[1]}-2` }), /holds all of its 2 CronJobs/],
    ["an empty one", away({ content: undefined }), /holds all of its 2 CronJobs/],
  ])("does not find %s", (_what, parts, message) => {
    expect(messages(parts)).toEqual([expect.stringMatching(message)]);
  });

  it("cannot prove what it cannot read", () => {
    for (const unread of ["content", "objectLockMode", "objectLockRetainUntilDate"]) {
      expect(read(away({ [unread]: UNKNOWN })).problems).toMatchObject([{ cannotProve: true }]);
    }
  });

  it("tells a key that is not known as one of what is not here", () => {
    const absent = read(without(away(), "kit")).problems;
    expect(absent).toMatchObject([{ cannotProve: true }]);
    expect(read(edit(away(), "restore", link("kit"), UNKNOWN)).problems).toEqual(absent);
  });

  it("never shows what a kit holds", () => {
    expect(JSON.stringify(read(away({ content: "CANARY-7f3a" })))).not.toContain("CANARY");
  });
});
