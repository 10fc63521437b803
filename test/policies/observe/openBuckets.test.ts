import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { edit, healthy, messages, shut, without } from "./program";
import { kept } from "./s3Program";

describe("a bucket that holds an asset, its copy, and one that jobs copy to", () => {
  const buckets = [
    ["Bucket assets", kept(), "bucket", "shut", "assets-BucketPublicAccessBlock"],
    ["Bucket assets-far", kept(), "farBucket", "farShut", "assets-far-BucketPublicAccessBlock"],
    ["Bucket Bucket", healthy(), "bucket", "shut", "BucketPublicAccessBlock"],
  ] as const;

  it.each(buckets)("%s does not take what it holds with it", (title, parts, bucket) => {
    const said = (value: Value) => messages(edit(parts, bucket, "forceDestroy", value));
    expect([said(false), said(undefined)]).toEqual([[], []]);
    expect(said(true)).toEqual([`forceDestroy of ${title} must not be true: all it holds is deleted with it`]);
    expect(said(UNKNOWN)).toEqual([
      `forceDestroy of ${title} must not be true: forceDestroy of ${title} is not known before deployment`,
    ]);
  });

  it.each(buckets)("%s shuts the public out in all four ways", (title, parts, _, block, name) => {
    for (const property of Object.keys(shut)) {
      const must = `${property} of BucketPublicAccessBlock ${name} must be true`;
      const said = (value: Value) => messages(edit(parts, block, property, value));
      const why = `one wrong policy shows everybody what ${title} holds`;
      expect(said(false)).toEqual([`${must}, got false: ${why}`]);
      expect(said(undefined)).toEqual([`${must}, got nothing: ${why}`]);
      expect(said(UNKNOWN)).toEqual([
        `${must}: ${property} of BucketPublicAccessBlock ${name} is not known before deployment`,
      ]);
    }
    expect(messages(without(parts, block))).toEqual([
      `${title} has no BucketPublicAccessBlock of this program: nothing shows that the public is shut out`,
    ]);
  });
});

describe("a job that demands a lock", () => {
  const path = "spec.jobTemplate.spec.template.spec.containers[0].env";
  const demanding = (value: Value) =>
    edit(healthy(), "full", path, [
      { name: "BUCKET", value: "omendb-copies" },
      { name: "REQUIRED_LOCK_DAYS", value },
    ]);
  const wants = (days: number) => `CronJob omendb-full wants what it writes locked for ${days}d (REQUIRED_LOCK_DAYS)`;

  it("gets at least that of its bucket, which locks for 45 days", () => {
    expect(messages(demanding("45"))).toEqual([]);
    expect(messages(demanding("46"))).toEqual([
      `${wants(46)}, but Bucket Bucket locks it for 45d: no run of it succeeds`,
    ]);
  });

  it("gets none of a bucket without a lock, and proves nothing of one that is not known", () => {
    const of = (value: Value) => edit(demanding("45"), "lock", "rule.defaultRetention.days", value);
    expect(messages(of(UNKNOWN))).toEqual([expect.stringContaining(`${wants(45)}: `)]);
    expect(messages(without(demanding("45"), "lock"))).toEqual([expect.stringContaining("locks it for 0s")]);
  });

  it("says it in whole days that can be read", () => {
    expect(messages(demanding("90 days"))).toEqual([
      "REQUIRED_LOCK_DAYS of CronJob omendb-full must be whole days such as 90",
    ]);
    expect(messages(demanding(UNKNOWN))).toEqual([
      expect.stringMatching(/^REQUIRED_LOCK_DAYS of CronJob omendb-full: /),
    ]);
  });
});
