import type { Resource } from "../../graph";
import { type Facts, facts } from "../read";
import type { AwsRole } from "./awsRole";
import type { Reader } from "./identity";

/** What gives a role of AWS leave to do something. */
export interface RolePolicy {
  resource: Resource;
  facts: Facts;
}

const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

/** Policies that are written for one role, and those that are attached to it. */
export const rolePolicies: Reader<RolePolicy> = {
  types: ["aws:iam/rolePolicy:RolePolicy", attachment],
  read: (resource) => ({ resource, facts: facts(resource) }),
};

/** The policies that a role has, each as JSON; `undefined` where it has others, which are not read. */
export function policiesOfRole(role: AwsRole, all: readonly RolePolicy[]): Facts[] | undefined {
  const own = all.filter(({ resource, facts: one }) => {
    const upstream = resource.propertyDependencies.role ?? [];
    if (upstream.length > 0) return upstream.includes(role.resource.urn);
    const name = one.text("role");
    return typeof name === "string" && name === role.name;
  });
  const others = own.some(({ resource }) => resource.type === attachment);
  if (others || !["inlinePolicies", "managedPolicyArns"].every((one) => role.facts.isSilent(one))) return undefined;
  return own.map((one) => one.facts.at("policy"));
}
