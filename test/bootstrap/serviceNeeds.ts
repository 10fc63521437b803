import type { Resource } from "../../policies/graph";
import { edgeNeeds } from "./edgeNeeds";
import { accountOf, arnBeside, type Lookup, type Needs, regionOf, sources, systemOf, text } from "./need";

type Needed = (one: Resource, at: Lookup) => Needs[];

/** What a service asks of the keys that a property is made of, in the name of whoever calls it. */
function ofKeys(one: Resource, property: string, service: string, at: Lookup, reads: string[], makes: string[]) {
  return sources(one, property, "Key", at).map(
    (key): Needs => ({
      arn: arnBeside(key, "kms", "key/1"),
      reads,
      makes,
      context: {
        ...systemOf(key, "aws:ResourceTag/system"),
        "kms:ViaService": `${service}.${regionOf(key)}.amazonaws.com`,
        "kms:GrantIsForAWSResource": "true",
      },
    }),
  );
}

const tags = ["rds:AddTagsToResource", "rds:RemoveTagsFromResource"];

/**
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/rds/instance.go: a replica with a
 * parameter group of its own is started anew. RDS looks at the networks, and makes itself a role in a new account:
 * https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds/pull/94
 */
const instance: Needed = (one, at) => {
  const create = one.propertyDependencies.replicateSourceDb
    ? "rds:CreateDBInstanceReadReplica"
    : "rds:CreateDBInstance";
  const from = one.propertyDependencies.replicateSourceDb ? sources(one, "replicateSourceDb", "Instance", at) : [];
  const makes = [create, "rds:ModifyDBInstance"];
  const role = `arn:aws:iam::${accountOf(one)}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS`;
  return [
    {
      arn: arnBeside(one, "rds", `db:${text(one, "identifier")}`),
      reads: ["rds:ListTagsForResource"],
      makes: [...makes, ...tags, "rds:RebootDBInstance"],
    },
    // It asks by number, which is no part of an ARN.
    { arn: arnBeside(one, "rds", "db:*"), reads: ["rds:DescribeDBInstances"], makes: [] },
    ...from.map((source) => ({
      arn: arnBeside(source, "rds", `db:${text(source, "identifier")}`),
      reads: [],
      makes: [create],
    })),
    { arn: arnBeside(one, "rds", `pg:${text(one, "parameterGroupName")}`), reads: [], makes },
    { arn: arnBeside(one, "rds", `subgrp:${text(one, "dbSubnetGroupName")}`), reads: [], makes },
    { arn: arnBeside(one, "rds", "og:default:postgres-15"), reads: [], makes },
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
    ...ofKeys(one, "kmsKeyId", "rds", at, ["kms:DescribeKey"], ["kms:CreateGrant"]),
    {
      arn: role,
      reads: [],
      makes: ["iam:CreateServiceLinkedRole"],
      context: { "iam:AWSServiceName": "rds.amazonaws.com" },
    },
    {
      arn: "*",
      reads: ["ec2:DescribeSecurityGroups"],
      makes: [
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcAttribute",
        "ec2:DescribeVpcs",
      ],
    },
  ];
};

/** https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/kms/key.go */
const key: Needed = (one) => [
  {
    arn: arnBeside(one, "kms", "key/1"),
    reads: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
    makes: ["kms:EnableKeyRotation"],
    context: systemOf(one, "aws:ResourceTag/system"),
  },
  { arn: "*", reads: [], makes: ["kms:CreateKey"], context: systemOf(one, "aws:RequestTag/system") },
  // A key that is being made has no tag yet.
  {
    arn: arnBeside(one, "kms", "key/1"),
    reads: [],
    makes: ["kms:TagResource"],
    context: systemOf(one, "aws:RequestTag/system"),
  },
];

/** https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/secretsmanager/secret.go */
const secret: Needed = (one, at) => [
  {
    arn: arnBeside(one, "secretsmanager", `secret:${text(one, "name")}-AbCdEf`),
    reads: ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"],
    makes: ["CreateSecret", "ReplicateSecretToRegions", "TagResource", "UntagResource", "UpdateSecret"].map(
      (name) => `secretsmanager:${name}`,
    ),
  },
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ReplicateSecretToRegions.html
  ...[...(one.props.kmsKeyId === undefined && !one.propertyDependencies.kmsKeyId ? [] : ["kmsKeyId"])]
    .concat(one.props.replicas === undefined ? [] : ["replicas"])
    .flatMap((property) =>
      ofKeys(one, property, "secretsmanager", at, ["kms:Decrypt"], ["kms:Encrypt", "kms:GenerateDataKey"]),
    ),
];

const secretVersion: Needed = (one, at) =>
  sources(one, "secretId", "Secret", at).map((kept) => ({
    arn: arnBeside(kept, "secretsmanager", `secret:${text(kept, "name")}-AbCdEf`),
    reads: ["secretsmanager:GetSecretValue"],
    makes: ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"],
  }));

