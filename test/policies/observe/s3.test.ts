import { describe, expect, it } from "vitest";
import { type Resource, UNKNOWN, type Value } from "../../../policies/graph";
import { judge } from "../../../policies/judge";
import type { Disruption } from "../../../recovery/objective";
import { here, way, ways } from "./nucleus";
import {
  asOf,
  cronJob,
  declaredGraph,
  edit,
  forgotten,
  ignore,
  messages,
  type Parts,
  read,
  resource,
  without,
} from "./program";
import { asset, kept, setting, step, tags } from "./s3Program";

function reason(parts: Parts, disruption: Disruption, path: string) {
  return ways(parts, disruption).dropped.find((one) => one.path === `${asset}/${path}`)?.reason;
}

function findings(parts: Parts, name: string) {
  return judge(declaredGraph(parts), asOf).findings.filter((one) => one.rule === name);
}

const lost = (parts: Parts) => way(parts, "region", "serve-elsewhere")?.rpo[1].total;

describe("an asset in a bucket of Amazon S3", () => {
  it("is where its users write, says nothing that does not resolve, and both buckets are its own", () => {
    expect(read(kept()).plan.assets[0]?.at).toMatchObject({ region: "eu-central-1" });
    expect(messages(kept())).toEqual([]);
    const stores = read(kept()).plan.stores.filter(({ name }) => name.startsWith("Bucket"));
    expect(stores.map(({ asset: id }) => id)).toEqual([asset, asset]);
  });

  it("outlives a zone by design, in a time that the register answers for", () => {
    const found = way(kept(), "zone", "managed-service");
    expect(found?.rpo[1]).toMatchObject({ total: 0, terms: [{ grade: "guaranteed", facts: ["managed-services.s3"] }] });
    expect(found?.rto.total).toBe(300);
    expect(way(forgotten(kept(), "managed-service"), "zone", "managed-service")?.rto.total).toHaveProperty("unknown");
  });

  it("does not outlive a zone once a rule moves it to one, and nobody knows where a rule moves it to a class that is not known", () => {
    const moved = (storageClass: Value) =>
      edit(kept(), "lifecycle", "rules[0].transitions", [{ days: 30, storageClass }]);
    expect(reason(moved("ONEZONE_IA"), "zone", "managed-service")).toBe("survives the loss of a node at most");
    expect(reason(moved("STANDARD_IA"), "zone", "managed-service")).toBeUndefined();
    expect(reason(moved(UNKNOWN), "zone", "managed-service")).toContain("not known before deployment");
  });

  it("is one bucket, and kept by nothing else", () => {
    const second = resource("aws:s3/bucket:Bucket", "zweite", { bucket: "zweite", tags }, { provider: here });
    expect(messages({ ...kept(), second })).toEqual([
      `Bucket zweite and Bucket assets both hold ${asset}, and nothing copies one to the other: give each an asset of its own`,
    ]);
    expect(
      messages(edit(edit(kept(), "promise", "asset.service", "s3"), "promise", "asset.site", "primary")),
    ).toContain(`${asset} is kept by the zones of Amazon S3 and by Bucket assets: give each an asset of its own`);
  });

  it("is not where jobs copy its restore points to", () => {
    const job = cronJob("assets-full", { role: "full", protects: asset, "copies-to": "assets", capture: "start" });
    expect(read({ ...kept(), job }).plan.protections.map(({ id }) => id)).not.toContain(`${asset}/object-versions`);
  });
});

