import type * as aws from "@pulumi/aws";
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { ServiceIdentity } from "../../components/access/serviceIdentity";
import { type Allow, roleArn, WorkloadRole } from "../../components/access/workloadRole";
import { boundaryOf, type Site } from "../config/sites";
import type { OmniverseConfig } from "./config";
import type { CloudSite } from "./data";
import {
  ACCOUNT_FOLDER,
  ACCOUNTS,
  ASSET_FOLDER,
  DUMP_FOLDER,
  directorySecret,
  LOG_FOLDER,
  NOTES_FOLDER,
  PROGRESS_MAP,
  RELEASE_FOLDER,
  SELF,
  SERVER_CLAIMS,
  services,
  standbyJobs,
} from "./names";
import { nodeRules, operationsAllowed, operationsRules } from "./operationsAccess";
import type { OmniverseSite } from "./site";

type Purpose = keyof typeof ACCOUNTS;
type Rule = k8s.types.input.rbac.v1.PolicyRule;

const { workload } = services.server;

/** Stops and starts what serves. */
const stopsAndStarts: readonly Rule[] = [
  { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "list"] },
  { apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["patch"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
  // How far a recovery has come, for its next step.
  { apiGroups: [""], resources: ["configmaps"], resourceNames: [PROGRESS_MAP], verbs: ["get", "patch"] },
];

/** Changes the workloads that are named, and nothing else of them: a restart is a change of their pods' template. */
const changes = (workloads: readonly string[]): Rule => ({
  apiGroups: ["apps"],
  resources: ["deployments"],
  resourceNames: [...workloads],
  verbs: ["patch"],
});

/** What the pods of a purpose may do in their namespace. */
const rules: Readonly<Record<Purpose, Rule[]>> = {
  backup: [],
  verify: [],
  recovery: [
    ...stopsAndStarts,
    // Backups of a site that begins to serve.
    {
      apiGroups: ["batch"],
      resources: ["cronjobs"],
      resourceNames: [...standbyJobs],
      verbs: ["get", "patch"],
    },
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"] },
    // Whether a clean room has what a start needs.
    {
      apiGroups: [""],
      resources: ["persistentvolumeclaims"],
      resourceNames: Object.values(SERVER_CLAIMS),
      verbs: ["get"],
    },
  ],
  // What reads its certificate only when it starts.
  remedy: [
    ...stopsAndStarts,
    changes(
      [services.server, services.authentication, services.discovery, services.navigator].map((one) => one.workload),
    ),
  ],
  change: [
    ...stopsAndStarts,
    changes(Object.values(services).map(({ workload }) => workload)),
    // Where people are led: to Nucleus, or to the page.
    { apiGroups: [""], resources: ["services"], resourceNames: [services.edge.workload], verbs: ["get", "patch"] },
  ],
  // The pod that serves holds the Lease, and writes itself into the endpoints.
  serving: [
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], resourceNames: [workload], verbs: ["get", "update"] },
    {
      apiGroups: ["discovery.k8s.io"],
      resources: ["endpointslices"],
      resourceNames: [`${workload}-serving`],
      verbs: ["get", "update"],
    },
  ],
  authentication: [],
  ...operationsRules,
};

/** Service accounts of one site, each with what its pods do and nothing else. */
export function identities({ prefix, placement, config, parent }: OmniverseSite, account: string): ServiceIdentity[] {
  return (Object.keys(ACCOUNTS) as Purpose[]).map(
    (purpose) =>
      new ServiceIdentity(
        `${prefix}-${purpose}`,
        {
          placement,
          account: ACCOUNTS[purpose],
          rules: rules[purpose],
          ...(purpose === "watch" ? { clusterRules: nodeRules } : {}),
          awsRole: roleArn(account, roleOf(config, purpose)),
        },
        { parent },
      ),
  );
}

function roleOf({ namespace }: OmniverseConfig, purpose: Purpose): string {
  return `${namespace}${ACCOUNTS[purpose].slice(SELF.length)}`;
}

/** Roles in AWS: nobody who copies, reads or restores may delete a copy, or bypass its lock. */
export function awsRoles(
  parent: pulumi.Resource,
  sites: readonly [OmniverseSite, ...OmniverseSite[]],
  store: Site,
  clouds: Readonly<Record<CloudSite["role"], CloudSite>>,
  provider: aws.Provider,
): void {
  const { config } = sites[0];
  const { account } = store;
  const boundary = boundaryOf(store, "omniverse");
  for (const [purpose, allows] of Object.entries(allowed(config, clouds)) as [Purpose, Allow[]][]) {
    new WorkloadRole(
      `omniverse-${purpose}`,
      {
        provider,
        role: roleOf(config, purpose),
        account,
        boundary,
        trusts: sites.map(({ site: { cluster } }) => ({
          issuer: cluster.oidcIssuer,
          namespace: config.namespace,
          serviceAccount: ACCOUNTS[purpose],
        })),
        allows,
      },
      { parent },
    );
  }
}

