import * as aws from "@pulumi/aws";
import type { Document, Statement } from "../../bootstrap/statement";
import { ReplicationRole } from "../../components/storage/replicationRole";
import type { Resource } from "../../policies/graph";
import { declared, named } from "../components/declare";
import { policyOf } from "./declared";
import type { Request } from "./iam";
import { accountOf, regionOf, text } from "./need";

/** The policy of a role of the stack; what S3 copies by holds keys that are unknown offline, and known by their region. */
export async function jobPolicy(one: Resource, all: readonly Resource[]): Promise<Document> {
  return typeof one.props.policy === "string" ? policyOf(one) : copierPolicy(one, all);
}

async function copierPolicy(one: Resource, all: readonly Resource[]): Promise<Document> {
  const rules = all.find(
    ({ type, props }) =>
      type.endsWith(":BucketReplicationConfig") && String(props.role).endsWith(`:role/${text(one, "role")}`),
  );
  if (!rules) throw new Error(`${one.name}: its policy is unknown, and nothing is copied by its role`);
  const [rule] = rules.props.rules as readonly { destination: { bucket: string } }[];
  const end = (bucket: string) => {
    const made = all.find((found) => found.type.endsWith(":Bucket") && found.props.bucket === bucket);
    if (!made) throw new Error(`${one.name}: nobody makes ${bucket}`);
    return { bucket, region: regionOf(made), key: `arn:aws:kms:${regionOf(made)}:${accountOf(made)}:key/1` };
  };
  const from = end(text(rules, "bucket"));
  const to = end(String(rule?.destination.bucket).replace("arn:aws:s3:::", ""));
  const keys = (one.propertyDependencies.policy ?? []).map((urn) => all.find((found) => found.urn === urn));
  const regions = keys.flatMap((found) => (found?.type.endsWith(":Key") ? [regionOf(found)] : []));
  if (`${regions.sort()}` !== `${[from.region, to.region].sort()}`)
    throw new Error(`${one.name}: its policy is made of keys of ${regions}, not of those of its buckets`);
  const registered = await declared(() => {
    const provider = new aws.Provider("account", { region: from.region as aws.Region });
    new ReplicationRole("copier", { provider, role: text(one, "role"), account: accountOf(one), from, to });
  });
  return JSON.parse(String(named(registered, "copier-policy").props.policy)) as Document;
}

/** What stands for all of an account in a request that names nothing: what of it the action knows. */
const everything: Record<string, string[]> = {
  "rds:DescribeDBInstances": ["db:*"],
  "rds:DescribeDBInstanceAutomatedBackups": ["auto-backup:*", "db:*"],
};

/** All that a statement allows, as requests which meet the statement's own conditions. */
export function requestsOf(
  { Action = [], Resource = [], Condition = {} }: Statement,
  account: string,
  context: NonNullable<Request["context"]>,
): Request[] {
  const contexts = Object.entries(Condition).reduce<NonNullable<Request["context"]>[]>(
    (met, [operator, keys]) =>
      Object.entries(keys).reduce(
        (sofar, [key, wanted]) =>
          operator.startsWith("ForAllValues:")
            ? sofar.map((one) => ({ ...one, [key]: wanted }))
            : [wanted].flat().flatMap((value) => sofar.map((one) => ({ ...one, [key]: value }))),
        met,
      ),
    [context],
  );
  return [Action].flat().flatMap((action) =>
    [Resource]
      .flat()
      .flatMap((resource) =>
        resource === "*" && everything[action]
          ? everything[action].map((name) => `arn:aws:rds:*:${account}:${name}`)
          : [resource],
      )
      .flatMap((resource) => contexts.map((one) => ({ action, resource, context: one }))),
  );
}
