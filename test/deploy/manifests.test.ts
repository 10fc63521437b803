import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { systemStacks } from "../../tools/ci/systemStacks";
import { checkout } from "../ci/workflow";

interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> };
  spec: Record<string, unknown> & { stack: string; prerequisites?: { name: string }[] };
  rules?: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  roleRef?: { name: string };
  subjects?: { kind: string; name: string; namespace?: string }[];
}

const folder = path.join(checkout, "deploy/operator");
const texts = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), "utf8"));
const manifests = texts.flatMap((text) => parseAllDocuments(text).map((one) => one.toJS() as Manifest));
const of = (kind: string) => manifests.filter((one) => one.kind === kind);
const stacks = of("Stack");
const names = (all: readonly Manifest[]) => all.map(({ metadata }) => metadata.name).sort();

/** Folders of systems; `platform` is one of every estate: what all others stand on. */
const systems = [
  ...new Set([
    ...readdirSync(path.join(checkout, "systems")).filter((name) =>
      existsSync(path.join(checkout, "systems", name, "index.ts")),
    ),
    "platform",
  ]),
].sort();

describe("the Stacks", () => {
  test("are one for each system, each of a Pulumi stack and a service account of its own", () => {
    expect(systems).toContain("omendb");
    expect(names(stacks)).toEqual(systems);
    expect(stacks.map(({ spec }) => spec.stack).sort()).toEqual(systems.map((system) => `prod-${system}`));
    expect(names(of("ServiceAccount"))).toEqual(systems);
    const roles = of("ServiceAccount").map(({ metadata }) => metadata.annotations?.["eks.amazonaws.com/role-arn"]);
    expect(roles.sort()).toEqual(systems.map((system) => `arn:aws:iam::111111111111:role/holdfast-prod-${system}`));
  });

  test.each(stacks.map((one) => [one.metadata.name, one.spec] as const))(
    "of %s deploys a commit that only the gate writes, and deletes nothing",
    (_, spec) => {
      for (const other of ["branch", "fluxSource", "programRef", "targets"]) expect(spec).not.toHaveProperty(other);
      expect(spec).toMatchObject({
        commit: "0".repeat(40),
        destroyOnFinalize: false,
        continueResyncOnCommitMatch: false,
        useLocalStackOnly: true,
        refresh: true,
        secretsProvider: expect.stringMatching(/^awskms:\/\//),
      });
    },
  );

  test("wait for the platform, all but itself", () => {
    for (const { metadata, spec } of stacks) {
      const waitsFor = (spec.prerequisites ?? []).map(({ name }) => name);
      expect([metadata.name, waitsFor]).toEqual([metadata.name, metadata.name === "platform" ? [] : ["platform"]]);
    }
  });

  test("hold no secret, and none of the settings that version 2 calls deprecated", () => {
    expect(of("Secret")).toEqual([]);
    for (const { spec } of stacks) {
      for (const old of ["accessTokenSecret", "envs", "envSecrets", "secrets", "gitAuthSecret"]) {
        expect(spec).not.toHaveProperty(old);
      }
      // A literal is for everybody to read.
      const literals = Object.entries(spec.envRefs as Record<string, { type: string }>);
      expect(literals.map(([name, { type }]) => [name, type])).toEqual([
        ["AWS_REGION", "Literal"],
        ["KUBECONFIG", "Literal"],
      ]);
    }
  });

  const prod = readFileSync(path.join(checkout, "Pulumi.prod.yaml"), "utf8");

  test("are in the account that their site names", () => {
    expect(parse(prod).config["holdfast:sites"].primary.account).toBe("111111111111");
  });

  test("are those whose states the platform exports, from the backend that holds them", () => {
    const { config } = parse(systemStacks("prod", prod)["prod-platform"] ?? "");
    const { state } = config["holdfast:platform"];
    const exported = stacks.map(({ spec }) => `organization/holdfast/${spec.stack}`).sort();
    expect([...state.stacks].sort()).toEqual(exported);
    for (const { spec } of stacks) expect(spec.backend).toBe(`s3://${state.bucket}?region=${state.region}`);
  });
});

describe("who may do what", () => {
  test("the gate changes Stacks and nothing else; everybody and everything is named", () => {
    expect(of("Role").map(({ rules }) => rules)).toEqual([
      [{ apiGroups: ["pulumi.com"], resources: ["stacks"], verbs: ["get", "list", "watch", "create", "patch"] }],
    ]);
    expect(of("ClusterRole")).toEqual([]);
    expect(texts.join("\n")).not.toMatch(/cluster-admin|verbs: .*\*|resources: .*\*/);
  });

  test("the Stacks' accounts ask who calls them, as version 2 needs, and no more", () => {
    const [binding, ...more] = of("ClusterRoleBinding");
    expect(more).toEqual([]);
    expect(binding?.roleRef?.name).toBe("system:auth-delegator");
    expect(binding?.subjects?.map(({ name }) => name).sort()).toEqual(systems);
    expect(
      of("RoleBinding").flatMap(({ subjects = [] }) => subjects.map(({ kind, name }) => `${kind} ${name}`)),
    ).toEqual(["Group holdfast-prod-gate"]);
  });
});
