import { beforeAll, describe, expect, it } from "vitest";
import type { Document } from "../../bootstrap/statement";
import type { Resource } from "../../policies/graph";
import { loadGraph } from "../../preview/offline";
import { declared, named, policyOf, root } from "./declared";
import { decide, type Request } from "./iam";

interface Needs {
  /** ARN of what the actions are on. */
  arn: string;
  reads: string[];
  makes: string[];
  /** Condition keys that making it has. */
  context?: Request["context"];
}

const text = ({ props }: Resource, name: string) => String(props[name]);
const bucket = (one: Resource) => `arn:aws:s3:::${text(one, "bucket")}`;
const setting = (reads: string, makes: string) => (one: Resource) => [
  { arn: bucket(one), reads: [reads], makes: [makes] },
];

/** What Pulumi's provider for AWS asks of AWS to read a resource, and to make it or change it. */
const needs: Record<string, (one: Resource) => Needs[]> = {
  "aws:s3/bucket:Bucket": (one) => [
    {
      arn: bucket(one),
      // It reads all settings that a bucket has: https://github.com/hashicorp/terraform-provider-aws/issues/17433
      reads: [
        "s3:GetAccelerateConfiguration",
        "s3:GetBucketAcl",
        "s3:GetBucketCORS",
        "s3:GetBucketLocation",
        "s3:GetBucketLogging",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketPolicy",
        "s3:GetBucketRequestPayment",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetBucketWebsite",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
        // Since 6.23 of Terraform's provider: https://github.com/hashicorp/terraform-provider-aws/issues/46202
        "s3:ListTagsForResource",
      ],
      makes: [
        "s3:CreateBucket",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:TagResource",
        "s3:UntagResource",
      ],
    },
  ],
  "aws:s3/bucketVersioning:BucketVersioning": setting("s3:GetBucketVersioning", "s3:PutBucketVersioning"),
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": setting(
    "s3:GetBucketObjectLockConfiguration",
    "s3:PutBucketObjectLockConfiguration",
  ),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting(
    "s3:GetLifecycleConfiguration",
    "s3:PutLifecycleConfiguration",
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": setting(
    "s3:GetEncryptionConfiguration",
    "s3:PutEncryptionConfiguration",
  ),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting(
    "s3:GetBucketPublicAccessBlock",
    "s3:PutBucketPublicAccessBlock",
  ),
  "aws:s3/bucketPolicy:BucketPolicy": setting("s3:GetBucketPolicy", "s3:PutBucketPolicy"),
  "aws:s3/bucketObjectv2:BucketObjectv2": (one) => [
    {
      arn: `${bucket(one)}/${text(one, "key")}`,
      reads: ["s3:GetObject", "s3:GetObjectLegalHold", "s3:GetObjectRetention", "s3:GetObjectTagging"],
      makes: ["s3:PutObject", "s3:PutObjectRetention", "s3:PutObjectTagging"],
    },
  ],
  "aws:iam/role:Role": (one) => [
    {
      arn: roleArn(one, "name"),
      reads: ["iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies"],
      makes: ["iam:CreateRole", "iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy"],
      context: boundOf(one),
    },
  ],
  "aws:iam/rolePolicy:RolePolicy": (one) => [
    {
      arn: roleArn(one, "role"),
      reads: ["iam:GetRolePolicy"],
      makes: ["iam:DeleteRolePolicy", "iam:PutRolePolicy"],
      // The bound of the role; every role has one, as the test below sees.
      context: { "iam:PermissionsBoundary": boundary(one) },
    },
  ],
  "aws:route53/record:Record": (one) => [
    {
      arn: `arn:aws:route53:::hostedzone/${text(one, "zoneId")}`,
      reads: ["route53:GetHostedZone", "route53:ListResourceRecordSets"],
      makes: ["route53:ChangeResourceRecordSets"],
      context: { "route53:ChangeResourceRecordSetsNormalizedRecordNames": [text(one, "name")] },
    },
    { arn: "arn:aws:route53:::change/C1", reads: [], makes: ["route53:GetChange"] },
  ],
};

const accountOf = ({ provider }: Resource) =>
  (JSON.parse(String(provider?.props.allowedAccountIds)) as string[])[0] ?? "";
const roleArn = (one: Resource, property: string) => `arn:aws:iam::${accountOf(one)}:role/${text(one, property)}`;
const boundOf = ({ props }: Resource): Record<string, string> =>
  props.permissionsBoundary === undefined ? {} : { "iam:PermissionsBoundary": String(props.permissionsBoundary) };
const boundary = (one: Resource) => `arn:aws:iam::${accountOf(one)}:policy/holdfast-${stackOf(one)}-boundary`;
const stackOf = ({ urn }: Resource) => /^urn:pulumi:(\w+)::/.exec(urn)?.[1] ?? "";

const stacks = ["prod", "staging"] as const;
type Stack = (typeof stacks)[number];
const made = {} as Record<Stack, Resource[]>;
const clusters = {} as Record<Stack, string[]>;
const bounds = {} as Record<Stack, Document>;
const policies = {} as Record<`${Stack} ${"preview" | "deploy"}`, Document>;

