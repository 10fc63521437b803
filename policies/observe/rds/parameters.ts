import { type Bound, isUnknown, type Unknown } from "../../../recovery/bound";
import { seconds } from "../../../recovery/duration";
import { rds } from "../../../recovery/facts";
import { titleOf } from "../names";
import type { Program } from "../program";
import { orDefault, type Read } from "../read";
import { namesOther, type RdsInstance, type RdsSetting } from "../resources/rdsInstance";
import type { Database } from "./database";

/** What PostgreSQL does before it acknowledges, of an instance with these parameters. */
export function lossByParameters(instance: RdsInstance, program: Program): Bound {
  const value = parameterOf(instance, "synchronous_commit", program);
  if (isUnknown(value)) return value;
  if (value !== "off") return seconds(0);
  return {
    unknown: `synchronous_commit is off: ${titleOf(instance.resource)} acknowledges commits before they are durable`,
  };
}

/**
 * Whether the parameters of an instance keep what is promised of it: nobody sends a password or a row in clear, and a
 * replica that is promoted loses no more than what it replaces.
 */
export function noteParameters({ asset, primary, replicas }: Database, program: Program): void {
  const { problems } = program;
  // What RDS does not run PostgreSQL for is told where its loss is read.
  if (primary.facts.text("engine") !== "postgres") return;
  const version = primary.facts.text("engineVersion");
  for (const instance of [primary, ...replicas]) {
    const title = titleOf(instance.resource);
    const source = instance.facts.source("parameterGroupName");
    noteFamily(instance, version, asset, program);
    const said = parameterOf(instance, "rds.force_ssl", program);
    const forced = orDefault(said, isUnknown(version) ? version : enforcedBy(version));
    if (isUnknown(forced)) problems.unknown(source, `rds.force_ssl of ${title} must be 1: ${forced.unknown}`, asset);
    else if (forced !== "1") {
      const got = said === undefined ? "nothing" : said === "0" ? "0" : "something else";
      const why = "whoever listens reads passwords and rows of clients that ask for no TLS";
      problems.add(source, `rds.force_ssl of ${title} must be 1, got ${got}: ${why}`, asset);
    }
    const loss = instance.isReplica ? lossByParameters(instance, program) : 0;
    if (isUnknown(loss)) problems.unknown(source, `once it is promoted: ${loss.unknown}`, asset);
  }
}

/** A group of another major version is refused: nothing is then in force of what either says. */
function noteFamily(instance: RdsInstance, version: Read<string>, asset: string, program: Program): void {
  const group = groupOf(instance, program);
  if (group === undefined || isUnknown(group)) return;
  const family = group.facts.text("family");
  const major = majorOf(version);
  if (isUnknown(family)) program.problems.unknown(group.facts.source("family"), family.unknown, asset);
  else if (major !== undefined && family !== `postgres${major}`) {
    const message = `family of ${titleOf(group.resource)} must be postgres${major}, as engineVersion of the database says, got ${family ?? "nothing"}: RDS refuses the pair`;
    program.problems.add(group.facts.source("family"), message, asset);
  }
}

function enforcedBy(version: string | undefined): string | Unknown {
  const major = majorOf(version);
  if (major === undefined) return { unknown: "no engineVersion says what it is where nobody sets it" };
  return major >= (rds.tlsEnforced.value ?? Number.POSITIVE_INFINITY) ? "1" : "0";
}

function majorOf(version: Read<string>): number | undefined {
  const major = typeof version === "string" ? /^\d+/.exec(version)?.[0] : undefined;
  return major === undefined ? undefined : Number(major);
}

/** The group of an instance, which is one of its region; nothing where RDS takes its own. */
function groupOf(instance: RdsInstance, { parameterGroups }: Program): Read<RdsSetting> {
  if (instance.facts.isSilent("parameterGroupName")) return undefined;
  const near = parameterGroups.filter(
    ({ at }) => isUnknown(at) || isUnknown(instance.at) || at.region === instance.at.region,
  );
  return (
    near.find((one) => namesOther(instance, "parameterGroupName", one)) ?? {
      unknown: `the parameter group of ${titleOf(instance.resource)} is none that this program declares`,
    }
  );
}

function parameterOf(instance: RdsInstance, wanted: string, program: Program): Read<string> {
  const group = groupOf(instance, program);
  if (group === undefined || isUnknown(group)) return group;
  const parameters = group.facts.items("parameters");
  if (parameters === undefined || isUnknown(parameters)) return parameters;
  for (const parameter of parameters) {
    const name = parameter.text("name");
    if (isUnknown(name)) return name;
    if (name === wanted) return parameter.text("value");
  }
  return undefined;
}
