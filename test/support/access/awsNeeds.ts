import type { Request } from "../../bootstrap/iam";
import type { Estate } from "./estate";

/** One call as the double of the AWS command line records it. */
export interface AwsCall {
  operation: string;
  region?: string;
  [option: string]: unknown;
}

/**
 * What AWS asks a role for, for one call of its command line: actions, resources, and the keys of KMS behind them.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html, and those of RDS, Route 53,
 * Secrets Manager and KMS beside it. An operation that is not known here needs a right that nobody has.
 */
export function awsNeeds(call: AwsCall, estate: Estate): Request[] {
  const known = needs[call.operation];
  return known ? known(new Asked(call, estate)) : [{ action: `unknown:${call.operation}`, resource: "*" }];
}

/** A call in the words of IAM. */
class Asked {
  constructor(
    private readonly call: AwsCall,
    readonly estate: Estate,
  ) {}

  get region(): string {
    return this.text("region");
  }

  has(option: string): boolean {
    return this.call[option] !== undefined;
  }

  text(option: string): string {
    return String(this.call[option] ?? `no --${option}`);
  }

  bucket(action: string): Request {
    return { action, resource: `arn:aws:s3:::${this.text("bucket")}` };
  }

  object(action: string): Request {
    return { action, resource: `arn:aws:s3:::${this.text("bucket")}/${this.text("key")}` };
  }

