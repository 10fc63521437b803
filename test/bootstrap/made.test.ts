import { readFileSync } from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Document } from "../../bootstrap/statement";
import type { Resource } from "../../policies/graph";
import { commandsOf } from "../../tools/ci/kubeconfig";
import { declaredGraph } from "../support/declaredGraph";
import { declared, named, policyOf, rightsOf, root } from "./declared";
import { decide, type Request } from "./iam";
import { jobPolicy, requestsOf } from "./jobPolicy";
import { accountOf, boundary, systemBehind, text } from "./need";
import { needs } from "./needs";

const stacks = ["prod", "staging"] as const;
type Stack = (typeof stacks)[number];
const made = {} as Record<Stack, Resource[]>;
const jobs = {} as Record<Stack, [role: Resource, policy: Document][]>;
const clusters = {} as Record<Stack, string[]>;
const bounds = {} as Record<Stack, (system: string) => Document>;
const policies = {} as Record<`${Stack} ${"preview" | "deploy"}`, Document>;

beforeAll(async () => {
  const bootstrap = await declared();
  for (const stack of stacks) {
    const { resources } = await declaredGraph(stack);
    made[stack] = resources.filter(({ type }) => type.startsWith("aws:"));
    // Those of Azure are asked for by another command: azureMade.test.ts.
    const asked = commandsOf(readFileSync(path.join(root, `Pulumi.${stack}.yaml`), "utf8"));
    const eks = asked.filter(([command]) => command === "aws").flat();
    const contexts = resources.filter(({ type }) => type === "pulumi:providers:kubernetes");
    clusters[stack] = contexts.map(({ props }) => String(props.context)).filter((context) => eks.includes(context));
    bounds[stack] = (system) => policyOf(named(bootstrap, "Policy", `${stack}-${system}-boundary`));
    for (const role of ["preview", "deploy"] as const)
      policies[`${stack} ${role}`] = rightsOf(bootstrap, `${stack}-${role}`);
    jobs[stack] = [];
    for (const one of made[stack].filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy"))
      jobs[stack].push([one, await jobPolicy(one, made[stack])]);
  }
});

/** What a request of one of its jobs says beside what it asks for. */
const contextOf = (stack: Stack, one: Resource): NonNullable<Request["context"]> => ({
  // The keys of a system have its tag; the one of the stack's secrets has a name.
  ...(text(one, "role").startsWith("omniverse")
    ? { "aws:ResourceTag/system": "omniverse" }
    : { "kms:ResourceAliases": [`alias/holdfast-${stack}`] }),
  "route53:ChangeResourceRecordSetsNormalizedRecordNames": text(one, "role").startsWith("omendb")
    ? [stack === "prod" ? "omendb.example.com" : "omendb.staging.example.com"]
    : ["anything.example.com"],
});

const needsOf = (stack: Stack, one: Resource) =>
  needs[one.type]?.(one, (urn) => made[stack].find((other) => other.urn === urn)) ?? [];

/** What a stack needs and a role may not. */
function missing(stack: Stack, role: "preview" | "deploy", of: Stack = stack): string[] {
  return made[of].flatMap((one) =>
    needsOf(of, one).flatMap(({ arn, reads, makes, context = {} }) =>
      [...reads, ...(role === "deploy" ? makes : [])]
        .filter((action) => decide(policies[`${stack} ${role}`], { action, resource: arn, context }) !== "allowed")
        .map((action) => `${one.name}: ${action} on ${arn}`),
    ),
  );
}

describe.each(stacks)("of what %s makes in AWS", (stack) => {
  it("every type is known here", () => {
    const unknown = made[stack].filter(({ type }) => needs[type] === undefined).map(({ type }) => type);
    expect([...new Set(unknown)]).toEqual([]);
    expect(made[stack].length).toBeGreaterThan(10);
  });

  it("its deploying role may make and change everything", () => expect(missing(stack, "deploy")).toEqual([]));

  it("its previewing role may read everything", () => expect(missing(stack, "preview")).toEqual([]));

  it("its previewing role may make nothing", () => {
    const makes = made[stack].flatMap((one) => needsOf(stack, one));
    const allowed = makes.flatMap(({ arn, makes: actions, context = {} }) =>
      actions
        .filter((action) => decide(policies[`${stack} preview`], { action, resource: arn, context }) === "allowed")
        .map((action) => `${action} on ${arn}`),
    );
    expect(allowed).toEqual([]);
  });

  it("the other stack's roles may read and make nothing but what both share: the zone and the way to wait for it", () => {
    const other = stack === "prod" ? "staging" : "prod";
    // What knows no resource is about the account of whoever asks, as are health checks: the other one's is another.
    const all = made[stack]
      .flatMap((one) => needsOf(stack, one))
      .filter(({ arn }) => arn !== "*" && !arn.startsWith("arn:aws:route53:::healthcheck/"));
    const allowed = all.flatMap(({ arn, reads, makes, context = {} }) =>
      [...reads, ...makes]
        .filter((action) => decide(policies[`${other} deploy`], { action, resource: arn, context }) === "allowed")
        .map((action) => action),
    );
    expect([...new Set(allowed)].sort()).toEqual([
      "route53:GetChange",
      "route53:GetHostedZone",
      "route53:ListResourceRecordSets",
    ]);
  });

  it("every role is bounded by the policy that the bootstrap makes for its system", () => {
    const roles = made[stack].filter(({ type }) => type === "aws:iam/role:Role");
    expect(roles.length).toBeGreaterThan(0);
    expect(roles.map((one) => one.props.permissionsBoundary)).toEqual(roles.map(boundary));
  });

  it("a job's role may do all that it is allowed within its bound", () => {
    expect(jobs[stack].length).toBeGreaterThan(8);
    const beyond = jobs[stack].flatMap(([one, { Statement }]) =>
      Statement.flatMap((statement) => requestsOf(statement, accountOf(one), contextOf(stack, one)))
        // It needs no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
        .filter(({ action }) => action !== "sts:GetCallerIdentity")
        .filter((request) => decide(bounds[stack](systemBehind(text(one, "role"))), request) !== "allowed")
        .map(({ action, resource }) => `${text(one, "role")}: ${action} on ${resource}`),
    );
    expect(beyond).toEqual([]);
  });

  it("its roles may look up the clusters that its providers name", () => {
    const account = stack === "prod" ? "111111111111" : "333333333333";
    expect(clusters[stack]).toHaveLength(2);
    for (const name of clusters[stack]) {
      const request = { action: "eks:DescribeCluster", resource: `arn:aws:eks:eu-west-1:${account}:cluster/${name}` };
      expect(decide(policies[`${stack} preview`], request)).toBe("allowed");
      expect(decide(policies[`${stack} deploy`], request)).toBe("allowed");
    }
  });
});
