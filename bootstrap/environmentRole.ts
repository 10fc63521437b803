import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { trustPolicy } from "./github";
import type { Document } from "./statement";

/** Arguments of `EnvironmentRole`. */
export interface EnvironmentRoleArgs {
  provider: aws.Provider;
  /** Name of the role. */
  role: string;
  account: string;
  /** Subject of the tokens that may take it, whole. */
  subject: string;
  policy: Document;
  /** Policies of the account that it has besides, by what they are called here. @default none */
  besides?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** The role that the jobs of one environment of GitHub take, for the time of a run. */
export class EnvironmentRole extends pulumi.ComponentResource {
  constructor(name: string, args: EnvironmentRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:bootstrap:EnvironmentRole", name, {}, opts);
    const options = { parent: this, provider: args.provider };
    const trust = trustPolicy(args.account, args.subject);
    const role = new aws.iam.Role(
      `${name}-role`,
      { name: args.role, assumeRolePolicy: JSON.stringify(trust) },
      options,
    );
    new aws.iam.RolePolicy(
      `${name}-policy`,
      { name: args.role, role: args.role, policy: JSON.stringify(args.policy) },
      { ...options, dependsOn: [role] },
    );
    for (const [as, policyArn] of Object.entries(args.besides ?? {})) {
      new aws.iam.RolePolicyAttachment(
        `${name}-${as}`,
        { role: args.role, policyArn },
        { ...options, dependsOn: [role] },
      );
    }
    this.registerOutputs({ role: args.role });
  }
}
