import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type SimulatedAzure, startAzure } from "../../../support/azure";
import { FEDERATED_TOKEN } from "../../../support/azure/directory";
import { shell } from "../../../support/azure/shell";

let azure: SimulatedAzure;
beforeEach(async () => {
  azure = await startAzure();
});
afterEach(() => azure.stop());

const group = "/subscriptions/s/resourceGroups/g";
const hub = `${group}/providers/Microsoft.EventHub/namespaces/one`;

describe("whoever a job is", () => {
  test("it gets one token for each service, and asks for it once", async () => {
    azure.arm.put(hub);
    azure.vault("keys").secrets.set("one", "secret");
    const { code, stderr } = await shell(
      azure,
      `arm GET '${hub}?api-version=1'; arm GET '${hub}?api-version=1'; vault GET keys /secrets/one`,
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(azure.count(/^POST \/login/)).toBe(2);
  });

  test("no token is given to a stranger, and neither token nor answer is shown", async () => {
    const { code, stdout, stderr } = await shell(azure, `arm GET '${hub}?api-version=1'`, { AZURE_CLIENT_ID: "" });
    expect(code).toBe(1);
    expect(stderr).toContain("AZURE_CLIENT_ID must be set");
    expect(stdout + stderr).not.toContain(FEDERATED_TOKEN);
  });

  test("a token for one service opens no other", async () => {
    azure.arm.put(hub);
    const { code, stderr } = await shell(
      azure,
      `azure_call odd https://vault.azure.net GET "$ARM_URL${hub}?api-version=1"`,
    );
    expect([code, stderr.trim().replace(/^\S+ /, "")]).toEqual([
      1,
      "job: odd: GET answered 401 (InvalidAuthenticationTokenAudience)",
    ]);
  });
});

describe("a call", () => {
  test("that is held back is made again after the time that the answer says", async () => {
    azure.arm.put(hub);
    azure.fail(/^GET \/arm/, 429, { headers: { "retry-after": "1" } });
    const { code, stdout } = await shell(azure, `arm GET '${hub}?api-version=1' | jq -r .id`);
    expect([code, stdout.trim()]).toEqual([0, hub]);
    expect(azure.count(/^GET \/arm/)).toBe(2);
  });

  test.each([
    [404, 4],
    [409, 9],
    [403, 1],
    [503, 1],
  ])("that is answered %i returns %i, and says so in one line without the answer", async (status, returned) => {
    azure.fail(/^GET \/arm/, status, { times: 9 });
    const { code, stdout, stderr } = await shell(azure, `arm GET '${hub}?api-version=1'`);
    expect([code, stdout, stderr.trim().split("\n").length]).toEqual([returned, "", 1]);
    expect(stderr).toContain(`ARM ${hub}: GET answered ${status} (Injected)`);
  });

  test("goes on until what it began has ended", async () => {
    azure.arm.put(hub, {
      properties: { geoDataReplication: { locations: [{ locationName: "b", roleType: "Secondary" }] } },
    });
    azure.arm.operation.asked = 3;
    const body = `printf '{"properties":{"primaryLocation":"b"}}' >body`;
    const { code } = await shell(azure, `${body}; arm POST '${hub}/failover?api-version=1' body`);
    expect([code, azure.count(/operations/)]).toEqual([0, 4]);
    expect(azure.arm.get(hub).properties.geoDataReplication.locations[0].roleType).toBe("Primary");
  });

  test.each([
    ["fails", { asked: 1, status: "Failed" }, "Failed"],
    ["never ends", { asked: 999, status: "Succeeded" }, "has not ended within 1s, it is InProgress"],
  ])("is an error where what it began %s", async (_, operation, says) => {
    azure.arm.put(hub);
    azure.arm.operation = operation;
    const { code, stderr } = await shell(azure, `arm PUT '${hub}?api-version=1'`, { OPERATION_SECONDS: "1" });
    expect(code).toBe(1);
    expect(stderr).toContain(says);
  });

  test("sends our token to nobody but Azure, whatever an answer says", async () => {
    azure.on(/^POST \/arm/, () => ({ status: 202, headers: { "azure-asyncoperation": "http://127.0.0.1:1/else" } }));
    const { code, stderr } = await shell(azure, `arm POST '${hub}/failover?api-version=1'`);
    expect(code).toBe(1);
    expect(stderr).toContain("goes on at an address that is not ARM's");
  });

  test("lists all pages, or nothing where one of them fails", async () => {
    for (let one = 0; one < 120; one++) azure.arm.put(`${group}/providers/Microsoft.Storage/storageAccounts/a${one}`);
    const list = `arm_all '${group}/resources?api-version=1' | jq length`;
    expect((await shell(azure, list)).stdout.trim()).toBe("120");
    azure.on(/^GET \/arm.*resources$/, ({ query }) =>
      query.get("$skiptoken") === "100" ? { status: 403 } : undefined,
    );
    expect((await shell(azure, list)).code).toBe(1);
  });
});

describe("a statement", () => {
  const text = (statement: string) => `printf '%s' '${statement}' >statement.sql; sql w statement.sql`;

  test.each([
    ["at once", false],
    ["after a while", true],
  ])("gives its rows as objects, %s", async (_, slow) => {
    const workspace = azure.workspace("near");
    workspace.slow = slow;
    workspace.warehouse.write("a.b.c", [{ id: 1 }, { id: 2 }]);
    const { code, stdout } = await shell(azure, text("SELECT count(*) AS rows\n FROM `a`.`b`.`c`"));
    expect([code, JSON.parse(stdout)]).toEqual([0, [{ rows: "2" }]]);
    expect(azure.count(/^GET .*statements/)).toBe(slow ? 1 : 0);
  });

  test("gives an empty array where it finds none, and its values are parameters", async () => {
    const { warehouse } = azure.workspace("near");
    warehouse.knows(/^select :one/i, (_, { one }) => (one === "x" ? [] : [{ wrong: 1 }]));
    const with_ = `printf '[{"name":"one","value":"x"}]' >values; printf 'SELECT :one' >statement.sql; sql w statement.sql values`;
    expect((await shell(azure, with_)).stdout.trim()).toBe("[]");
  });

  test("that fails says the code and the statement", async () => {
    azure.workspace("near");
    const { code, stderr } = await shell(azure, text("SELECT nothing"));
    expect(code).toBe(1);
    expect(stderr).toContain("SQL: FAILED (PARSE_SYNTAX_ERROR): SELECT nothing");
  });

  test("that is too slow is ended", async () => {
    azure.workspace("near").slow = true;
    azure.on(/^GET .*statements/, () => ({ status: 200, body: { status: { state: "RUNNING" } } }));
    const { code, stderr } = await shell(azure, text("SELECT slow"), { SQL_SECONDS: "1" });
    expect(code).toBe(1);
    expect(stderr).toContain("not done within 1s, it was RUNNING");
    expect(azure.count(/statement-1\/cancel$/)).toBe(1);
  });
});

describe("a blob", () => {
  const put = "printf content >file; blob_put file locked/exports/a/one.json";

  test("that was written is read back, with its lock", async () => {
    const account = azure.account("locked", 35);
    const { code, stdout } = await shell(azure, put, { REQUIRED_LOCK_DAYS: "35" });
    expect(code).toBe(0);
    expect(stdout.split("\t")).toEqual([
      "a/one.json",
      account.blobs.get("exports/a/one.json")?.[0]?.version,
      "7",
      expect.stringMatching(/^[0-9a-f]{64}\n$/),
    ]);
  });

  test.each([
    ["no lock", undefined, "has no version"],
    ["too short a lock", 7, "must stay locked for 35 days"],
  ])("with %s is no copy", async (_, days, says) => {
    azure.account("locked", days);
    const { code, stderr } = await shell(azure, put, { REQUIRED_LOCK_DAYS: "35" });
    expect(code).toBe(1);
    expect(stderr).toContain(says);
  });

  test("that is another than was sent is no copy", async () => {
    azure.account("locked", 35);
    azure.on(/^HEAD /, () => ({ status: 200, headers: { "content-md5": "other" } }));
    const { code, stderr } = await shell(azure, put);
    expect(code).toBe(1);
    expect(stderr).toContain("is not what was sent");
  });

  test("is found in the list with every version, over all pages", async () => {
    const account = azure.account("locked", 35);
    for (let one = 0; one < 60; one++)
      account.write(`exports/a/${one}.json`, "x", new Date(Date.UTC(2026, 0, 1, 0, one)));
    account.write("exports/a/7.json", "later", new Date(Date.UTC(2026, 0, 2)));
    const { stdout } = await shell(azure, "blob_list locked/exports a/ versions");
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(61);
    expect(lines.at(-1)?.split("\t")).toEqual([
      "a/7.json",
      expect.anything(),
      String(Date.UTC(2026, 0, 2) / 1000),
      "5",
    ]);
  });
});

test("logs are read by row, and a part of an answer is none", async () => {
  azure.logs.finds(/Heartbeat/, [{ Computer: "a", n: 1 }]);
  const ask = "logs_query /subscriptions/s/providers/w 'Heartbeat | count'";
  expect(JSON.parse((await shell(azure, ask)).stdout)).toEqual([{ Computer: "a", n: 1 }]);
  azure.on(/^POST \/logs/, () => ({
    status: 200,
    body: { error: { code: "PartialError" }, tables: [{ columns: [], rows: [] }] },
  }));
  expect((await shell(azure, ask)).code).toBe(1);
});

describe("a restore point", () => {
  const env = {
    STORE: "locked/exports",
    PREFIX: "keys",
    ASSET: "analytics/keys",
    REQUIRED_LOCK_DAYS: "35",
    PART_BYTES: "100",
  };
  const at = { ...env, SCRATCH_DIR: "." };
  const put = `mkdir content; for i in 1 2 3; do openssl rand -hex 60 >content/$i; done; point_put content '{"secrets":3}'`;
  const back = (moment: string) =>
    `line=$(point_before '${moment}'); point_fetch "$line" back; ls back; jq -c .counts back.json`;

  test("of several parts comes back as it was", async () => {
    azure.account("locked", 35);
    const { code, stdout, stderr } = await shell(azure, `${put} >/dev/null; ${back("now")}; diff -r content back`, at);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.trim().split("\n")).toEqual(["1", "2", "3", '{"secrets":3}']);
  });

  test("is what its run wrote, whatever somebody wrote over it", async () => {
    const account = azure.account("locked", 35);
    await shell(azure, put, at);
    const [manifest = ""] = account.names("exports/keys/points/");
    account.write(manifest, '{"format":1}', new Date(Date.now() + 5_000));
    expect((await shell(azure, back("now"), at)).code).toBe(0);
  });

  test("of which a part was changed is refused", async () => {
    const account = azure.account("locked", 35);
    await shell(azure, put, at);
    const [part = ""] = account.names("exports/keys/content/");
    const [version] = account.blobs.get(part) ?? [];
    if (version) version.body = Buffer.alloc(version.body.length);
    const { code, stderr } = await shell(azure, back("now"), at);
    expect(code).toBe(1);
    expect(stderr).toContain("is not what was written");
  });

  test("that is older than all is none, and a run that ended early left none", async () => {
    const account = azure.account("locked", 35);
    azure.fail(/^PUT .*points/, 403);
    expect((await shell(azure, put, at)).code).toBe(1);
    expect(account.names("exports/keys/content/").length).toBeGreaterThan(1);
    expect((await shell(azure, back("now"), at)).code).toBe(1);
    await shell(azure, put, at);
    expect((await shell(azure, back("yesterday"), at)).code).toBe(1);
  });
});
