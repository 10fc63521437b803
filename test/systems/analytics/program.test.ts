import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Resource, ResourceGraph } from "../../../policies/graph";
import { judge } from "../../../policies/judge";
import { disruptions } from "../../../recovery";
import { notebooks } from "../../../systems/analytics/databricks/notebooks";
import { assetIds } from "../../../systems/analytics/objectives";
import { jobScripts } from "../../../systems/jobScripts";
import { all, change, type Mutation, set, unset, without } from "../../policies/mutate";
import { asOf } from "../../recovery/build";
import { declaredGraph } from "../../support/declaredGraph";
import { aloneIn, containerOf, cronJobs, hasUnknown, metadataOf, neededBy, ofSystem, summaryOf } from "../declared";

const stacks = ["prod", "staging"] as const;
const whole = {} as Record<(typeof stacks)[number], ResourceGraph>;
let prod: readonly Resource[] = [];
let alone: ResourceGraph;

beforeAll(async () => {
  for (const stack of stacks) whole[stack] = await declaredGraph(stack);
  prod = ofSystem(whole.prod.resources, "analytics");
  alone = aloneIn(whole.prod, "analytics");
});

const kindOf = (kind: string) => prod.filter(({ type }) => type.endsWith(`:${kind}`));

describe("the program of the analytics platform", () => {
  it.each(stacks)("declares in %s what the golden file shows", async (stack) => {
    const lines = ofSystem(whole[stack].resources, "analytics").map(summaryOf).sort();
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`../../golden/analytics-${stack}.txt`);
  });

  it("knows every job before deployment, and gives each a name that the controller accepts", () => {
    expect(
      cronJobs(prod)
        .filter(({ props }) => hasUnknown(props.spec ?? null))
        .map(({ name }) => name),
    ).toEqual([]);
    const names = cronJobs(prod).map((one) => `${one.provider?.name} ${metadataOf(one).name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => (name.split(" ")[1] ?? "").length > 52)).toEqual([]);
  });

  it("runs scripts that the ConfigMap carries, with every variable that they insist on, and no address of their own", () => {
    const scripts = jobScripts("analytics");
    const problems = cronJobs(prod).flatMap((job) => {
      const { command, env } = containerOf(job);
      const file = path.basename(command[0] ?? "");
      const asset = String(env.get("ASSET") ?? "").split("/")[1] ?? "";
      const part = `export${asset.charAt(0).toUpperCase()}${asset.slice(1)}.sh`;
      const texts = [file, ...(file === "export.sh" ? [part] : [])].map((one) => [one, scripts[one]] as const);
      return texts.flatMap(([one, text]) =>
        text === undefined
          ? [`${job.name}: no script ${one}`]
          : neededBy(text, "")
              .filter((name) => !env.has(name))
              .map((name) => `${job.name}: ${one} needs ${name}`),
      );
    });
    expect(problems).toEqual([]);
    const own = Object.entries(scripts).filter(([file, text]) => file.startsWith("export") && /https:\/\//.test(text));
    expect(own.map(([file]) => file)).toEqual([]);
  });

  it("gives each of its notebooks the parameters that it asks for, one script to a cell, and SQL alone", () => {
    const jobs = kindOf("Job").filter(({ props }) => JSON.stringify(props.tasks ?? "").includes("/Shared/holdfast/"));
    expect(jobs.length).toBeGreaterThan(1);
    for (const { name, props } of jobs) {
      const notebook = /\/Shared\/holdfast\/([\w-]+)/.exec(JSON.stringify(props.tasks))?.[1] ?? "";
      const text = notebooks()[notebook] ?? "";
      const asked = new Set(
        [...text.replaceAll(/--.*$/gm, "").matchAll(/(?<![:\w]):([a-z_]+)/g)].map(([, one]) => one),
      );
      const given = new Set((props.parameters as { name: string }[]).map((one) => one.name));
      expect([name, [...asked].sort()]).toEqual([name, [...given].sort()]);
    }
    for (const [name, text] of Object.entries(notebooks())) {
      expect(text.split("\n")[0], name).toBe("-- Databricks notebook source");
      expect(text, name).not.toMatch(/%(python|scala|r|sh)\b/);
      const cells = text.split("-- COMMAND ----------").map((cell) => cell.replaceAll(/--.*$/gm, "").trim());
      for (const cell of cells.filter((one) => /^BEGIN\b/m.test(one)))
        expect(cell, name).toMatch(/^BEGIN\b[\s\S]*END$/);
    }
  });

  it("clones to two accounts, one of which nobody empties", () => {
    const targets = kindOf("Job").flatMap(({ props }) => {
      const target = (props.tags as Record<string, unknown> | undefined)?.holdfast_copies_to;
      return target === undefined ? [] : [target];
    });
    expect(targets.sort()).toEqual(["companyprodlakecopy/tables", "companyprodlocked/tables"]);
  });

  it("gives no identity a right above its subscription, an owner's, or one that another has for it", () => {
    const roles = kindOf("RoleAssignment");
    expect(roles.length).toBeGreaterThan(60);
    for (const { name, props } of roles) {
      expect([name, String(props.scope)]).toEqual([
        name,
        expect.stringMatching(/^\/subscriptions\/[0-9a-f-]{36}(\/|$)/),
      ]);
      // Owner and User Access Administrator give rights to others.
      expect(String(props.roleDefinitionId)).not.toMatch(/8e3af657|18d7d88d/);
    }
    const exporting = roles.filter(({ name }) => /export-/.test(name));
    expect(exporting.filter(({ props }) => /ba92f5b4/.test(String(props.roleDefinitionId)))).toHaveLength(5);
    const subjects = kindOf("FederatedIdentityCredential").map(
      ({ props }) => `${String(props.issuer)} ${String(props.subject)}`,
    );
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  it("lets nothing into accounts, vault and namespaces but from networks that are named", () => {
    const accounts = kindOf("StorageAccount").map(({ props }) => props.networkRuleSet as { defaultAction: string });
    const namespaces = kindOf("NamespaceNetworkRuleSet").map(
      ({ props }) => props as unknown as { defaultAction: string },
    );
    const vaults = kindOf("Vault")
      .filter(({ type }) => type.startsWith("azure-native:"))
      .map(({ props }) => (props.properties as unknown as { networkAcls: { defaultAction: string } }).networkAcls);
    expect([accounts.length, namespaces.length, vaults.length]).toEqual([3, 53, 1]);
    expect([...accounts, ...namespaces, ...vaults].filter(({ defaultAction }) => defaultAction !== "Deny")).toEqual([]);
  });

  it("pauses the pipelines of the region that stands by, and no other", () => {
    const states = kindOf("Job").flatMap(({ provider, props }) => {
      const { pauseStatus } = (props.continuous ?? {}) as { pauseStatus?: string };
      return pauseStatus === undefined ? [] : [`${provider?.name} ${pauseStatus}`];
    });
    expect([...new Set(states)].sort()).toEqual([
      "analytics-primary-workspace UNPAUSED",
      "analytics-secondary-workspace PAUSED",
    ]);
  });
});

describe("the promises of the analytics platform", () => {
  it("are judged for every asset and disruption, and process, node and zone are kept by what Azure runs", () => {
    const { assessments } = judge(alone, asOf);
    const own = assessments.filter(({ asset }) => asset.startsWith("analytics/"));
    expect(own).toHaveLength(Object.keys(assetIds).length * disruptions.length);
    const served = own.filter(({ disruption }) => ["process", "node", "zone"].includes(disruption));
    expect(served.filter(({ verdict }) => verdict !== "assumed" && verdict !== "proven")).toEqual([]);
  });
  const lake = "analytics-lake-written-account";
  const locked = "analytics-locked-account";

  it.each<[string, Mutation, string[]]>([
    ["a lake in one zone", set(lake, "sku", { name: "Standard_LRS" }), ["analytics/lake", "zone"]],
    [
      "no soft delete of files",
      unset("analytics-lake-written-service", "deleteRetentionPolicy"),
      ["analytics/lake", "0s"],
    ],
    [
      "the document's VACUUM in a table",
      set("analytics-table-bronze-events-table", "properties", {
        holdfast_asset: "analytics/lake",
        "delta.deletedFileRetentionDuration": "interval 168 hours",
        "delta.logRetentionDuration": "interval 35 days",
      }),
      ["analytics/lake", "7d"],
    ],
    ["clones in a paused job", set("analytics-clone-copy-job", "schedule.pauseStatus", "PAUSED"), ["analytics/lake"]],
    [
      "a lock that can be taken away",
      set(locked, "immutableStorageWithVersioning.immutabilityPolicy.state", "Unlocked"),
      ["compromise"],
    ],
    [
      "versions off under the lock",
      unset("analytics-locked-service", "isVersioningEnabled"),
      ["analytics/lake", "compromise"],
    ],
    [
      "a vault without purge protection",
      unset("analytics-keys-vault", "properties.enablePurgeProtection"),
      ["enablePurgeProtection"],
    ],
    ["no export of the workspace", without("analytics-export-databricks-cron"), ["analytics/databricks"]],
    [
      "events without a second region",
      change("analytics-kafka-companyprod-events-07", "properties", (one) => {
        const { geoDataReplication: _, ...rest } = one as { geoDataReplication?: unknown };
        return rest;
      }),
      ["analytics/kafka"],
    ],
  ])("are not kept with %s", (_, mutation, says) => {
    const before = new Set(judge(alone, asOf).findings.map(({ message }) => message));
    const found = judge(all(mutation)(alone), asOf).findings.filter(({ message }) => !before.has(message));
    const texts = found.map((one) => JSON.stringify(one));
    expect(texts.some((text) => says.every((word) => text.includes(word)))).toBe(true);
  });
});
