import { describe, expect, test } from "vitest";
import { type AzureIds, azureNeeds } from "./azureNeeds";
import { allowing } from "./azureRights";
import { builtInRoles } from "./azureRoles";
import { sparkNeeds, statementNeeds } from "./sparkNeeds";
import { sparkDecision } from "./sparkRights";

const group = "/subscriptions/s/resourceGroups/g";
const ids: AzureIds = {
  account: (name) => (name === "ours" ? `${group}/providers/Microsoft.Storage/storageAccounts/ours` : undefined),
  vault: (name) => `${group}/providers/Microsoft.KeyVault/vaults/${name}`,
  namespace: (name) => `${group}/providers/Microsoft.EventHub/namespaces/${name}`,
  logs: `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`,
  insights: `${group}/providers/Microsoft.Insights/components/insights`,
};
const asked = (method: string, path: string, body: object = {}, query = "") => ({
  method,
  path,
  query: new URLSearchParams(query),
  headers: {},
  body: Buffer.from(JSON.stringify(body)),
});
const needs = (service: string, name: string, method: string, path: string, body = {}) =>
  azureNeeds({ service, name, asked: asked(method, path, body) }, ids).map(({ action }) => action);

describe("a call asks Azure for", () => {
  const hub = `${group}/providers/Microsoft.EventHub/namespaces/one`;
  test.each([
    ["the group itself", "GET", group, "Microsoft.Resources/subscriptions/resourceGroups/read"],
    ["a resource in another", "GET", `${hub}/eventhubs/events`, "Microsoft.EventHub/namespaces/eventhubs/read"],
    ["an action", "POST", `${hub}/failover`, "Microsoft.EventHub/namespaces/failover/action"],
    [
      "what lies beside a resource",
      "GET",
      `${hub}/providers/Microsoft.Insights/metrics`,
      "Microsoft.Insights/metrics/read",
    ],
    [
      "what lies above the groups",
      "PUT",
      "/subscriptions/s/providers/Microsoft.Authorization/policyDefinitions/tls",
      "Microsoft.Authorization/policyDefinitions/write",
    ],
  ])("%s", (_, method, path, action) => {
    expect(needs("arm", "", method, path)).toEqual([action]);
  });

  test("every network that it opens an account to", () => {
    const id = "/subscriptions/s/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/jobs";
    const body = { properties: { networkAcls: { virtualNetworkRules: [{ id }] } } };
    expect(needs("arm", "", "PATCH", `${group}/providers/Microsoft.Storage/storageAccounts/ours`, body)).toEqual([
      "Microsoft.Storage/storageAccounts/write",
      "Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action",
    ]);
  });

  test.each([
    ["blob", "ours", "PUT", "/tables/a", "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write"],
    ["vault", "v", "GET", "/secrets", "Microsoft.KeyVault/vaults/secrets/readMetadata/action"],
    ["vault", "v", "GET", "/secrets/one/v1", "Microsoft.KeyVault/vaults/secrets/getSecret/action"],
    ["vault", "v", "PUT", "/secrets/one", "Microsoft.KeyVault/vaults/secrets/setSecret/action"],
    ["events", "one", "POST", "/events/partitions/1/messages", "Microsoft.EventHub/namespaces/messages/send/action"],
  ])("what lies inside of a %s", (service, name, method, path, action) => {
    expect(needs(service, name, method, path)).toEqual([action]);
  });

  test("nothing where an account is not ours", () => {
    expect(needs("blob", "theirs", "GET", "/tables/a")).toEqual([]);
  });
});

describe("a role", () => {
  const grants = (id: string, scope: string) => [{ name: "one", scope, role: builtInRoles[id] ?? { actions: [] } }];
  const contributor = grants("b24988ac-6180-42a0-ab88-20f7382dd24c", group);
  const may = (action: string, scope: string, data = false) =>
    allowing(contributor, { action, data, scope }).length > 0;

  test("allows what is below its scope, whatever the case, and nothing beside it", () => {
    expect(may("Microsoft.Storage/storageAccounts/write", `${group.toUpperCase()}/providers/x`)).toBe(true);
    expect(may("Microsoft.Storage/storageAccounts/write", `${group}2/providers/x`)).toBe(false);
    expect(may("Microsoft.Storage/storageAccounts/write", "/subscriptions/s")).toBe(false);
  });

  test("of a contributor sets no policy and reads no secret", () => {
    expect(may("Microsoft.Authorization/policyAssignments/write", group)).toBe(false);
    expect(may("Microsoft.KeyVault/vaults/secrets/getSecret/action", group, true)).toBe(false);
  });
});

