import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { systemStacks } from "../../tools/ci/systemStacks";
import { checkout } from "../ci/workflow";

interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> };
  spec: Record<string, unknown> & {
    stack: string;
    prerequisites?: { name: string }[];
    envRefs: Record<string, { type: string; literal: { value: string } }>;
  };
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

const everywhere = ["AWS_REGION", "KUBECONFIG"];
/** What a Stack says of who it is: to the provider of Azure and to kubelogin. */
const azure = ["ARM_CLIENT_ID", "ARM_OIDC_TOKEN_FILE_PATH", "ARM_TENANT_ID", "ARM_USE_OIDC"].concat(
  ["AUTHORITY_HOST", "CLIENT_ID", "FEDERATED_TOKEN_FILE", "TENANT_ID"].map((name) => `AZURE_${name}`),
);
const databricks = ["DATABRICKS_AUTH_TYPE", "DATABRICKS_CLIENT_ID", "DATABRICKS_OIDC_TOKEN_FILEPATH"];

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
      const literals = Object.entries(spec.envRefs);
      expect(literals.filter(([, { type }]) => type !== "Literal")).toEqual([]);
      const names = literals.map(([name]) => name).sort();
      const known = [everywhere, [...everywhere, ...azure], [...everywhere, ...azure, ...databricks]];
      expect(known.map((some) => [...some].sort())).toContainEqual(names);
    }
  });

  test("are each somebody else in Azure, of the directory of their sites, in the same words for provider and clusters", () => {
    const { tenant } = parse(prod).config["holdfast:analytics"];
    const clients = stacks.flatMap(({ spec: { envRefs } }) => {
      const value = (name: string) => envRefs[name]?.literal.value;
      if (value("ARM_USE_OIDC") === undefined) return [];
      expect([value("ARM_USE_OIDC"), value("ARM_TENANT_ID"), value("AZURE_TENANT_ID")]).toEqual([
        "true",
        tenant,
        tenant,
      ]);
      expect(value("AZURE_CLIENT_ID")).toBe(value("ARM_CLIENT_ID"));
      expect(value("AZURE_FEDERATED_TOKEN_FILE")).toBe(value("ARM_OIDC_TOKEN_FILE_PATH"));
      // Who holds a token for one of them is nobody for the other.
      expect(value("DATABRICKS_OIDC_TOKEN_FILEPATH")).not.toBe(value("ARM_OIDC_TOKEN_FILE_PATH"));
      return [value("ARM_CLIENT_ID")];
    });
    expect(clients.length).toBeGreaterThan(1);
    expect(new Set(clients).size).toBe(clients.length);
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
