import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { here, way } from "./nucleus";
import { edit, ignore, type Parts, resource, without } from "./program";
import { kept, leave, setting } from "./s3Program";

const lost = (parts: Parts) => way(parts, "region", "serve-elsewhere")?.rpo[1].total;

/** Buckets under KMS keys, and a rule that copies what is under them. */
function keyed(): Parts {
  const rule = "rules[0].";
  const encryption: Record<string, Value> = {
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: UNKNOWN } }],
  };
  const all = { ...kept(), encryption: setting("BucketServerSideEncryptionConfiguration", "assets", encryption, here) };
  const selected = edit(all, "replication", `${rule}sourceSelectionCriteria`, {
    sseKmsEncryptedObjects: { status: "Enabled" },
  });
  return edit(selected, "replication", `${rule}destination.encryptionConfiguration`, { replicaKmsKeyId: UNKNOWN });
}

type Allowed = { Effect: string; Action: string | string[]; Resource: string; Condition?: object };
const said = JSON.parse(leave) as { Statement: Allowed[] };
const allowing = (change: (one: Allowed) => Allowed[], parts = kept()) =>
  edit(parts, "rolePolicy", "policy", JSON.stringify({ ...said, Statement: said.Statement.flatMap(change) }));
const unless = (action: string) =>
  allowing((one) => [{ ...one, Action: [one.Action].flat().filter((each) => each !== action) }], keyed());
/** With one condition on the use of keys. */
const where = (Condition: object) => allowing((one) => [one.Resource === "*" ? { ...one, Condition } : one], keyed());
const encrypts = {
  Effect: "Allow",
  Action: "kms:Encrypt",
  Resource: "arn:aws:kms:eu-west-1:111111111111:key/*",
  Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
};

describe("the role by which S3 copies", () => {
  it("bounds what is lost while it may do all that it takes", () => {
    expect([lost(kept()), lost(keyed())]).toEqual([900, 900]);
  });

  it.each([
    "s3:GetReplicationConfiguration",
    "s3:ListBucket",
    "s3:ReplicateObject",
    "s3:ReplicateTags",
    "kms:Decrypt",
    "kms:Encrypt",
  ])("copies nothing without %s", (action) => {
    expect(lost(unless(action))).toHaveProperty(
      "unbounded",
      expect.stringContaining(`Role copies ${action} on arn:aws:`),
    );
  });

  it("copies nothing where another bucket is meant, or something denies it", () => {
    const other = allowing((one) => [{ ...one, Resource: one.Resource.replace("assets-far", "assets-near") }]);
    expect(lost(other)).toHaveProperty(
      "unbounded",
      expect.stringContaining("s3:ReplicateObject on arn:aws:s3:::assets-far/"),
    );
    const denied = allowing((one) => [one, { ...one, Effect: "Deny", Action: "s3:Replicate*" }]);
    expect(lost(denied)).toHaveProperty("unbounded");
  });

  it("needs no key where the bucket has none", () => {
    expect(lost(allowing((one) => (one.Resource === "*" ? [] : [one])))).toBe(900);
  });

  it("may use keys through S3 of their region, for objects of its buckets, and nobody can tell of other conditions", () => {
    const both = allowing(
      (one) => (one.Resource === "*" ? [{ ...one, Action: "kms:Decrypt" }, encrypts] : [one]),
      keyed(),
    );
    expect(lost(both)).toBe(900);
    expect(lost(where({ StringEquals: { "kms:ViaService": "s3.eu-north-1.amazonaws.com" } }))).toHaveProperty(
      "unknown",
    );
    expect(lost(where({ StringEquals: { "aws:PrincipalTag/team": "assets" } }))).toHaveProperty("unknown");
    const context = (arn: string[]) => where({ StringLike: { "kms:EncryptionContext:aws:s3:arn": arn } });
    expect(lost(context(["arn:aws:s3:::assets*"]))).toBe(900);
    expect(lost(context(["arn:aws:s3:::assets/*", "arn:aws:s3:::assets-far/*"]))).toHaveProperty("unknown");
  });

  it.each([
    ["its policy", edit(kept(), "rolePolicy", "policy", UNKNOWN)],
    ["a policy that is no JSON", edit(kept(), "rolePolicy", "policy", "none")],
    ["the role that is named", edit(kept(), "replication", "role", UNKNOWN)],
    ["a role that another program declares", without(kept(), "role")],
    ["changes of its policy, which are ignored", ignore(kept(), "rolePolicy", "policy")],
    ["policies that are attached to it", attached()],
    ["policies that AWS manages", edit(kept(), "role", "managedPolicyArns", ["arn:aws:iam::aws:policy/Some"])],
    [
      "one key by its number",
      allowing(
        (one) => [{ ...one, Resource: one.Resource === "*" ? `${encrypts.Resource.slice(0, -1)}1` : one.Resource }],
        keyed(),
      ),
    ],
  ])("bounds nothing where nobody reads %s", (_, parts) => {
    expect(lost(parts)).toHaveProperty("unknown");
  });
});

function attached(): Parts {
  const one = { role: "copies", policyArn: "arn:aws:iam::111111111111:policy/more" };
  return {
    ...kept(),
    more: resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "more", one, { provider: here }),
  };
}
