import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPlan, readPlanFile } from "../../../recovery/plan/file";
import { changed, planOf, problemsOf, written } from "./written";

describe("a plan written by hand", () => {
  it("has no problem", () => {
    expect(problemsOf(written())).toEqual([]);
  });

  it("says where each number is from: the file with a pointer, what people call it, and the setting", () => {
    const [points] = planOf(written()).protections;
    expect(points).toMatchObject({
      label: "nightly dumps",
      source: { resource: "orders.yaml#/protections/0", name: "nightly dumps" },
      series: [
        {
          suspended: false,
          source: { resource: "orders.yaml#/protections/0/series/0", name: "dump" },
          run: {
            name: "run",
            value: 3_600,
            grade: "guaranteed",
            source: { resource: "orders.yaml#/protections/0/series/0", name: "dump", property: "run" },
          },
        },
      ],
      copies: [
        {
          at: { region: "eu-west-1", deployed: true },
          lock: {
            keptFor: {
              source: {
                resource: "orders.yaml#/protections/0/copies/0",
                name: "copy in there",
                property: "lock.keptFor",
              },
            },
          },
        },
      ],
    });
  });

  it("takes a number and its source from the entry that it names, and is assumed then", () => {
    expect(planOf(written()).protections[1]).toMatchObject({
      upload: { value: 60, grade: "assumed", assumption: "upload", source: { resource: "register:upload" } },
    });
  });

  it("says a number itself that an entry only answers for", () => {
    expect(planOf(written()).paths[0]?.steps[2]?.bound).toEqual({
      name: "warm-up",
      value: 600,
      grade: "assumed",
      assumption: "undrilled",
      source: { resource: "orders.yaml#/paths/0/steps/2", name: "step warm-up", property: "bound" },
    });
  });

  it("puts the asset before the name of a path, and lets a step wait for the one before it unless it says otherwise", () => {
    const [path] = planOf(written()).paths;
    expect(path).toMatchObject({ id: "shop/orders/restore", label: "restore" });
    expect(path?.steps.map(({ after }) => after)).toEqual([[], ["scale-down"], []]);
  });

  it("reads a share of the time in percent, and the system of an asset from its id", () => {
    expect(planOf(written()).availability[0]?.perMillion).toBe(999_000);
    expect(planOf(written()).assets[0]?.system).toBe("shop");
  });

  it("takes words for a source", () => {
    const file = changed("protections[0].series[0].source", "crontab of db-1");
    expect(planOf(file).protections[0]).toMatchObject({
      series: [{ run: { source: { name: "crontab of db-1", property: "run" } } }],
    });
  });

  it("reads no lock as one that holds nothing", () => {
    expect(planOf(changed("protections[0].copies[0].lock", "none")).protections[0]).toMatchObject({
      copies: [{ lock: { mode: "none", keptFor: { value: 0 } } }],
    });
  });

  it("states a section by an empty list, and does not by leaving it out", () => {
    const file = changed("alerts", undefined, changed("stores", []));
    expect(readPlanFile(file, "orders.yaml")).toMatchObject({
      plan: { alerts: [], stores: [] },
      unstated: ["alerts"],
    });
  });
});

describe("problems", () => {
  it.each([
    ["nothing", undefined, "an empty file"],
    ["null", null, "an empty file"],
    ["a text", "assets", '"assets"'],
    ["a list", [], "a list"],
    ["no number", Number.NaN, "NaN"],
  ])("of %s are one, which names the file: it is no plan", (_, value, shown) => {
    const example = "examples/plans/orders-postgres.yaml";
    const problem = `must be a map of assets, protections and paths, such as ${example}, got ${shown}`;
    expect(readPlan(value, "orders.yaml")).toEqual([{ path: "orders.yaml", problem }]);
    expect(existsSync(join(__dirname, "../../..", example))).toBe(true);
  });

  it("come all at once, in the order of the file, each once", () => {
    const file = written();
    changed("stores[0].size", -1, file);
    changed("assets[0].objectives.region.rpo", "15 minutes", file);
    changed("protections[0].transfer", undefined, file);
    changed("protections[0].asset", "shop/order", file);
    changed("places.here.region", 7, file);
    const paths = problemsOf(file).map((one) => one.split(" ")[0]);
    expect(paths).toEqual([
      "places.here.region",
      "assets[0].objectives.region.rpo",
      "protections[0].asset",
      "protections[0].transfer",
      "protections[1].base",
      "paths[0].protection",
      "stores[0].size",
    ]);
  });

  it("do not follow from one that is told already: a place that cannot be read is not unknown as well", () => {
    expect(problemsOf(changed("places.here.zones", undefined))).toEqual([
      "places.here.zones must be a list, got nothing; e.g. []",
    ]);
  });

  it("show a long or deep value in short", () => {
    let deep: unknown = [];
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(problemsOf(changed("assets[0].kind", deep))).toEqual([
      'assets[0].kind must be a text such as "database", got a list',
    ]);
    expect(problemsOf(changed("assets[0].at", "x".repeat(1e6)))[0]?.length).toBeLessThan(250);
  });
});
