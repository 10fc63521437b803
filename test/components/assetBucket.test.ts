import * as aws from "@pulumi/aws";
import { describe, expect, it } from "vitest";
import { AssetBucket, type AssetBucketArgs, type CopySite } from "../../components/storage/assetBucket";
import { declared, named, namesOf } from "./declare";

const limit = { rpo: "1h", rto: "4h", owner: "assets team", reason: "what a day of work is worth" };
const promise = {
  id: "nucleus/assets",
  objectives: { process: limit, node: limit, zone: limit, region: limit, corruption: limit, compromise: limit },
  retention: { atLeast: "30d" },
  bytes: 1_000_000_000_000,
  group: { name: "nucleus" },
};

function site(bucket: string, region: aws.Region) {
  const provider = new aws.Provider(region, { region, allowedAccountIds: ["111111111111"] });
  return { bucket, provider, region, key: `arn:aws:kms:${region}:111111111111:key/1` };
}

function bucket(edit: Partial<AssetBucketArgs> = {}, there: Partial<CopySite> = {}) {
  return declared(() => {
    const elsewhere = { ...site("acme-assets-far", "eu-west-1"), role: "acme-assets-copying", ...there };
    const at = site("acme-assets", "eu-central-1");
    new AssetBucket("assets", { promise, account: "111111111111", at, elsewhere, keepReplaced: "45d", ...edit });
  });
}

const sides = ["written", "copy"];

