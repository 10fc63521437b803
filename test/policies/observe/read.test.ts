import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { fact, facts } from "../../../policies/observe/read";
import { resource } from "./program";

const deadline = "spec.jobTemplate.spec.activeDeadlineSeconds";
const type = "kubernetes:batch/v1:CronJob";

function job(props: Parameters<typeof resource>[2], ignoreChanges: string[] = []) {
  return resource(type, "backup", props, { ignoreChanges });
}

const present = { spec: { schedule: "0 2 * * *", jobTemplate: { spec: { activeDeadlineSeconds: 120 } } } };

describe("fact", () => {
  it("gives a value that the program says", () => {
    expect(fact(job(present), deadline)).toBe(120);
  });

  it("gives nothing where the program says nothing, null included", () => {
    expect(fact(job({ spec: {} }), deadline)).toBeUndefined();
    expect(fact(job({ spec: { schedule: null } }), "spec.schedule")).toBeUndefined();
  });

  it.each<[string, Record<string, Value>]>([
    ["it", { spec: { jobTemplate: { spec: { activeDeadlineSeconds: UNKNOWN } } } }],
    ["what holds it", { spec: { jobTemplate: UNKNOWN } }],
    ["everything", { spec: UNKNOWN }],
  ])("is unknown when %s is not known before deployment", (_what, props) => {
    expect(fact(job(props), deadline)).toEqual({
      unknown: `${deadline} of CronJob backup is not known before deployment`,
    });
  });

  it.each([
    [deadline],
    ["spec"],
    ["spec.jobTemplate"],
    ["*"],
    ["spec.*"],
    ['spec["jobTemplate"].spec'],
    [`${deadline}.deeper`],
  ])("is unknown when the engine ignores changes of %s", (entry) => {
    expect(fact(job(present, [entry]), deadline)).toEqual({
      unknown: `${deadline} of CronJob backup is under ignoreChanges: what is deployed may differ`,
    });
  });

  it("is unknown under ignoreChanges even where the program says nothing", () => {
    expect(fact(job({ spec: {} }, ["spec.schedule"]), "spec.schedule")).toHaveProperty("unknown");
  });

  it.each([["spec.schedules"], ["spec.jobTemplate.metadata"], ["metadata"]])(
    "is known when the engine ignores %s",
    (entry) => {
      expect(fact(job(present, [entry]), deadline)).toBe(120);
    },
  );

  it("does not take what every object inherits for something the program says", () => {
    expect(fact(job({ spec: {} }), "spec.constructor")).toBeUndefined();
  });
});

describe("Facts", () => {
  it("is unknown, without showing the value, when a value is of the wrong type", () => {
    const wrong = facts(job({ spec: { schedule: 5, suspend: "SECRET", n: -1, half: 0.5, list: "SECRET" } })).at("spec");
    const unknown = [
      wrong.text("schedule"),
      wrong.flag("suspend"),
      wrong.whole("n"),
      wrong.whole("half"),
      wrong.items("list"),
    ];
    expect(unknown).toEqual([
      { unknown: "spec.schedule of CronJob backup is not a text" },
      { unknown: "spec.suspend of CronJob backup is not true or false" },
      { unknown: "spec.n of CronJob backup is not a whole number" },
      { unknown: "spec.half of CronJob backup is not a whole number" },
      { unknown: "spec.list of CronJob backup is not a list" },
    ]);
  });

  it("lists entries of which one is ignored, and only that one is unknown", () => {
    const list = facts(job({ spec: { containers: [{ name: "a" }, { name: "b" }] } }, ["spec.containers[1].name"]));
    const items = list.items("spec.containers");
    expect(Array.isArray(items) && items.map((item) => item.text("name"))).toEqual([
      "a",
      { unknown: "spec.containers[1].name of CronJob backup is under ignoreChanges: what is deployed may differ" },
    ]);
  });

  it("writes the path of a key with dots so that it can be read again", () => {
    const data = facts(job({ data: { "omendb.toml": "x" } }))
      .at("data")
      .key("omendb.toml");
    expect(data.property).toBe('data["omendb.toml"]');
    expect(fact(data.resource, data.property)).toBe("x");
  });

  it("names a Kubernetes object by its own name", () => {
    const named = facts(job({ metadata: { name: "omendb-full" } })).source("spec");
    expect(named).toEqual({ resource: named.resource, name: "CronJob omendb-full", property: "spec" });
  });
});
