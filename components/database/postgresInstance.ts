import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type * as random from "@pulumi/random";
import type { Duration } from "../../recovery/duration";
import { DatabasePassword } from "./databasePassword";
import {
  backupDays,
  type InstanceSize,
  instanceOf,
  parameterGroup,
  type ReplicaSize,
  type SiteOfInstance,
} from "./postgresSettings";
import { assetPromise, type DataPromise } from "./promise";

/** The other region of a database: its backups are carried there, and a replica follows it. */
export interface OtherRegion extends SiteOfInstance {
  /** Its name: the secret is kept there as well. */
  region: string;
  /** How long the backups there are kept; whole days, 35 at most. @default as in the first region */
  backups?: Duration;
  /** The replica that a recovery may promote; a database without one is restored from the backups, by what is declared here. @default none */
  replica?: ReplicaSize;
}

/** Arguments of `PostgresInstance`. */
export interface PostgresInstanceArgs {
  promise: DataPromise;
  /** Identifier of the instance; plain, so that jobs can name it before deployment. */
  identifier: string;
  /** Version with its minor part, as "15.12": RDS upgrades nothing by itself. */
  version: string;
  /** Name of the first database. */
  database: string;
  /** The user that everything else is set up with. */
  username: string;
  random: random.Provider;
  size: InstanceSize;
  at: SiteOfInstance;
  /** How far back any moment can be restored; whole days, 0 to 35. */
  backups: Duration;
  /** Daily snapshot, `hh:mm-hh:mm` UTC, outside of `maintenanceWindow`. */
  backupWindow: string;
  /** Weekly, `ddd:hh:mm-ddd:hh:mm` UTC. */
  maintenanceWindow: string;
  /** @default none */
  elsewhere?: OtherRegion;
  /** Parameters of PostgreSQL that take effect at once; TLS is enforced whatever they say. @default none */
  parameters?: Record<string, string>;
  tags?: Record<string, string>;
}

/** A PostgreSQL database of Amazon RDS with backups of any moment, a standby, and another region to fall back to. */
export class PostgresInstance extends pulumi.ComponentResource {
  /** The host name that clients connect to. */
  declare readonly address: pulumi.Output<string>;
  /** Name of the secret with `username` and `password`. */
  declare readonly secretName: string;
  /** Identifier of the replica, if there is one. */
  declare readonly replicaIdentifier: string | undefined;

  constructor(name: string, args: PostgresInstanceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:database:PostgresInstance", name, {}, opts);
    const { identifier, elsewhere, at } = args;
    const days = backupDays(name, args.backups);
    const otherDays = backupDays(name, elsewhere?.backups ?? args.backups);
    if (elsewhere !== undefined && (days === 0 || otherDays === 0)) {
      throw new RangeError(`${name}: backups must be 1d to 35d for another region to have any, got 0d`);
    }
    const guarded = { parent: this, provider: at.provider, protect: true };
    this.secretName = `${identifier}-postgres`;
    const { password } = new DatabasePassword(
      `${name}-user`,
      {
        secret: this.secretName,
        username: args.username,
        provider: at.provider,
        random: args.random,
        key: at.key,
        ...(elsewhere === undefined ? {} : { replica: { region: elsewhere.region, key: elsewhere.key } }),
      },
      { parent: this },
    );
    const parameters = new aws.rds.ParameterGroup(`${name}-parameters`, parameterGroup(args), guarded);
    const primary = new aws.rds.Instance(
      `${name}-instance`,
      {
        ...instanceOf(args, args.size, at, days),
        identifier,
        engine: "postgres",
        engineVersion: args.version,
        dbName: args.database,
        username: args.username,
        password,
        backupWindow: args.backupWindow,
        maintenanceWindow: args.maintenanceWindow,
        allocatedStorage: args.size.storageGib,
        skipFinalSnapshot: false,
        finalSnapshotIdentifier: `${identifier}-final`,
      },
      { ...guarded, dependsOn: [parameters] },
    );
    this.address = primary.address;
    this.replicaIdentifier = elsewhere?.replica && `${identifier}-replica`;
    if (elsewhere !== undefined) this.#follow(name, args, elsewhere, primary, otherDays);
    this.registerOutputs({ asset: assetPromise(args.promise) });
  }

  #follow(name: string, args: PostgresInstanceArgs, there: OtherRegion, primary: aws.rds.Instance, days: number): void {
    const guarded = { parent: this, provider: there.provider, protect: true };
    new aws.rds.InstanceAutomatedBackupsReplication(
      `${name}-backups`,
      { sourceDbInstanceArn: primary.arn, retentionPeriod: days, kmsKeyId: there.key },
      guarded,
    );
    // What is restored there needs it as much as a replica does.
    const parameters = new aws.rds.ParameterGroup(`${name}-replica-parameters`, parameterGroup(args), guarded);
    if (there.replica === undefined) return;
    new aws.rds.Instance(
      `${name}-replica`,
      {
        ...instanceOf(args, there.replica, there, days),
        identifier: `${args.identifier}-replica`,
        replicateSourceDb: primary.arn,
        backupWindow: args.backupWindow,
        maintenanceWindow: there.replica.maintenanceWindow,
        // RDS takes no final snapshot of a replica, and refuses to delete one that asks for it.
        skipFinalSnapshot: true,
      },
      { ...guarded, dependsOn: [parameters] },
    );
  }
}