describe("a bucket of assets", () => {
  it("is two buckets alike, a role, and the rules by which S3 copies", async () => {
    const side = (name: string) => [
      `aws:s3/bucket:Bucket assets-${name}-bucket`,
      `aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration assets-${name}-lifecycle`,
      `aws:s3/bucketOwnershipControls:BucketOwnershipControls assets-${name}-ownership`,
      `aws:s3/bucketPolicy:BucketPolicy assets-${name}-policy`,
      `aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock assets-${name}-public-access`,
      `aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration assets-${name}-encryption`,
      `aws:s3/bucketVersioning:BucketVersioning assets-${name}-versioning`,
      `holdfast:storage:VersionedBucket assets-${name}`,
    ];
    expect(namesOf(await bucket())).toEqual(
      [
        ...sides.flatMap(side),
        "aws:iam/role:Role assets-replication-role",
        "aws:iam/rolePolicy:RolePolicy assets-replication-policy",
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig assets-copying",
        "holdfast:storage:AssetBucket assets",
        "holdfast:storage:ReplicationRole assets-replication",
      ].sort(),
    );
  });

  it("protects every part, for each of them keeps the objects or their copies", async () => {
    const parts = (await bucket()).filter(({ type }) => type.startsWith("aws:"));
    expect(parts.filter(({ protect }) => !protect).map(({ name }) => name)).toEqual([]);
  });

  it("keeps earlier versions as long as it is told, and deletes nothing else, at both ends", async () => {
    const all = await bucket();
    for (const side of sides) {
      expect(named(all, `assets-${side}-versioning`).props.versioningConfiguration).toEqual({ status: "Enabled" });
      expect(named(all, `assets-${side}-lifecycle`).props.rules).toEqual([
        {
          id: "forget-old-versions",
          status: "Enabled",
          filter: { prefix: "" },
          noncurrentVersionExpiration: { noncurrentDays: 45 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        },
      ]);
      expect(named(all, `assets-${side}-bucket`).props.forceDestroy).toBe(false);
    }
  });

  it("is encrypted at each end under a key of that region, private, its owner's, and by TLS only", async () => {
    const all = await bucket();
    for (const [side, region] of [
      ["written", "eu-central-1"],
      ["copy", "eu-west-1"],
    ]) {
      const kmsMasterKeyId = `arn:aws:kms:${region}:111111111111:key/1`;
      expect(named(all, `assets-${side}-encryption`).props.rules).toEqual([
        { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId } },
      ]);
      expect(named(all, `assets-${side}-public-access`).props).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(named(all, `assets-${side}-ownership`).props.rule).toEqual({ objectOwnership: "BucketOwnerEnforced" });
      expect(JSON.parse(String(named(all, `assets-${side}-policy`).props.policy))).toMatchObject({
        Statement: [
          { Effect: "Deny", Principal: "*", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
        ],
      });
    }
  });

  it("copies everything under Replication Time Control, encrypted objects too, and no deletion", async () => {
    const { props, provider } = named(await bucket(), "assets-copying");
    expect(props).toEqual({
      bucket: "acme-assets",
      role: "arn:aws:iam::111111111111:role/acme-assets-copying",
      rules: [
        {
          id: "copy-everything",
          priority: 1,
          status: "Enabled",
          filter: { prefix: "" },
          deleteMarkerReplication: { status: "Disabled" },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: "arn:aws:s3:::acme-assets-far",
            encryptionConfiguration: { replicaKmsKeyId: "arn:aws:kms:eu-west-1:111111111111:key/1" },
            replicationTime: { status: "Enabled", time: { minutes: 15 } },
            metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
          },
        },
      ],
    });
    expect(provider).toContain("eu-central-1");
  });

  it("lets S3 read at one end and add at the other, and nothing more", async () => {
    const all = await bucket({ boundary: "acme-boundary" });
    expect(named(all, "assets-replication-role").props).toMatchObject({
      name: "acme-assets-copying",
      permissionsBoundary: "arn:aws:iam::111111111111:policy/acme-boundary",
    });
    expect(JSON.parse(String(named(all, "assets-replication-role").props.assumeRolePolicy))).toEqual({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    const through = (bucketName: string, region: string) => ({
      StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
      StringLike: {
        "kms:EncryptionContext:aws:s3:arn": [`arn:aws:s3:::${bucketName}`, `arn:aws:s3:::${bucketName}/*`],
      },
    });
    const { Statement } = JSON.parse(String(named(all, "assets-replication-policy").props.policy)) as {
      Statement: { Effect: string; Sid: string }[];
    };
    expect(Statement.map(({ Effect, Sid, ...one }) => one)).toEqual([
      { Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: "arn:aws:s3:::acme-assets" },
      {
        Action: ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"],
        Resource: "arn:aws:s3:::acme-assets/*",
      },
      { Action: ["s3:ReplicateObject", "s3:ReplicateTags"], Resource: "arn:aws:s3:::acme-assets-far/*" },
      {
        Action: ["kms:Decrypt"],
        Resource: "arn:aws:kms:eu-central-1:111111111111:key/*",
        Condition: through("acme-assets", "eu-central-1"),
      },
      {
        Action: ["kms:Encrypt"],
        Resource: "arn:aws:kms:eu-west-1:111111111111:key/*",
        Condition: through("acme-assets-far", "eu-west-1"),
      },
    ]);
    expect(new Set(Statement.map(({ Effect }) => Effect))).toEqual(new Set(["Allow"]));
  });

  it("locks the copies alone, where it is told to", async () => {
    const all = await bucket({}, { lock: "30d" });
    expect(named(all, "assets-copy-bucket").props.objectLockEnabled).toBe(true);
    expect(named(all, "assets-copy-lock").props.rule).toEqual({ defaultRetention: { mode: "COMPLIANCE", days: 30 } });
    expect(named(all, "assets-written-bucket").props).not.toHaveProperty("objectLockEnabled");
  });

  it("is one bucket without another region", async () => {
    const alone = await declared(() => {
      const at = site("acme-assets", "eu-central-1");
      new AssetBucket("assets", { promise, account: "111111111111", at, keepReplaced: "45d" });
    });
    const names = alone.map(({ name }) => name);
    expect(names.filter((one) => /copy|replication/.test(one))).toEqual([]);
    expect(names).toContain("assets-written-bucket");
  });

  it("promises what it is told, with its group", async () => {
    expect(named(await bucket(), "assets").props.asset).toEqual({ ...promise, kind: "objects" });
  });

  it.each<[string, Partial<AssetBucketArgs>, Partial<CopySite>, string]>([
    [
      "versions kept shorter than promised",
      { keepReplaced: "29d" },
      {},
      "assets: keepReplaced must be at least the retention of 30d, got 29d",
    ],
    [
      "half a day of versions",
      { keepReplaced: "36h", promise: { ...promise, retention: { atLeast: "1d" } } },
      {},
      "36h",
    ],
    [
      "a copy in the same region",
      {},
      { region: "eu-central-1" },
      "assets: elsewhere must be another bucket of another region, got eu-central-1",
    ],
    ["half a day of lock", {}, { lock: "12h" }, "12h is not a whole number of days"],
  ])("refuses %s", async (_, edit, there, message) => {
    await expect(bucket(edit, there)).rejects.toThrow(message);
  });
});
