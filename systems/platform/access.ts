import type * as aws from "@pulumi/aws";
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { ServiceIdentity } from "../../components/access/serviceIdentity";
import { type Allow, roleArn, WorkloadRole } from "../../components/access/workloadRole";
import { boundaryOf, type Site } from "../config/sites";
import { adminKinds, clusterKinds, monitoringKinds } from "./assets";
import type { PlatformConfig } from "./config";
import { ACCOUNTS, EXPORT_FOLDER, SELF } from "./names";
import type { PlatformSite } from "./site";
import { STATE_META, stateKeys } from "./stateKeys";

type Purpose = keyof typeof ACCOUNTS;
type Rule = k8s.types.input.rbac.v1.PolicyRule;

const reading = (kinds: Readonly<Record<string, readonly string[]>>, verbs: string[]): Rule[] =>
  Object.entries(kinds).map(([group, resources]) => ({ apiGroups: [group], resources: [...resources], verbs }));

/** What the site check compares beside that. */
const checking: Rule[] = [
  { apiGroups: [""], resources: ["pods", "services"], verbs: ["list"] },
  { apiGroups: ["cert-manager.io"], resources: ["clusterissuers"], verbs: ["get", "list"] },
  { nonResourceURLs: ["/.well-known/openid-configuration"], verbs: ["get"] },
];

