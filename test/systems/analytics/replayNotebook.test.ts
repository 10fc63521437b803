import { beforeEach, describe, expect, test } from "vitest";
import { notebooks } from "../../../systems/analytics/databricks/notebooks";
import { Warehouse } from "../../support/azure/delta";
import { runNotebook } from "../../support/azure/notebook";

const given = {
  target: "analytics.bronze.events",
  namespaces: "events-1 events-2",
  topic: "events",
  credential: "analytics-events",
  since: "1763856000",
  until: "1763856900",
  late: "600",
};

let warehouse: Warehouse;
beforeEach(() => {
  warehouse = new Warehouse();
  warehouse.knows(/^merge into/i, () => []);
});
const run = (more: Partial<typeof given> = {}) =>
  runNotebook(notebooks().replay ?? "", warehouse, { ...given, ...more });
const merge = () => warehouse.ran.filter((one) => one.startsWith("MERGE"));

describe("events that are read again", () => {
  test("come of all namespaces in one statement, for their span alone, which may be off by what is late", () => {
    run();
    const [statement = "", ...more] = merge();
    expect(more).toEqual([]);
    expect(statement.match(/bootstrapServers => '[^']+'/g)).toEqual([
      "bootstrapServers => 'events-1.servicebus.windows.net:9093'",
      "bootstrapServers => 'events-2.servicebus.windows.net:9093'",
    ]);
    expect(statement.match(/startingTimestamp => '1763856000000', endingTimestamp => '1763856900000'/g)).toHaveLength(
      2,
    );
    const span = "BETWEEN timestamp_seconds(1763856000 - 600) AND timestamp_seconds(1763856900 + 600)";
    expect(statement).toContain(`WHERE event_time ${span}) AS sent ON held.event_time ${span} AND held.date BETWEEN`);
    expect(statement.match(/`databricks\.serviceCredential` => 'analytics-events'/g)).toHaveLength(2);
  });

  test("have the columns of the table in each part, so that what lies in one of another name is not taken for it", () => {
    run();
    const parts = merge()[0]?.match(/SELECT (?!\*)(.*?) FROM/g) ?? [];
    expect(parts.map((one) => one.split(", ").length)).toEqual([7, 7, 7]);
  });

  test.each([["since"], ["until"], ["late"]])(
    "are refused where %s is no number: nothing else comes into the statement",
    (name) => {
      expect(() => run({ [name]: "0) OR true --" })).toThrow("CAST_INVALID_INPUT");
      expect(() => run({ [name]: "" })).toThrow("CAST_INVALID_INPUT");
      expect(merge()).toEqual([]);
    },
  );
});