function allowed(
  config: OmniverseConfig,
  { primary, secondary }: Readonly<Record<CloudSite["role"], CloudSite>>,
): Record<Purpose, Allow[]> {
  const { backups, assets, database, dns } = config;
  const { account } = primary;
  const copiesBelow = (...folders: string[]) => folders.map((folder) => `arn:aws:s3:::${backups.bucket}/${folder}*`);
  const copies = copiesBelow(DUMP_FOLDER, ASSET_FOLDER, ACCOUNT_FOLDER);
  const stored = [assets.bucket, assets.replica];
  const listCopies: Allow = {
    sid: "ListCopies",
    actions: ["s3:ListBucketVersions"],
    resources: [`arn:aws:s3:::${backups.bucket}`],
  };
  /** By version: what somebody wrote over a copy since, or hid, changes nothing. */
  const readCopies = (resources: string[]): Allow => ({
    sid: "ReadCopies",
    actions: ["s3:GetObjectVersion"],
    resources,
  });
  const writeBelow = (...folders: string[]): Allow[] => [
    { sid: "WriteBelow", actions: ["s3:PutObject"], resources: copiesBelow(...folders) },
    // What was written is read back, and its lock is looked at.
    {
      sid: "ReadBack",
      actions: ["s3:GetObjectVersion", "s3:GetObjectRetention"],
      resources: copiesBelow(...folders),
    },
  ];
  /** restic asks for names and not for versions, and hides what it no longer needs; versions stay until their lock ends. */
  const keepRepositories: Allow[] = [
    { sid: "ListRepositories", actions: ["s3:ListBucket"], resources: [`arn:aws:s3:::${backups.bucket}`] },
    { sid: "KeepRepositories", actions: ["s3:GetObject", "s3:DeleteObject"], resources: copiesBelow(ASSET_FOLDER) },
  ];
  const listAssets: Allow = {
    sid: "ListAssets",
    actions: ["s3:ListBucketVersions"],
    resources: stored.map((bucket) => `arn:aws:s3:::${bucket}`),
  };
  /** Which versions the files stand for that were copied back. */
  const readNotes: Allow = {
    sid: "ReadNotes",
    actions: ["s3:GetObjectVersion"],
    resources: stored.map((bucket) => `arn:aws:s3:::${bucket}/${NOTES_FOLDER}*`),
  };
  const readAssets: Allow[] = [
    listAssets,
    {
      sid: "ReadAssets",
      actions: ["s3:GetObjectVersion"],
      resources: stored.map((bucket) => `arn:aws:s3:::${bucket}/*`),
    },
  ];
  const decrypt: Allow = {
    sid: "OpenAssets",
    actions: ["kms:Decrypt"],
    resources: [`arn:aws:kms:*:${account}:key/*`],
    condition: {
      StringEquals: {
        "aws:ResourceTag/system": SELF,
        // The keys of the sites seal objects and secrets alike.
        "kms:ViaService": [primary, secondary].flatMap(({ region }) =>
          ["s3", "secretsmanager"].map((service) => `${service}.${region}.amazonaws.com`),
        ),
      },
    },
  };
  const secret = (sid: string, name: string): Allow => ({
    sid,
    actions: ["secretsmanager:GetSecretValue"],
    resources: [primary, secondary].map(({ region }) => `arn:aws:secretsmanager:${region}:${account}:secret:${name}-*`),
  });
  const password = secret("Password", `${database.identifier}-postgres`);
  const repositories = secret("OpenRepositories", backups.secret);
  // What lists is allowed on all of the account.
  const look: Allow = {
    sid: "LookAtInstances",
    actions: ["rds:DescribeDBInstances"],
    resources: [`arn:aws:rds:*:${account}:db:*`],
  };
  const lookAtBackups: Allow = {
    sid: "LookAtBackups",
    actions: ["rds:DescribeDBInstanceAutomatedBackups"],
    resources: ["db:*", "auto-backup:*"].map((name) => `arn:aws:rds:*:${account}:${name}`),
  };
  const instance = [primary, secondary].map(
    ({ region }) => `arn:aws:rds:${region}:${account}:db:${database.identifier}*`,
  );
  return {
    ...operationsAllowed(config, account, [primary.region, secondary.region]),
    backup: [
      listCopies,
      ...writeBelow(DUMP_FOLDER, ASSET_FOLDER, ACCOUNT_FOLDER),
      ...keepRepositories,
      ...readAssets,
      decrypt,
      password,
      repositories,
      look,
      lookAtBackups,
      // Whether people are led to the site that copies.
      {
        sid: "SeeWhoServes",
        actions: ["route53:ListResourceRecordSets"],
        resources: [`arn:aws:route53:::hostedzone/${dns.zoneId}`],
      },
    ],
    verify: [listCopies, readCopies(copies), ...readAssets, decrypt, repositories],
    serving: [
      // Files by key, which is how Nucleus reads them: REFERENCES_SQL in names.ts.
      { sid: "FindAssets", actions: ["s3:ListBucket"], resources: stored.map((bucket) => `arn:aws:s3:::${bucket}`) },
      {
        sid: "ReadAssets",
        actions: ["s3:GetObject"],
        resources: stored.map((bucket) => `arn:aws:s3:::${bucket}/*`),
      },
      {
        sid: "KeepAssets",
        // What somebody deletes is hidden behind a marker; its versions stay.
        actions: ["s3:PutObject", "s3:DeleteObject"],
        resources: stored.map((bucket) => `arn:aws:s3:::${bucket}/*`),
      },
      { ...decrypt, sid: "OpenAndSealAssets", actions: ["kms:Decrypt", "kms:GenerateDataKey"] },
      password,
      look,
    ],
    authentication: [secret("Directory", directorySecret(database.identifier)), decrypt],
    remedy: [
      listAssets,
      readNotes,
      ...writeBelow(LOG_FOLDER),
      decrypt,
      password,
      look,
      { sid: "StartDatabase", actions: ["rds:StartDBInstance", "rds:RebootDBInstance"], resources: instance },
    ],
    change: [
      listCopies,
      readCopies(copiesBelow(DUMP_FOLDER)),
      listAssets,
      readNotes,
      ...writeBelow(RELEASE_FOLDER),
      decrypt,
      password,
      look,
    ],
    recovery: [
      listCopies,
      // Database and files come back by RDS and S3 themselves; only a clean room reads other copies, by a role of its own.
      readCopies(copiesBelow(ACCOUNT_FOLDER)),
      ...readAssets,
      // Whether what S3 has not sent yet would still be sent.
      {
        sid: "SeeReplication",
        actions: ["s3:GetReplicationConfiguration"],
        resources: stored.map((bucket) => `arn:aws:s3:::${bucket}`),
      },
      {
        sid: "WriteAssets",
        actions: ["s3:PutObject"],
        resources: stored.map((bucket) => `arn:aws:s3:::${bucket}/*`),
      },
      {
        ...decrypt,
        sid: "OpenAndSealAssets",
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      },
      password,
      look,
      lookAtBackups,
      ...restoring(config, account, [primary.region, secondary.region]),
      {
        sid: "Repoint",
        actions: ["route53:ChangeResourceRecordSets"],
        resources: [`arn:aws:route53:::hostedzone/${dns.zoneId}`],
        condition: {
          "ForAllValues:StringEquals": {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": [dns.name],
            "route53:ChangeResourceRecordSetsRecordTypes": ["CNAME"],
            "route53:ChangeResourceRecordSetsActions": ["UPSERT"],
          },
        },
      },
      // What lists is allowed on all of the account: that of a new instance, where no replica is there to read it from.
      { sid: "FindSecurityGroup", actions: ["ec2:DescribeSecurityGroups"], resources: ["*"] },
      { sid: "FindHealthChecks", actions: ["route53:ListHealthChecks"], resources: ["*"] },
      { sid: "WaitForIt", actions: ["route53:GetChange"], resources: ["arn:aws:route53:::change/*"] },
    ],
  };
}