beforeAll(async () => {
  const bootstrap = await declared();
  for (const stack of stacks) {
    const { resources } = (await loadGraph({ program: root, stack })).graph;
    made[stack] = resources.filter(({ type }) => type.startsWith("aws:"));
    const contexts = resources.filter(({ type }) => type === "pulumi:providers:kubernetes");
    clusters[stack] = contexts.map(({ props }) => String(props.context));
    bounds[stack] = policyOf(named(bootstrap, "Policy", `${stack}-boundary`));
    for (const role of ["preview", "deploy"] as const)
      policies[`${stack} ${role}`] = policyOf(named(bootstrap, "RolePolicy", `${stack}-${role}-policy`));
  }
});

/** What a request of one of its jobs says beside what it asks for. */
const contextOf = (stack: Stack, one: Resource): NonNullable<Request["context"]> => ({
  "kms:ResourceAliases": [`alias/holdfast-${stack}`],
  "route53:ChangeResourceRecordSetsNormalizedRecordNames": text(one, "role").startsWith("omendb")
    ? [stack === "prod" ? "omendb.example.com" : "omendb.staging.example.com"]
    : ["anything.example.com"],
});

/** What a stack needs and a role may not. */
function missing(stack: Stack, role: "preview" | "deploy", of: Stack = stack): string[] {
  return made[of].flatMap((one) =>
    (needs[one.type]?.(one) ?? []).flatMap(({ arn, reads, makes, context = {} }) =>
      [...reads, ...(role === "deploy" ? makes : [])]
        .filter((action) => decide(policies[`${stack} ${role}`], { action, resource: arn, context }) !== "allowed")
        .map((action) => `${one.name}: ${action} on ${arn}`),
    ),
  );
}

describe.each(stacks)("of what %s makes in AWS", (stack) => {
  it("every type is known here", () => {
    const unknown = made[stack].filter(({ type }) => needs[type] === undefined).map(({ type }) => type);
    expect([...new Set(unknown)]).toEqual([]);
    expect(made[stack].length).toBeGreaterThan(10);
  });

  it("its deploying role may make and change everything", () => expect(missing(stack, "deploy")).toEqual([]));

  it("its previewing role may read everything", () => expect(missing(stack, "preview")).toEqual([]));

  it("its previewing role may make nothing", () => {
    const makes = made[stack].flatMap((one) => needs[one.type]?.(one) ?? []);
    const allowed = makes.flatMap(({ arn, makes: actions, context = {} }) =>
      actions
        .filter((action) => decide(policies[`${stack} preview`], { action, resource: arn, context }) === "allowed")
        .map((action) => `${action} on ${arn}`),
    );
    expect(allowed).toEqual([]);
  });

  it("the other stack's roles may read and make nothing but what both share: the zone and the way to wait for it", () => {
    const other = stack === "prod" ? "staging" : "prod";
    const all = made[stack].flatMap((one) => needs[one.type]?.(one) ?? []);
    const allowed = all.flatMap(({ arn, reads, makes, context = {} }) =>
      [...reads, ...makes]
        .filter((action) => decide(policies[`${other} deploy`], { action, resource: arn, context }) === "allowed")
        .map((action) => action),
    );
    expect([...new Set(allowed)].sort()).toEqual([
      "route53:GetChange",
      "route53:GetHostedZone",
      "route53:ListResourceRecordSets",
    ]);
  });

  it("every role is bounded by the policy that the bootstrap makes", () => {
    const roles = made[stack].filter(({ type }) => type === "aws:iam/role:Role");
    expect(roles.length).toBeGreaterThan(0);
    expect(roles.map((one) => one.props.permissionsBoundary)).toEqual(roles.map(boundary));
  });

  it("a job's role may do all that it is allowed within its bound", () => {
    const policies = made[stack].filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    const bound = bounds[stack];
    const beyond = policies.flatMap((one) =>
      policyOf(one).Statement.flatMap(({ Action = [], Resource = [] }) =>
        [Action]
          .flat()
          // It needs no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
          .filter((action) => action !== "sts:GetCallerIdentity")
          .flatMap((action) =>
            [Resource].flat().map((resource) => ({ action, resource, context: contextOf(stack, one) })),
          )
          .filter((request) => decide(bound, request) !== "allowed")
          .map(({ action, resource }) => `${text(one, "role")}: ${action} on ${resource}`),
      ),
    );
    expect(beyond).toEqual([]);
  });

  it("its roles may look up the clusters that its providers name", () => {
    const account = stack === "prod" ? "111111111111" : "333333333333";
    expect(clusters[stack]).toHaveLength(2);
    for (const name of clusters[stack]) {
      const request = { action: "eks:DescribeCluster", resource: `arn:aws:eks:eu-west-1:${account}:cluster/${name}` };
      expect(decide(policies[`${stack} preview`], request)).toBe("allowed");
      expect(decide(policies[`${stack} deploy`], request)).toBe("allowed");
    }
  });
});
