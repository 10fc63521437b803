import type * as k8s from "@pulumi/kubernetes";
import type { Allow } from "../../components/access/workloadRole";
import type { OmniverseConfig } from "./config";
import { DUMP_FOLDER, OPERATIONS_FOLDER, SELF } from "./names";

type Rule = k8s.types.input.rbac.v1.PolicyRule;

/** What the jobs of the daily work may do in their namespace: whoever watches reads, whoever tidies asks nobody here. */
export const operationsRules: Readonly<Record<"watch" | "tidy", Rule[]>> = {
  watch: [
    { apiGroups: ["apps"], resources: ["deployments"], verbs: ["list"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  ],
  tidy: [],
};

/** Nodes belong to no namespace: the drivers that they have are told by their labels. */
export const nodeRules: Rule[] = [{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }];

/** What they may do in AWS. Only whoever tidies may hide an object, and nobody may delete a version of one. */
export function operationsAllowed(
  { backups, assets, database }: OmniverseConfig,
  account: string,
  regions: readonly string[],
): Record<"watch" | "tidy", Allow[]> {
  const copies = `arn:aws:s3:::${backups.bucket}`;
  const stored = [assets.bucket, assets.replica].map((bucket) => `arn:aws:s3:::${bucket}`);
  const left = `${copies}/${OPERATIONS_FOLDER}*`;
  const common: Allow[] = [
    {
      sid: "Password",
      actions: ["secretsmanager:GetSecretValue"],
      resources: regions.map(
        (region) => `arn:aws:secretsmanager:${region}:${account}:secret:${database.identifier}-postgres-*`,
      ),
    },
    {
      sid: "OpenPassword",
      actions: ["kms:Decrypt"],
      resources: [`arn:aws:kms:*:${account}:key/*`],
      condition: {
        StringEquals: {
          "aws:ResourceTag/system": SELF,
          "kms:ViaService": regions.map((region) => `secretsmanager.${region}.amazonaws.com`),
        },
      },
    },
    {
      sid: "LookAtInstances",
      actions: ["rds:DescribeDBInstances"],
      resources: [`arn:aws:rds:*:${account}:db:*`],
    },
    {
      sid: "ListAssets",
      actions: ["s3:ListBucketVersions"],
      resources: [copies, ...stored],
    },
    { sid: "LeaveReports", actions: ["s3:PutObject"], resources: [left] },
    // What was written is read back, and its lock is looked at.
    { sid: "ReadBack", actions: ["s3:GetObjectVersion", "s3:GetObjectRetention"], resources: [left] },
  ];
  return {
    watch: [
      ...common,
      {
        sid: "ReadLogs",
        actions: ["rds:DescribeDBLogFiles", "rds:DownloadDBLogFilePortion"],
        // With what serves at the second site after a failover.
        resources: regions.map((region) => `arn:aws:rds:${region}:${account}:db:${database.identifier}*`),
      },
    ],
    tidy: [
      ...common,
      {
        sid: "ReadDumps",
        actions: ["s3:GetObjectVersion"],
        resources: [`${copies}/${DUMP_FOLDER}*`],
      },
      { sid: "HideOrphans", actions: ["s3:DeleteObject"], resources: stored.map((bucket) => `${bucket}/*`) },
    ],
  };
}
