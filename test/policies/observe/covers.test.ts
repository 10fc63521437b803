import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { edit, healthy, messages, type Parts, read, without } from "./program";

const env = "spec.jobTemplate.spec.template.spec.containers[0].env";
const args = "spec.jobTemplate.spec.template.spec.containers[0].args";

const covering = (covers: Value, parts: Parts = healthy()) => edit(parts, "database", "asset.covers", covers);
const told = (part: string, path: string, value: Value, parts: Parts = healthy()) => edit(parts, part, path, value);
const names = (value: Value): Value => [
  { name: "BUCKET", value: "omendb-copies" },
  { name: "TABLES", value },
];
const both = (path: string, value: Value) => told("full", path, value, told("incremental", path, value));
const untold = (job: string, covers: string) =>
  `omendb/data covers ${covers}, which neither the environment nor the command of CronJob ${job} names, or not before deployment: nothing shows that its restore points hold it`;

describe("what an asset covers", () => {
  it("is a promise, in one order", () => {
    const { plan } = read(covering(["orders", "invoices"], both(`${env}`, names("orders invoices"))));
    expect(plan.assets[0]?.covers).toEqual(["invoices", "orders"]);
    expect(read(healthy()).plan.assets[0]).not.toHaveProperty("covers");
  });

  it.each<[string, Parts]>([
    ["a value of the environment of every job that takes restore points", both(env, names("orders,invoices"))],
    ["words of their commands", both(args, ["--tables", "orders invoices"])],
  ])("agrees with %s", (_, parts) => {
    expect(messages(covering(["orders", "invoices"], parts))).toEqual([]);
  });

  it.each<[string, Parts, string[]]>([
    [
      "no job is told",
      healthy(),
      [untold("omendb-full", "invoices, orders"), untold("omendb-incremental", "invoices, orders")],
    ],
    [
      "one job is not told",
      told("full", env, names("orders"), told("incremental", env, names("orders invoices"))),
      [untold("omendb-full", "invoices")],
    ],
    [
      "a longer name is told",
      both(env, names("orders-old invoices/2026 invoices")),
      [untold("omendb-full", "orders"), untold("omendb-incremental", "orders")],
    ],
    [
      "what is told is not known before deployment",
      both(env, names(UNKNOWN)),
      [untold("omendb-full", "invoices, orders"), untold("omendb-incremental", "invoices, orders")],
    ],
  ])("cannot be proven where %s", (_, parts, expected) => {
    expect(messages(covering(["orders", "invoices"], parts))).toEqual(expected);
    expect(read(covering(["orders", "invoices"], parts)).problems.map(({ cannotProve }) => cannotProve)).toEqual(
      expected.map(() => true),
    );
  });

  it("is asked of no job that only verifies, rehearses or restores", () => {
    const jobs = ["full", "incremental"].reduce((parts, job) => without(parts, job), healthy());
    expect(messages(covering(["orders"], jobs)).filter((message) => message.includes("covers"))).toEqual([]);
  });

  it("is opened by a key that the same jobs name, alone or inside an address", () => {
    const sealed = (value: Value) => edit(both(env, names(value)), "database", "asset.openedBy", ["age1key"]);
    expect(messages(sealed("awskms:///age1key?region=eu-west-1"))).toEqual([]);
    expect(read(sealed("age1key")).plan.assets[0]?.openedBy).toEqual(["age1key"]);
    expect(messages(sealed("age1keys"))).toEqual(
      ["omendb-full", "omendb-incremental"].map(
        (job) =>
          `omendb/data is opened by age1key, which no environment value of CronJob ${job} names, or not before deployment: nothing shows that its restore points are sealed to it`,
      ),
    );
  });

  it("that is not known before deployment is told", () => {
    expect(messages(covering(UNKNOWN))).toEqual([
      "asset.covers of LeasedDatabase omendb is not known before deployment",
    ]);
  });

  it("is said by a workload as well, comma-separated, beside its objectives", () => {
    const objectives = JSON.stringify({ zone: { rpo: "5m", rto: "15m", owner: "shop", reason: "agreed" } });
    const said = {
      "holdfast.dev/objectives": objectives,
      "holdfast.dev/covers": "orders, invoices",
      "holdfast.dev/opened-by": "key",
    };
    const own = Object.entries(said).reduce(
      (parts, [key, value]) => edit(parts, "deployment", `metadata.annotations["${key}"]`, value),
      without(healthy(), "database"),
    );
    expect(read(own).plan.assets[0]).toMatchObject({ covers: ["invoices", "orders"], openedBy: ["key"] });
  });
});
