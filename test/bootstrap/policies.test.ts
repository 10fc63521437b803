import { beforeAll, describe, expect, it } from "vitest";
import { type Document, limits } from "../../bootstrap/statement";
import type { Loaded } from "../../preview/offline";
import { declared, named, policyOf, rightsOf } from "./declared";
import { type Decision, decide, type Request } from "./iam";

let program: Loaded;
let preview: Document;
let deploy: Document;
const bounds = {} as Record<"omendb" | "omniverse" | "platform", Document>;

beforeAll(async () => {
  program = await declared();
  preview = rightsOf(program, "prod-preview");
  deploy = rightsOf(program, "prod-deploy");
  for (const system of ["omendb", "omniverse", "platform"] as const)
    bounds[system] = policyOf(named(program, "Policy", `prod-${system}-boundary`));
});

const state = "arn:aws:s3:::company-holdfast-state";
const evidence = "arn:aws:s3:::company-holdfast-evidence";
const backups = "arn:aws:s3:::company-omendb-prod-backups";
const stateOf = (stack: string) => `${state}/.pulumi/stacks/holdfast/${stack}.json`;
const replicaOf = (stack: string) => `${state}-replica/.pulumi/stacks/holdfast/${stack}.json`;
const ecr = (repository: string) => `arn:aws:ecr:eu-west-1:111111111111:repository/${repository}`;
const secret = (name: string) => `arn:aws:secretsmanager:eu-central-1:111111111111:secret:${name}-AbCdEf`;
const lockOf = (stack: string) => `${state}/.pulumi/locks/organization/holdfast/${stack}/0.json`;
const iam = (what: string) => `arn:aws:iam::111111111111:${what}`;
const key = "arn:aws:kms:eu-central-1:111111111111:key/mrk-1";
const zone = "arn:aws:route53:::hostedzone/Z0123456789EXAMPLE";
const alias = (stack: string) => ({ "kms:ResourceAliases": [`alias/holdfast-${stack}`] });
const bound = (name: string) => ({ "iam:PermissionsBoundary": iam(`policy/${name}`) });
const record = (...names: string[]) => ({ "route53:ChangeResourceRecordSetsNormalizedRecordNames": names });
const asks = (action: string, resource: string, context: Request["context"] = {}): Request => ({
  action,
  resource,
  context,
});

const assets = "arn:aws:s3:::company-omniverse-prod-assets";
const rds = (what: string) => `arn:aws:rds:eu-central-1:111111111111:${what}`;
const ec2 = (what: string) => `arn:aws:ec2:eu-central-1:111111111111:${what}`;
const copier = iam("role/omniverse-prod-replication");
const is = (system: string) => ({ "aws:ResourceTag/system": system });
const asksFor = (system: string) => ({ "aws:RequestTag/system": system });
const via = (service: string) => ({ "kms:ViaService": `${service}.eu-central-1.amazonaws.com` });
const forService = (yes: boolean) => ({ "kms:GrantIsForAWSResource": String(yes) });
const passedTo = (service: string) => ({ "iam:PassedToService": `${service}.amazonaws.com` });

type Row = [what: string, request: Request, preview: Decision, deploy: Decision];