/** A recovery makes and renames instances of this name, and deletes none: what is replaced stays until somebody looked. */
function restoring({ database }: OmniverseConfig, account: string, regions: readonly string[]): Allow[] {
  const arns = (kind: string, name: string) =>
    regions.map((region) => `arn:aws:rds:${region}:${account}:${kind}:${name}`);
  const throughRds = {
    StringEquals: {
      "aws:ResourceTag/system": SELF,
      "kms:ViaService": regions.map((region) => `rds.${region}.amazonaws.com`),
    },
  };
  return [
    {
      sid: "RestoreInstances",
      actions: [
        "rds:CreateDBInstanceReadReplica",
        "rds:ModifyDBInstance",
        "rds:PromoteReadReplica",
        "rds:RestoreDBInstanceToPointInTime",
        "rds:StartDBInstanceAutomatedBackupsReplication",
      ],
      resources: [
        ...arns("db", `${database.identifier}*`),
        ...arns("pg", `${database.identifier}*`),
        ...arns("subgrp", `${database.identifier}*`),
        // RDS puts each instance into it.
        ...arns("og", "default:*"),
        ...arns("auto-backup", "*"),
      ],
    },
    {
      sid: "MarkAside",
      actions: ["rds:AddTagsToResource"],
      resources: arns("db", `${database.identifier}*`),
      condition: { "ForAllValues:StringEquals": { "aws:TagKeys": ["holdfast:put-aside"] } },
    },
    // RDS encrypts what it restores, in the name of whoever asks for it.
    {
      sid: "LendKeys",
      actions: ["kms:CreateGrant"],
      resources: [`arn:aws:kms:*:${account}:key/*`],
      condition: { ...throughRds, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
    {
      sid: "SeeKeys",
      actions: ["kms:DescribeKey"],
      resources: [`arn:aws:kms:*:${account}:key/*`],
      condition: throughRds,
    },
  ];
}
