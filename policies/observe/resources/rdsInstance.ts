import type { Maybe } from "../../../recovery/bound";
import type { Place } from "../../../recovery/plan";
import type { Resource } from "../../graph";
import { type Facts, facts } from "../read";
import type { Reader } from "./identity";

/** A database instance of Amazon RDS: one that is written to, or a replica of one. */
export interface RdsInstance {
  resource: Resource;
  facts: Facts;
  /** Its region; RDS keeps backups in all of it. */
  at: Maybe<Place>;
  /** Whether it copies another instance. */
  isReplica: boolean;
}

/** RDS instances. */
export const rdsInstances: Reader<RdsInstance> = {
  types: ["aws:rds/instance:Instance"],
  read(resource, { geography }) {
    const own = facts(resource);
    return { resource, facts: own, at: geography.placeOf(resource), isReplica: !own.isSilent("replicateSourceDb") };
  },
};

/** What settles something about an instance, or copies its backups on. */
export interface RdsSetting {
  resource: Resource;
  facts: Facts;
  at: Maybe<Place>;
}

/** Automated backups that are copied to another region. */
export const replicatedBackups: Reader<RdsSetting> = {
  types: ["aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"],
  read: (resource, { geography }) => ({ resource, facts: facts(resource), at: geography.placeOf(resource) }),
};

/** Parameter groups of RDS instances. */
export const parameterGroups: Reader<RdsSetting> = {
  types: ["aws:rds/parameterGroup:ParameterGroup"],
  read: (resource, { geography }) => ({ resource, facts: facts(resource), at: geography.placeOf(resource) }),
};

/** Whether a property of a resource names another: by dependency, else by one of the other's names, alone or in an ARN. */
export function namesOther(user: { resource: Resource; facts: Facts }, property: string, other: RdsSetting): boolean {
  const upstream = user.resource.propertyDependencies[property] ?? [];
  if (upstream.length > 0) return upstream.includes(other.resource.urn);
  const written = user.facts.text(property);
  if (typeof written !== "string") return false;
  return ["identifier", "name", "arn"]
    .map((key) => other.facts.text(key))
    .some((name) => typeof name === "string" && (written === name || written.endsWith(`:${name}`)));
}
