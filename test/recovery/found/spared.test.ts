import { describe, expect, it } from "vitest";
import {
  type Assessment,
  assess,
  type Disruption,
  formatBound,
  type Path,
  type Place,
  type Plan,
} from "../../../recovery";
import { asOf, asset, cleanRoom, here, path, plan, points, series, source, step, term, there } from "../build";

/** Daily points of an asset, 48h 40m old at worst; noticed, stopped and restored as said. */
interface Member {
  at?: Place;
  promise?: Parameters<typeof asset>[0];
  path?: Partial<Path>;
}

const elsewhere: Place = { ...here, region: "us-east-1" };

const stopping = (noticed: string, stopped: string): Partial<Path> => ({
  detect: [term("noticed", noticed)],
  steps: [step("stop", stopped, { stopsWrites: true }), step("restore", "1h", { restores: true, after: ["stop"] })],
});

function members(all: Record<string, Member>, edit: Partial<Plan> = {}): Plan {
  const each = Object.entries(all);
  return plan({
    assets: each.map(([id, { at = here, promise = {} }]) => asset(promise, { id, at })),
    protections: each.map(([id]) =>
      points({ id: `${id}/points`, asset: id, series: [series({ name: `${id} dump` })] }),
    ),
    paths: each.map(([id, one]) =>
      path({ id: `${id}/restore`, asset: id, protection: `${id}/points`, runsAt: cleanRoom, ...one.path }),
    ),
    ...edit,
  });
}

const group = (refersTo: Record<string, string[]>): Pick<Plan, "groups"> => ({
  groups: [
    {
      id: "s/set",
      members: Object.entries(refersTo).map(([id, others]) => ({ asset: id, refersTo: others })),
      source: source("set"),
    },
  ],
});

function costs(one: Plan, id: string, disruption: Disruption): [loss: string, time: string, Assessment["verdict"]] {
  const found = assess(one, asOf).find((answer) => answer.asset === id && answer.disruption === disruption);
  const [loss, time] = [found?.chosen?.rpo[1].total, found?.chosen?.rto.total];
  if (found === undefined || loss === undefined || time === undefined) throw new Error(`nothing brings ${id} back`);
  return [formatBound(loss), formatBound(time), found.verdict];
}

describe("what goes back to fit other data", () => {
  const files = { promise: { corruption: ["59h", "20h"], region: ["59h", "20h"] } } as const;
  const set = (own: Partial<Path>, other: Partial<Path>, at: Place) =>
    members(
      {
        "s/files": {
          promise: { corruption: [...files.promise.corruption], region: [...files.promise.region] },
          path: own,
        },
        "s/rows": { at, path: other },
      },
      group({ "s/files": [], "s/rows": ["s/files"] }),
    );

  it("loses what is written there until it stops, which may be later than in the damaged data: 48h 40m + 10h + 1h", () => {
    const answer = costs(set(stopping("10m", "5m"), stopping("10h", "1h"), here), "s/files", "corruption");
    expect(answer).toEqual(["59h 40m", "12h", "missed"]);
  });

  it("loses no more than the damaged data where it stops sooner: 48h 40m + 5h + 5m", () => {
    const answer = costs(set(stopping("5h", "5m"), stopping("10m", "5m"), here), "s/files", "corruption");
    expect(answer).toEqual(["53h 45m", "6h 5m", "proven"]);
  });

  it("is written to until it stops where only the other's region is lost: 48h 40m + 10h + 1h", () => {
    const apart = set(stopping("10m", "5m"), stopping("10h", "1h"), elsewhere);
    expect(costs(apart, "s/files", "region")).toEqual(["59h 40m", "12h", "missed"]);
  });

  it("is written to no more where its region is lost as well: 48h 40m", () => {
    const beside = set(stopping("10m", "5m"), stopping("10h", "1h"), here);
    expect(costs(beside, "s/files", "region")).toEqual(["48h 40m", "12h", "proven"]);
  });
});

describe("data that is made anew", () => {
  const index = { id: "s/index/made", asset: "s/index", label: "made anew", from: "s/rows", source: source("made") };
  const made = (one: Plan, at: Place, promise: Parameters<typeof asset>[0]): Plan => ({
    ...one,
    assets: [...one.assets, asset(promise, { id: "s/index", at })],
    protections: [...one.protections, { kind: "rebuild", ...index }],
    paths: [...one.paths, path({ id: "s/index/make", asset: "s/index", protection: index.id, runsAt: cleanRoom })],
  });
  const spared = (refersTo: Record<string, string[]>) =>
    made(members({ "s/files": {}, "s/rows": { at: elsewhere } }, group(refersTo)), here, { region: ["24h", "4h"] });

  it("loses what its source does, which is spared and goes back to fit what is lost: 48h 40m + 1h, and 1h + 1h", () => {
    const answer = costs(spared({ "s/files": [], "s/rows": ["s/files"] }), "s/index", "region");
    expect(answer).toEqual(["49h 40m", "2h", "missed"]);
  });

  it("loses nothing where its source is what the other must not be newer than, and stays as it is", () => {
    const answer = costs(spared({ "s/files": ["s/rows"], "s/rows": [] }), "s/index", "region");
    expect(answer).toEqual(["0s", "1h", "proven"]);
  });

  it("is made of what its source comes back with: of a way that breaks what is promised of the source, nothing is", () => {
    const both = (promise: [rpo: string, rto: string]) => {
      const rows = members({ "s/rows": { promise: { region: promise } } });
      return made(
        {
          ...rows,
          protections: [
            ...rows.protections,
            {
              kind: "replica",
              id: "s/rows/replica",
              asset: "s/rows",
              label: "replica",
              at: there,
              lag: term("lag", "15m"),
              carries: "data",
              source: source("replica"),
            },
          ],
          paths: [
            ...rows.paths,
            path({
              id: "s/rows/promote",
              asset: "s/rows",
              protection: "s/rows/replica",
              runsAt: cleanRoom,
              steps: [step("promote", "6h")],
            }),
          ],
        },
        here,
        { region: ["1h", "8h"] },
      );
    };
    expect(costs(both(["300h", "2h"]), "s/index", "region")).toEqual(["48h 40m", "2h", "missed"]);
    expect(costs(both(["300h", "8h"]), "s/index", "region")).toEqual(["15m", "7h", "proven"]);
  });
});
