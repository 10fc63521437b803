import { describe, expect, it } from "vitest";
import { AUDIENCE, ISSUER, subjectOf, trustPolicy } from "../../bootstrap/github";
import { type Document, limits } from "../../bootstrap/statement";
import { declared, named, policyOf } from "./declared";
import { decide } from "./iam";

const github = { owner: "example", repository: "holdfast" };
const account = "111111111111";
const subject = "repo:example/holdfast:environment:prod";

/** A token of GitHub that asks for the role. */
interface Token {
  aud?: string;
  sub?: string;
}

function trusts(policy: Document, { aud, sub }: Token): boolean {
  const context = {
    ...(aud === undefined ? {} : { [`${ISSUER}:aud`]: aud }),
    ...(sub === undefined ? {} : { [`${ISSUER}:sub`]: sub }),
  };
  return decide(policy, { action: "sts:AssumeRoleWithWebIdentity", resource: "", context }) === "allowed";
}

const right: Token = { aud: "sts.amazonaws.com", sub: subject };

const wrong: [string, Token][] = [
  ["for another audience", { ...right, aud: "api://AzureADTokenExchange" }],
  ["for no audience", { sub: subject }],
  ["without a subject", { aud: "sts.amazonaws.com" }],
  ["of another owner's repository of that name", { ...right, sub: "repo:examples/holdfast:environment:prod" }],
  ["of another repository of the owner", { ...right, sub: "repo:example/holdfast-fork:environment:prod" }],
  ["of another environment", { ...right, sub: "repo:example/holdfast:environment:prod-preview" }],
  ["of a pull request", { ...right, sub: "repo:example/holdfast:pull_request" }],
  ["of main, outside the environment", { ...right, sub: "repo:example/holdfast:ref:refs/heads/main" }],
  [
    "of the immutable form, where the repository has the old one",
    { ...right, sub: "repo:example@1/holdfast@2:environment:prod" },
  ],
];

/** Whether a policy keeps out every token but those of one environment. */
function keepsOut(policy: Document): boolean {
  return trusts(policy, right) && wrong.every(([, token]) => !trusts(policy, token));
}

describe("a role of an environment", () => {
  const policy = trustPolicy(account, subject);

  it("trusts this and no more, to the letter", () => {
    expect(policy).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "GithubEnvironment",
          Effect: "Allow",
          Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com` },
          Action: ["sts:AssumeRoleWithWebIdentity"],
          Condition: {
            StringEquals: {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": subject,
            },
          },
        },
      ],
    });
  });

  it("is taken by its environment's jobs", () => expect(trusts(policy, right)).toBe(true));

  it.each(wrong)("is not given to a token %s", (_, token) => expect(trusts(policy, token)).toBe(false));
});

describe("these tests tell", () => {
  type Conditions = Record<string, Record<string, string>>;
  const key = `${ISSUER}:aud`;
  const changed = (change: (conditions: Conditions) => Conditions): Document => {
    const policy = trustPolicy(account, subject);
    const [statement] = policy.Statement;
    if (!statement) throw new Error("the policy is empty");
    return { ...policy, Statement: [{ ...statement, Condition: change(statement.Condition as Conditions) }] };
  };
  const sub = `${ISSUER}:sub`;

  it.each<[string, (conditions: Conditions) => Conditions]>([
    ["no audience", () => ({ StringEquals: { [sub]: subject } })],
    ["no subject", () => ({ StringEquals: { [key]: AUDIENCE } })],
    [
      "a wildcard for the environment",
      () => ({ StringEquals: { [key]: AUDIENCE }, ArnEquals: { [sub]: "repo:example/holdfast:*" } }),
    ],
    [
      "a wildcard for the repository",
      () => ({ StringEquals: { [key]: AUDIENCE }, ArnEquals: { [sub]: "repo:example/*:environment:prod" } }),
    ],
  ])("%s", (_, change) => {
    expect(keepsOut(trustPolicy(account, subject))).toBe(true);
    expect(keepsOut(changed(change))).toBe(false);
  });
});

describe("the subject", () => {
  it.each([
    ["preview", {}, "repo:example/holdfast:environment:prod-preview"],
    ["deploy", {}, "repo:example/holdfast:environment:prod"],
    ["deploy", { ownerId: "12", repositoryId: "345" }, "repo:example@12/holdfast@345:environment:prod"],
  ] as const)("of %s with %o is %s", (purpose, numbers, expected) => {
    expect(subjectOf({ ...github, ...numbers }, "prod", purpose)).toBe(expected);
  });
});

it("each environment of the workflows has a role of its own, whose subject has no wildcard", async () => {
  const program = await declared({ "github.ownerId": "12", "github.repositoryId": "345" });
  const roles = ["prod-preview", "prod-deploy", "staging-preview", "staging-deploy"];
  const subjects = roles.map((name) => {
    const policy = policyOf(named(program, "Role", `${name}-role`), "assumeRolePolicy");
    expect(JSON.stringify(policy).length).toBeLessThanOrEqual(limits.trust);
    expect(policy.Statement).toHaveLength(1);
    return policy.Statement[0]?.Condition?.StringEquals?.[`${ISSUER}:sub`];
  });
  expect(subjects).toEqual(
    ["prod-preview", "prod", "staging-preview", "staging"].map(
      (environment) => `repo:example@12/holdfast@345:environment:${environment}`,
    ),
  );
});