describe("of the two roles of prod", () => {
  it.each<Row>([
    ["reads its own state", asks("s3:GetObject", stateOf("prod")), "allowed", "allowed"],
    ["reads another stack's state", asks("s3:GetObject", stateOf("staging")), "refused", "refused"],
    [
      "reads the state of this very program",
      asks("s3:GetObject", `${state}/.pulumi/stacks/holdfast-bootstrap/main.json`),
      "refused",
      "refused",
    ],
    ["reads what Pulumi keeps of the bucket", asks("s3:GetObject", `${state}/.pulumi/meta.yaml`), "allowed", "allowed"],
    ["lists the state", asks("s3:ListBucket", state), "allowed", "allowed"],
    ["writes its own state", asks("s3:PutObject", stateOf("prod")), "refused", "allowed"],
    [
      "writes its own state in the other region",
      asks("s3:PutObject", stateOf("prod").replace("state/", "state-replica/")),
      "refused",
      "allowed",
    ],
    ["writes another stack's state", asks("s3:PutObject", stateOf("staging")), "refused", "refused"],
    [
      "writes what Pulumi keeps of the bucket",
      asks("s3:PutObject", `${state}/.pulumi/meta.yaml`),
      "refused",
      "refused",
    ],
    ["deletes its state", asks("s3:DeleteObject", stateOf("prod")), "denied", "denied"],
    ["takes its lock away", asks("s3:DeleteObject", lockOf("prod")), "refused", "allowed"],
    ["takes another stack's lock away", asks("s3:DeleteObject", lockOf("staging")), "denied", "denied"],
    ["opens its secrets", asks("kms:Decrypt", key, alias("prod")), "allowed", "allowed"],
    ["opens another stack's secrets", asks("kms:Decrypt", key, alias("staging")), "refused", "refused"],
    ["adds to its evidence", asks("s3:PutObject", `${evidence}/prod/2026-11-21/evidence.json`), "allowed", "refused"],
    ["adds to another stack's evidence", asks("s3:PutObject", `${evidence}/staging/x`), "refused", "refused"],
    ["reads evidence", asks("s3:GetObject", `${evidence}/prod/x`), "refused", "refused"],
    ["lists evidence", asks("s3:ListBucket", evidence), "refused", "refused"],
    ["reads how a bucket is set", asks("s3:GetBucketObjectLockConfiguration", backups), "allowed", "allowed"],
    ["reads backups", asks("s3:GetObject", `${backups}/backups/points/1`), "refused", "refused"],
    ["writes backups", asks("s3:PutObject", `${backups}/backups/points/1`), "refused", "refused"],
    ["reads the recovery kit", asks("s3:GetObject", `${backups}/recovery-kit/omendb.json`), "allowed", "allowed"],
    ["writes the recovery kit", asks("s3:PutObject", `${backups}/recovery-kit/omendb.json`), "refused", "allowed"],
    ["sets a bucket's lock", asks("s3:PutBucketObjectLockConfiguration", backups), "refused", "allowed"],
    ["makes a bucket of another name", asks("s3:CreateBucket", "arn:aws:s3:::company-other"), "refused", "refused"],
    [
      "looks up a cluster",
      asks("eks:DescribeCluster", "arn:aws:eks:eu-west-1:111111111111:cluster/prod-eu-west-1"),
      "allowed",
      "allowed",
    ],
    [
      "looks up another cluster",
      asks("eks:DescribeCluster", "arn:aws:eks:eu-west-1:111111111111:cluster/other"),
      "refused",
      "refused",
    ],
    [
      "deletes a cluster",
      asks("eks:DeleteCluster", "arn:aws:eks:eu-west-1:111111111111:cluster/prod-eu-west-1"),
      "refused",
      "refused",
    ],
    ["reads its zone", asks("route53:ListResourceRecordSets", zone), "allowed", "allowed"],
    [
      "repoints its name",
      asks("route53:ChangeResourceRecordSets", zone, record("omendb.example.com")),
      "refused",
      "allowed",
    ],
    [
      "repoints a neighbour's name along with it",
      asks("route53:ChangeResourceRecordSets", zone, record("omendb.example.com", "www.example.com")),
      "refused",
      "refused",
    ],
    ["reads its jobs' roles", asks("iam:GetRole", iam("role/omendb-prod-writer")), "allowed", "allowed"],
    [
      "makes a role within its bound",
      asks("iam:CreateRole", iam("role/omendb-prod-writer"), bound("holdfast-prod-omendb-boundary")),
      "refused",
      "allowed",
    ],
    ["makes a role without a bound", asks("iam:CreateRole", iam("role/omendb-prod-writer")), "refused", "refused"],
    [
      "makes a role within the bound of another system",
      asks("iam:CreateRole", iam("role/omendb-prod-writer"), bound("holdfast-prod-omniverse-boundary")),
      "refused",
      "refused",
    ],
    [
      "makes a role of that system within it",
      asks("iam:CreateRole", iam("role/omniverse-prod-recovery"), bound("holdfast-prod-omniverse-boundary")),
      "refused",
      "allowed",
    ],
    [
      "moves a role to the bound of another system",
      asks("iam:PutRolePermissionsBoundary", iam("role/omendb-prod-writer"), bound("holdfast-prod-platform-boundary")),
      "refused",
      "refused",
    ],
    [
      "moves a role to the bound of its own",
      asks("iam:PutRolePermissionsBoundary", iam("role/omendb-prod-writer"), bound("holdfast-prod-omendb-boundary")),
      "refused",
      "allowed",
    ],
    [
      "gives rights to a role within the bound of another system",
      asks("iam:PutRolePolicy", iam("role/omendb-prod-writer"), bound("holdfast-prod-omniverse-boundary")),
      "refused",
      "refused",
    ],
    [
      "makes a role within another bound",
      asks("iam:CreateRole", iam("role/omendb-prod-writer"), bound("AdministratorAccess")),
      "refused",
      "refused",
    ],
    [
      "gives rights to a role without a bound",
      asks("iam:PutRolePolicy", iam("role/omendb-prod-writer")),
      "refused",
      "refused",
    ],
    [
      "makes a role of another name",
      asks("iam:CreateRole", iam("role/anything"), bound("holdfast-prod-omendb-boundary")),
      "refused",
      "refused",
    ],
    ["makes a database of its own", asks("rds:CreateDBInstance", rds("db:omniverse-prod")), "refused", "allowed"],
    ["makes another database", asks("rds:CreateDBInstance", rds("db:payroll")), "refused", "refused"],
    ["changes another database", asks("rds:ModifyDBInstance", rds("db:payroll")), "refused", "refused"],
    ["deletes a database", asks("rds:DeleteDBInstance", rds("db:omniverse-prod")), "denied", "denied"],
    [
      "carries backups",
      asks("rds:StartDBInstanceAutomatedBackupsReplication", rds("auto-backup:ab-1")),
      "refused",
      "allowed",
    ],
    ["makes a key for a system", asks("kms:CreateKey", "*", asksFor("omniverse")), "refused", "allowed"],
    ["makes a key for another", asks("kms:CreateKey", "*", asksFor("payroll")), "refused", "refused"],
    ["makes a key for nobody", asks("kms:CreateKey", "*"), "refused", "refused"],
    ["tags a new key", asks("kms:TagResource", key, asksFor("omniverse")), "denied", "allowed"],
    [
      "takes another system's key by a tag",
      asks("kms:TagResource", key, { ...asksFor("omniverse"), ...is("payroll") }),
      "denied",
      "refused",
    ],
    ["reads how a system's key is set", asks("kms:GetKeyPolicy", key, is("omniverse")), "allowed", "allowed"],
    ["reads how another key is set", asks("kms:GetKeyPolicy", key, is("payroll")), "refused", "refused"],
    [
      "lets RDS use a system's key",
      asks("kms:CreateGrant", key, { ...is("omniverse"), ...via("rds"), ...forService(true) }),
      "denied",
      "allowed",
    ],
    ["opens what a system's key encrypts, by hand", asks("kms:Decrypt", key, is("omniverse")), "refused", "refused"],
    [
      "opens what a system's key encrypts in S3",
      asks("kms:Decrypt", key, { ...is("omniverse"), ...via("s3") }),
      "refused",
      "refused",
    ],
    [
      "opens a secret of a system",
      asks("kms:Decrypt", key, { ...is("omniverse"), ...via("secretsmanager") }),
      "allowed",
      "allowed",
    ],
    [
      "writes a secret of a system",
      asks("secretsmanager:PutSecretValue", secret("omniverse-prod-postgres")),
      "refused",
      "allowed",
    ],
    ["reads another's secret", asks("secretsmanager:GetSecretValue", secret("payroll")), "refused", "refused"],
    [
      "makes a group in its network",
      asks("ec2:CreateSecurityGroup", ec2("vpc/vpc-0aaaaaaaaaaaaaaa1")),
      "refused",
      "allowed",
    ],
    [
      "makes a group elsewhere",
      asks("ec2:CreateSecurityGroup", ec2("vpc/vpc-0ccccccccccccccc1")),
      "refused",
      "refused",
    ],
    [
      "opens a group of its own",
      asks("ec2:AuthorizeSecurityGroupIngress", ec2("security-group/sg-1"), is("omniverse")),
      "refused",
      "allowed",
    ],
    [
      "opens another group",
      asks("ec2:AuthorizeSecurityGroupIngress", ec2("security-group/sg-1")),
      "refused",
      "refused",
    ],
    [
      "takes another group by a tag",
      asks("ec2:CreateTags", ec2("security-group/sg-1"), asksFor("omniverse")),
      "refused",
      "refused",
    ],
    ["copies a bucket of its own", asks("s3:PutReplicationConfiguration", assets), "denied", "allowed"],
    ["names the role that copies to S3", asks("iam:PassRole", copier, passedTo("s3")), "denied", "allowed"],
    [
      "makes an alarm that tells its topic",
      asks("cloudwatch:PutMetricAlarm", "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:OmniverseReplicaBehind", {
        "cloudwatch:AlarmActions": ["arn:aws:sns:eu-west-1:111111111111:omniverse-prod-alarms"],
      }),
      "refused",
      "allowed",
    ],
    [
      "makes an alarm that stops a machine",
      asks("cloudwatch:PutMetricAlarm", "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:OmniverseReplicaBehind", {
        "cloudwatch:AlarmActions": ["arn:aws:automate:eu-west-1:ec2:terminate"],
      }),
      "refused",
      "refused",
    ],
    [
      "listens to another topic",
      asks("sns:Subscribe", "arn:aws:sns:eu-west-1:111111111111:payroll"),
      "refused",
      "refused",
    ],
    ["reads its own rights", asks("iam:GetRole", iam("role/holdfast-prod")), "refused", "refused"],
  ])("%s", (_, request, byPreview, byDeploy) => {
    expect([decide(preview, request), decide(deploy, request)]).toEqual([byPreview, byDeploy]);
  });
});

