import { describe, expect, it } from "vitest";
import { LockedBucket } from "../../components/storage/lockedBucket";
import { account, declared, named, namesOf } from "./declare";

const bucket = (lock = "45d", expire = "46d") =>
  declared(
    () =>
      new LockedBucket("copies", { bucket: "acme-copies", provider: account(), lock, expire, expiring: "backups/" }),
  );

const plain = () => ({ bucket: "acme-copies", provider: account() });

describe("a locked bucket", () => {
  it("is a bucket with versions, a lock, an expiry, encryption, no public and TLS only", async () => {
    expect(namesOf(await bucket())).toEqual([
      "aws:s3/bucket:Bucket copies-bucket",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration copies-lifecycle",
      "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration copies-lock",
      "aws:s3/bucketPolicy:BucketPolicy copies-policy",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock copies-public-access",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration copies-encryption",
      "aws:s3/bucketVersioning:BucketVersioning copies-versioning",
      "holdfast:storage:LockedBucket copies",
    ]);
  });

  it("protects every part, for each of them keeps the copies", async () => {
    const parts = (await bucket()).filter(({ type }) => type.startsWith("aws:"));
    expect(parts.filter(({ protect }) => !protect).map(({ name }) => name)).toEqual([]);
  });

  it("locks before it expires, with keys that nobody can delete", async () => {
    const all = await bucket();
    expect(named(all, "copies-bucket").props).toMatchObject({
      bucket: "acme-copies",
      objectLockEnabled: true,
      forceDestroy: false,
    });
    expect(named(all, "copies-versioning").props.versioningConfiguration).toEqual({ status: "Enabled" });
    expect(named(all, "copies-lock").props.rule).toEqual({ defaultRetention: { mode: "COMPLIANCE", days: 45 } });
    expect(named(all, "copies-lifecycle").props.rules).toMatchObject([
      { id: "expire", status: "Enabled", filter: { prefix: "backups/" }, expiration: { days: 46 } },
      {
        noncurrentVersionExpiration: { noncurrentDays: 1 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
      { expiration: { expiredObjectDeleteMarker: true } },
    ]);
    expect(named(all, "copies-encryption").props.rules).toEqual([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
  });

  it("shuts out the public and plain HTTP", async () => {
    const all = await bucket();
    expect(named(all, "copies-public-access").props).toEqual({
      bucket: "acme-copies",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(JSON.parse(String(named(all, "copies-policy").props.policy))).toMatchObject({
      Statement: [
        { Effect: "Deny", Principal: "*", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
      ],
    });
  });

  it("lets other accounts read, and do nothing else", async () => {
    const all = await declared(
      () =>
        new LockedBucket("copies", {
          bucket: "acme-copies",
          provider: account(),
          lock: "45d",
          expire: "46d",
          expiring: "backups/",
          readers: ["222222222222"],
        }),
    );
    expect(JSON.parse(String(named(all, "copies-policy").props.policy))).toMatchObject({
      Statement: [
        { Sid: "TlsOnly" },
        {
          Effect: "Allow",
          Principal: { AWS: ["arn:aws:iam::222222222222:root"] },
          Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetObject", "s3:GetObjectVersion"],
        },
      ],
    });
  });

  it("lets single roles do single things, whichever account they are in", async () => {
    const roles = ["arn:aws:iam::333333333333:role/reports", "arn:aws:iam::333333333333:role/audits"];
    const allows = [{ sid: "Add", actions: ["s3:PutObject"], resources: ["arn:aws:s3:::acme-copies/a/*"], roles }];
    const all = await declared(
      () => new LockedBucket("copies", { ...plain(), lock: "45d", expire: "46d", expiring: "backups/", allows }),
    );
    const { Statement } = JSON.parse(String(named(all, "copies-policy").props.policy)) as { Statement: object[] };
    expect(Statement.slice(1)).toEqual([
      {
        Sid: "Add",
        Effect: "Allow",
        Principal: { AWS: ["arn:aws:iam::333333333333:root"] },
        Action: ["s3:PutObject"],
        Resource: ["arn:aws:s3:::acme-copies/a/*"],
        Condition: { ArnEquals: { "aws:PrincipalArn": roles } },
      },
    ]);
  });

  it("keeps what is replaced as long as it is told", async () => {
    const all = await declared(
      () =>
        new LockedBucket("copies", {
          ...plain(),
          lock: "45d",
          expire: "46d",
          expiring: "backups/",
          keepReplaced: "30d",
        }),
    );
    expect(named(all, "copies-lifecycle").props.rules).toMatchObject([
      { id: "expire" },
      { noncurrentVersionExpiration: { noncurrentDays: 30 } },
      { id: "forget-delete-markers" },
    ]);
  });

  it.each([
    ["45d", "45d", "copies: expire must be later than the lock of 45d, got 45d"],
    ["36h", "46d", "36h is not a whole number of days"],
  ])("refuses a lock of %s with an expiry of %s", async (lock, expire, message) => {
    await expect(bucket(lock, expire)).rejects.toThrow(message);
  });
});
