import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type BucketAllow, LockedBucket } from "../components/storage/lockedBucket";
import type { Duration } from "../recovery/duration";
import { STATE_META } from "../systems/platform/stateKeys";
import { allow, bucketArns, documentOf, objectArns } from "./statement";

/** Arguments of `StateStore`. */
export interface StateStoreArgs {
  /** Names of the bucket and of its copy. */
  buckets: { main: string; replica: string };
  /** Providers of the two regions. */
  providers: { main: aws.Provider; replica: aws.Provider };
  account: string;
  /** Name of the role by which S3 copies. */
  role: string;
  lock: Duration;
  keepBackups: Duration;
  /** What the roles of CI may do in a bucket of this name. */
  allows: (bucket: string) => BucketAllow[];
}

/** Keys that are copied: all but the files that say who is at work, which would seem at work for ever over there. */
const copied = [STATE_META, ".pulumi/stacks/", ".pulumi/history/", ".pulumi/backups/"];

/** Where Pulumi keeps its state: two buckets in two regions, of which nobody deletes a version before its time. */
export class StateStore extends pulumi.ComponentResource {
  constructor(name: string, args: StateStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:bootstrap:StateStore", name, {}, opts);
    const { buckets, providers, role, account, lock, allows } = args;
    const kept = {
      lock,
      // A state that nobody changed for longer than the lock is unlocked when it is overwritten.
      keepReplaced: lock,
      expire: args.keepBackups,
      expiring: ".pulumi/backups/",
    };
    const main = new LockedBucket(
      name,
      { ...kept, bucket: buckets.main, provider: providers.main, allows: allows(buckets.main) },
      { parent: this },
    );
    const replica = new LockedBucket(
      `${name}-replica`,
      { ...kept, bucket: buckets.replica, provider: providers.replica, allows: allows(buckets.replica) },
      { parent: this },
    );
    const options = { parent: this, provider: providers.main };
    const copier = new aws.iam.Role(
      `${name}-copier`,
      { name: role, assumeRolePolicy: JSON.stringify(copierTrust) },
      options,
    );
    const rights = new aws.iam.RolePolicy(
      `${name}-copier-policy`,
      { name: role, role, policy: JSON.stringify(copierPolicy(buckets)) },
      { ...options, dependsOn: [copier] },
    );
    new aws.s3.BucketReplicationConfig(
      `${name}-replication`,
      { bucket: buckets.main, role: `arn:aws:iam::${account}:role/${role}`, rules: copied.map(rule(buckets.replica)) },
      { ...options, protect: true, dependsOn: [rights, main.lock, replica.lock] },
    );
    this.registerOutputs({ bucket: buckets.main, replica: buckets.replica });
  }
}

const copierTrust = documentOf([
  { Sid: "S3", Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: ["sts:AssumeRole"] },
]);

/** Copies versions with their locks; no right to copy a deletion. */
function copierPolicy({ main, replica }: StateStoreArgs["buckets"]) {
  return documentOf([
    allow("Source", ["s3:GetReplicationConfiguration", "s3:ListBucket"], bucketArns([main])),
    allow(
      "Versions",
      [
        "s3:GetObjectLegalHold",
        "s3:GetObjectRetention",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionTagging",
      ],
      objectArns([main], ["*"]),
    ),
    allow("Copies", ["s3:ReplicateObject", "s3:ReplicateTags"], objectArns([replica], ["*"])),
  ]);
}

function rule(replica: string) {
  return (prefix: string, index: number): aws.types.input.s3.BucketReplicationConfigRule => ({
    id: prefix.replace(/^\.pulumi\//, "").replace(/\W/g, ""),
    status: "Enabled",
    priority: index + 1,
    filter: { prefix },
    deleteMarkerReplication: { status: "Disabled" },
    destination: {
      bucket: `arn:aws:s3:::${replica}`,
      // Its event tells of an object that takes longer than these minutes, the only number that S3 knows.
      replicationTime: { status: "Enabled", time: { minutes: 15 } },
      metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
    },
  });
}