  /** The object that S3 itself copies, and the key that opens it. */
  source(): Request[] {
    const [name = "", version] = this.text("copy-source").split("?versionId=");
    const [bucket = ""] = name.split("/");
    const action = version === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
    return [{ action, resource: `arn:aws:s3:::${name}` }, ...this.opens(bucket, ["kms:Decrypt"])];
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html */
  opens(bucket: string, actions: readonly string[]): Request[] {
    if (!this.estate.sealed(bucket)) return [];
    return this.key("s3", this.estate.regionOf(bucket) ?? "nowhere", actions);
  }

  key(service: string, region: string, actions: readonly string[]): Request[] {
    const tags = Object.entries(this.estate.keyTags(region)).map(([tag, value]) => [`aws:ResourceTag/${tag}`, value]);
    const context = {
      ...Object.fromEntries(tags),
      "kms:ViaService": `${service}.${region}.amazonaws.com`,
      ...(service === "rds" ? { "kms:GrantIsForAWSResource": "true" } : {}),
    };
    const resource = `arn:aws:kms:${region}:${this.estate.account}:key/1`;
    return actions.map((action) => ({ action, resource, context }));
  }

  rds(kind: string, name: string, region = this.region): string {
    return `arn:aws:rds:${region}:${this.estate.account}:${kind}:${name}`;
  }

  onInstance(action: string): Request[] {
    return [
      {
        action,
        resource: this.rds("db", this.has("db-instance-identifier") ? this.text("db-instance-identifier") : "*"),
      },
    ];
  }

  /** What an instance is made with or changed in: RDS asks for each of them. */
  onGroups(action: string): Request[] {
    const { parameters, subnets } = this.estate.groups(this.region);
    const named = [...parameters.map((name) => ["pg", name]), ...subnets.map((name) => ["subgrp", name])] as const;
    return [...named, ["og", "default:postgres-15"]].map(([kind = "", name = ""]) => ({
      action,
      resource: this.rds(kind, name),
    }));
  }

  /** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html */
  encrypts(): Request[] {
    return this.key("rds", this.region, ["kms:CreateGrant", "kms:DescribeKey"]);
  }

  /** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html */
  records(): Request[] {
    const { Changes } = JSON.parse(this.text("change-batch")) as {
      Changes: { Action: string; ResourceRecordSet: { Name: string; Type: string } }[];
    };
    const key = "route53:ChangeResourceRecordSets";
    const context = {
      [`${key}NormalizedRecordNames`]: Changes.map((one) =>
        one.ResourceRecordSet.Name.toLowerCase().replace(/\.$/, ""),
      ),
      [`${key}RecordTypes`]: Changes.map((one) => one.ResourceRecordSet.Type),
      [`${key}Actions`]: Changes.map((one) => one.Action),
    };
    return [{ action: key, resource: `arn:aws:route53:::hostedzone/${this.text("hosted-zone-id")}`, context }];
  }
}

const RESTORE = "rds:RestoreDBInstanceToPointInTime";
const REPLICATE = "rds:CreateDBInstanceReadReplica";
const BACKUPS = "source-db-instance-automated-backups-arn";

/** What is restored from: backups by their name, or by the number of their instance, or the instance itself. */
const sourceOf = (asked: Asked): string => {
  if (asked.has(BACKUPS)) return asked.text(BACKUPS);
  return asked.has("source-dbi-resource-id")
    ? asked.rds("auto-backup", asked.text("source-dbi-resource-id"))
    : asked.rds("db", asked.text("source-db-instance-identifier"));
};

const read = (asked: Asked): Request[] => [
  asked.object(asked.has("version-id") ? "s3:GetObjectVersion" : "s3:GetObject"),
  // A lock is shown only to whoever may see it.
  ...(asked.text("query").includes("ObjectLock") ? [asked.object("s3:GetObjectRetention")] : []),
];
const write = (asked: Asked, keys: readonly string[]): Request[] => [
  asked.object("s3:PutObject"),
  ...asked.opens(asked.text("bucket"), keys),
];
// To go on with an upload in parts S3 opens what it has sealed before.
const parts = ["kms:GenerateDataKey", "kms:Decrypt"];

const needs: Readonly<Record<string, (asked: Asked) => Request[]>> = {
  "list-object-versions": (asked) => [asked.bucket("s3:ListBucketVersions")],
  "list-objects-v2": (asked) => [asked.bucket("s3:ListBucket")],
  "get-bucket-replication": (asked) => [asked.bucket("s3:GetReplicationConfiguration")],
  "head-object": read,
  "get-object": (asked) => [...read(asked), ...asked.opens(asked.text("bucket"), ["kms:Decrypt"])],
  "put-object": (asked) => write(asked, ["kms:GenerateDataKey"]),
  "copy-object": (asked) => [...write(asked, ["kms:GenerateDataKey"]), ...asked.source()],
  "create-multipart-upload": (asked) => write(asked, parts),
  "upload-part-copy": (asked) => [...write(asked, parts), ...asked.source()],
  "complete-multipart-upload": (asked) => write(asked, parts),
  "delete-object": (asked) => [asked.object(asked.has("version-id") ? "s3:DeleteObjectVersion" : "s3:DeleteObject")],
  "get-secret-value": (asked) => [
    {
      action: "secretsmanager:GetSecretValue",
      // AWS adds six characters to the name.
      resource: `arn:aws:secretsmanager:${asked.region}:${asked.estate.account}:secret:${asked.text("secret-id")}-AbCdEf`,
    },
    ...asked.key("secretsmanager", asked.region, ["kms:Decrypt"]),
  ],
  "describe-secret": (asked) => [
    {
      action: "secretsmanager:DescribeSecret",
      resource: `arn:aws:secretsmanager:${asked.region}:${asked.estate.account}:secret:${asked.text("secret-id")}-AbCdEf`,
    },
  ],
  "describe-db-instances": (asked) => asked.onInstance("rds:DescribeDBInstances"),
  "describe-db-log-files": (asked) => asked.onInstance("rds:DescribeDBLogFiles"),
  "download-db-log-file-portion": (asked) => asked.onInstance("rds:DownloadDBLogFilePortion"),
  // One that names no backup asks for all of the account.
  "describe-db-instance-automated-backups": (asked) =>
    ["auto-backup", "db"].map((kind) => ({
      action: "rds:DescribeDBInstanceAutomatedBackups",
      resource: asked.rds(kind, "*"),
    })),
  "describe-security-groups": () => [{ action: "ec2:DescribeSecurityGroups", resource: "*" }],
  "start-db-instance": (asked) => asked.onInstance("rds:StartDBInstance"),
  "reboot-db-instance": (asked) => asked.onInstance("rds:RebootDBInstance"),
  "promote-read-replica": (asked) => asked.onInstance("rds:PromoteReadReplica"),
  "modify-db-instance": (asked) => [
    ...asked.onInstance("rds:ModifyDBInstance"),
    ...asked.onGroups("rds:ModifyDBInstance"),
    ...(asked.has("new-db-instance-identifier")
      ? [{ action: "rds:ModifyDBInstance", resource: asked.rds("db", asked.text("new-db-instance-identifier")) }]
      : []),
  ],
  "restore-db-instance-to-point-in-time": (asked) => [
    {
      action: RESTORE,
      resource: sourceOf(asked),
    },
    { action: RESTORE, resource: asked.rds("db", asked.text("target-db-instance-identifier")) },
    ...asked.onGroups(RESTORE),
    ...asked.encrypts(),
  ],
  "create-db-instance-read-replica": (asked) => [
    ...asked.onInstance(REPLICATE),
    { action: REPLICATE, resource: asked.text("source-db-instance-identifier") },
    ...asked.onGroups(REPLICATE),
    ...asked.encrypts(),
  ],
  "start-db-instance-automated-backups-replication": (asked) => [
    { action: "rds:StartDBInstanceAutomatedBackupsReplication", resource: asked.text("source-db-instance-arn") },
    ...(asked.has("kms-key-id") ? asked.encrypts() : []),
  ],
  "add-tags-to-resource": (asked) => [
    {
      action: "rds:AddTagsToResource",
      resource: asked.text("resource-name"),
      context: { "aws:TagKeys": [/Key=([^,]+)/.exec(asked.text("tags"))?.[1] ?? ""] },
    },
  ],
  "list-resource-record-sets": (asked) => [
    {
      action: "route53:ListResourceRecordSets",
      resource: `arn:aws:route53:::hostedzone/${asked.text("hosted-zone-id")}`,
    },
  ],
  "change-resource-record-sets": (asked) => asked.records(),
  "list-health-checks": () => [{ action: "route53:ListHealthChecks", resource: "*" }],
  "get-change": (asked) => [
    { action: "route53:GetChange", resource: `arn:aws:route53::${asked.text("id").replace(/^\/?/, ":")}` },
  ],
};
