import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { ResourceGraph } from "../../../../policies/graph";
import type { AzureAccess } from "../../../support/access/azureAccess";
import type { SimulatedAzure } from "../../../support/azure";
import { ok, refused } from "../../../support/azure/wire";
import { doublesPath } from "../../../support/doubles";
import { Running } from "./running";

/** Names of production, as Pulumi.prod.yaml makes them. */
export const LOCKED = "companyprodlocked";
export const VAULT = "companyprod-vault";
export const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001";
export const GROUPS = ["analytics-prod-primary", "analytics-prod-secondary"].map(
  (group) => `${SUBSCRIPTION}/resourceGroups/${group}`,
);

/** The jobs that take exports, and what they have put under the lock. */
export interface Exports extends Pick<Running, "azure" | "gateway" | "job" | "end"> {
  /** Manifests of the points of an asset, oldest first. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON as the scripts wrote it
  points(asset: string): any[];
  /** Files of the newest point, by name. */
  content(asset: string): Record<string, string>;
}

/** Starts them; the account under the lock is there, and empty. */
export async function startExports(graph: ResourceGraph, access: AzureAccess): Promise<Exports> {
  const running = await Running.start(graph, access);
  const account = running.azure.account(LOCKED, 35);
  const container = (asset: string) => (asset === "logs" ? "logs" : "exports");
  const points = (asset: string) =>
    account
      .names(`${container(asset)}/${asset}/points/`)
      .map((name) => JSON.parse(account.read(name)) as { parts: { name: string }[] });
  return {
    azure: running.azure,
    gateway: running.gateway,
    job: (name, more) => running.job(name, { ...more, commands: [doublesPath()] }),
    end: () => running.end(),
    points,
    content: (asset) => {
      const into = fs.mkdtempSync(path.join(running.folder, "content-"));
      const parts = points(asset).at(-1)?.parts ?? [];
      const archive = Buffer.concat(
        parts.map(({ name }) => account.blobs.get(`${container(asset)}/${name}`)?.at(-1)?.body ?? Buffer.of()),
      );
      return unpacked(archive, into);
    },
  };
}

function unpacked(archive: Buffer, into: string): Record<string, string> {
  execFileSync("tar", ["-xz", "-C", into], { input: archive });
  const files = fs.readdirSync(into, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    files.map((one) => {
      const whole = path.join(one.parentPath, one.name);
      const bytes = fs.readFileSync(whole);
      const text = one.name.endsWith(".gz") ? execFileSync("gzip", ["-dc"], { input: bytes }) : bytes;
      return [path.relative(into, whole), text.toString("utf8")];
    }),
  );
}

/** A workspace as it works, with our own jobs in it. */
export function working(azure: SimulatedAzure): void {
  const primary = azure.workspace("primary");
  for (const name of ["clone-copy", "clone-locked", "first-clone-copy", "first-clone-locked", "bronze"]) {
    const id = primary.job(`analytics-${name}`);
    primary.kept.set(`permissions/jobs/${id}`, {
      access_control_list: [{ group_name: "operators", all_permissions: [{ permission_level: "CAN_MANAGE_RUN" }] }],
    });
  }
  primary.clusters.set("c1", { cluster_id: "c1", cluster_name: "exploration", num_workers: 2 });
  primary.kept.set("permissions/clusters/c1", { access_control_list: [] });
  primary.pools.set("p1", { instance_pool_id: "p1", instance_pool_name: "warm" });
  primary.kept.set("unity-catalog/catalogs/analytics", { name: "analytics" });
  primary.kept.set("unity-catalog/catalogs/somebodys", { name: "somebodys" });
  for (const name of ["bronze", "information_schema"]) primary.kept.set(`unity-catalog/schemas/${name}`, { name });
  const events = { catalog_name: "analytics", schema_name: "bronze", name: "events" };
  primary.kept.set("unity-catalog/tables/analytics.bronze.events", events);
  for (const what of ["catalog/analytics", "schema/analytics.bronze", "table/analytics.bronze.events"])
    primary.kept.set(`unity-catalog/permissions/${what}`, {
      privilege_assignments: [{ principal: "analysts", privileges: ["SELECT"] }],
    });
}

/** The groups of both regions, each with a namespace or an account, and what is above them. */
export function configured(azure: SimulatedAzure): { hub: string; account: string } {
  const [near = "", far = ""] = GROUPS;
  const hub = `${near}/providers/Microsoft.EventHub/namespaces/one`;
  const account = `${far}/providers/Microsoft.Storage/storageAccounts/copies`;
  azure.arm.put(hub, { type: "Microsoft.EventHub/namespaces", properties: { minimumTlsVersion: "1.2" } });
  azure.arm.put(`${hub}/networkRuleSets/default`, { properties: { defaultAction: "Deny" } });
  azure.arm.put(account, { type: "Microsoft.Storage/storageAccounts", properties: {} });
  azure.arm.put(`${account}/blobServices/default`, { properties: { deleteRetentionPolicy: { days: 35 } } });
  azure.arm.put(`${account}/managementPolicies/default`, { properties: { policy: { rules: [] } } });
  // What an account does not have Azure does not find.
  azure.on(/^GET .*copies2\/\w+\/default$/, () => refused(404, "ResourceNotFound"));
  for (const kind of ["policyDefinitions", "policyAssignments", "roleAssignments"])
    azure.arm.put(`${SUBSCRIPTION}/providers/Microsoft.Authorization/${kind}/own`, { properties: { of: kind } });
  const types = (...names: string[]) =>
    names.map((resourceType) => ({ resourceType, apiVersions: ["2026-01-01-preview", "2025-01-01"] }));
  azure.on(/^GET \/arm\/subscriptions\/[^/]+\/providers$/, () =>
    ok({
      value: [
        { namespace: "Microsoft.EventHub", resourceTypes: types("namespaces", "namespaces/networkRuleSets") },
        {
          namespace: "Microsoft.Storage",
          resourceTypes: types("storageAccounts", "storageAccounts/blobServices", "storageAccounts/managementPolicies"),
        },
      ],
    }),
  );
  return { hub, account };
}
