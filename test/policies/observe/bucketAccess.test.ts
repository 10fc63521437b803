import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { facts } from "../../../policies/observe/read";
import { allows, refuses } from "../../../policies/observe/resources/bucketPolicy";
import { resource } from "./program";

const object = "arn:aws:s3:::copies/chain/restore-point";
const reading = { action: "s3:GetObject", objects: [object], account: "3" };
const read = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::3:root" },
  Action: "s3:GetObject*",
  Resource: "arn:aws:s3:::copies/*",
};
const deny = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: ["arn:aws:s3:::copies/*"] };
const policy = (value: Value) =>
  facts(resource("aws:s3/bucketPolicy:BucketPolicy", "policy", { policy: value })).at("policy");
const of = (...Statement: object[]) => policy(JSON.stringify({ Statement }));

describe("bucket policies", () => {
  it.each([
    ["its own statement", read],
    ["a bare account", { ...read, Principal: { AWS: ["1", "3"] } }],
    ["everybody", { ...read, Principal: "*" }],
    ["one folder", { ...read, Resource: "arn:aws:s3:::copies/chain/*" }],
    ["all but some actions", { ...read, Action: undefined, NotAction: "s3:DeleteObject" }],
  ])("let an account read by %s", (_, statement) => {
    expect(allows(of(statement), reading)).toEqual({ allowed: true });
  });

  it.each([
    ["nothing", {}],
    ["another account", { ...read, Principal: { AWS: "arn:aws:iam::33:root" } }],
    ["another folder", { ...read, Resource: "arn:aws:s3:::copies/other/*" }],
    ["another action", { ...read, Action: "s3:ListBucket" }],
    ["a refusal beside it", read, deny],
    ["a refusal of this account alone", read, { ...deny, Principal: { AWS: "arn:aws:iam::3:role/restore" } }],
  ])("do not let an account read by %s", (_, ...statements) => {
    expect(allows(of(...statements.filter((one) => typeof one === "object")), reading)).toMatchObject({
      allowed: false,
    });
  });

  it("leave open what conditions decide, except that TLS is spoken", () => {
    const condition = (operator: string, key: string, value: Value) => ({
      Condition: { [operator]: { [key]: value } },
    });
    const tls = { ...deny, ...condition("Bool", "aws:SecureTransport", "false") };
    const network = { ...deny, ...condition("StringNotEquals", "aws:SourceVpce", "vpce-1") };
    expect(allows(of(read, tls), reading)).toEqual({ allowed: true });
    expect(allows(of(read, network), reading)).toMatchObject({ allowed: "unknown" });
    expect(allows(of({ ...read, ...condition("Bool", "aws:MultiFactorAuthPresent", true) }), reading)).toMatchObject({
      allowed: "unknown",
    });
    expect(refuses(of(network), { ...reading, action: "s3:PutObject" })).toMatchObject({ certain: false });
  });

  it("leave everything open where they are not known or not JSON", () => {
    expect(allows(policy(UNKNOWN), reading)).toMatchObject({ allowed: "unknown" });
    expect(allows(policy("{"), reading)).toMatchObject({ allowed: "unknown" });
  });
});
