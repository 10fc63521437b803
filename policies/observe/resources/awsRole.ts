import type { Resource } from "../../graph";
import { type Facts, facts, type Read } from "../read";
import type { Reader } from "./identity";

/** A role or user of AWS. */
export interface AwsRole {
  resource: Resource;
  facts: Facts;
  name: Read<string>;
  /** ARN of the policy beyond which no other policy gives it anything. */
  boundary: Read<string>;
}

/** IAM roles and users. */
export const awsRoles: Reader<AwsRole> = {
  types: ["aws:iam/role:Role", "aws:iam/user:User"],
  read(resource) {
    const own = facts(resource);
    return { resource, facts: own, name: own.text("name"), boundary: own.text("permissionsBoundary") };
  },
};