describe("earlier versions of objects", () => {
  it("undo bad writes for as long as they are kept", () => {
    const found = way(kept(), "corruption", "versions-back");
    const undone = 3_600 + 900 + 1_800;
    expect(found?.rpo[1].total).toBe(undone);
    expect(found?.window).toEqual({ needed: undone, available: 60 * 86_400 });
  });

  it("are all lost without versioning, or once a rule deleted them", () => {
    const off = { unbounded: expect.stringContaining("points reach 0s back") };
    const without_ = way(without(kept(), "versioning"), "corruption", "versions-back");
    expect(without_?.rpo[1].total).toEqual(off);
    const suspended = edit(kept(), "versioning", "versioningConfiguration.status", "Suspended");
    expect(way(suspended, "corruption", "versions-back")?.rpo[1].total).toEqual(off);
    expect(findings(suspended, "rpo-is-met")).toMatchObject([{ level: "mandatory" }, { level: "mandatory" }]);
    const brief = edit(kept(), "lifecycle", "rules[0].noncurrentVersionExpiration.noncurrentDays", 0);
    expect(way(brief, "corruption", "versions-back")?.rpo[1].total).toEqual(off);
  });

  it.each<[string, number, number]>([
    ["exactly as long as promised", 30, 0],
    ["a day less than promised", 29, 1],
  ])("kept %s", (_, days, count) => {
    const parts = edit(kept(), "lifecycle", "rules[0].noncurrentVersionExpiration.noncurrentDays", days);
    expect(findings(parts, "restore-points-are-kept")).toHaveLength(count);
  });

  it.each<[string, Parts]>([
    ["versioning is not known", edit(kept(), "versioning", "versioningConfiguration.status", UNKNOWN)],
    ["versioning may differ", ignore(kept(), "versioning", "versioningConfiguration")],
    ["expiry is not known", edit(kept(), "lifecycle", "rules[0].noncurrentVersionExpiration.noncurrentDays", UNKNOWN)],
    [
      "a rule counts versions",
      edit(kept(), "lifecycle", "rules[0].noncurrentVersionExpiration.newerNoncurrentVersions", 3),
    ],
    ["rules are not known", edit(kept(), "lifecycle", "rules", UNKNOWN)],
  ])("cannot be proven where %s", (_, parts) => {
    expect(findings(parts, "restore-points-are-kept")).toMatchObject([{ cannotProve: true, level: "mandatory" }]);
  });

  it("are kept as long as a restore needs no wait, and for ever without a rule", () => {
    const old = [{ noncurrentDays: 10, storageClass: "DEEP_ARCHIVE" }];
    const moved = edit(kept(), "lifecycle", "rules[0].noncurrentVersionTransitions", old);
    expect(way(moved, "corruption", "versions-back")?.window?.available).toBe(10 * 86_400);
    const endless = way(without(kept(), "lifecycle"), "corruption", "versions-back")?.window?.available;
    expect(endless).toEqual({ unbounded: "no lifecycle rule deletes them" });
    const disabled = edit(kept(), "lifecycle", "rules[0].status", "Disabled");
    expect(way(disabled, "corruption", "versions-back")?.window?.available).toEqual(endless);
  });

  it("outlive hostile credentials only under a compliance lock", () => {
    const hostile = { ...kept(), back: step("versions-back", "compromise", "object-versions", "assets") };
    expect(reason(hostile, "compromise", "versions-back")).toContain("no lock keeps hostile credentials");
    const lock = (mode: string) => ({
      ...hostile,
      lock: setting(
        "BucketObjectLockConfiguration",
        "assets",
        { rule: { defaultRetention: { mode, days: 30 } } },
        here,
      ),
    });
    expect(reason(lock("GOVERNANCE"), "compromise", "versions-back")).toContain("governance mode");
    expect(reason(lock("COMPLIANCE"), "compromise", "versions-back")).not.toContain("no lock");
  });
});

