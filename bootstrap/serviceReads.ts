import { type Services, tagged, through } from "./services";
import { allow, type Statement } from "./statement";

/** What it takes to read what a stack has in services of AWS. Its password is in its state as well. */
export function serviceReads(services: Services): Statement[] {
  const { databases, groups, keys, secrets, alarms, topics } = services;
  return [
    seesInstances(services),
    allow(
      "DatabaseGroups",
      [
        "rds:DescribeDBParameterGroups",
        "rds:DescribeDBParameters",
        "rds:DescribeDBSubnetGroups",
        "rds:ListTagsForResource",
      ],
      databases,
    ),
    // EC2 knows no smaller resource for what describes.
    allow("Groups", ["ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups"], all(groups)),
    allow(
      "Keys",
      ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
      keys,
      tagged(services),
    ),
    allow(
      "SecretsRead",
      ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy", "secretsmanager:GetSecretValue"],
      secrets,
    ),
    allow("SecretsOpened", ["kms:Decrypt"], secrets.length > 0 ? keys : [], through(services, "secretsmanager")),
    allow("Alarms", ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"], alarms),
    allow("Topics", ["sns:GetTopicAttributes", "sns:ListTagsForResource"], topics),
    // SNS knows no smaller resource for it.
    allow("Subscriptions", ["sns:GetSubscriptionAttributes"], all(topics)),
  ];
}

/** The provider asks for an instance by its number, which RDS takes for a question about all of them. */
export function seesInstances({ instances, backups }: Services): Statement {
  return allow(
    "Instances",
    ["rds:DescribeDBInstanceAutomatedBackups", "rds:DescribeDBInstances"],
    [...instances, ...backups],
  );
}

/** Everything, for actions that know no resource, where there is any use for them. */
export function all(where: readonly string[]): string[] {
  return where.length > 0 ? ["*"] : [];
}
