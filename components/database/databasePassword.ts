import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Arguments of `DatabasePassword`. */
export interface DatabasePasswordArgs {
  /** Name of the secret; plain, so that whatever reads it can name it before deployment. */
  secret: string;
  username: string;
  /** Provider of the region and account of the database. */
  provider: aws.Provider;
  random: random.Provider;
  /** ARN of the key that encrypts the secret. */
  key: pulumi.Input<string>;
  /** Region that a copy of the secret is kept in, with its key there. @default none */
  replica?: { region: string; key: pulumi.Input<string> };
}

/**
 * The password of a database's first user, made up and kept in AWS Secrets Manager. RDS can manage one itself, but then
 * refuses read replicas for PostgreSQL, and keeps it in the region that is lost.
 */
export class DatabasePassword extends pulumi.ComponentResource {
  /** The password, secret. */
  declare readonly password: pulumi.Output<string>;

  constructor(name: string, args: DatabasePasswordArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:database:DatabasePassword", name, {}, opts);
    const { key, replica, username } = args;
    const options = { parent: this, provider: args.provider, protect: true };
    // RDS refuses some special characters, and letters alone make it long enough.
    const { result } = new random.RandomPassword(
      `${name}-password`,
      { length: 40, special: false },
      { parent: this, provider: args.random, protect: true, additionalSecretOutputs: ["result", "bcryptHash"] },
    );
    this.password = pulumi.secret(result);
    const secret = new aws.secretsmanager.Secret(
      `${name}-secret`,
      {
        name: args.secret,
        kmsKeyId: key,
        recoveryWindowInDays: 30,
        ...(replica === undefined ? {} : { replicas: [{ region: replica.region, kmsKeyId: replica.key }] }),
      },
      options,
    );
    new aws.secretsmanager.SecretVersion(
      `${name}-version`,
      { secretId: secret.id, secretString: pulumi.secret(pulumi.jsonStringify({ username, password: this.password })) },
      options,
    );
    this.registerOutputs({ secret: args.secret });
  }
}
