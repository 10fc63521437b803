import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** One statement of an IAM policy that allows. */
export interface Allow {
  sid: string;
  actions: string[];
  resources: string[];
  condition?: Record<string, Record<string, string | string[]>>;
}

/** Arguments of `WorkloadRole`. */
export interface WorkloadRoleArgs {
  provider: aws.Provider;
  /** Name of the role; plain, so that service accounts can name it before deployment. */
  role: string;
  /** Account of the role. */
  account: string;
  /** Clusters and service accounts that may take it; `issuer` is the cluster's OIDC issuer without `https://`. */
  trusts: { issuer: string; namespace: string; serviceAccount: string }[];
  allows: Allow[];
  /** Name of the account's policy that bounds it: who deploys may make no role without. @default none */
  boundary?: string | undefined;
}

/** An IAM role that named service accounts take, with nothing but what they need. */
export class WorkloadRole extends pulumi.ComponentResource {
  constructor(name: string, args: WorkloadRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:access:WorkloadRole", name, {}, opts);
    const options = { parent: this, provider: args.provider };
    const role = new aws.iam.Role(
      `${name}-role`,
      { name: args.role, assumeRolePolicy: JSON.stringify(trustPolicy(args)), ...bounded(args) },
      options,
    );
    new aws.iam.RolePolicy(
      `${name}-policy`,
      { name: args.role, role: args.role, policy: JSON.stringify(accessPolicy(args.allows)) },
      { ...options, dependsOn: [role] },
    );
    this.registerOutputs({ role: args.role });
  }
}

/** ARN of a role by its plain name. */
export function roleArn(account: string, role: string): string {
  return `arn:aws:iam::${account}:role/${role}`;
}

/** What bounds a role of an account by the name of a policy there, if anything does. */
export function bounded({ account, boundary }: Pick<WorkloadRoleArgs, "account" | "boundary">): {
  permissionsBoundary?: string;
} {
  return boundary === undefined ? {} : { permissionsBoundary: `arn:aws:iam::${account}:policy/${boundary}` };
}

function trustPolicy({ account, trusts }: WorkloadRoleArgs) {
  return {
    Version: "2012-10-17",
    Statement: trusts.map(({ issuer, namespace, serviceAccount }) => ({
      Effect: "Allow",
      Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${issuer}` },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${issuer}:aud`]: "sts.amazonaws.com",
          [`${issuer}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
        },
      },
    })),
  };
}

function accessPolicy(allows: readonly Allow[]) {
  return {
    Version: "2012-10-17",
    Statement: allows.map(({ sid, actions, resources, condition }) => ({
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      ...(condition ? { Condition: condition } : {}),
    })),
  };
}
