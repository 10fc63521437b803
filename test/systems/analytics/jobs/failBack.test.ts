import { describe, expect, test } from "vitest";
import type { Row } from "../../../support/azure/delta";
import {
  clonedAll,
  clonedAt,
  done,
  eachInRegions,
  ended,
  keptIn,
  names,
  type Regions,
  said,
  says,
} from "./recoverFixture";

let regions: Regions;
eachInRegions((started) => {
  regions = started;
});

const step = (name: string, more = {}) => regions.job(`analytics-fail-back-${name}`, said(), more);
const here = (table: string) => `analytics.${table}`;
const there = (table: string) => clonedAt(names.written, table);
const first: Row[] = [
  { id: 1, date: "2026-01-01" },
  { id: 2, date: "2026-01-02" },
];

/** The clones serve, and the first region stands again: it holds what they were cloned from, and a row that never was. */
function served() {
  const { warehouse } = regions.secondary;
  for (const table of ["bronze.events", "gold.daily_events"]) {
    const clone = warehouse.table(clonedAt(names.copy, table));
    clone.changeFeed = true;
    const [, cloned] = clone.versions;
    if (cloned) cloned.rows = first;
    warehouse.tables.set(here(table), clone);
    const location = there(table).replace("delta.", "");
    regions.primary.warehouse.tables.set(here(table), { location, versions: [] });
    warehouse.write(there(table), []);
    warehouse.write(there(table), first);
    warehouse.write(there(table), [...first, { id: 99, date: "2026-01-02" }]);
  }
  const since = new Date(Date.now() - 3_600_000).toISOString();
  warehouse.add(keptIn(names.copy, "serving"), [{ region: "northeurope", since }], "WRITE");
  for (const one of ["fence", "restore", "verify"]) regions.ended(`lake-in-secondary.${one}`);
  const { WRITTEN_ID = "", COPY_ID = "", OWN_SUBNETS = "" } = regions.env("analytics-fail-back-ready");
  return { written: regions.deployed(WRITTEN_ID), copy: regions.deployed(COPY_ID), own: OWN_SUBNETS.split(" ") };
}

const copiedWhole = () =>
  regions.secondary.warehouse.ran.flatMap(
    (one) => /deep clone `analytics`\.(\S+)/i.exec(one)?.[1]?.replaceAll("`", "") ?? [],
  );

