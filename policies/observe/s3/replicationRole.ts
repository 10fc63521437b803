import { type Bound, isUnknown } from "../../../recovery/bound";
import type { Place } from "../../../recovery/plan";
import { titleOf } from "../names";
import type { Program } from "../program";
import { type Facts, facts } from "../read";
import type { AwsRole } from "../resources/awsRole";
import type { Bucket } from "../resources/bucket";
import { globOf, type Statement, statementsOf } from "../resources/policyStatement";
import { policiesOfRole } from "../resources/rolePolicy";

/** An end of what S3 copies. */
interface End {
  name: string;
  at: Place;
}

/** Something that S3 does as the role. */
interface Use {
  action: string;
  arn: string;
  /** Where a key is used: under other conditions than these it is not. */
  through?: End;
}

/**
 * Why S3 copies nothing for lack of leave, or why nobody can tell; nothing where its role may do all that it takes
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html, and of keys
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html).
 */
export function roleGap(
  rule: Facts,
  { from, to, keyed }: { from: Bucket; to: Bucket; keyed: boolean },
  program: Program,
): Bound | undefined {
  const role = roleOf(rule, program);
  const title = titleOf(rule.resource);
  if (role === undefined) return { unknown: `the role by which ${title} copies is none that this program declares` };
  const policies = policiesOfRole(role, program.rolePolicies);
  if (policies === undefined) return { unknown: `${titleOf(role.resource)} has policies that are not read` };
  const [source, target] = [endOf(from), endOf(to)];
  if (source === undefined || target === undefined)
    return { unknown: `the names and places of both buckets of ${title} must be known to tell what its role may do` };
  const statements: Statement[] = [];
  for (const policy of policies) {
    const read = statementsOf(policy);
    if ("unknown" in read) return read;
    statements.push(...read.list);
  }
  const answers = usesOf(source, target, keyed).map((use) => ({ use, may: answer(use, statements) }));
  const found = answers.find(({ may }) => may === "no") ?? answers.find(({ may }) => may === "unknown");
  if (found === undefined) return undefined;
  const { use, may } = found;
  const what = `${titleOf(role.resource)} ${use.action} on ${use.arn}`;
  return may === "no"
    ? { unbounded: `no policy lets ${what}: S3 copies nothing without it` }
    : { unknown: `whether a policy lets ${what} hangs on what is not read of it` };
}

function roleOf({ resource }: Facts, { awsRoles }: Program): AwsRole | undefined {
  const upstream = resource.propertyDependencies.role ?? [];
  if (upstream.length > 0) return awsRoles.find((one) => upstream.includes(one.resource.urn));
  const arn = facts(resource).text("role");
  return typeof arn === "string"
    ? awsRoles.find(({ name }) => typeof name === "string" && arn.endsWith(`/${name}`))
    : undefined;
}

function endOf({ name, at }: Bucket): End | undefined {
  return typeof name === "string" && !isUnknown(at) ? { name, at } : undefined;
}

function usesOf(from: End, to: End, keyed: boolean): Use[] {
  const bucket = `arn:aws:s3:::${from.name}`;
  const uses: [action: string, arn: string][] = [
    ["s3:GetReplicationConfiguration", bucket],
    ["s3:ListBucket", bucket],
    ["s3:GetObjectVersionForReplication", `${bucket}/any`],
    ["s3:GetObjectVersionAcl", `${bucket}/any`],
    ["s3:GetObjectVersionTagging", `${bucket}/any`],
    ["s3:ReplicateObject", `arn:aws:s3:::${to.name}/any`],
    ["s3:ReplicateTags", `arn:aws:s3:::${to.name}/any`],
  ];
  const keys: Use[] = [
    { action: "kms:Decrypt", arn: anyKey(from), through: from },
    { action: "kms:Encrypt", arn: anyKey(to), through: to },
  ];
  return [...uses.map(([action, arn]) => ({ action, arn })), ...(keyed ? keys : [])];
}

/** A key has a number only once it exists. */
function anyKey({ at }: End): string {
  return `arn:aws:kms:${at.region}:${at.account}:key/any`;
}

function answer(use: Use, statements: readonly Statement[]): "yes" | "no" | "unknown" {
  const about = statements.filter((one) => one.isAbout(use.action));
  const on = about.filter((one) => one.isOn(use.arn));
  const met = (one: Statement) => one.conditions.every((condition) => holds(condition, use));
  if (on.some((one) => one.denies && one.conditions.length === 0)) return "no";
  if (on.some((one) => one.denies)) return "unknown";
  if (on.some(met)) return "yes";
  // One key by its number may be the one that is meant.
  return on.length > 0 || (use.through !== undefined && about.length > 0) ? "unknown" : "no";
}

/** Whether S3 meets a condition as it uses a key for the objects of a bucket; of any other condition nobody can tell. */
function holds(condition: string, { through }: Use): boolean {
  if (through === undefined) return false;
  const [operator = "", key, ...rest] = condition.split(" ");
  const values = rest.join(" ").split(",");
  const fits = (value: string) =>
    values.some((one) => (operator === "StringEquals" ? one === value : globOf(one).test(value)));
  if (!["StringEquals", "StringLike", "ArnLike"].includes(operator)) return false;
  if (key === "kms:ViaService") return fits(`s3.${through.at.region}.amazonaws.com`);
  const bucket = `arn:aws:s3:::${through.name}`;
  return key === "kms:EncryptionContext:aws:s3:arn" && fits(bucket) && fits(`${bucket}/any`);
}