describe("a statement needs", () => {
  const needed = (text: string) => statementNeeds(text).map(({ privilege, name }) => `${privilege} ${name}`);
  test.each([
    ["SELECT count(*) AS rows FROM `a`.`b`.`c`", ["USE_CATALOG a", "USE_SCHEMA a.b", "SELECT a.b.c"]],
    ["DESCRIBE HISTORY delta.`abfss://tables@x.dfs.core.windows.net/b/c`", ["READ_FILES tables@x"]],
    ["RESTORE TABLE `a`.`b`.`c` TO VERSION AS OF 1", expect.arrayContaining(["MODIFY a.b.c"])],
    ["CREATE SCHEMA `a`.`drill_1`", ["USE_CATALOG a", "CREATE_SCHEMA a"]],
    [
      "CREATE TABLE `a`.`b`.`c` SHALLOW CLONE `a`.`l`.`b_c` VERSION AS OF 1 LOCATION 'abfss://tables@x.dfs.core.windows.net/b/c'",
      expect.arrayContaining(["CREATE_TABLE a.b", "CREATE_EXTERNAL_TABLE tables@x", "SELECT a.l.b_c"]),
    ],
    [
      "CREATE OR REPLACE TABLE delta.`abfss://tables@x.dfs.core.windows.net/b/c` DEEP CLONE `a`.`b`.`c`",
      expect.arrayContaining(["WRITE_FILES tables@x", "SELECT a.b.c"]),
    ],
    [
      "CREATE TABLE IF NOT EXISTS `a`.`b`.`c` USING DELTA LOCATION 'abfss://tables@x.dfs.core.windows.net/b/c'",
      expect.arrayContaining(["CREATE_TABLE a.b", "CREATE_EXTERNAL_TABLE tables@x"]),
    ],
    [
      "MERGE INTO `a`.`b`.`c` AS held USING (SELECT 1 FROM `a`.`b`.`d`) AS sent",
      expect.arrayContaining(["MODIFY a.b.c", "SELECT a.b.c", "SELECT a.b.d"]),
    ],
  ])("%s", (text, wanted) => {
    expect(needed(text)).toEqual(wanted);
  });

  test("what a table needs, where its folder is one", () => {
    const nameOf = (folder: string) => (folder.endsWith("/b/c") ? "a.b.c" : undefined);
    const read = (folder: string) =>
      statementNeeds(`SELECT 1 FROM delta.\`abfss://tables@x.dfs.core.windows.net/${folder}\` VERSION AS OF 1`, nameOf);
    expect(read("b/c")).toContainEqual({ privilege: "SELECT", on: "table", name: "a.b.c" });
    expect(read("b/d")).toEqual([{ privilege: "READ_FILES", on: "externalLocation", name: "tables@x" }]);
  });
});

describe("in a workspace", () => {
  const decide = (rights: Parameters<typeof sparkDecision>[0], method: string, path: string, body = {}) =>
    sparkDecision(rights, sparkNeeds(asked(method, `/api/2.2/${path}`, body)), () => false).lacks;

  test("nobody does anything who is not in it", () => {
    expect(decide({ privileges: [] }, "GET", "jobs/list")).toEqual(["is nobody in this workspace"]);
  });

  test("only who administers it changes what is of others", () => {
    expect(decide({ member: "m", privileges: [] }, "POST", "jobs/update", { job_id: 1 })).toEqual([
      "is no admin there",
    ]);
    expect(decide({ member: "m", admin: "a", privileges: [] }, "POST", "jobs/update", { job_id: 1 })).toEqual([]);
  });

  test("an administrator reads no table without a grant, and one on the catalog is one on the table", () => {
    const grant = (privilege: string) => ({ privilege, on: "catalog" as const, name: "a", by: "g" });
    const statement = { statement: "SELECT 1 FROM `a`.`b`.`c`" };
    const admin = { member: "m", admin: "a", privileges: [grant("USE_CATALOG"), grant("USE_SCHEMA")] };
    expect(decide(admin, "POST", "sql/statements", statement)).toEqual(["lacks SELECT on table a.b.c"]);
    expect(
      decide({ ...admin, privileges: [...admin.privileges, grant("SELECT")] }, "POST", "sql/statements", statement),
    ).toEqual([]);
  });
});