/** What must stay refused though somebody once allows a role everything. */
const forbidden: Request[] = [
  asks("s3:BypassGovernanceRetention", `${backups}/backups/points/1`),
  asks("s3:DeleteObjectVersion", `${backups}/backups/points/1`),
  asks("s3:DeleteObjectVersion", stateOf("prod")),
  asks("s3:DeleteObject", `${backups}/backups/points/1`),
  asks("s3:DeleteBucket", backups),
  asks("s3:DeleteBucketPolicy", backups),
  asks("s3:PutObjectRetention", `${backups}/backups/points/1`),
  asks("s3:PutObjectRetention", stateOf("prod")),
  asks("s3:PutObjectLegalHold", `${backups}/recovery-kit/omendb.json`),
  asks("s3:PutReplicationConfiguration", state),
  asks("s3:PutLifecycleConfiguration", state),
  asks("s3:PutBucketObjectLockConfiguration", evidence),
  asks("s3:PutBucketVersioning", evidence),
  asks("s3:PutBucketPolicy", state),
  asks("kms:ScheduleKeyDeletion", key, alias("prod")),
  asks("kms:DisableKey", key, alias("prod")),
  asks("kms:PutKeyPolicy", key, alias("prod")),
  asks("kms:CreateGrant", key, alias("prod")),
  asks("kms:UpdateAlias", "arn:aws:kms:eu-central-1:111111111111:alias/holdfast-prod"),
  asks("kms:UpdatePrimaryRegion", key),
  asks("iam:PutRolePolicy", iam("role/holdfast-prod"), bound("holdfast-prod-omendb-boundary")),
  asks("iam:UpdateAssumeRolePolicy", iam("role/holdfast-prod-preview")),
  asks("iam:CreatePolicyVersion", iam("policy/holdfast-prod-omendb-boundary")),
  asks("iam:DeletePolicy", iam("policy/holdfast-prod-omendb-boundary")),
  asks("iam:DeleteRolePermissionsBoundary", iam("role/omendb-prod-writer")),
  asks("iam:AttachRolePolicy", iam("role/omendb-prod-writer"), bound("holdfast-prod-omendb-boundary")),
  asks("iam:PassRole", iam("role/omendb-prod-writer")),
  asks("iam:CreateUser", iam("user/somebody")),
  asks("iam:CreateAccessKey", iam("user/somebody")),
  asks("iam:DeleteOpenIDConnectProvider", iam("oidc-provider/token.actions.githubusercontent.com")),
  asks("iam:UpdateOpenIDConnectProviderThumbprint", iam("oidc-provider/token.actions.githubusercontent.com")),
  asks("sts:AssumeRole", iam("role/omendb-prod-writer")),
  asks("iam:PassRole", copier),
  asks("iam:PassRole", copier, passedTo("lambda")),
  asks("iam:PassRole", iam("role/omniverse-prod-recovery"), passedTo("s3")),
  asks("s3:PutReplicationConfiguration", backups),
  asks("s3:ReplicateDelete", `${assets}-replica/scene.usd`),
  asks("s3:DeleteObject", `${assets}/scene.usd`),
  asks("rds:DeleteDBInstance", rds("db:omniverse-prod")),
  asks("rds:DeleteDBInstanceAutomatedBackup", rds("auto-backup:ab-1")),
  asks("rds:DeleteDBSnapshot", rds("snapshot:omniverse-prod-final")),
  asks("rds:ModifyDBSnapshotAttribute", rds("snapshot:omniverse-prod-final")),
  asks("rds:StopDBInstanceAutomatedBackupsReplication", rds("db:omniverse-prod")),
  asks("secretsmanager:DeleteSecret", secret("omniverse-prod-postgres")),
  asks("secretsmanager:PutResourcePolicy", secret("omniverse-prod-postgres")),
  asks("secretsmanager:RemoveRegionsFromReplication", secret("omniverse-prod-postgres")),
  asks("kms:ScheduleKeyDeletion", key, is("omniverse")),
  asks("kms:PutKeyPolicy", key, is("omniverse")),
  asks("kms:RevokeGrant", key, is("omniverse")),
  asks("kms:UntagResource", key, is("omniverse")),
  asks("kms:CreateGrant", key, is("omniverse")),
  asks("kms:CreateGrant", key, { ...is("omniverse"), ...forService(false) }),
  asks("kms:CreateGrant", key, { ...is("payroll"), ...forService(true) }),
  asks("kms:TagResource", key, { ...asksFor("omniverse"), ...alias("prod") }),
];

