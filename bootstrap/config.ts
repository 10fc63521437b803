import { z } from "zod";
import { AGREE, ConfigError, type ConfigProblem, problemsOf } from "../systems/config/problems";
import { rawSettings } from "../systems/config/raw";
import { pathText } from "../systems/config/register";
import { awsAccount, bucketName, days, guid, matching, objectName, some, words } from "../systems/config/settings";
import { type Contradiction, contradictions } from "./contradictions";
import { objectsIn, roleSetting, services } from "./serviceSettings";

/** Where a stack's configuration comes from. */
export interface BootstrapSource {
  /** `main` of `Pulumi.main.yaml`. */
  stack: string;
  /** As `pulumi.runtime.allConfig()` gives it: texts, objects as JSON. */
  values: Readonly<Record<string, string>>;
  /** Whether a top-level key, `bootstrap:home`, is marked secret: its value is never printed. */
  isSecret: (key: string) => boolean;
}

const NAMESPACE = "bootstrap";

const number = (what: string) => matching(`the number of the ${what} as a quoted text, such as "1234567"`, /^\d+$/);

const region = () => matching('a region of AWS such as "eu-central-1"', /^[a-z]{2}(-[a-z]+)+-\d$/);

const place = {
  account: awsAccount(),
  /** Region of what is used every day. */
  region: region(),
  /** Region that holds a copy of it. */
  replica: region(),
  /** Profile of the AWS command line that reaches the account. @default what the shell is logged in to */
  profile: words("company-prod").optional(),
};

/** A subscription in which nothing else is: what CI may do, it may do there everywhere. */
const azure = z.strictObject({
  tenant: guid("the id of a directory"),
  subscription: guid("the id of a subscription"),
  location: words("westeurope"),
  /** Roles that the stack itself makes, by id: beside some of Azure's own, those that it may give. */
  roles: z.array(guid("the id of a role")).default([]),
});

const zoneId = matching('the id of a hosted zone such as "Z0123456789EXAMPLE"', /^Z[A-Z0-9]+$/);

/** What jobs of the platform do besides: they keep copies of what all stands on, and bring it back. */
const platform = z.strictObject({
  /** Role of the account that reads the stack's state, to keep copies of it. */
  exporter: roleSetting,
  /** Role that reads it, and brings it back in the other region. */
  recoverer: roleSetting,
  /** Zones of Route 53 of which it brings back every record, whosever it is. */
  zones: z.array(zoneId).default([]),
  /** Repositories of ECR that it fills again. */
  repositories: z
    .array(matching('repositories of ECR such as "recovered/*"', /^[a-z0-9][a-z0-9._/-]+\*?$/))
    .default([]),
  /** Secrets that are exported for the clean room's key, by what their names begin with. */
  secrets: z
    .array(matching('what names of secrets begin with, such as "holdfast/prod/"', /^[\w+=.@/-]+\/$/))
    .default([]),
});

/** What one system of a stack makes, and the most that the roles of its jobs may reach. */
const system = z.strictObject({
  /** Buckets that it makes: whole names, since `*` in a policy would reach into the objects as well. */
  buckets: z.array(bucketName()).default([]),
  /** Objects that it puts there itself. What its jobs put there is none of a deployment's business. */
  objects: z.array(objectsIn).default([]),
  /** DNS names that it may write, by hosted zone of Route 53. */
  records: z
    .record(
      zoneId,
      some(matching('a DNS name such as "omendb.example.com"', /^[a-z0-9_*.-]+$/), '["omendb.example.com"]'),
    )
    .default({}),
  /** IAM roles that it makes for its jobs. */
  roles: z.array(matching('the name of a role, or several as "omendb-prod-*"', /^[\w+=,.@-]{3,64}\*?$/)).default([]),
  /** @default none of them */
  services: services.optional(),
  platform: platform.optional(),
});

const stack = z.strictObject({
  ...place,
  /** EKS clusters that it deploys to. */
  clusters: z
    .array(matching('the name of a cluster such as "prod-eu-central-1"', /^[A-Za-z0-9][\w-]{0,99}$/))
    .default([]),
  /** By name: the value of the tag `system` that keys and security groups are made with. */
  systems: z.record(objectName(), system).default({}),
  azure: azure.optional(),
});

const schema = z.strictObject({
  github: z.strictObject({
    owner: matching('the owner of the repository such as "example"', /^[A-Za-z0-9][A-Za-z0-9-]*$/),
    repository: matching('the name of the repository without its owner, such as "holdfast"', /^[\w.-]+$/),
    ownerId: number("owner").optional(),
    repositoryId: number("repository").optional(),
    /** Accounts that trust GitHub already: each can have it only once. */
    trustedIn: z.array(awsAccount()).default([]),
  }),
  home: z.strictObject(place),
  state: z.strictObject({
    /** The copy in the other region is called so with `-replica` behind it. */
    bucket: bucketName(),
    /** Project in ../Pulumi.yaml whose stacks CI deploys. */
    project: matching('the name of a project such as "holdfast"', /^[A-Za-z0-9_.-]+$/).default("holdfast"),
    /** Nobody deletes a version before; one that was replaced is kept as long again. */
    lock: days().default("35d"),
    /** How long copies are kept that Pulumi makes of a state after each update. */
    keepBackups: days().default("400d"),
  }),
  evidence: z.strictObject({
    bucket: bucketName(),
    lock: days().default("400d"),
    expire: days().default("800d"),
  }),
  stacks: z.record(objectName(), stack),
});

/** What CI needs, as configured. */
export type BootstrapConfig = z.output<typeof schema>;

/** One stack that CI deploys. */
export type StackSettings = BootstrapConfig["stacks"][string];

/** One system of it. */
export type SystemSettings = StackSettings["systems"][string];

/** Its place in Azure. */
export type AzureSettings = z.output<typeof azure>;

/** Reads and checks all of the configuration; throws a `ConfigError` that lists every problem. */
export function readBootstrapConfig(source: BootstrapSource): BootstrapConfig {
  const { raw, problems } = rawSettings(source, NAMESPACE, Object.keys(schema.shape));
  const key = (path: readonly PropertyKey[]) => `${NAMESPACE}:${pathText(path)}`;
  const isSecret = ([top]: readonly PropertyKey[]) => source.isSecret(`${NAMESPACE}:${String(top)}`);
  problems.push(...problemsOf(schema, raw, key, isSecret));
  problems.push(...contradictions(parts(raw)).map((one) => told(one, isSecret)));
  if (problems.length > 0) throw new ConfigError(`Pulumi.${source.stack}.yaml`, problems);
  return schema.parse(raw);
}

/** What can be read of settings of which others cannot: all problems are told at once. */
function parts(raw: Record<string, unknown>): Partial<BootstrapConfig> {
  const read = Object.entries(schema.shape).map(([name, part]) => [name, part.safeParse(raw[name]).data]);
  return Object.fromEntries(read) as Partial<BootstrapConfig>;
}

function told({ path, message }: Contradiction, isSecret: (path: readonly PropertyKey[]) => boolean): ConfigProblem {
  return { key: `${NAMESPACE}:${pathText(path)}`, message: isSecret(path) ? `${AGREE}, got [secret]` : message };
}
