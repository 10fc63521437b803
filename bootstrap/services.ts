import type { StackSettings, SystemSettings } from "./config";
import { bucketArns, objectArns, type Statement } from "./statement";

/** What a stack has in services of AWS, as the ARNs and conditions that its policies are made of; nothing where it has none. */
export interface Services {
  /** ARN of any key of the account, as keys have numbers only once they exist: what is allowed asks for the tag. */
  keys: string[];
  /** The same of security groups, and of their rules. */
  groups: string[];
  rules: string[];
  networks: string[];
  /** Values that the tag `system` has. */
  systems: string[];
  regions: string[];
  /** Instances, parameter groups and subnet groups by name. */
  databases: string[];
  /** What RDS gives every instance by itself. */
  options: string[];
  /** All of the account's: what asks by number, or lists, is allowed on all or not at all. */
  instances: string[];
  backups: string[];
  /** The role that RDS makes for itself once in an account. */
  databaseRole: string[];
  secrets: string[];
  /** Buckets that are copied, objects that are their copies, and roles by which S3 copies. */
  copied: string[];
  copies: string[];
  copiers: string[];
  hidden: string[];
  alarms: string[];
  /** Load balancers and their parts by name; certificates and health checks have numbers only once they exist. */
  balancers: string[];
  balancerRole: string[];
  certificates: string[];
  checks: string[];
  /** Names that the stack alone writes, and their zones. */
  hosts: string[];
  hostZones: string[];
  topics: string[];
}

const BALANCER_ROLE = "aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing";
const DATABASE_ROLE = "aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS";

/** What systems have there that are called so; what they make together. */
export function servicesOf(
  { account, region, replica }: StackSettings,
  systems: string[],
  { records, services }: Pick<SystemSettings, "records" | "services">,
): Services {
  const { databases = [], replications = [], hidden = [], balancers = [], hosts = [] } = services ?? {};
  const arn = (service: string, name: string) => `arn:aws:${service}:*:${account}:${name}`;
  const made = (service: string, kinds: string[]) =>
    systems.length > 0 ? kinds.map((kind) => arn(service, `${kind}/*`)) : [];
  const ofDatabases = (...kinds: string[]) => (databases.length > 0 ? kinds.map((kind) => arn("rds", kind)) : []);
  return {
    keys: made("kms", ["key"]),
    groups: made("ec2", ["security-group"]),
    rules: made("ec2", ["security-group-rule"]),
    networks: (services?.networks ?? []).map((vpc) => arn("ec2", `vpc/${vpc}`)),
    systems,
    regions: [region, replica],
    databases: databases.flatMap((name) => ["db", "pg", "subgrp"].map((kind) => arn("rds", `${kind}:${name}`))),
    options: ofDatabases("og:default:*"),
    instances: ofDatabases("db:*"),
    backups: ofDatabases("auto-backup:*"),
    databaseRole: databases.length > 0 ? [`arn:aws:iam::${account}:role/${DATABASE_ROLE}`] : [],
    secrets: (services?.secrets ?? []).map((name) => arn("secretsmanager", `secret:${secretName(name)}`)),
    copied: bucketArns(replications.map(({ from }) => from)),
    copies: objectArns(
      replications.map(({ to }) => to),
      ["*"],
    ),
    copiers: replications.map(({ role }) => `arn:aws:iam::${account}:role/${role}`),
    hidden: hidden.map((one) => `arn:aws:s3:::${one}`),
    alarms: (services?.alarms ?? []).map((name) => arn("cloudwatch", `alarm:${name}`)),
    balancers: balancers.flatMap((name) =>
      ["loadbalancer/app", "listener/app", "targetgroup"].map((kind) =>
        arn("elasticloadbalancing", `${kind}/${name}/*`),
      ),
    ),
    balancerRole: balancers.length > 0 ? [`arn:aws:iam::${account}:role/${BALANCER_ROLE}`] : [],
    certificates: hosts.length > 0 ? made("acm", ["certificate"]) : [],
    checks: hosts.length > 0 ? ["arn:aws:route53:::healthcheck/*"] : [],
    // ACM asks for a record below each name.
    hosts: hosts.flatMap((name) => [name, `_*.${name}`]),
    hostZones: hosts.length > 0 ? Object.keys(records).map((zone) => `arn:aws:route53:::hostedzone/${zone}`) : [],
    topics: (services?.topics ?? []).map((name) => arn("sns", name)),
  };
}

/** Secrets Manager puts a hyphen and six characters behind a name. */
function secretName(name: string): string {
  return name.endsWith("*") ? name : `${name}-??????`;
}

/** Asks for a resource that has the tag of one of the systems. */
export function tagged({ systems }: Services): NonNullable<Statement["Condition"]> {
  return { StringEquals: { "aws:ResourceTag/system": systems } };
}

/** Asks for a key of one of the systems, used through these services and not by hand. */
export function through(services: Services, ...names: string[]): NonNullable<Statement["Condition"]> {
  const via = names.flatMap((name) => services.regions.map((region) => `${name}.${region}.amazonaws.com`));
  return { StringEquals: { "aws:ResourceTag/system": services.systems, "kms:ViaService": via } };
}
