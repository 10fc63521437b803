import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { pulumiVersion } from "../../tools/pulumi";
import { checkout } from "../ci/workflow";

const guide = readFileSync(path.join(checkout, "docs/operator.md"), "utf8");
const folder = path.join(checkout, "deploy/operator");
const manifests = readdirSync(folder).flatMap((file) =>
  parseAllDocuments(readFileSync(path.join(folder, file), "utf8")).map((one) => one.toJS()),
);
const stacks = manifests.filter(({ kind }) => kind === "Stack");

describe("the guide to the operator names", () => {
  test("every file of its folder", () => {
    for (const file of readdirSync(folder)) expect(guide).toContain(`\`${file}\``);
  });

  test("files and pages that are there", () => {
    const named = [...guide.matchAll(/\b(?:tools|deploy|test)\/[\w/.-]+\.(?:ts|yaml)/g)].map(([file]) => file);
    const links = [...guide.matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, link = ""]) => `docs/${link}`);
    expect(named.length).toBeGreaterThan(5);
    expect(links.length).toBeGreaterThan(0);
    expect([...named, ...links].filter((file) => !existsSync(path.join(checkout, file)))).toEqual([]);
  });

  test("the names that the manifests have", () => {
    const commands = guide.split("\n").filter((line) => /^(npx|kubectl) /.test(line));
    const used = (pattern: RegExp) => [
      ...new Set(commands.flatMap((line) => [...line.matchAll(pattern)].map(([, name]) => name))),
    ];
    expect(used(/-n (\S+)/g)).toEqual(stacks.slice(0, 1).map(({ metadata }) => metadata.namespace));
    expect(used(/(prod-\w+)/g).sort()).toEqual(stacks.map(({ spec }) => spec.stack).sort());
    expect(used(/generic (\S+)/g)).toEqual([stacks[0].spec.gitAuth.accessToken.secret.name]);
    expect(commands.join("\n")).toContain(`--from-file=${stacks[0].spec.gitAuth.accessToken.secret.key}`);
  });

  test("what version 2 needs: the account of a stack, Pulumi's own version, the clusters where the Stack looks", () => {
    const [, text = ""] = /```yaml\n(.*?)```/s.exec(guide) ?? [];
    const { spec } = parse(text);
    const accounts = manifests.filter(({ kind }) => kind === "ServiceAccount").map(({ metadata }) => metadata.name);
    expect(accounts).toContain(spec.serviceAccountName);
    const { image, podTemplate } = spec.workspaceTemplate.spec;
    expect(image).toBe(`pulumi/pulumi:${pulumiVersion}-nonroot`);
    const [{ mountPath }] = podTemplate.spec.containers[0].volumeMounts;
    expect(stacks[0].spec.envRefs.KUBECONFIG.literal.value).toBe(`${mountPath}/config`);
    expect(guide).toMatch(/configmap clusters --from-file=config=/);
  });

  test("the tokens of Azure and Databricks, where the Stacks look for them", () => {
    const [, text = ""] = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, one]) => one);
    const { volumeMounts, volumes } = parse(text);
    const files = volumes[0].projected.sources.map(
      (one: { serviceAccountToken: { path: string } }) =>
        `${volumeMounts[0].mountPath}/${one.serviceAccountToken.path}`,
    );
    const named = stacks.flatMap(({ spec }) =>
      Object.entries(spec.envRefs as Record<string, { literal: { value: string } }>)
        .filter(([name]) => name.includes("TOKEN_FILE"))
        .map(([, { literal }]) => literal.value),
    );
    expect([...new Set(named)].sort()).toEqual(files);
    expect(volumes[0].name).toBe(volumeMounts[0].name);
  });
});
