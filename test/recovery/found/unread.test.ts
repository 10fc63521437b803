import { describe, expect, it } from "vitest";
import { type Asset, assess, type Path, type Plan, type Protection } from "../../../recovery";
import { taken } from "../answers";
import { asOf, asset, path, plan, source, step, term, there } from "../build";

const unknown = { unknown: "not yet" };

/** What an asset is restored from, beside daily points of which 48h 30m are lost: noticed and decided in 10m, restored in 1h. */
interface Owned {
  restore?: string;
  /** A second way: a replica at a place that nobody knows, unless it says otherwise, promoted in 5m. */
  replica?: { promote?: string | typeof unknown; at?: typeof there; lag?: typeof unknown };
  promise?: [rpo: string, rto: string];
  dependsOn?: string[];
  from?: string;
}

const noticed = { detect: [term("noticed", "5m")], decide: [term("decided", "5m")] };

function owned(id: string, { restore = "1h", replica, from }: Owned): { protections: Protection[]; paths: Path[] } {
  const own: Protection = from
    ? { kind: "rebuild", id: `${id}/made`, asset: id, label: "made anew", from, source: source("made") }
    : { ...taken(), id: `${id}/points`, asset: id };
  const way = (name: string, protection: string, bound: string | typeof unknown) =>
    path({ id: `${id}/${name}`, label: name, asset: id, protection, ...noticed, steps: [step(name, bound)] });
  const other: Protection[] = replica
    ? [
        {
          kind: "replica",
          id: `${id}/replica`,
          asset: id,
          label: "replica",
          at: replica.at ?? unknown,
          carries: "data",
          lag: term("lag", replica.lag ?? "10s"),
          source: source("replica"),
        },
      ]
    : [];
  return {
    protections: [own, ...other],
    paths: [
      way("restore", own.id, restore),
      ...(replica ? [way("promote", `${id}/replica`, replica.promote ?? "5m")] : []),
    ],
  };
}

/** The verdict on the loss of the region of each asset that promises something. */
function verdicts(all: Record<string, Owned>, set: string[] = []): Record<string, string> {
  const each = Object.entries(all).map(([id, one]) => ({ id, one, ...owned(id, one) }));
  const assets = each.map(
    ({ id, one: { promise, dependsOn } }): Asset =>
      asset(promise ? { region: promise } : {}, { id, ...(dependsOn ? { dependsOn } : {}) }),
  );
  const members = set.map((id) => ({ asset: id, refersTo: [] }));
  const judged: Plan = plan({
    assets,
    protections: each.flatMap(({ protections }) => protections),
    paths: each.flatMap(({ paths }) => paths),
    groups: set.length > 0 ? [{ id: "set", members, source: source("set") }] : [],
  });
  return Object.fromEntries(assess(judged, asOf).map((one) => [one.asset, one.verdict]));
}

/** How s/a rests on s/b. */
const relations: [string, (own: Owned, other: Owned, more?: Record<string, Owned>) => string | undefined][] = [
  [
    "waits for another",
    (own, other, more) => verdicts({ "s/a": { dependsOn: ["s/b"], ...own }, "s/b": other, ...more })["s/a"],
  ],
  [
    "is made from another",
    (own, other, more) => verdicts({ "s/a": { from: "s/b", ...own }, "s/b": other, ...more })["s/a"],
  ],
  [
    "must fit together with another",
    (own, other, more) => verdicts({ "s/a": own, "s/b": other, ...more }, ["s/a", "s/b"])["s/a"],
  ],
];

// What takes 10h is back after 10h 10m; a replica, if it is there, after 15m.
const promise: [string, string] = ["60h", "4h"];
const slow: Owned = { restore: "10h" };
const hidden: Owned = { ...slow, replica: {} };

describe.each(relations)("what %s", (_, judge) => {
  it("that may be back sooner by a way that nobody can read cannot be proven", () => {
    expect(judge({ promise }, hidden)).toBe("cannot prove");
    expect(judge({ promise }, slow)).toBe("missed");
    expect(judge({ promise }, { ...slow, replica: { at: there } })).toBe("proven");
    expect(judge({ promise }, { ...slow, replica: { at: there, promote: unknown } })).toBe("cannot prove");
  });

  it("is proven where its own promise holds whichever way that takes", () => {
    expect(judge({ promise: ["60h", "12h"] }, hidden)).toBe("proven");
  });

  it("misses where that would be back too late by the other way as well", () => {
    expect(judge({ promise }, { ...slow, replica: { promote: "4h" } })).toBe("missed");
  });

  it("misses where it takes too long itself", () => {
    expect(judge({ promise, restore: "5h" }, hidden)).toBe("missed");
  });
});

describe("what rests on something that may be back sooner", () => {
  const waiting = { dependsOn: ["s/b"] };

  it("misses where it loses too much itself: 48h 30m", () => {
    const short: [string, string] = ["48h", "4h"];
    expect(verdicts({ "s/a": { promise: short, ...waiting }, "s/b": hidden })["s/a"]).toBe("missed");
    expect(verdicts({ "s/a": { promise: short }, "s/b": hidden }, ["s/a", "s/b"])["s/a"]).toBe("missed");
    // It loses what its source does, which may be 10s.
    expect(verdicts({ "s/a": { promise: short, from: "s/b" }, "s/b": hidden })["s/a"]).toBe("cannot prove");
  });

  it("misses where something else is surely back too late", () => {
    const both = { promise, dependsOn: ["s/b", "s/c"] };
    expect(verdicts({ "s/a": both, "s/b": hidden, "s/c": slow })["s/a"]).toBe("missed");
    expect(verdicts({ "s/a": both, "s/b": hidden, "s/c": hidden })["s/a"]).toBe("cannot prove");
    const set = { "s/a": { promise }, "s/b": hidden, "s/c": slow };
    expect(verdicts(set, ["s/a", "s/b", "s/c"])["s/a"]).toBe("missed");
    expect(verdicts({ ...set, "s/a": { promise, replica: {} } }, ["s/a", "s/c"])["s/a"]).toBe("missed");
  });

  it("cannot be proven where only what that waits for may be back sooner", () => {
    const chain = { "s/a": { promise, ...waiting }, "s/b": { dependsOn: ["s/c"] }, "s/c": hidden };
    expect(verdicts(chain)["s/a"]).toBe("cannot prove");
    const set = { "s/a": { promise, ...waiting }, "s/b": {}, "s/c": hidden };
    expect(verdicts(set, ["s/b", "s/c"])["s/a"]).toBe("cannot prove");
    const made = { "s/a": { promise, ...waiting }, "s/b": { from: "s/c" }, "s/c": hidden };
    expect(verdicts(made)["s/a"]).toBe("cannot prove");
  });

  it("cannot be proven where the quick way of the other may keep its promise too", () => {
    const other: Owned = { ...slow, replica: { at: there, lag: unknown } };
    const promised: Owned = { promise: ["60h", "12h"], ...other };
    expect(verdicts({ "s/a": { promise, ...waiting }, "s/b": promised })["s/a"]).toBe("cannot prove");
    // Nothing is promised of it: it takes the quickest.
    expect(verdicts({ "s/a": { promise, ...waiting }, "s/b": other })["s/a"]).toBe("proven");
  });
});

describe("a way that nobody can read", () => {
  it("and that takes too long whatever it loses makes no miss unproven", () => {
    const own = (promote: string): Owned => ({ promise, ...slow, replica: { promote } });
    expect(verdicts({ "s/a": own("3h50m") })["s/a"]).toBe("cannot prove");
    expect(verdicts({ "s/a": own("3h50m1s") })["s/a"]).toBe("missed");
  });
});
