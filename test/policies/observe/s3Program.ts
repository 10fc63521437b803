import type { Provider, Resource } from "../../../policies/graph";
import { answering, here, type Props, stepOf, there } from "./nucleus";
import { type Parts, resource, shut } from "./program";

/** The asset of the example. */
export const asset = "nucleus/assets";
const limit = (rpo: string, rto: string) => ({ rpo, rto, owner: "assets team", reason: "the guide" });

/** What a bucket of the asset says of itself. */
export const tags = { "holdfast.dev/asset": asset };

/** A resource of its own that sets something of a bucket. */
export function setting(kind: string, bucket: string, props: Props, provider: Provider): Resource {
  const lower = `${kind.slice(0, 1).toLowerCase()}${kind.slice(1)}`;
  return resource(`aws:s3/${lower}:${kind}`, `${bucket}-${kind}`, { bucket, ...props }, { provider });
}

/** A step of a recovery that knows a bucket by its name. */
export function step(path: string, disruptions: string, protection: string, bucket: string): Resource {
  return stepOf(asset, path, disruptions, protection, { name: "BUCKET", value: `s3://${bucket}/` });
}

const rule = {
  id: "all",
  status: "Enabled",
  filter: {},
  destination: {
    bucket: "arn:aws:s3:::assets-far",
    replicationTime: { status: "Enabled", time: { minutes: 15 } },
    metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
  },
};
const roleArn = "arn:aws:iam::111111111111:role/copies";
/** What the role of the copies may do: all that it takes. */
export const leave = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: "arn:aws:s3:::assets" },
    { Effect: "Allow", Action: "s3:GetObjectVersion*", Resource: "arn:aws:s3:::assets/*" },
    { Effect: "Allow", Action: ["s3:ReplicateObject", "s3:ReplicateTags"], Resource: "arn:aws:s3:::assets-far/*" },
    { Effect: "Allow", Action: ["kms:Decrypt", "kms:Encrypt"], Resource: "*" },
  ],
});
const versioned = { versioningConfiguration: { status: "Enabled" } };

/** An asset in a bucket in which everything is said and agrees. */
export function kept(): Parts {
  return {
    register: answering({ "managed-service": "5m", "replica-lag": "4h" }),
    promise: resource("holdfast:storage:AssetBucket", "assets", {
      asset: {
        id: asset,
        kind: "objects",
        objectives: { zone: limit("0s", "15m"), region: limit("1h", "4h"), corruption: limit("2h", "4h") },
        retention: { atLeast: "30d" },
        bytes: 10_000_000_000,
      },
    }),
    bucket: resource("aws:s3/bucket:Bucket", "assets", { bucket: "assets", tags }, { provider: here }),
    versioning: setting("BucketVersioning", "assets", versioned, here),
    shut: setting("BucketPublicAccessBlock", "assets", shut, here),
    lifecycle: setting(
      "BucketLifecycleConfiguration",
      "assets",
      { rules: [{ id: "old", status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 60 } }] },
      here,
    ),
    replication: setting("BucketReplicationConfig", "assets", { role: roleArn, rules: [rule] }, here),
    role: resource("aws:iam/role:Role", "copies", { name: "copies" }, { provider: here }),
    rolePolicy: resource(
      "aws:iam/rolePolicy:RolePolicy",
      "copies",
      { role: "copies", policy: leave },
      { provider: here },
    ),
    farBucket: resource("aws:s3/bucket:Bucket", "assets-far", { bucket: "assets-far", tags }, { provider: there }),
    farShut: setting("BucketPublicAccessBlock", "assets-far", shut, there),
    farVersioning: setting("BucketVersioning", "assets-far", versioned, there),
    back: step("versions-back", "corruption", "object-versions", "assets"),
    elsewhere: step("serve-elsewhere", "region", "object-replica", "assets-far"),
  };
}
