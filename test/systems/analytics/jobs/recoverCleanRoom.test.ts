import { describe, expect, test } from "vitest";
import { ROOM_KEY } from "../../../../systems/analytics/recovery/recoveryEnv";
import { pathNames, recoveryPaths, stepJob } from "../../../../systems/analytics/recovery/recoverySteps";
import { readsCapture } from "../../../support/azure/events";
import {
  BEFORE,
  clonedAt,
  cloneRun,
  done,
  eachInRegions,
  ended,
  iso,
  names,
  noted,
  type Regions,
  said,
  says,
} from "./recoverFixture";

let regions: Regions;
eachInRegions((started) => {
  regions = started;
});

const ROOM = "/subscriptions/room/resourceGroups/clean";

/** What people say of the room that they have made. */
const room = (more: Record<string, string> = {}) => {
  const { azure } = regions;
  azure.arm.put(ROOM);
  for (const [id, name] of ["analytics-sql", "analytics-replays"].entries())
    azure.workspace("room").warehouses.set(`w${id}`, { id: `w${id}`, name, state: "RUNNING" });
  return said({
    RESTORE_BEFORE: iso(BEFORE),
    ROOM_SUBSCRIPTION: "room",
    ROOM_GROUP: "clean",
    ROOM_DATABRICKS_URL: azure.databricksUrl("room"),
    ROOM_ACCOUNT: "roomlake",
    ...more,
  });
};

describe("the lake in a clean room", () => {
  const step = (name: string, incident = room()) => regions.job(`analytics-lake-in-clean-room-${name}`, incident);

  test("is made of the clones under the lock, as they were before what is trusted, and checked", async () => {
    const { warehouse } = regions.azure.workspace("room");
    for (const [name, table] of regions.secondary.warehouse.tables) warehouse.tables.set(name, table);
    // What whoever intruded wrote into the list since does not count.
    noted(regions, names.locked, cloneRun(["gold.nothing"], new Date(BEFORE.getTime() - 60_000), 0));
    warehouse.knows(/^select count\(\*\).* as wrong from/i, () => [{ wrong: "0" }]);
    for (const name of ["room", "restore", "verify"]) expect(ended(await step(name))).toEqual(done);
    expect(warehouse.rows("analytics.bronze.events")).toEqual([{ id: 1 }]);
    // What is written there stays in the room, and nothing is cloned but external tables to external ones.
    expect(warehouse.table("analytics.bronze.events").location).toBe(
      "abfss://tables@roomlake.dfs.core.windows.net/bronze/events",
    );
    expect(warehouse.table(clonedAt(names.locked, "bronze.events")).versions).toHaveLength(2);
    // Another moment, in the same room.
    expect(ended(await step("restore"))).toEqual(done);
    expect(
      regions.azure.calls.some(
        ({ line }) => line.includes("/databricks/primary") || line.includes("/databricks/secondary"),
      ),
    ).toBe(false);
  });

  test("waits for a room that is another subscription's, and can read the copies", async () => {
    const { SUBSCRIPTION = "" } = regions.env("analytics-lake-in-clean-room-room");
    expect(ended(await step("room", room({ ROOM_SUBSCRIPTION: SUBSCRIPTION })))).toEqual(
      says("must be another subscription"),
    );
    expect(ended(await step("room", room({ ROOM_GROUP: "absent" })))).toEqual(says("has no resource group absent"));
    expect(ended(await step("room", room({ ROOM_ACCOUNT: "" })))).toEqual(says("ROOM_ACCOUNT"));
    regions.azure.fail(/^GET .*locked\/tables$/, 403);
    expect(ended(await step("room"))).toEqual(says("cannot be read from the clean room"));
    expect(ended(await step("restore"))).toEqual(says("restore must come after room"));
  });

  test("does not make a lake of clones that are all younger than the intrusion", async () => {
    const early = room({ RESTORE_BEFORE: iso(new Date(BEFORE.getTime() - 86_400_000)) });
    const { warehouse } = regions.azure.workspace("room");
    for (const [name, table] of regions.secondary.warehouse.tables) warehouse.tables.set(name, table);
    await step("room", early);
    expect(ended(await step("restore", early))).toEqual(says("has no list of clones from before"));
    expect(warehouse.ran.some((one) => /^create or replace table/i.test(one))).toBe(false);
  });
});

