import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { ServiceIdentity } from "../../components/access/serviceIdentity";
import { type Allow, roleArn, WorkloadRole } from "../../components/access/workloadRole";
import { boundaryOf, type Site } from "../config/sites";
import type { OmendbConfig } from "./config";
import { BACKUP_PREFIX } from "./jobWork";
import { ACCOUNTS, CLAIMS, CONFIG_MAP, WORKLOAD } from "./names";
import { jobNames } from "./runbooks/jobNames";
import type { OmendbSite } from "./site";

const lease = { apiGroups: ["coordination.k8s.io"], resources: ["leases"], resourceNames: [WORKLOAD] };
const slice = {
  apiGroups: ["discovery.k8s.io"],
  resources: ["endpointslices"],
  resourceNames: [`${WORKLOAD}-serving`],
};
const deployment = { apiGroups: ["apps"], resources: ["deployments"], resourceNames: [WORKLOAD] };
const scale = { apiGroups: ["apps"], resources: ["deployments/scale"], resourceNames: [WORKLOAD] };
const pods = { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] };

/** Stops, starts and watches the database: what recovery and upgrade have in common. */
const operate = [
  { ...deployment, verbs: ["get"] },
  { ...scale, verbs: ["get", "update", "patch"] },
  { ...lease, verbs: ["get"] },
  { ...slice, verbs: ["get"] },
  pods,
];

const rules = {
  serving: [
    { ...lease, verbs: ["get", "update"] },
    { ...slice, verbs: ["get", "update"] },
  ],
  backup: [],
  verify: [],
  recovery: [
    ...operate,
    { apiGroups: [""], resources: ["persistentvolumeclaims"], resourceNames: Object.values(CLAIMS), verbs: ["get"] },
    { apiGroups: [""], resources: ["services"], resourceNames: [WORKLOAD], verbs: ["get"] },
    { apiGroups: [""], resources: ["configmaps"], resourceNames: [CONFIG_MAP], verbs: ["get"] },
    {
      apiGroups: ["batch"],
      resources: ["cronjobs"],
      resourceNames: [jobNames.full, jobNames.incremental],
      verbs: ["get", "patch"],
    },
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"] },
  ],
  maintenance: [pods, { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] }],
  upgrade: [
    ...operate,
    { ...deployment, verbs: ["list", "watch", "patch"] },
    { apiGroups: ["apps"], resources: ["replicasets"], verbs: ["get", "list"] },
  ],
};

/** Service accounts of one site, each with what its pods do and nothing else. */
export function identities({ prefix, placement, config, parent }: OmendbSite, account: string): ServiceIdentity[] {
  return Object.entries(ACCOUNTS).map(
    ([purpose, name]) =>
      new ServiceIdentity(
        `${prefix}-${purpose}`,
        {
          placement,
          account: name,
          rules: rules[purpose as keyof typeof rules],
          // The first step after the loss of a region asks whether there are nodes to run on.
          ...(purpose === "recovery"
            ? { clusterRules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get", "list"] }] }
            : {}),
          awsRole: awsRoleOf(config, purpose as keyof typeof ACCOUNTS, account),
        },
        { parent },
      ),
  );
}

type AwsRole = "writer" | "reader" | "recovery";

/** Which AWS role the pods of a purpose take; serving and maintenance take none. */
const awsRoles: Partial<Record<keyof typeof ACCOUNTS, AwsRole>> = {
  backup: "writer",
  upgrade: "writer",
  verify: "reader",
  recovery: "recovery",
};

function awsRoleOf(config: OmendbConfig, purpose: keyof typeof ACCOUNTS, account: string): string | undefined {
  const role = awsRoles[purpose];
  return role === undefined ? undefined : roleArn(account, `${config.namespace}-${role}`);
}

/** Roles in AWS: nobody who writes, reads or restores may delete, or bypass the lock. */
export function bucketRoles(
  parent: pulumi.Resource,
  sites: readonly [OmendbSite, ...OmendbSite[]],
  store: Site,
  provider: aws.Provider,
): void {
  const { config } = sites[0];
  const { account } = store;
  const boundary = boundaryOf(store, "omendb");
  const allowed: Record<AwsRole, Allow[]> = {
    writer: [...reading(config.backups.bucket), writing(config.backups.bucket)],
    reader: reading(config.backups.bucket),
    recovery: [...reading(config.backups.bucket), ...repointing(config)],
  };
  for (const [role, allows] of Object.entries(allowed)) {
    const purposes = Object.entries(awsRoles).filter(([, one]) => one === role);
    new WorkloadRole(
      `omendb-${role}`,
      {
        provider,
        role: `${config.namespace}-${role}`,
        account,
        boundary,
        trusts: sites.flatMap(({ site }) =>
          purposes.map(([purpose]) => ({
            issuer: site.cluster.oidcIssuer,
            namespace: config.namespace,
            serviceAccount: ACCOUNTS[purpose as keyof typeof ACCOUNTS],
          })),
        ),
        allows,
      },
      { parent },
    );
  }
}

function reading(bucket: string): Allow[] {
  return [
    { sid: "List", actions: ["s3:ListBucket", "s3:ListBucketVersions"], resources: [`arn:aws:s3:::${bucket}`] },
    {
      sid: "Read",
      actions: ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention"],
      resources: [`arn:aws:s3:::${bucket}/${BACKUP_PREFIX}/*`],
    },
  ];
}

function writing(bucket: string): Allow {
  return { sid: "Write", actions: ["s3:PutObject"], resources: [`arn:aws:s3:::${bucket}/${BACKUP_PREFIX}/*`] };
}

function repointing({ dns }: OmendbConfig): Allow[] {
  return [
    {
      sid: "Repoint",
      actions: ["route53:ChangeResourceRecordSets"],
      resources: [`arn:aws:route53:::hostedzone/${dns.zoneId}`],
      condition: {
        "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsNormalizedRecordNames": [dns.name] },
      },
    },
    { sid: "WaitForIt", actions: ["route53:GetChange"], resources: ["arn:aws:route53:::change/*"] },
  ];
}
