import type { Provider, Resource, Value } from "../../../policies/graph";
import { assumption, cronJob, healthy, type Parts, resource, secondary } from "./program";

type Props = Record<string, Value>;

const limit = (rpo: string, rto: string) => ({ rpo, rto, owner: "database team", reason: "the guide" });

function account(name: string, region: string): Provider {
  const props = { region, allowedAccountIds: ["111111111111"] };
  return { type: "pulumi:providers:aws", name, urn: `urn:pulumi:prod::holdfast::pulumi:providers:aws::${name}`, props };
}

const here = account("here", "eu-central-1");
/** AWS in the other region, by credentials of the same account. */
export const there: Provider = account("there", "eu-west-1");

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
const guarded = { deletionProtection: true, deleteAutomatedBackups: false, applyImmediately: true, engine: "postgres" };

/** A step of a recovery that knows an instance by its identifier. */
export function step(path: string, disruptions: string, protection: string, identifier = "nucleus"): Resource {
  const links = { role: "recovery", protects: asset, path, disruptions, step: "restore", protection };
  const pod = { containers: [{ name: "job", env: [{ name: "INSTANCE", value: identifier }] }] };
  const job = { activeDeadlineSeconds: 1_800, backoffLimit: 0, template: { spec: pod } };
  const effect = "restores,verifies";
  return cronJob(`${path}-step`, { ...links, effect }, { suspend: true, jobTemplate: { spec: job } }, secondary);
}

/** A database of Amazon RDS in which everything is said and agrees, and nothing else. */
export function kept(): Parts {
  const { register } = healthy();
  if (register === undefined) throw new Error("the example program has a register");
  const words = register.props.assumptions as readonly Props[];
  const own = (term: string, value: string) =>
    assumption(term, value, { id: `nucleus-${term}`, assets: ["nucleus/*"] });
  return {
    register: {
      ...register,
      props: {
        ...register.props,
        assumptions: [
          ...words.map((one) => ({ ...one, assets: ["nucleus/*"] })),
          own("managed-service", "5m"),
          own("log-upload", "5m"),
          own("backup-copy", "30m"),
          own("replica-lag", "10m"),
        ],
      },
    },
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
      { ...guarded, identifier: "nucleus-replica", replicateSourceDb: "later", backupRetentionPeriod: 35 },
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
