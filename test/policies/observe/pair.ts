import type { Provider, Resource } from "../../../policies/graph";
import { answering, type Props } from "./nucleus";
import { cronJob, type Parts, resource, secondary, shut } from "./program";
import * as rds from "./rdsProgram";
import * as s3 from "./s3Program";

/** The set that the two assets of the example make. */
export const group = "nucleus/pair";

const limit = (rpo: string, rto: string) => ({ rpo, rto, owner: "assets team", reason: "the guide" });
const objectives = {
  process: limit("0s", "15m"),
  node: limit("0s", "15m"),
  zone: limit("0s", "15m"),
  region: limit("1h", "4h"),
  corruption: limit("2h", "4h"),
  compromise: limit("72h", "8h"),
};

function promise(type: string, name: string, id: string, belongs: Props): Resource {
  const asset = { id, kind: name, objectives, retention: { atLeast: "14d" }, bytes: 10_000_000_000, group: belongs };
  return resource(type, name, { asset });
}

const props = { region: "eu-west-1", allowedAccountIds: ["222222222222"] };
const vault: Provider = {
  type: "pulumi:providers:aws",
  name: "vault",
  urn: "urn:pulumi:prod::holdfast::pulumi:providers:aws::vault",
  props,
};

/** A bucket under a compliance lock in an account of its own, where both jobs put their restore points. */
function locked(): Parts {
  const part = (kind: string, more: Props) => s3.setting(kind, "locked", more, vault);
  return {
    locked: resource("aws:s3/bucket:Bucket", "locked", { bucket: "locked" }, { provider: vault }),
    lockedVersions: part("BucketVersioning", { versioningConfiguration: { status: "Enabled" } }),
    lockedShut: part("BucketPublicAccessBlock", shut),
    lock: part("BucketObjectLockConfiguration", { rule: { defaultRetention: { mode: "COMPLIANCE", days: 45 } } }),
    policy: part("BucketPolicy", {
      policy: JSON.stringify({
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: ["arn:aws:iam::111111111111:root", "arn:aws:iam::333333333333:root"] },
            Action: "s3:*",
            Resource: "arn:aws:s3:::locked/*",
          },
        ],
      }),
    }),
    expiry: part("BucketLifecycleConfiguration", {
      rules: [{ id: "expire", status: "Enabled", expiration: { days: 46 } }],
    }),
  };
}

/** A job that copies an asset to the locked bucket. */
export function copying(protects: string, name: string, schedule: string, minutes: number): Resource {
  const links = { role: "full", protects, "copies-to": "locked", capture: "start" };
  const pod = { containers: [{ name: "job", env: [{ name: "BUCKET", value: `s3://locked/${name}` }] }] };
  const spec = { activeDeadlineSeconds: minutes * 60, backoffLimit: 0, template: { spec: pod } };
  return cronJob(name, links, { schedule, startingDeadlineSeconds: 60, jobTemplate: { spec } });
}

const key = "kit/all.json";
const restoring = { dump: "dump-back", copy: "copy-back" };

/** A step of a recovery from what a job copied, in a clean room that gets it from the same bucket. */
function restored(protects: string, path: string, from: string): Resource {
  const links = { role: "recovery", protects, path, disruptions: "compromise", step: "restore" };
  const there = { effect: "restores,verifies", "runs-at": "clean-room", kit: key };
  const pod = { containers: [{ name: "job", env: [{ name: "BUCKET", value: `s3://locked/${from}` }] }] };
  const job = { activeDeadlineSeconds: 3_600, backoffLimit: 0, template: { spec: pod } };
  return cronJob(path, { ...links, ...there }, { suspend: true, jobTemplate: { spec: job } }, secondary);
}

/** A database of Amazon RDS that refers to objects of a bucket, in which everything is said and agrees. */
export function pair(): Parts {
  const { register: _, promise: __, back, elsewhere, ...database } = rds.kept();
  const { register: ___, promise: ____, back: versionsBack, elsewhere: elsewhereToo, ...bucket } = s3.kept();
  return {
    ...database,
    ...bucket,
    ...locked(),
    ...(back && elsewhere ? { back, elsewhere } : {}),
    ...(versionsBack && elsewhereToo ? { versionsBack, elsewhereToo } : {}),
    register: answering({ "managed-service": "5m", "log-upload": "5m", "backup-copy": "30m", "replica-lag": "10m" }),
    databasePromise: promise("holdfast:database:PostgresInstance", "nucleus", rds.asset, {
      name: group,
      refersTo: [s3.asset],
    }),
    assetsPromise: promise("holdfast:storage:AssetBucket", "assets", s3.asset, { name: group }),
    dump: copying(rds.asset, "dump", "0 1 * * *", 30),
    copy: copying(s3.asset, "copy", "0 2 * * *", 45),
    dumpBack: restored(rds.asset, restoring.dump, "dump"),
    copyBack: restored(s3.asset, restoring.copy, "copy"),
    kit: resource("aws:s3/bucketObjectv2:BucketObjectv2", "kit", {
      bucket: "locked",
      key,
      content: JSON.stringify(Object.values(restoring)),
      objectLockMode: "COMPLIANCE",
      objectLockRetainUntilDate: "2027-03-01T00:00:00Z",
    }),
  };
}