describe("no role of CI, whatever else it is allowed,", () => {
  const everything = { Sid: "Everything", Effect: "Allow", Action: ["*"], Resource: ["*"] } as const;
  const widened = ({ Version, Statement }: Document): Document => ({
    Version,
    Statement: [...Statement, { ...everything, Action: ["*"], Resource: ["*"] }],
  });

  it.each(forbidden.map((request) => [request.action, request.resource, request] as const))(
    "%s on %s",
    (_, __, request) => {
      expect([decide(widened(preview), request), decide(widened(deploy), request)]).toEqual(["denied", "denied"]);
    },
  );

  it("is fenced so tightly that nothing is allowed any more", () => {
    const harmless = asks("s3:GetObject", `${backups}/recovery-kit/omendb.json`);
    expect(decide(widened(preview), harmless)).toBe("allowed");
  });
});

type System = keyof typeof bounds;

describe("a role that a deployment makes for a job", () => {
  it.each<[System, string, Request, Decision]>([
    ["omendb", "reads backups", asks("s3:GetObjectVersion", `${backups}/backups/points/1`), "allowed"],
    ["omendb", "writes backups", asks("s3:PutObject", `${backups}/backups/points/1`), "allowed"],
    ["omendb", "deletes backups", asks("s3:DeleteObject", `${backups}/backups/points/1`), "refused"],
    ["omendb", "deletes a version", asks("s3:DeleteObjectVersion", `${backups}/backups/points/1`), "denied"],
    ["omendb", "shortens a lock", asks("s3:BypassGovernanceRetention", `${backups}/backups/points/1`), "denied"],
    [
      "omendb",
      "repoints its name",
      asks("route53:ChangeResourceRecordSets", zone, record("omendb.example.com")),
      "allowed",
    ],
    [
      "platform",
      "brings back any name of a zone",
      asks("route53:ChangeResourceRecordSets", zone, record("www.example.com")),
      "allowed",
    ],
    [
      "platform",
      "repoints a name of another zone",
      asks("route53:ChangeResourceRecordSets", `${zone}S`, record("omendb.example.com")),
      "refused",
    ],
    ["platform", "copies its stack's state", asks("s3:GetObject", stateOf("prod")), "allowed"],
    ["platform", "reads another stack's state", asks("s3:GetObject", stateOf("staging")), "refused"],
    ["platform", "writes state", asks("s3:PutObject", stateOf("prod")), "refused"],
    ["platform", "brings state back elsewhere", asks("s3:PutObject", replicaOf("prod")), "allowed"],
    ["platform", "brings another stack's state back", asks("s3:PutObject", replicaOf("staging")), "refused"],
    ["platform", "deletes state elsewhere", asks("s3:DeleteObject", replicaOf("prod")), "refused"],
    ["platform", "fills a repository again", asks("ecr:PutImage", ecr("recovered/omendb")), "allowed"],
    ["platform", "fills any repository", asks("ecr:PutImage", ecr("omendb")), "refused"],
    [
      "platform",
      "exports a secret of its stack",
      asks("secretsmanager:GetSecretValue", secret("holdfast/prod/mail")),
      "allowed",
    ],
    [
      "platform",
      "exports another's secret",
      asks("secretsmanager:GetSecretValue", secret("holdfast/staging/mail")),
      "refused",
    ],
    [
      "omniverse",
      "reads a password",
      asks("secretsmanager:GetSecretValue", secret("omniverse-prod-postgres")),
      "allowed",
    ],
    [
      "omniverse",
      "writes a password",
      asks("secretsmanager:PutSecretValue", secret("omniverse-prod-postgres")),
      "refused",
    ],
    [
      "omniverse",
      "restores a database",
      asks("rds:RestoreDBInstanceToPointInTime", rds("db:omniverse-prod-restored")),
      "allowed",
    ],
    [
      "omniverse",
      "restores over another's name",
      asks("rds:RestoreDBInstanceToPointInTime", rds("db:payroll")),
      "refused",
    ],
    ["omniverse", "promotes another's replica", asks("rds:PromoteReadReplica", rds("db:payroll")), "refused"],
    ["omniverse", "deletes a database", asks("rds:DeleteDBInstance", rds("db:omniverse-prod")), "refused"],
    [
      "omniverse",
      "deletes its backups",
      asks("rds:DeleteDBInstanceAutomatedBackup", rds("auto-backup:ab-1")),
      "refused",
    ],
    [
      "omniverse",
      "ends their copies",
      asks("rds:StopDBInstanceAutomatedBackupsReplication", rds("db:omniverse-prod")),
      "refused",
    ],
    [
      "omniverse",
      "makes snapshots public",
      asks("rds:ModifyDBSnapshotAttribute", rds("snapshot:omniverse-prod")),
      "refused",
    ],
    ["omniverse", "copies objects", asks("s3:ReplicateObject", `${assets}-replica/scene.usd`), "allowed"],
    ["omniverse", "copies them anywhere", asks("s3:ReplicateObject", `${backups}/scene.usd`), "refused"],
    ["omniverse", "copies deletions", asks("s3:ReplicateDelete", `${assets}-replica/scene.usd`), "denied"],
    ["omniverse", "hides a file", asks("s3:DeleteObject", `${assets}/scene.usd`), "allowed"],
    ["omniverse", "deletes a version of a file", asks("s3:DeleteObjectVersion", `${assets}/scene.usd`), "denied"],
    [
      "omniverse",
      "hides a dump",
      asks("s3:DeleteObject", "arn:aws:s3:::company-omniverse-prod-backups/backups/database/1"),
      "refused",
    ],
    ["omniverse", "changes what is copied", asks("s3:PutReplicationConfiguration", assets), "refused"],
    ["omniverse", "opens a file", asks("kms:Decrypt", key, { ...is("omniverse"), ...via("s3") }), "allowed"],
    [
      "omniverse",
      "opens a file of another system",
      asks("kms:Decrypt", key, { ...is("payroll"), ...via("s3") }),
      "refused",
    ],
    ["omniverse", "opens a file without S3", asks("kms:Decrypt", key, is("omniverse")), "refused"],
    [
      "omniverse",
      "lets RDS use a key",
      asks("kms:CreateGrant", key, { ...is("omniverse"), ...via("rds"), ...forService(true) }),
      "allowed",
    ],
    ["omniverse", "lends a key", asks("kms:CreateGrant", key, { ...is("omniverse"), ...forService(true) }), "refused"],
    ["omniverse", "makes keys", asks("kms:CreateKey", "*", asksFor("omniverse")), "refused"],
    ["omendb", "makes roles", asks("iam:CreateRole", iam("role/omendb-prod-writer")), "refused"],
    ["omendb", "becomes another", asks("sts:AssumeRole", iam("role/admin")), "refused"],
    ["platform", "deletes a key", asks("kms:ScheduleKeyDeletion", key, alias("prod")), "refused"],
  ])("of %s at most %s", (system, _, request, expected) => {
    expect(decide(bounds[system], request)).toBe(expected);
  });
});

