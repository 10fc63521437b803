import type { Services } from "./services";
import type { Statement } from "./statement";

/** Where a role of CI lends keys, tags them or names roles: to nobody but the service that asks in its name. */
export function exceptions(services: Services | undefined): Statement[] {
  return [...ofKeys(services), ...ofCopiers(services)];
}

function ofKeys({ keys, systems }: Pick<Services, "keys" | "systems"> = { keys: [], systems: [] }): Statement[] {
  if (keys.length === 0) return [deny("OtherKeysStay", ["kms:CreateGrant", "kms:TagResource"])];
  return [
    // A request that does not say so is one by hand.
    deny("LentByServices", ["kms:CreateGrant"], { BoolIfExists: { "kms:GrantIsForAWSResource": "false" } }),
    deny("LentOfSystems", ["kms:CreateGrant"], { StringNotEquals: { "aws:ResourceTag/system": systems } }),
    // A key with a name is somebody's: the one of a stack's secrets is not made a system's by a tag.
    deny("NamedKeysStay", ["kms:TagResource"], {
      "ForAnyValue:StringLike": { "kms:ResourceAliases": ["alias/*"] },
    }),
  ];
}

function ofCopiers({ copiers }: Pick<Services, "copiers"> = { copiers: [] }): Statement[] {
  if (copiers.length === 0) return [];
  return [deny("CopiersOfS3", ["iam:PassRole"], { StringNotEquals: { "iam:PassedToService": "s3.amazonaws.com" } })];
}

function deny(Sid: string, Action: string[], Condition?: NonNullable<Statement["Condition"]>): Statement {
  return { Sid, Effect: "Deny", Action, Resource: ["*"], ...(Condition ? { Condition } : {}) };
}
