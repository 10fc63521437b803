import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AzureAccess } from "./azureAccess";
import { boundaryPolicy } from "./boundary";
import type { BootstrapConfig } from "./config";
import { deployPolicy } from "./deployPolicy";
import { EnvironmentRole } from "./environmentRole";
import { AUDIENCE, ISSUER, subjectOf } from "./github";
import { boundaryName, keyAlias, PREFIX, type Purpose, purposes, roleName } from "./names";
import { previewPolicy } from "./previewPolicy";
import { type Regions, regionsOf } from "./regions";
import { type Scope, scopeOf } from "./scope";
import { SecretsKey } from "./secretsKey";
import { servicePolicies } from "./servicePolicies";

const policies: Record<Purpose, (scope: Scope) => ReturnType<typeof previewPolicy>> = {
  preview: previewPolicy,
  deploy: deployPolicy,
};

/** Arguments of `StackAccess`. */
export interface StackAccessArgs {
  config: BootstrapConfig;
  stack: string;
  settings: BootstrapConfig["stacks"][string];
  /** Makes the account trust GitHub; an account can only do so once. */
  trusts: boolean;
}

/** All that CI needs for one stack: its key, the roles of its environments, a bound for the roles of each of its systems. */
export class StackAccess extends pulumi.ComponentResource {
  /** What the provider of Azure calls the clients, where the stack is in Azure. */
  declare readonly azure: AzureAccess | undefined;

  constructor(name: string, args: StackAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:bootstrap:StackAccess", name, {}, opts);
    const { config, stack, settings } = args;
    const { account } = settings;
    const scope = scopeOf(config, stack, settings);
    const regions = regionsOf(stack, settings);
    const options = { parent: this, provider: regions.main };

    const trust = args.trusts ? [github(`${name}-github`, options)] : [];
    for (const system of Object.keys(settings.systems)) {
      new aws.iam.Policy(
        `${name}-${system}-boundary`,
        {
          name: boundaryName(stack, system),
          description: `The most that a role of ${system} made by ${stack} can do`,
          policy: JSON.stringify(boundaryPolicy(scopeOf(config, stack, settings, [system]))),
        },
        // Without it the roles of the jobs could do whatever their own policies say.
        { ...options, protect: true },
      );
    }
    const besides = furtherPolicies(name, args, scope, options);
    for (const purpose of purposes) {
      new EnvironmentRole(
        `${name}-${purpose}`,
        {
          provider: regions.main,
          role: roleName(stack, purpose),
          account,
          subject: subjectOf(config.github, stack, purpose),
          policy: policies[purpose](scope),
          besides: besides[purpose],
        },
        { parent: this, dependsOn: trust },
      );
    }
    secretsKey(name, args, regions, this);
    this.azure = settings.azure
      ? new AzureAccess(`${name}-azure`, { config, stack, settings: settings.azure }, { parent: this })
      : undefined;
    this.registerOutputs({ stack });
  }
}

/** The certificate of GitHub's host is one that AWS trusts by itself: no thumbprint is asked. */
function github(name: string, options: pulumi.CustomResourceOptions): pulumi.Resource {
  return new aws.iam.OpenIdConnectProvider(name, { url: `https://${ISSUER}`, clientIdLists: [AUDIENCE] }, options);
}

/** ARNs of what the roles have besides their own policies, by role and by what it is called. */
function furtherPolicies(
  name: string,
  { stack }: StackAccessArgs,
  scope: Scope,
  options: pulumi.CustomResourceOptions,
): Record<Purpose, Record<string, pulumi.Output<string>>> {
  const found: Record<Purpose, Record<string, pulumi.Output<string>>> = { preview: {}, deploy: {} };
  for (const { name: as, of, document } of servicePolicies(scope)) {
    const { arn } = new aws.iam.Policy(
      `${name}-${as}`,
      { name: `${PREFIX}${stack}-${as}`, policy: JSON.stringify(document) },
      options,
    );
    for (const purpose of of) found[purpose][as] = arn;
  }
  return found;
}

function secretsKey(
  name: string,
  { stack, settings }: StackAccessArgs,
  providers: Regions,
  parent: pulumi.Resource,
): void {
  const { account } = settings;
  const openers = purposes.map((purpose) => `arn:aws:iam::${account}:role/${roleName(stack, purpose)}`);
  new SecretsKey(`${name}-secrets`, { alias: keyAlias(stack), account, providers, openers }, { parent });
}