describe("what a role of one system may", () => {
  it.each<[string, Request, System]>([
    ["read OmenDB's backups", asks("s3:GetObject", `${backups}/backups/points/1`), "omendb"],
    ["write OmenDB's backups", asks("s3:PutObject", `${backups}/backups/points/1`), "omendb"],
    ["read Omniverse's files", asks("s3:GetObject", `${assets}/scene.usd`), "omniverse"],
    ["hide Omniverse's files", asks("s3:DeleteObject", `${assets}/scene.usd`), "omniverse"],
    ["copy Omniverse's files", asks("s3:ReplicateObject", `${assets}-replica/scene.usd`), "omniverse"],
    ["restore a database", asks("rds:RestoreDBInstanceToPointInTime", rds("db:omniverse-prod-restored")), "omniverse"],
    ["promote a replica", asks("rds:PromoteReadReplica", rds("db:omniverse-prod")), "omniverse"],
    ["open a file", asks("kms:Decrypt", key, { ...is("omniverse"), ...via("s3") }), "omniverse"],
    ["list security groups", asks("ec2:DescribeSecurityGroups", "*"), "omniverse"],
    [
      "read Omniverse's password",
      asks("secretsmanager:GetSecretValue", secret("omniverse-prod-postgres")),
      "omniverse",
    ],
    ["read the platform's exports", asks("s3:GetObject", "arn:aws:s3:::company-platform-prod-exports/1"), "platform"],
    ["export a secret", asks("secretsmanager:GetSecretValue", secret("holdfast/prod/mail")), "platform"],
    ["list secrets", asks("secretsmanager:ListSecrets", "*"), "platform"],
    ["read the stack's state", asks("s3:GetObject", stateOf("prod")), "platform"],
    ["bring the stack's state back", asks("s3:PutObject", replicaOf("prod")), "platform"],
    ["open the stack's secrets", asks("kms:Decrypt", key, alias("prod")), "platform"],
    ["copy an image", asks("ecr:BatchGetImage", ecr("omendb")), "platform"],
    ["bring an image back", asks("ecr:PutImage", ecr("recovered/omendb")), "platform"],
    ["write any name", asks("route53:ChangeResourceRecordSets", zone, record("www.example.com")), "platform"],
  ])("no role of another may: %s", (_, request, system) => {
    const allowing = Object.entries(bounds).filter(([, document]) => decide(document, request) === "allowed");
    expect(allowing.map(([name]) => name)).toEqual([system]);
  });

  it("neither repoints the other's name", () => {
    const request = (name: string) => asks("route53:ChangeResourceRecordSets", zone, record(name));
    expect(decide(bounds.omendb, request("omniverse.company.com"))).toBe("refused");
    expect(decide(bounds.omniverse, request("omendb.example.com"))).toBe("refused");
    expect(decide(bounds.omniverse, request("omniverse.company.com"))).toBe("allowed");
  });
});

