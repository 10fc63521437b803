import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Document, documentOf } from "./statement";

/** Arguments of `SecretsKey`. */
export interface SecretsKeyArgs {
  /** `alias/holdfast-prod`, the same in both regions. */
  alias: string;
  account: string;
  /** Providers of the two regions. */
  providers: { main: aws.Provider; replica: aws.Provider };
  /** ARNs of the roles that may open what is encrypted with it, and do nothing else to it. */
  openers: string[];
}

/** Days in which a deletion can still be taken back; the most that there is. */
const REGRET = 30;

/** The key of one stack's secrets, which the loss of a region does not take with it. */
export class SecretsKey extends pulumi.ComponentResource {
  constructor(name: string, args: SecretsKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:bootstrap:SecretsKey", name, {}, opts);
    const { alias, providers } = args;
    const common = { deletionWindowInDays: REGRET, policy: JSON.stringify(keyPolicy(args)) };
    const main = { parent: this, provider: providers.main, protect: true };
    const replica = { parent: this, provider: providers.replica, protect: true };
    const key = new aws.kms.Key(
      `${name}-key`,
      { ...common, description: `Secrets of Pulumi, ${alias}`, multiRegion: true, enableKeyRotation: true },
      main,
    );
    const copy = new aws.kms.ReplicaKey(
      `${name}-replica`,
      { ...common, description: `Secrets of Pulumi, ${alias}, copy`, primaryKeyArn: key.arn },
      replica,
    );
    new aws.kms.Alias(`${name}-alias`, { name: alias, targetKeyId: key.keyId }, main);
    new aws.kms.Alias(`${name}-replica-alias`, { name: alias, targetKeyId: copy.keyId }, replica);
    this.registerOutputs({ alias });
  }
}

/** The account's own policies decide, but not about what the roles of CI may do to the key. */
function keyPolicy({ account, openers }: SecretsKeyArgs): Document {
  return documentOf([
    {
      Sid: "Account",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: ["kms:*"],
      Resource: ["*"],
    },
    {
      Sid: "OpenersOnlyOpen",
      Effect: "Deny",
      Principal: "*",
      NotAction: ["kms:Decrypt"],
      Resource: ["*"],
      Condition: { ArnEquals: { "aws:PrincipalArn": openers } },
    },
  ]);
}
