import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type Duration, duration, wholeDays } from "../../recovery/duration";

/** Where an instance is: a region of an account, its network and its key. */
export interface SiteOfInstance {
  provider: aws.Provider;
  subnetGroup: pulumi.Input<string>;
  securityGroups: pulumi.Input<string>[];
  /** ARN of the key that encrypts storage and backups there. */
  key: pulumi.Input<string>;
}

/** How large an instance is, and whether a standby waits in another zone. */
export interface InstanceSize {
  instanceClass: string;
  storageGib: number;
  /** Storage grows by itself up to this: a full one takes no backups. */
  storageMostGib: number;
  multiAz: boolean;
}

/** How large a replica is, and when AWS may work on it. */
export interface ReplicaSize extends InstanceSize {
  /** Weekly, `ddd:hh:mm-ddd:hh:mm` UTC, outside of that of what it follows: of the two one can always be used. */
  maintenanceWindow: string;
}

/** What a database and its replica have in common. */
interface Common {
  identifier: string;
  version: string;
  parameters?: Record<string, string>;
  tags?: Record<string, string>;
}

/** Kind of disk of every instance, as RDS names it. */
export const STORAGE_TYPE = "gp3";

/** Longest that RDS keeps automated backups, days. */
const MOST_DAYS = 35;

/** Retention as RDS takes it; throws for what it would refuse. */
export function backupDays(name: string, backups: Duration): number {
  const days = wholeDays(duration(backups));
  if (days > MOST_DAYS) throw new RangeError(`${name}: backups must be 0d to ${MOST_DAYS}d, got ${backups}`);
  return days;
}

/** Settings of an instance, whether it is written to or follows another. */
export function instanceOf(
  { identifier, version, tags }: Common,
  { instanceClass, storageMostGib, multiAz }: InstanceSize,
  { subnetGroup, securityGroups, key }: SiteOfInstance,
  days: number,
) {
  return {
    instanceClass,
    multiAz,
    storageType: STORAGE_TYPE,
    storageEncrypted: true,
    kmsKeyId: key,
    maxAllocatedStorage: storageMostGib,
    dbSubnetGroupName: subnetGroup,
    vpcSecurityGroupIds: securityGroups,
    publiclyAccessible: false,
    parameterGroupName: parameterGroupName(identifier, version),
    backupRetentionPeriod: days,
    deleteAutomatedBackups: false,
    copyTagsToSnapshot: true,
    deletionProtection: true,
    // What is judged is in force when the deployment ends, and not some night later; a restart is a deployment's.
    applyImmediately: true,
    autoMinorVersionUpgrade: false,
    enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
    tags: tags ?? {},
  } satisfies Partial<aws.rds.InstanceArgs>;
}

/** The parameters of PostgreSQL; nobody connects without TLS, and no commit is acknowledged before it is durable. */
export function parameterGroup({
  identifier,
  version,
  parameters = {},
  tags = {},
}: Common): aws.rds.ParameterGroupArgs {
  const values = { ...parameters, "rds.force_ssl": "1", synchronous_commit: "on" };
  return {
    name: parameterGroupName(identifier, version),
    family: `postgres${majorOf(version)}`,
    parameters: Object.entries(values)
      .map(([name, value]) => ({ name, value, applyMethod: "immediate" }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    tags,
  };
}

/**
 * Name of the parameter group of an instance, the same in every region.
 * @throws RangeError when the version does not name its minor part
 */
export function parameterGroupName(identifier: string, version: string): string {
  return `${identifier}-postgres${majorOf(version)}`;
}

function majorOf(version: string): string {
  const major = /^(\d+)\.\d+$/.exec(version)?.[1];
  if (major === undefined) throw new RangeError(`version must name its minor part, as "15.12", got "${version}"`);
  return major;
}