describe("events in a clean room", () => {
  const step = (name: string, more: Record<string, string> = {}) =>
    regions.job(`analytics-kafka-in-clean-room-${name}`, room(more));
  /** The newest row of the lake that came back, and what every statement asks for. */
  const captured = (rows: number, newest?: Date) => {
    const { warehouse } = regions.azure.workspace("room");
    const asked: { after: string; before: string; namespaces: string[] }[] = [];
    warehouse.write("analytics.bronze.events", [{ id: 0 }]);
    warehouse.knows(/^select max\(event_time\) as newest/i, () => [{ newest: newest?.toISOString() ?? null }]);
    warehouse.knows(
      /^merge into .*read_files\(.*modifiedAfter => '([^']+)', modifiedBefore => '([^']+)'/i,
      ({ 0: whole, 1: after = "", 2: before = "" }) => {
        readsCapture(whole);
        const namespaces = [...whole.matchAll(/abfss:\/\/events@[^/]+\/([^/]+)\//g)].map(([, one = ""]) => one);
        asked.push({ after, before, namespaces });
        const all = Array.from({ length: rows + 1 }, (_, id) => ({ id }));
        warehouse.write("analytics.bronze.events", all);
        return [];
      },
    );
    return asked;
  };
  const earlier = (minutes: number) => new Date(BEFORE.getTime() - minutes * 60_000);

  test("are those that were captured after the lake that came back and before what is trusted, of all namespaces at once", async () => {
    const early = await step("room");
    expect(early.stderr).toContain("room of kafka-in-clean-room must come after lake-in-clean-room.restore");
    regions.ended("lake-in-clean-room.restore");
    const asked = captured(3, earlier(40));
    expect(ended(await step("room"))).toEqual(done);
    const run = await step("restore");
    expect(ended(run)).toEqual(done);
    expect(JSON.parse(run.stdout)).toMatchObject({ from: iso(earlier(40)), holds: iso(BEFORE), added: 3 });
    const { NAMESPACES = "" } = regions.env("analytics-kafka-in-clean-room-restore");
    expect(asked).toEqual([{ after: iso(earlier(50)), before: iso(BEFORE), namespaces: NAMESPACES.split(" ") }]);
  });

  test("are none where nothing was captured, or nobody knows from when on they are missing", async () => {
    regions.ended("lake-in-clean-room.restore");
    await step("room");
    captured(0, earlier(40));
    expect(ended(await step("restore"))).toEqual(says("nothing was captured between"));
    const asked = captured(2);
    expect(ended(await step("restore"))).toEqual(says("say EVENTS_SINCE"));
    expect(ended(await step("restore", { EVENTS_SINCE: iso(earlier(90)) }))).toEqual(done);
    expect(asked.map(({ after }) => after)).toEqual([iso(earlier(100))]);
  });
});

describe("secrets in a clean room", () => {
  const later = (more = {}) => room({ RESTORE_BEFORE: iso(new Date()), ROOM_VAULT: "room-vault", ...more });
  const step = (name: string, key = "opens", more = {}) =>
    regions.job(`analytics-keys-in-clean-room-${name}`, later(more), {
      secrets: { [ROOM_KEY.secret]: { [ROOM_KEY.key]: key } },
      commands: [regions.commands("age", { age: `[ "$(cat "$3")" = opens ] || exit 1\ncat "$6" >"$5"` })],
    });

  test("are opened there alone, written into its vault, and none is shown", async () => {
    const sealed = JSON.stringify([{ name: "one", value: "canary-one" }]);
    await regions.exported("keys", {
      "secrets.json": JSON.stringify([{ name: "one", version: "v0" }]),
      "secrets.age": sealed,
    });
    regions.azure.vault("room-vault");
    const runs = [];
    for (const name of ["room", "find", "restore", "verify"]) runs.push(await step(name));
    for (const run of runs) expect(ended(run)).toEqual(done);
    expect([...regions.azure.vault("room-vault").secrets]).toEqual([["one", "canary-one"]]);
    expect(JSON.stringify(runs) + JSON.stringify(regions.progress())).not.toContain("canary");
    regions.azure.vault("room-vault").secrets.set("one", "canary-another");
    expect(ended(await step("verify"))).toEqual(says("these secrets are not as they were: one"));
    expect(ended(await step("restore", "another key"))).toEqual(
      says("cannot be opened with the key of the clean room"),
    );
  });

  test("are not opened of an export that was written after what is trusted, under the name of a day before", async () => {
    await regions.exported("keys", { "secrets.json": "[]", "secrets.age": "[]" });
    regions.azure.vault("room-vault");
    expect(ended(await step("room"))).toEqual(done);
    const locked = regions.azure.account(names.locked, 35);
    const [real = ""] = locked.names("exports/keys/points/");
    locked.write("exports/keys/points/20200101T000000.000Z.json", locked.read(real));
    const early = { RESTORE_BEFORE: iso(BEFORE) };
    expect(ended(await step("find", "opens", early))).toEqual(says("has no export before"));
  });
});

test("configuration in a clean room is made under its names, and no call changes ours", async () => {
  const env = regions.env("analytics-configuration-in-clean-room-restore");
  const [group = ""] = (env.GROUPS_OF_BOTH ?? "").split(" ");
  const id = `/subscriptions/${env.SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Authorization/policyAssignments/tls`;
  await regions.exported("configuration", {
    "resources.json": "[]",
    "policies.json": JSON.stringify([
      { id, apiVersion: "2023-04-01", properties: { scope: `/subscriptions/${env.SUBSCRIPTION}` } },
    ]),
  });
  const later = room({ RESTORE_BEFORE: iso(new Date()) });
  for (const name of ["room", "find", "restore", "verify"])
    expect(ended(await regions.job(`analytics-configuration-in-clean-room-${name}`, later))).toEqual(done);
  expect(
    regions.azure.arm.get(`${ROOM}/providers/Microsoft.Authorization/policyAssignments/tls`).properties.scope,
  ).toBe("/subscriptions/room");
  expect(regions.azure.count(new RegExp(`^PUT /arm/subscriptions/${env.SUBSCRIPTION}`))).toBe(0);
});

test("every container that a clean room reads holds a kit with all of its jobs", () => {
  const kits = regions.graph.resources.filter(
    ({ name }) => name.startsWith("analytics-kit-") && name.endsWith("-blob"),
  );
  expect(kits.map(({ props }) => props.containerName).sort()).toEqual(["events", "exports", "logs", "tables"]);
  const jobs = pathNames
    .filter((one) => recoveryPaths[one].way === "room")
    .flatMap((one) => Object.keys(recoveryPaths[one].steps).map((step) => stepJob(one, step)));
  for (const { props } of kits) {
    const said = (props.metadata as Record<string, string>).holdfast_jobs?.split(",");
    expect(said).toEqual([...jobs].sort());
  }
  expect(names.locked).toBe(kits[0]?.props.accountName);
});
