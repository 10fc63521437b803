import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bounded } from "../access/workloadRole";
import { wholeBucket } from "./privateAccess";

/** One end of what S3 copies. */
export interface ReplicationEnd {
  bucket: string;
  region: string;
}

/** Arguments of `ReplicationRole`. */
export interface ReplicationRoleArgs {
  provider: aws.Provider;
  /** Name of the role. */
  role: string;
  account: string;
  from: ReplicationEnd;
  to: ReplicationEnd;
  /** Name of the account's policy that bounds it. @default none */
  boundary?: string | undefined;
}

/** The role by which S3 copies objects of one bucket to another: it deletes nothing at either end. */
export class ReplicationRole extends pulumi.ComponentResource {
  /** What it may do, which must be in force before S3 is told to use it. */
  declare readonly policy: aws.iam.RolePolicy;

  constructor(name: string, args: ReplicationRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:storage:ReplicationRole", name, {}, opts);
    const options = { parent: this, provider: args.provider, protect: true };
    const role = new aws.iam.Role(
      `${name}-role`,
      { name: args.role, assumeRolePolicy: JSON.stringify(trust), ...bounded(args) },
      options,
    );
    this.policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { name: args.role, role: args.role, policy: JSON.stringify(accessPolicy(args)) },
      { ...options, dependsOn: [role] },
    );
    this.registerOutputs({ role: args.role });
  }
}

const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

/**
 * The least that live replication takes
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html), without
 * `s3:ReplicateDelete`; of keys, reading at one end and writing at the other
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html).
 */
function accessPolicy({ account, from, to }: ReplicationRoleArgs) {
  const [source, objects] = wholeBucket(from.bucket);
  const [, copies] = wholeBucket(to.bucket);
  // A key has a number only once it exists, and what this allows is to be known before: the conditions lead to one key alone.
  const key = ({ region }: ReplicationEnd) => `arn:aws:kms:${region}:${account}:key/*`;
  const allow = (Sid: string, Action: string[], Resource: string | undefined) => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
  });
  return {
    Version: "2012-10-17",
    Statement: [
      allow("Rules", ["s3:GetReplicationConfiguration", "s3:ListBucket"], source),
      allow(
        "Read",
        ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"],
        objects,
      ),
      allow("Copy", ["s3:ReplicateObject", "s3:ReplicateTags"], copies),
      { ...allow("Decrypt", ["kms:Decrypt"], key(from)), Condition: through(from) },
      { ...allow("Encrypt", ["kms:Encrypt"], key(to)), Condition: through(to) },
    ],
  };
}

/** Keys are used by S3 alone, and for the objects of that bucket alone. */
function through({ bucket, region }: ReplicationEnd) {
  return {
    StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
    StringLike: { "kms:EncryptionContext:aws:s3:arn": wholeBucket(bucket) },
  };
}
