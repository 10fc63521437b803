import type { Provider, Resource } from "../../../policies/graph";
import { answering, here, type Props, stepOf, there } from "./nucleus";
import { type Parts, resource } from "./program";

const limit = (rpo: string, rto: string) => ({ rpo, rto, owner: "database team", reason: "the guide" });

/** The asset of the example. */
export const asset = "nucleus/database";

const component = "urn:pulumi:prod::holdfast::holdfast:database:PostgresInstance::nucleus";

/** A resource below the component that promises the database. */
export function part(
  type: string,
  name: string,
  props: Props,
  provider: Provider,
  upstream: Resource["propertyDependencies"] = {},
): Resource {
  return resource(type, name, props, { provider, parent: component, propertyDependencies: upstream });
}

const instance = "aws:rds/instance:Instance";
const urnOf = (type: string, name: string) => `urn:pulumi:prod::holdfast::${type}::${name}`;
const guarded = {
  deletionProtection: true,
  deleteAutomatedBackups: false,
  applyImmediately: true,
  storageEncrypted: true,
  engine: "postgres",
  engineVersion: "15.12",
  backupWindow: "00:30-01:00",
};

/** A step of a recovery that knows an instance by its identifier. */
export function step(path: string, disruptions: string, protection: string, identifier = "nucleus"): Resource {
  return stepOf(asset, path, disruptions, protection, { name: "INSTANCE", value: identifier });
}

/** A database of Amazon RDS in which everything is said and agrees, and nothing else. */
export function kept(): Parts {
  return {
    register: answering({ "managed-service": "5m", "log-upload": "5m", "backup-copy": "30m", "replica-lag": "10m" }),
    promise: resource("holdfast:database:PostgresInstance", "nucleus", {
      asset: {
        id: asset,
        kind: "database",
        objectives: {
          process: limit("0s", "15m"),
          node: limit("0s", "15m"),
          zone: limit("0s", "15m"),
          region: limit("1h", "4h"),
          corruption: limit("2h", "4h"),
        },
        retention: { atLeast: "14d" },
        bytes: 10_000_000_000,
      },
    }),
    database: part(
      instance,
      "nucleus-instance",
      {
        ...guarded,
        identifier: "nucleus",
        multiAz: true,
        backupRetentionPeriod: 35,
        parameterGroupName: "nucleus",
        maintenanceWindow: "sun:02:00-sun:06:00",
        allocatedStorage: 20,
      },
      here,
    ),
    parameters: part(
      "aws:rds/parameterGroup:ParameterGroup",
      "nucleus-parameters",
      { name: "nucleus", family: "postgres15", parameters: [{ name: "rds.force_ssl", value: "1" }] },
      here,
    ),
    replica: part(
      instance,
      "nucleus-replica",
      {
        ...guarded,
        identifier: "nucleus-replica",
        replicateSourceDb: "later",
        backupRetentionPeriod: 35,
        maintenanceWindow: "sun:06:00-sun:06:30",
      },
      there,
      { replicateSourceDb: [urnOf(instance, "nucleus-instance")] },
    ),
    copies: part(
      "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
      "nucleus-copies",
      { sourceDbInstanceArn: "later", retentionPeriod: 35, kmsKeyId: "later" },
      there,
      { sourceDbInstanceArn: [urnOf(instance, "nucleus-instance")] },
    ),
    back: step("restore-in-time", "corruption", "point-in-time"),
    elsewhere: step("restore-elsewhere", "region", "replicated-backups"),
    promote: step("promote", "region", "replica", "nucleus-replica"),
  };
}