it("every policy fits into what IAM takes, and names no statement twice", () => {
  const all: [string, string, number][] = [
    ...["prod", "staging"].flatMap((stack): [string, string, number][] => [
      ["RolePolicy", `${stack}-preview-policy`, limits.inline],
      ["RolePolicy", `${stack}-deploy-policy`, limits.inline],
      ...["omendb", "omniverse", "platform"].map((system): [string, string, number] => [
        "Policy",
        `${stack}-${system}-boundary`,
        limits.managed,
      ]),
      ["Policy", `${stack}-role-changes`, limits.managed],
      ["Policy", `${stack}-service-reads`, limits.managed],
      ["Policy", `${stack}-service-changes`, limits.managed],
      ["Policy", `${stack}-edge-reads`, limits.managed],
      ["Policy", `${stack}-edge-changes`, limits.managed],
    ]),
    // A bucket's policy may have 20 KB.
    ["BucketPolicy", "state-policy", 20_480],
    ["BucketPolicy", "state-replica-policy", 20_480],
    ["BucketPolicy", "evidence-policy", 20_480],
  ];
  for (const [type, name, limit] of all) {
    const policy = policyOf(named(program, type, name));
    expect(JSON.stringify(policy).length, name).toBeLessThanOrEqual(limit);
    const sids = policy.Statement.map(({ Sid }) => Sid);
    expect(new Set(sids).size, name).toBe(sids.length);
    expect(
      sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid)),
      name,
    ).toEqual([]);
  }
});