describe("the way back to the first region", () => {
  test("brings back what was written here since each table was cloned, and no table that was cloned is copied again", async () => {
    const { written, copy, own } = served();
    const { warehouse } = regions.secondary;
    // As the fence leaves them.
    written.properties.publicNetworkAccess = "Disabled";
    copy.properties.networkAcls = { bypass: "None", virtualNetworkRules: own.map((id) => ({ id })) };
    expect(ended(await step("ready"))).toEqual(says(`${names.written} is still closed`));
    expect(ended(await step("lake"))).toEqual(says("must come after ready"));
    regions.deployed(written.id);
    // The first clones of the first region begin there.
    expect(ended(await step("ready"))).toEqual(says(`${names.copy} is still closed`));
    regions.deployed(copy.id);
    expect(ended(await step("ready"))).toEqual(done);
    for (const name of ["analytics-bronze"])
      expect(regions.primary.settings(name).continuous.pause_status).toBe("PAUSED");
    expect(regions.primary.settings("analytics-clone-copy").schedule.pause_status).toBe("PAUSED");

    const added = [...first, { id: 3, date: "2026-01-02" }, { id: 3, date: "2026-01-02" }];
    warehouse.add(here("bronze.events"), added, "WRITE");
    warehouse.add(
      here("gold.daily_events"),
      [
        { id: 1, date: "2026-01-01" },
        { id: 4, date: "2026-01-02" },
      ],
      "MERGE",
    );
    warehouse.write(here("gold.made"), [{ id: 5 }]);
    expect(ended(await step("lake"))).toEqual(done);
    expect(warehouse.rows(there("bronze.events"))).toEqual(added);

    expect(ended(await step("stop"))).toEqual(done);
    warehouse.add(here("bronze.events"), [...added, { id: 6, date: "2026-01-03" }], "WRITE");
    expect(ended(await step("rest"))).toEqual(done);
    for (const table of ["bronze.events", "gold.daily_events", "gold.made"])
      expect(warehouse.rows(there(table)), table).toEqual(warehouse.rows(here(table)));
    expect(copiedWhole()).toEqual(["gold.made"]);
    expect(JSON.parse(regions.progress()["fail-back.rest"] ?? "{}").changed).toEqual(["bronze.events"]);

    expect(ended(await step("resume"))).toEqual(says("resume must come after kafka"));
    const { NAMESPACE_IDS = "", TOPIC = "", PARTITIONS } = regions.env("analytics-fail-back-kafka");
    const hubs = NAMESPACE_IDS.split(" ").map((id) => {
      const properties = { status: "Active", partitionCount: Number(PARTITIONS) };
      regions.azure.arm.put(`${id}/eventhubs/${TOPIC}`, { properties });
      // As the promotion of the second region has left it.
      const locations = [
        { locationName: "West Europe", roleType: "Secondary" },
        { locationName: "North Europe", roleType: "Primary" },
      ];
      return regions.azure.arm.put(id, { properties: { geoDataReplication: { locations } } });
    });
    const takes = () => hubs.map(({ properties }) => properties.geoDataReplication.locations[0].roleType);
    // A replica that is behind: nothing is forced, so the promotion does not end well.
    regions.azure.arm.operation = { asked: 1, status: "Failed" };
    expect(ended(await step("kafka"))).toEqual(says("start this step again"));
    expect(takes()).toEqual(hubs.map(() => "Secondary"));
    regions.azure.arm.operation = { asked: 1, status: "Succeeded" };
    expect(ended(await step("kafka"))).toEqual(done);
    expect(takes()).toEqual(hubs.map(() => "Primary"));
    const forced = regions.azure.bodies(/^POST .*failover$/).map(({ properties }) => properties.force);
    expect(new Set(forced)).toEqual(new Set([false]));
    regions.primary.flaps = true;
    const late = await step("resume", { doubles: { SAY_WITHIN: "897" } });
    expect(ended(late)).toEqual(says("has a run that lives and goes on"));
    expect(regions.progress()["fail-back.resume"]).toBeUndefined();
    regions.primary.flaps = false;
    expect(ended(await step("resume"))).toEqual(done);
    expect(regions.primary.settings("analytics-bronze").continuous.pause_status).toBe("UNPAUSED");
    expect(regions.primary.warehouse.volumes.get("analytics.bronze.checkpoints")).toBe("");
    // The clones by schedule wait for the first ones, which have the time to copy all.
    expect(regions.primary.settings("analytics-clone-copy").schedule.pause_status).toBe("PAUSED");
    const jobs = regions.primary.runs.map(({ job_id }) => regions.primary.jobs.get(job_id)?.settings.name);
    expect(jobs).toEqual(expect.arrayContaining(["analytics-first-clone-copy", "analytics-first-clone-locked"]));
    expect(warehouse.rows(keptIn(names.copy, "serving"))).toEqual([]);

    // A failover before the first clones needs its own fence, and finds all that was brought back, as old as the stop.
    const again = (name: string) => regions.job(`analytics-lake-in-secondary-${name}`);
    expect(ended(await again("restore"))).toEqual(says("restore must come after fence"));
    const env = regions.env("analytics-lake-in-secondary-fence");
    for (const id of [env.COPY_ID, env.LOCKED_ID]) regions.azure.arm.put(id ?? "");
    for (const name of ["fence", "restore", "verify"]) expect(ended(await again(name))).toEqual(done);
    const { tables, ageSeconds } = JSON.parse(regions.progress()["lake-in-secondary.restore"] ?? "{}");
    expect(tables).toHaveLength(3);
    expect(ageSeconds).toBeLessThan(300);
  });

  test("begins again from what both regions are known to hold where a round ended early, and names what it cannot read", async () => {
    served();
    const { warehouse } = regions.secondary;
    await step("ready");
    warehouse.add(here("bronze.events"), [...first, { id: 3, date: "2026-01-02" }], "WRITE");
    let noting = 0;
    warehouse.knows(/^insert into delta\.`[^`]*clones` values .*'events', timestamp_seconds/i, () => {
      if (noting++ === 0) throw new Error("TEMPORARILY_UNAVAILABLE");
      return [];
    });
    expect(ended(await step("lake"))).toEqual(says("that bronze.events is brought back cannot be noted"));
    expect(ended(await step("lake"))).toEqual(done);
    expect(warehouse.rows(there("bronze.events"))).toHaveLength(3);
    warehouse.table(here("gold.daily_events")).changeFeed = false;
    warehouse.add(here("gold.daily_events"), [], "DELETE");
    expect(ended(await step("lake"))).toEqual(says("what changed of gold.daily_events since version 1 cannot be read"));
  });

  test("takes what was written in days in parts, each noted, and goes on for days after it was begun", async () => {
    served();
    const { warehouse } = regions.secondary;
    const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    clonedAll(regions, ago(100));
    const { versions } = warehouse.table(here("bronze.events"));
    for (const one of versions) one.at = ago(101);
    for (const [place, hours] of [96, 80, 50, 1].entries()) {
      const rows = [...(versions.at(-1)?.rows ?? []), { id: 10 + place, date: "2026-01-03" }];
      versions.push({ version: 2 + place, at: ago(hours), operation: "WRITE", rows });
    }
    expect(ended(await step("ready"))).toEqual(done);
    regions.aged("fail-back.ready", 24 * 5);
    const parts = () => warehouse.ran.flatMap((one) => /^insert into .*(table_changes\(.*\))$/i.exec(one)?.[1] ?? []);
    const from = (first: number, last: number) => `table_changes('analytics.bronze.events', ${first}, ${last})`;
    warehouse.knows(/^insert into .*table_changes\(.*, 5\)$/i, () => {
      throw new Error("STATEMENT_TIMEOUT");
    });
    expect(ended(await step("lake"))).toEqual(says("what was added to bronze.events cannot be added"));
    expect(parts()).toEqual([from(2, 3), from(4, 4), from(5, 5)]);
    expect(warehouse.rows(there("bronze.events"))).toHaveLength(5);
    // Nothing that was noted is read again.
    warehouse.ran.length = 0;
    await step("lake");
    expect(parts()).toEqual([from(5, 5)]);
    expect(warehouse.ran.filter((one) => /^restore table .*events/i.test(one))).toEqual([]);

    regions.aged("fail-back.ready", 24 * 10);
    expect(ended(await step("lake"))).toEqual(says("must come after ready of fail-back"));
  });

  test("begins with no table that lies where nobody else writes, and copies whole what its owner has dropped there", async () => {
    served();
    const { primary, secondary } = regions;
    const table = here("gold.daily_events");
    const managed = `abfss://tables@${names.written}.dfs.core.windows.net/_managed/tables/1`;
    primary.warehouse.tables.set(table, { location: managed, versions: [] });
    secondary.warehouse.tables.delete(there("gold.daily_events"));
    expect(ended(await step("ready"))).toEqual(says("where alone they can be brought back: gold.daily_events; their"));
    primary.warehouse.tables.delete(table);
    // What nobody has here keeps nothing from going back.
    primary.warehouse.tables.set(here("gold.theirs"), { location: managed, versions: [] });
    expect(ended(await step("ready"))).toEqual(done);
    for (const _round of [1, 2]) expect(ended(await step("lake"))).toEqual(done);
    expect(copiedWhole()).toEqual(["gold.daily_events"]);
    regions.aged("fail-back.lake", 2);
    expect(ended(await step("stop"))).toEqual(says("the last round ended 2h00m ago"));
  });

  test("stops nobody while a round still takes long, and copies nothing whole that the step has no time for", async () => {
    served();
    await step("ready");
    expect(ended(await step("lake"))).toEqual(done);
    expect(ended(await step("stop", { replace: { LAST_ROUND: "0" } }))).toEqual(says("start the step lake once more"));
    expect(regions.secondary.settings("analytics-bronze").continuous.pause_status).toBe("PAUSED");
    regions.secondary.warehouse.write(here("gold.made"), [{ id: 5 }]);
    regions.secondary.warehouse.table(here("gold.made")).bytes = 2.3e15;
    expect(ended(await step("lake"))).toEqual(says("gold.made must be copied whole: 2300000000000000 bytes"));
    expect(copiedWhole()).toEqual([]);
  });
});

test.each([
  ["ready", "primary"],
  ["stop", "secondary"],
] as const)("%s of the way back does not end while runs of the %s that were ended go on", async (name, role) => {
  served();
  for (const before of name === "stop" ? ["ready", "lake"] : []) expect(ended(await step(before))).toEqual(done);
  const workspace = regions[role];
  const [[job_id = 0] = []] = [...workspace.jobs].filter(([, { settings }]) => settings.name === "analytics-bronze");
  workspace.runs.push({ run_id: 1, job_id, state: { life_cycle_state: "RUNNING" }, job_parameters: {}, start_time: 0 });
  workspace.lingers = true;
  const run = await step(name, { doubles: { SAY_WITHIN: "897" } });
  expect(ended(run)).toEqual(says("runs of analytics-bronze have not ended: somebody still writes"));
  expect(regions.progress()[`fail-back.${name}`]).toBeUndefined();
});