describe("objects that S3 copies to another region", () => {
  it("are behind as long as Replication Time Control promises, which is a contract", () => {
    expect(lost(kept())).toBe(900);
    expect(way(kept(), "region", "serve-elsewhere")?.rpo[1].terms).toMatchObject([
      { grade: "contractual", facts: ["s3.time-control"] },
    ]);
  });

  it.each<[string, Parts]>([
    ["without it", edit(kept(), "replication", "rules[0].destination.replicationTime", undefined)],
    ["with it turned off", edit(kept(), "replication", "rules[0].destination.replicationTime.status", "Disabled")],
    [
      "with another time, which S3 does not take",
      edit(kept(), "replication", "rules[0].destination.replicationTime.time.minutes", 30),
    ],
    [
      "without metrics, without which there is none",
      edit(kept(), "replication", "rules[0].destination.metrics", undefined),
    ],
  ])("are behind as long as somebody answers for %s", (_, parts) => {
    expect(lost(parts)).toBe(4 * 3_600);
    expect(lost(forgotten(parts, "replica-lag"))).toHaveProperty("unknown");
  });

  it.each<[string, Parts, string]>([
    ["the rule is off", edit(kept(), "replication", "rules[0].status", "Disabled"), "is Disabled: it copies nothing"],
    [
      "the rule does not say that it is on",
      edit(kept(), "replication", "rules[0].status", undefined),
      "is not enabled: it copies nothing",
    ],
    [
      "it copies a folder",
      edit(kept(), "replication", "rules[0].filter.prefix", "projects/"),
      "only what begins with a prefix",
    ],
    [
      "it copies what has a tag",
      edit(kept(), "replication", "rules[0].filter.tag", { key: "a", value: "b" }),
      "copies only some objects",
    ],
    ["the bucket has no versions", without(kept(), "versioning"), "and Bucket assets has none"],
    ["the other bucket has no versions", without(kept(), "farVersioning"), "and Bucket assets-far has none"],
    [
      "objects are under a key and the rule leaves those out",
      {
        ...kept(),
        encryption: setting(
          "BucketServerSideEncryptionConfiguration",
          "assets",
          { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "key" } }] },
          here,
        ),
      },
      "leaves out objects under a KMS key",
    ],
  ])("are nothing where %s", (_, parts, why) => {
    expect(lost(parts)).toEqual({ unbounded: expect.stringContaining(why) });
    expect(findings(parts, "rpo-is-met")).toContainEqual(
      expect.objectContaining({ disruption: "region", level: "mandatory" }),
    );
  });

  it.each<[string, Parts]>([
    ["the status of the rule", edit(kept(), "replication", "rules[0].status", UNKNOWN)],
    ["its filter", edit(kept(), "replication", "rules[0].filter", UNKNOWN)],
    ["its time", edit(kept(), "replication", "rules[0].destination.replicationTime", UNKNOWN)],
    ["changes of its rules, which are ignored", ignore(kept(), "replication", "rules[0].status")],
  ])("cannot be proven without knowing %s", (_, parts) => {
    expect(lost(parts)).toHaveProperty("unknown");
  });

  it("are lost with the region that they are in, and nobody knows about a bucket that is not declared", () => {
    expect(reason(edit(kept(), "farBucket", "region", "eu-central-1"), "region", "serve-elsewhere")).toBe(
      "in the same region, eu-central-1",
    );
    const stray = edit(kept(), "replication", "rules[0].destination.bucket", "arn:aws:s3:::elsewhere");
    expect(
      reason({ ...stray, farBucket: { ...stray.bucket, urn: "urn:x" } as Resource }, "region", "serve-elsewhere"),
    ).toContain("is none that this program declares");
  });

  it("are in the bucket that the rules depend on, where its ARN is not known yet", () => {
    const later = edit(kept(), "replication", "rules[0].destination.bucket", UNKNOWN);
    const bound = { ...later.replication, propertyDependencies: { rules: [later.farBucket?.urn ?? ""] } } as Resource;
    expect(lost({ ...later, replication: bound })).toBe(900);
  });

  it("copy bad writes as well", () => {
    const all = { ...kept(), elsewhere: step("serve-elsewhere", "corruption", "object-replica", "assets-far") };
    expect(reason(all, "corruption", "serve-elsewhere")).toBe("copies the corruption");
  });
});
