import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Duration, duration, wholeDays } from "../../recovery/duration";
import { roleArn } from "../access/workloadRole";
import { assetPromise, type DataPromise } from "../database/promise";
import { ReplicationRole } from "./replicationRole";
import { VersionedBucket } from "./versionedBucket";

/** Where a bucket of `AssetBucket` is. */
export interface BucketSite {
  /** Globally unique name; plain, so that whatever reads or copies there can name it before deployment. */
  bucket: string;
  provider: aws.Provider;
  /** Region of the provider. */
  region: string;
  /** ARN of a KMS key of that region. */
  key: pulumi.Input<string>;
}

/** The bucket of another region that everything is copied to. */
export interface CopySite extends BucketSite {
  /** Name of the role by which S3 copies. */
  role: string;
  /** Nobody, root included, deletes a copied version before; whole days. @default no lock */
  lock?: Duration;
}

/** Arguments of `AssetBucket`. */
export interface AssetBucketArgs {
  promise: DataPromise;
  /** Account of both buckets and of the role. */
  account: string;
  at: BucketSite;
  /** @default one bucket, and no copy */
  elsewhere?: CopySite;
  /** What is replaced or deleted stays so long, at both ends: at least the retention that is promised; whole days. */
  keepReplaced: Duration;
  /** Name of the account's policy that bounds the role. @default none */
  boundary?: string | undefined;
  tags?: Record<string, string>;
}

/** Id of the one rule by which S3 copies, as metrics name it (`RuleId`). */
export const copyRule = "copy-everything";

/** Files of a service as objects of an S3 bucket that keeps earlier versions, copied to another region as they are written. */
export class AssetBucket extends pulumi.ComponentResource {
  /** Its name, as given. */
  declare readonly bucketName: string;
  /** The name of the bucket in the other region, if there is one. */
  declare readonly copyName: string | undefined;

  constructor(name: string, args: AssetBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:storage:AssetBucket", name, {}, opts);
    const { at, elsewhere, tags } = args;
    const keepDays = daysKept(name, args);
    this.bucketName = at.bucket;
    this.copyName = elsewhere?.bucket;
    const shared = { keepDays, ...(tags === undefined ? {} : { tags }) };
    const { versioning } = new VersionedBucket(`${name}-written`, { ...shared, ...placed(at) }, { parent: this });
    if (elsewhere !== undefined) this.#copy(name, args, elsewhere, versioning, shared);
    this.registerOutputs({ asset: assetPromise(args.promise, "objects") });
  }

  #copy(
    name: string,
    { at, account, boundary }: AssetBucketArgs,
    there: CopySite,
    versioning: aws.s3.BucketVersioning,
    shared: { keepDays: number; tags?: Record<string, string> },
  ): void {
    if (there.region === at.region || there.bucket === at.bucket) {
      throw new RangeError(`${name}: elsewhere must be another bucket of another region, got ${there.region}`);
    }
    const lock = there.lock === undefined ? {} : { lockDays: wholeDays(duration(there.lock)) };
    const copy = new VersionedBucket(`${name}-copy`, { ...shared, ...placed(there), ...lock }, { parent: this });
    const { policy } = new ReplicationRole(
      `${name}-replication`,
      { provider: at.provider, role: there.role, account, from: at, to: there, boundary },
      { parent: this },
    );
    new aws.s3.BucketReplicationConfig(
      `${name}-copying`,
      { bucket: at.bucket, role: roleArn(account, there.role), rules: [ruleTo(there)] },
      { parent: this, provider: at.provider, protect: true, dependsOn: [versioning, copy.versioning, policy] },
    );
  }
}

function placed({ bucket, provider, key }: BucketSite): Omit<BucketSite, "region"> {
  return { bucket, provider, key };
}

function daysKept(name: string, { keepReplaced, promise }: AssetBucketArgs): number {
  const kept = duration(keepReplaced);
  if (kept >= duration(promise.retention.atLeast)) return wholeDays(kept);
  const least = promise.retention.atLeast;
  throw new RangeError(`${name}: keepReplaced must be at least the retention of ${least}, got ${keepReplaced}`);
}

/** All objects within 15 minutes, the one time that Replication Time Control knows, with metrics, which it needs. */
function ruleTo({ bucket, key }: CopySite): aws.types.input.s3.BucketReplicationConfigRule {
  const minutes = 15;
  return {
    id: copyRule,
    priority: 1,
    status: "Enabled",
    filter: { prefix: "" },
    // A deletion here, by mistake or malice, hides nothing there: what is copied is deleted there, by whoever cleans up.
    deleteMarkerReplication: { status: "Disabled" },
    sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
    destination: {
      bucket: `arn:aws:s3:::${bucket}`,
      encryptionConfiguration: { replicaKmsKeyId: key },
      replicationTime: { status: "Enabled", time: { minutes } },
      metrics: { status: "Enabled", eventThreshold: { minutes } },
    },
  };
}
