import { all } from "./serviceReads";
import { type Services, tagged, through } from "./services";
import { allow, type Statement } from "./statement";

/**
 * What it takes to make and change what a stack has in services of AWS: no deletion of what holds data, of keys or of
 * secrets. Groups, alarms and topics that a system gives up go.
 */
export function serviceChanges(services: Services): Statement[] {
  return [
    ...databases(services),
    ...networks(services),
    ...keys(services),
    allow(
      "SecretsMade",
      [
        "secretsmanager:CreateSecret",
        "secretsmanager:PutSecretValue",
        "secretsmanager:ReplicateSecretToRegions",
        "secretsmanager:TagResource",
        "secretsmanager:UntagResource",
        "secretsmanager:UpdateSecret",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      services.secrets,
    ),
    allow("CopiesMade", ["s3:PutReplicationConfiguration"], services.copied),
    allow("CopierNamed", ["iam:PassRole"], services.copiers, {
      StringEquals: { "iam:PassedToService": "s3.amazonaws.com" },
    }),
    ...alarms(services),
  ];
}

function databases({ databases, options, backups, databaseRole }: Services): Statement[] {
  return [
    allow(
      "DatabasesMade",
      [
        "rds:AddTagsToResource",
        "rds:CreateDBInstance",
        "rds:CreateDBInstanceReadReplica",
        "rds:CreateDBParameterGroup",
        "rds:CreateDBSubnetGroup",
        "rds:DeleteDBParameterGroup",
        "rds:DeleteDBSubnetGroup",
        "rds:ModifyDBInstance",
        "rds:ModifyDBParameterGroup",
        "rds:ModifyDBSubnetGroup",
        "rds:RebootDBInstance",
        "rds:RemoveTagsFromResource",
        "rds:ResetDBParameterGroup",
      ],
      databases,
    ),
    allow(
      "DatabaseOptions",
      ["rds:CreateDBInstance", "rds:CreateDBInstanceReadReplica", "rds:ModifyDBInstance"],
      options,
    ),
    allow(
      "BackupsCarried",
      ["rds:StartDBInstanceAutomatedBackupsReplication"],
      [...databases.filter((one) => one.includes(":db:")), ...backups],
    ),
    allow("DatabaseRole", ["iam:CreateServiceLinkedRole"], databaseRole, {
      StringEquals: { "iam:AWSServiceName": "rds.amazonaws.com" },
    }),
    // What CloudFormation's handler asks for an instance besides; EC2 knows no smaller resource.
    // https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds/pull/94
    allow(
      "NetworksSeen",
      [
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcAttribute",
        "ec2:DescribeVpcs",
      ],
      all(databases),
    ),
  ];
}

function networks(services: Services): Statement[] {
  const { groups, rules, networks, systems } = services;
  const asTagged = { "aws:RequestTag/system": systems };
  const changes = ["ec2:AuthorizeSecurityGroup*", "ec2:ModifySecurityGroupRules", "ec2:RevokeSecurityGroup*"];
  return [
    allow("GroupsWhere", ["ec2:CreateSecurityGroup"], networks),
    allow("GroupsMade", ["ec2:CreateSecurityGroup"], groups, { StringEquals: asTagged }),
    allow("GroupsTagged", ["ec2:CreateTags"], groups, {
      StringEquals: { ...asTagged, "ec2:CreateAction": "CreateSecurityGroup" },
    }),
    allow("GroupsChanged", [...changes, "ec2:DeleteSecurityGroup"], groups, tagged(services)),
    // Of a rule the group is asked for as well.
    allow("RulesChanged", changes, rules),
    // It is asked for before a group is deleted, and knows no resource.
    allow("InterfacesSeen", ["ec2:DescribeNetworkInterfaces"], all(groups)),
  ];
}

/** A new key must have the tag of a system, and only a key without one can be given it. */
function keys(services: Services): Statement[] {
  const { keys, secrets, databases, systems } = services;
  const asTagged = { StringEquals: { "aws:RequestTag/system": systems } };
  return [
    // KMS knows no resource for it.
    allow("KeysMade", ["kms:CreateKey"], all(keys), asTagged),
    // It must cover all keys: https://docs.aws.amazon.com/kms/latest/developerguide/manage-tags-api.html
    allow("KeysTagged", ["kms:TagResource"], keys, { ...asTagged, Null: { "aws:ResourceTag/system": "true" } }),
    allow("KeysRotated", ["kms:EnableKeyRotation"], keys, tagged(services)),
    allow("KeysLent", ["kms:CreateGrant"], databases.length > 0 ? keys : [], lent(services)),
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ReplicateSecretToRegions.html
    allow(
      "SecretsSealed",
      ["kms:Encrypt", "kms:GenerateDataKey"],
      secrets.length > 0 ? keys : [],
      through(services, "secretsmanager"),
    ),
  ];
}

/**
 * RDS takes a grant in the name of whoever makes an instance, and nobody takes one by hand:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
 */
export function lent(services: Services): NonNullable<Statement["Condition"]> {
  return { ...through(services, "rds"), Bool: { "kms:GrantIsForAWSResource": "true" } };
}

function alarms({ alarms, topics }: Services): Statement[] {
  return [
    // An alarm can also stop machines.
    allow("AlarmsMade", ["cloudwatch:PutMetricAlarm"], alarms, {
      "ForAllValues:StringLike": { "cloudwatch:AlarmActions": topics },
    }),
    allow("AlarmsChanged", ["cloudwatch:DeleteAlarms", "cloudwatch:TagResource", "cloudwatch:UntagResource"], alarms),
    allow(
      "TopicsMade",
      [
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
        "sns:TagResource",
        "sns:UntagResource",
      ],
      topics,
    ),
  ];
}
