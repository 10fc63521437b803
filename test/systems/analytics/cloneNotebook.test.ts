import { beforeEach, describe, expect, test } from "vitest";
import { notebooks } from "../../../systems/analytics/databricks/notebooks";
import { knowsCloneLog } from "../../support/azure/cloneLog";
import { type Row, Warehouse } from "../../support/azure/delta";
import { runNotebook } from "../../support/azure/notebook";

const at = "abfss://tables@copy.dfs.core.windows.net/";
const log = `delta.${at}_holdfast/clones`;
const serving = `delta.${at}_holdfast/serving`;
const clone = (table: string) => `delta.${at}${table}`;

let warehouse: Warehouse;
beforeEach(() => {
  warehouse = new Warehouse();
  knowsCloneLog(warehouse);
  warehouse.write("analytics.bronze.events", [{ id: 1 }]);
  warehouse.write("analytics.gold.daily", [{ id: 1 }, { id: 2 }]);
  warehouse.write("analytics.private.notes", [{ id: 9 }]);
  warehouse.tables.set("analytics.gold.view", { location: "", versions: [], view: true });
});

const run = () =>
  runNotebook(notebooks().clone ?? "", warehouse, {
    source: "analytics",
    target: "analytics_copy",
    location: at,
    history: "interval 35 days",
    serving: "analytics_copy.holdfast.serving",
    serving_location: `${at}_holdfast/serving`,
  });
const noted = () =>
  warehouse.rows(log).map(({ layer, name, version, source, rows }) => [layer, name, version, source, rows]);

describe("a run of clones", () => {
  test("copies every table of the layers, and notes what it found and what it cloned", () => {
    run();
    expect(warehouse.rows(clone("bronze/events"))).toEqual([{ id: 1 }]);
    expect(warehouse.rows(clone("gold/daily"))).toHaveLength(2);
    expect(warehouse.tables.has("analytics_copy.private.notes")).toBe(false);
    expect(noted()).toEqual([
      ["bronze", "events", null, null, null],
      ["gold", "daily", null, null, null],
      ["bronze", "events", 0, 0, 1],
      ["gold", "daily", 0, 0, 2],
    ]);
    expect(warehouse.ran.filter((one) => /deep clone/i.test(one)).join()).toContain(
      "'delta.enableChangeDataFeed' = 'true'",
    );
  });

  test("goes on where one table cannot be cloned, and fails at its end with its name", () => {
    warehouse.knows(/deep clone `analytics`\.`bronze`/i, () => {
      throw new Error("DELTA_FILE_NOT_FOUND");
    });
    expect(run).toThrow("not cloned: bronze.events");
    expect(warehouse.rows(clone("gold/daily"))).toHaveLength(2);
    expect(noted()).toHaveLength(3);
  });

  test("clones nothing while the other region serves, not even when that begins during a run", () => {
    run();
    warehouse.add(clone("bronze/events"), [{ id: 1 }, { id: 7 }], "WRITE");
    const says = { region: "northeurope", since: "2026-11-22T00:00:00Z" };
    warehouse.add(serving, [says], "WRITE");
    const before = warehouse.rows(log);
    expect(run).toThrow("the other region serves");
    expect(warehouse.rows(clone("bronze/events"))).toHaveLength(2);
    expect(warehouse.rows(log)).toEqual(before);

    warehouse.add(serving, [], "DELETE");
    let cloned = 0;
    warehouse.knows(/^insert into .*describe history/i, (): Row[] => {
      cloned++;
      warehouse.add(serving, [says], "WRITE");
      return [];
    });
    expect(run).toThrow("the other region serves");
    expect(cloned).toBe(1);
  });

  test("no longer lists what was dropped, and forgets what is older than the history of tables", () => {
    run();
    warehouse.tables.delete("analytics.gold.daily");
    warehouse.add(
      log,
      warehouse.rows(log).map((row) => ({ ...row, run: "2020-01-01T00:00:00.000Z" })),
      "WRITE",
    );
    run();
    expect(noted()).toEqual([
      ["bronze", "events", null, null, null],
      ["bronze", "events", 1, 0, 1],
    ]);
    expect(warehouse.rows(clone("gold/daily"))).toHaveLength(2);
  });
});