/** What of a site an export keeps, and its check compares. */
const site: Rule[] = [
  { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list"] },
  { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: ["get", "list"] },
];

/** All that the check of a site may see of its cluster. */
export const siteCheckRules: Rule[] = [...site, ...checking];

/** A rehearsal needs what it tries: the API server asks before. */
const trying = reading({ ...clusterKinds, ...monitoringKinds }, ["get", "list", "create", "patch"]);

/** Puts back what takes no administrator, and sees whether the rest is as it was. Nothing is deleted. */
const recovering = [
  ...reading({ ...clusterKinds, ...monitoringKinds }, ["get", "list", "create", "patch", "update"]),
  ...reading(adminKinds, ["get", "list"]),
];

const clusterRules: Readonly<Record<Purpose, Rule[]>> = {
  export: [...reading({ ...clusterKinds, ...adminKinds, ...monitoringKinds }, ["get", "list"]), ...site],
  keys: [],
  verify: [],
  drill: trying,
  recovery: recovering,
  siteCheck: siteCheckRules,
};

/** Which pods run at which site. */
const at: Readonly<Record<PlatformSite["role"], readonly Purpose[]>> = {
  primary: ["export", "keys", "verify", "recovery", "siteCheck"],
  secondary: ["drill", "recovery", "siteCheck"],
  checked: ["siteCheck"],
};

/** Service accounts of one site, each with what its pods do and nothing else. */
export function identities(
  { prefix, role, placement, config, parent }: PlatformSite,
  account: string,
): ServiceIdentity[] {
  return at[role].map(
    (purpose) =>
      new ServiceIdentity(
        `${prefix}-${purpose}`,
        {
          placement,
          account: ACCOUNTS[purpose],
          rules: [],
          ...(clusterRules[purpose].length > 0 ? { clusterRules: clusterRules[purpose] } : {}),
          awsRole: roleArn(account, roleOf(config, purpose)),
        },
        { parent },
      ),
  );
}

function roleOf({ namespace }: PlatformConfig, purpose: Purpose): string {
  return `${namespace}${ACCOUNTS[purpose].slice(SELF.length)}`;
}

/** Roles in AWS: nobody who exports, reads or restores may delete an export, or bypass its lock. */
export function awsRoles(
  parent: pulumi.Resource,
  sites: readonly [PlatformSite, ...PlatformSite[]],
  store: Site,
  provider: aws.Provider,
): void {
  const { config } = sites[0];
  const { account } = store;
  const boundary = boundaryOf(store, "platform");
  for (const [purpose, allows] of Object.entries(allowed(config, account)) as [Purpose, Allow[]][]) {
    new WorkloadRole(
      `platform-${purpose}`,
      {
        provider,
        role: roleOf(config, purpose),
        account,
        boundary,
        trusts: sites
          .filter(({ role }) => at[role].includes(purpose))
          .map(({ site: { cluster } }) => ({
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

function allowed(config: PlatformConfig, account: string): Record<Purpose, Allow[]> {
  const { bucket } = config.backups;
  const read: Allow[] = [
    { sid: "List", actions: ["s3:ListBucket", "s3:ListBucketVersions"], resources: [`arn:aws:s3:::${bucket}`] },
    {
      sid: "Read",
      actions: ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention"],
      resources: [`arn:aws:s3:::${bucket}/${EXPORT_FOLDER}*`],
    },
  ];
  const write: Allow = {
    sid: "Write",
    actions: ["s3:PutObject"],
    resources: [`arn:aws:s3:::${bucket}/${EXPORT_FOLDER}*`],
  };
  const names: Allow = {
    sid: "Names",
    actions: ["route53:ListResourceRecordSets"],
    resources: zonesOf(config),
  };
  const key: Allow = {
    sid: "StateKey",
    actions: ["kms:Decrypt", "kms:Encrypt"],
    resources: [config.state.key],
  };
  // A token says who asks, not what for: ECR gives it for the whole registry.
  const token: Allow = { sid: "RegistryToken", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] };
  return {
    export: [...read, write, names, token, pulling(account), ...readsState("State", config.state.bucket, config)],
    keys: [...read, write, ...secrets(config, account)],
    verify: read,
    drill: [...read, names, key],
    recovery: [
      ...read,
      names,
      key,
      token,
      pushing(config, account),
      {
        sid: "Repoint",
        actions: ["route53:ChangeResourceRecordSets"],
        resources: zonesOf(config),
      },
      { sid: "WaitForIt", actions: ["route53:GetChange"], resources: ["arn:aws:route53:::change/*"] },
      ...readsState("Replica", config.state.replica, config),
      ...writesState("Replica", config.state.replica, config),
    ],
    // sts:GetCallerIdentity needs no permission: the role only says which account the site is in.
    siteCheck: [{ sid: "Nothing", actions: ["sts:GetCallerIdentity"], resources: ["*"] }],
  };
}

function zonesOf({ dns }: PlatformConfig): string[] {
  return dns.zones.map((zone) => `arn:aws:route53:::hostedzone/${zone}`);
}

function readsState(sid: string, bucket: string, { state }: PlatformConfig): Allow[] {
  const keys = [STATE_META, ...keysOf(state.stacks).written];
  return [
    { sid: `${sid}List`, actions: ["s3:ListBucket"], resources: [`arn:aws:s3:::${bucket}`] },
    { sid: `${sid}Read`, actions: ["s3:GetObject"], resources: keys.map((key) => `arn:aws:s3:::${bucket}/${key}`) },
  ];
}

/** Pulumi takes a lock and removes it again. */
function writesState(sid: string, bucket: string, { state }: PlatformConfig): Allow[] {
  const { written, locks } = keysOf(state.stacks);
  const objects = (keys: readonly string[]) => keys.map((key) => `arn:aws:s3:::${bucket}/${key}`);
  return [
    { sid: `${sid}Write`, actions: ["s3:PutObject"], resources: objects(written) },
    { sid: `${sid}Unlock`, actions: ["s3:DeleteObject"], resources: objects(locks) },
  ];
}

function keysOf(stacks: readonly string[]): { written: string[]; locks: string[] } {
  const all = stacks.map((stack) => {
    const [, project = "", name = ""] = stack.split("/");
    return stateKeys(project, name);
  });
  return { written: all.flatMap(({ written }) => written), locks: all.map(({ locks }) => locks) };
}

/** Listing shows names of all secrets and no value; values are read below the prefix only. */
function secrets({ keys }: PlatformConfig, account: string): Allow[] {
  return [
    { sid: "ListSecrets", actions: ["secretsmanager:ListSecrets"], resources: ["*"] },
    {
      sid: "ReadSecrets",
      actions: ["secretsmanager:GetSecretValue"],
      resources: [`arn:aws:secretsmanager:*:${account}:secret:${keys.prefix}*`],
    },
    // Systems seal theirs with keys of their own.
    {
      sid: "OpenSecrets",
      actions: ["kms:Decrypt"],
      resources: [`arn:aws:kms:*:${account}:key/*`],
      condition: {
        StringLike: {
          "kms:ViaService": "secretsmanager.*.amazonaws.com",
          "kms:EncryptionContext:SecretARN": `arn:aws:secretsmanager:*:${account}:secret:${keys.prefix}*`,
        },
      },
    },
  ];
}

function pulling(account: string): Allow {
  return {
    sid: "Pull",
    actions: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"],
    resources: [`arn:aws:ecr:*:${account}:repository/*`],
  };
}

function pushing({ registry }: PlatformConfig, account: string): Allow {
  const [, ...folder] = registry.recoverTo.split("/");
  return {
    sid: "Push",
    actions: [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ],
    resources: [`arn:aws:ecr:*:${account}:repository/${[...folder, "*"].join("/")}`],
  };
}