/** It takes the rule away that lets everything out: https://github.com/hashicorp/terraform/issues/2834 */
const securityGroup: Needed = (one) => {
  const arn = arnBeside(one, "ec2", "security-group/sg-1");
  const request = systemOf(one, "aws:RequestTag/system");
  return [
    { arn: "*", reads: ["ec2:DescribeSecurityGroups"], makes: ["ec2:DescribeNetworkInterfaces"] },
    { arn: arnBeside(one, "ec2", `vpc/${text(one, "vpcId")}`), reads: [], makes: ["ec2:CreateSecurityGroup"] },
    { arn, reads: [], makes: ["ec2:CreateSecurityGroup"], context: request },
    {
      arn,
      reads: [],
      makes: ["ec2:CreateTags"],
      context: { ...request, "ec2:CreateAction": "CreateSecurityGroup" },
    },
    {
      arn,
      reads: [],
      makes: ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress", "ec2:DeleteSecurityGroup"],
      context: systemOf(one, "aws:ResourceTag/system"),
    },
  ];
};

const ingressRule: Needed = (one, at) => {
  const makes = ["AuthorizeSecurityGroupIngress", "ModifySecurityGroupRules", "RevokeSecurityGroupIngress"].map(
    (name) => `ec2:${name}`,
  );
  const [group] = sources(one, "securityGroupId", "SecurityGroup", at);
  return [
    { arn: "*", reads: ["ec2:DescribeSecurityGroupRules"], makes: [] },
    {
      arn: arnBeside(one, "ec2", "security-group/sg-1"),
      reads: [],
      makes,
      context: systemOf(group, "aws:ResourceTag/system"),
    },
    { arn: arnBeside(one, "ec2", "security-group-rule/sgr-1"), reads: [], makes },
  ];
};

const egressRule: Needed = (one, at) =>
  ingressRule(one, at).map((need) => ({ ...need, makes: need.makes.map((name) => name.replace("Ingress", "Egress")) }));

/** What Pulumi's provider for AWS asks of RDS, KMS and others: of AWS's services besides S3, IAM and Route 53. */
export const serviceNeeds: Record<string, Needed> = {
  "aws:rds/instance:Instance": instance,
  "aws:rds/parameterGroup:ParameterGroup": (one) => [
    {
      arn: arnBeside(one, "rds", `pg:${text(one, "name")}`),
      reads: ["rds:DescribeDBParameterGroups", "rds:DescribeDBParameters", "rds:ListTagsForResource"],
      makes: ["Create", "Delete", "Modify", "Reset"].map((verb) => `rds:${verb}DBParameterGroup`).concat(tags),
    },
  ],
  "aws:rds/subnetGroup:SubnetGroup": (one) => [
    {
      arn: arnBeside(one, "rds", `subgrp:${text(one, "name")}`),
      reads: ["rds:DescribeDBSubnetGroups", "rds:ListTagsForResource"],
      makes: ["Create", "Delete", "Modify"].map((verb) => `rds:${verb}DBSubnetGroup`).concat(tags),
    },
  ],
  // .../internal/service/rds/instance_automated_backups_replication.go: called where the backups are carried to.
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": (one, at) => {
    const makes = ["rds:StartDBInstanceAutomatedBackupsReplication"];
    const [source] = sources(one, "sourceDbInstanceArn", "Instance", at);
    return [
      {
        arn: arnBeside(one, "rds", "auto-backup:ab-1"),
        reads: ["rds:DescribeDBInstanceAutomatedBackups"],
        makes,
      },
      { arn: arnBeside(source, "rds", `db:${text(source, "identifier")}`), reads: [], makes },
      ...ofKeys(one, "kmsKeyId", "rds", at, ["kms:DescribeKey"], ["kms:CreateGrant"]),
    ];
  },
  "aws:kms/key:Key": key,
  "aws:secretsmanager/secret:Secret": secret,
  "aws:secretsmanager/secretVersion:SecretVersion": secretVersion,
  "aws:ec2/securityGroup:SecurityGroup": securityGroup,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ingressRule,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": egressRule,
  ...edgeNeeds,
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-alarm-actions.html
  "aws:cloudwatch/metricAlarm:MetricAlarm": (one, at) => [
    {
      arn: arnBeside(one, "cloudwatch", `alarm:${text(one, "name")}`),
      reads: ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
      makes: ["DeleteAlarms", "PutMetricAlarm", "TagResource", "UntagResource"].map((name) => `cloudwatch:${name}`),
      context: {
        "cloudwatch:AlarmActions": sources(one, "alarmActions", "Topic", at).map((topic) =>
          arnBeside(topic, "sns", text(topic, "name")),
        ),
      },
    },
  ],
  "aws:sns/topic:Topic": (one) => [
    {
      arn: arnBeside(one, "sns", text(one, "name")),
      reads: ["sns:GetTopicAttributes", "sns:ListTagsForResource"],
      makes: ["CreateTopic", "DeleteTopic", "SetTopicAttributes", "TagResource", "UntagResource"].map(
        (name) => `sns:${name}`,
      ),
    },
  ],
  "aws:sns/topicPolicy:TopicPolicy": (one, at) =>
    sources(one, "arn", "Topic", at).map((topic) => ({
      arn: arnBeside(topic, "sns", text(topic, "name")),
      reads: ["sns:GetTopicAttributes"],
      makes: ["sns:SetTopicAttributes"],
    })),
  // Other changes of a subscription know no resource: an administrator makes them.
  "aws:sns/topicSubscription:TopicSubscription": (one, at) => [
    { arn: "*", reads: ["sns:GetSubscriptionAttributes"], makes: [] },
    ...sources(one, "topic", "Topic", at).map((topic) => ({
      arn: arnBeside(topic, "sns", text(topic, "name")),
      reads: [],
      makes: ["sns:Subscribe"],
    })),
  ],
};
