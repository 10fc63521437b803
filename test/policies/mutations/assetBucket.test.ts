import { beforeAll, describe, expect, it } from "vitest";
import { type ResourceGraph, UNKNOWN } from "../../../policies/graph";
import { blocking, judge } from "../../../policies/judge";
import { asOf } from "../../recovery/build";
import { all, ignore, type Mutation, region, set, unset, without } from "../mutate";
import { assetBucketGraph } from "./assetBucketProgram";

const copying = "images-copying";
const versioning = "images-written-versioning";
const copyVersioning = "images-copy-versioning";
const lifecycle = "images-written-lifecycle";
const status = "versioningConfiguration.status";
const kept = "rules[0].noncurrentVersionExpiration.noncurrentDays";

/** What weakens the bucket, the rule that must stop it, and what its finding must say. */
const weaker: [title: string, mutation: Mutation, rule: string, says: string[]][] = [
  ["versioning off", set(versioning, status, "Suspended"), "rpo-is-met", ["corruption", "0s"]],
  ["versioning off, for the copy", set(versioning, status, "Suspended"), "rpo-is-met", ["region", "has none"]],
  ["versioning off, for retention", set(versioning, status, "Suspended"), "restore-points-are-kept", ["30d", "0s"]],
  ["no versioning", without(versioning), "rpo-is-met", ["corruption"]],
  ["versioning that is not known", set(versioning, status, UNKNOWN), "restore-points-are-kept", ["not known"]],
  ["versioning that is ignored", ignore(versioning, status), "restore-points-are-kept", ["ignoreChanges"]],
  ["no versions of the copy", set(copyVersioning, status, "Suspended"), "rpo-is-met", ["region", "has none"]],
  ["versions kept for 29 days", set(lifecycle, kept, 29), "restore-points-are-kept", ["30d", "29d"]],
  [
    "versions kept by their number",
    set(lifecycle, "rules[0].noncurrentVersionExpiration.newerNoncurrentVersions", 3),
    "restore-points-are-kept",
    ["newerNoncurrentVersions"],
  ],
  [
    "objects moved to one zone",
    set(lifecycle, "rules[0].transitions", [{ days: 30, storageClass: "ONEZONE_IA" }]),
    "rpo-is-met",
    ["zone"],
  ],
  ["no rules of copying", without(copying), "rpo-is-met", ["region"]],
  ["a rule that is off", set(copying, "rules[0].status", "Disabled"), "rpo-is-met", ["region", "copies nothing"]],
  ["a rule that is not known", set(copying, "rules[0].status", UNKNOWN), "rpo-is-met", ["region", "not known"]],
  ["a rule for a folder", set(copying, "rules[0].filter.prefix", "a/"), "rpo-is-met", ["region", "prefix"]],
  [
    "no Replication Time Control",
    unset(copying, "rules[0].destination.replicationTime"),
    "rpo-is-met",
    ["region", "replica-lag"],
  ],
  [
    "Replication Time Control off",
    set(copying, "rules[0].destination.replicationTime.status", "Disabled"),
    "rpo-is-met",
    ["region", "replica-lag"],
  ],
  [
    "no metrics, without which there is no time control",
    unset(copying, "rules[0].destination.metrics"),
    "rpo-is-met",
    ["region", "replica-lag"],
  ],
  [
    "encrypted objects left out",
    unset(copying, "rules[0].sourceSelectionCriteria"),
    "rpo-is-met",
    ["region", "sseKmsEncryptedObjects"],
  ],
  [
    "no key of the other region",
    unset(copying, "rules[0].destination.encryptionConfiguration"),
    "rpo-is-met",
    ["region", "replicaKmsKeyId"],
  ],
  ...["written", "copy"].flatMap((name): [string, Mutation, string, string[]][] => [
    [
      `all that is ${name} going with its bucket`,
      set(`images-${name}-bucket`, "forceDestroy", true),
      "links-resolve",
      ["forceDestroy", name],
    ],
    [
      `a bucket of what is ${name} that may be opened to everybody`,
      without(`images-${name}-public-access`),
      "links-resolve",
      ["BucketPublicAccessBlock", name],
    ],
    [
      `one wrong policy for what is ${name}`,
      set(`images-${name}-public-access`, "restrictPublicBuckets", false),
      "links-resolve",
      ["restrictPublicBuckets", name],
    ],
  ]),
  ["a copy in the same region", region("far", "eu-west-1"), "rpo-is-met", ["region", "in the same region, eu-west-1"]],
  [
    "a copy that nobody declares",
    set(copying, "rules[0].destination.bucket", "arn:aws:s3:::elsewhere"),
    "rpo-is-met",
    ["region"],
  ],
];

let graph: ResourceGraph;

beforeAll(async () => {
  graph = await assetBucketGraph();
});

describe("a bucket of our component", () => {
  it("keeps every promise but what takes more: restore points elsewhere under a lock, and alerts", () => {
    const findings = judge(graph, asOf).findings.map(({ rule, disruption }) =>
      [rule, disruption ?? ""].join(" ").trim(),
    );
    expect(findings).toEqual([
      "rpo-is-met compromise",
      "rto-is-met region",
      "a-copy-is-outside-the-region region",
      "a-copy-cannot-be-deleted compromise",
      "each-objective-has-an-alert",
      "each-objective-has-an-alert",
    ]);
  });
});

describe("a weaker bucket is stopped by a mandatory finding", () => {
  it.each(weaker)("%s", (_, mutation, rule, says) => {
    const before = new Set(judge(graph, asOf).findings.map((one) => JSON.stringify(one)));
    const found = blocking(judge(all(mutation)(graph), asOf)).filter((one) => !before.has(JSON.stringify(one)));
    const texts = found.filter((one) => one.rule === rule).map((one) => JSON.stringify(one));
    expect(texts.some((text) => says.every((word) => text.includes(word))) ? "said" : found).toBe("said");
  });
});
