import { describe, expect, it } from "vitest";
import { type Resource, UNKNOWN } from "../../../policies/graph";
import { judge } from "../../../policies/judge";
import { waysOf } from "../../../recovery/assess/ways";
import { type Bound, formatBound, isUnbounded, isUnknown } from "../../../recovery/bound";
import { compareJudgements } from "../../../recovery/compare";
import { seconds } from "../../../recovery/duration";
import type { Disruption } from "../../../recovery/objective";
import { line } from "../../recovery/compare/sides";
import { copying, group, pair } from "./pair";
import { asOf, declaredGraph, edit, ignore, kubernetes, messages, type Parts, read } from "./program";
import { asset as database } from "./rdsProgram";
import { asset as assets } from "./s3Program";

/** What a set loses by each combination of ways, with every run succeeding and with one failed. */
function losses(parts: Parts, disruption: Disruption, id = database): Record<string, string[]> {
  const { plan } = read(parts);
  const [own] = plan.assets.filter((one) => one.id === id);
  if (own === undefined) throw new Error(`nothing promises ${id}`);
  const { candidates } = waysOf(plan, own, disruption, asOf);
  return Object.fromEntries(candidates.map(({ label, rpo }) => [label, rpo.map(({ total }) => said(total))]));
}

function said(bound: Bound): string {
  return isUnknown(bound) ? bound.unknown : isUnbounded(bound) ? bound.unbounded : formatBound(bound);
}

function groupsOf(parts: Parts) {
  return read(parts).plan.groups.map(({ id, members }) => [id, ...members.map((one) => [one.asset, ...one.refersTo])]);
}

const torn = `${database} cannot be brought back to a moment that all it refers to hold`;

describe("a group that promises name", () => {
  it("is read with what each member refers to, wherever it stands among the resources", () => {
    expect(messages(pair())).toEqual([]);
    const { groups } = read(pair()).plan;
    expect(groups).toEqual([
      {
        id: group,
        members: [
          { asset: assets, refersTo: [] },
          { asset: database, refersTo: [assets] },
        ],
        source: { resource: pair().assetsPromise?.urn, name: "AssetBucket assets", property: "asset.group" },
      },
    ]);
    expect(read(Object.fromEntries(Object.entries(pair()).reverse())).plan.groups).toEqual(groups);
  });

  it("is none where no promise names one", () => {
    const apart = edit(
      edit(pair(), "databasePromise", "asset.group", undefined),
      "assetsPromise",
      "asset.group",
      undefined,
    );
    expect([groupsOf(apart), messages(apart)]).toEqual([[], []]);
  });

  const own = "asset.group.name";
  it.each<[string, Parts, string]>([
    [
      "a member alone in it",
      edit(pair(), "databasePromise", "asset.group", undefined),
      `${assets} is alone in group ${group}: name the group in the promise of what it must fit together with`,
    ],
    [
      "what it refers to in another group",
      edit(pair(), "databasePromise", own, "other"),
      `${database} is alone in group other: name the group in the promise of what it must fit together with`,
    ],
    [
      "a name that nothing has",
      edit(pair(), "databasePromise", "asset.group.refersTo", ["nucleus/asset"]),
      `${database} refers to nucleus/asset, which no promise puts into group ${group}`,
    ],
    [
      "itself",
      edit(pair(), "databasePromise", "asset.group.refersTo", [database]),
      `${database} refers to itself in group ${group}: name the other members it refers to`,
    ],
    [
      "nothing at all",
      edit(pair(), "databasePromise", "asset.group.refersTo", undefined),
      `no member of group ${group} refers to another, so any moments of them fit: say which one does (refersTo)`,
    ],
    [
      "each other",
      edit(pair(), "assetsPromise", "asset.group.refersTo", [database]),
      `members of group ${group} refer to each other in a circle, ${assets} → ${database} → ${assets}: no moments fit together`,
    ],
    ["a group without a name", edit(pair(), "databasePromise", own, ""), "belongs to a group without a name"],
    ["a group that is not known", edit(pair(), "databasePromise", own, UNKNOWN), "not known before deployment"],
    ["a group that is ignored", ignore(pair(), "databasePromise", "asset.group"), "is under ignoreChanges"],
    [
      "what is not known",
      edit(pair(), "databasePromise", "asset.group.refersTo[0]", UNKNOWN),
      "asset.group.refersTo[0] of PostgresInstance nucleus is not known before deployment",
    ],
  ])("must not name %s", (_, parts, message) => {
    expect(messages(parts)).toContainEqual(expect.stringContaining(message));
    const found = judge(declaredGraph(parts), asOf).findings.filter(({ rule }) => rule === "links-resolve");
    expect(found[0]?.level).toBe("mandatory");
  });

  it("is never proven where its members refer to each other", () => {
    const circle = edit(pair(), "assetsPromise", "asset.group.refersTo", [database]);
    expect(losses(circle, "zone")).toEqual({
      [`Multi-AZ failover, with ${assets} by Amazon S3 itself`]: Array(2).fill(
        "members of the group refer to each other",
      ),
    });
  });
});

describe("a workload that promises by its annotations", () => {
  const promise = (name: string, links: Record<string, string>): Resource => {
    const limits = { process: { rpo: "0s", rto: "15m", owner: "shop", reason: "the guide" } };
    const said = { asset: `shop/${name}`, objectives: JSON.stringify(limits), ...links };
    return kubernetes("apps/v1:Deployment", name, said, { spec: { replicas: 1 } });
  };
  const shop = (orders: Record<string, string>, images: Record<string, string> = { group: "shop" }): Parts => ({
    orders: promise("orders", orders),
    images: promise("images", images),
  });
  const about = (parts: Parts) => messages(parts).filter((one) => /group|refers/.test(one));

  it("names its group, and what it refers to, there", () => {
    const parts = shop({ group: "shop", "refers-to": "shop/images" });
    expect(groupsOf(parts)).toEqual([["shop", ["shop/images"], ["shop/orders", "shop/images"]]]);
    expect(about(parts)).toEqual([]);
    expect(read(parts).plan.groups[0]?.source.property).toBe('metadata.annotations["holdfast.dev/group"]');
  });

  it("refers to nothing without a group", () => {
    expect(about(shop({ "refers-to": "shop/images" }, {}))).toEqual([
      "holdfast.dev/refers-to of Deployment orders counts only beside holdfast.dev/group",
    ]);
  });

  it("is not heard where it promises nothing", () => {
    const parts = {
      ...pair(),
      server: kubernetes("apps/v1:Deployment", "server", { group }, { spec: { replicas: 1 } }),
    };
    expect(about(parts)).toEqual([
      "holdfast.dev/group of Deployment server counts only beside holdfast.dev/objectives: say it where the asset is promised",
    ]);
  });
});

describe("a database and the objects it refers to", () => {
  it.each<Disruption>(["process", "node", "zone"])("lose nothing with a %s: both are kept in several zones", (one) => {
    const found = Object.values({ ...losses(pair(), one), ...losses(pair(), one, assets) });
    expect([...new Set(found.flat())]).toEqual(["0s"]);
  });

  // 5m of log and 30m of its copy, 5m more where one upload fails; the objects are 15m behind, less than that.
  it("lose with the region what the log of the database is behind, and no replica can be wound back to fit", () => {
    expect(losses(pair(), "region")).toEqual({
      [`restore elsewhere, with ${assets} by serve elsewhere`]: ["35m", "40m"],
      [`promote, with ${assets} by serve elsewhere`]: Array(2).fill(torn),
    });
    expect(losses(pair(), "region", assets)).toHaveProperty(`serve elsewhere, with ${database} by restore elsewhere`, [
      "35m",
      "40m",
    ]);
  });

  it("miss a promise by the minute that the set loses more", () => {
    const found = (rpo: string) =>
      judge(declaredGraph(edit(pair(), "databasePromise", "asset.objectives.region.rpo", rpo)), asOf).findings.filter(
        ({ rule, disruption }) => rule === "rpo-is-met" && disruption === "region",
      );
    expect(found("40m")).toEqual([]);
    expect(found("39m")).toMatchObject([{ level: "mandatory", message: expect.stringContaining("40m") }]);
  });

  // The log could be wound back to 1m 5s ago, but must be older than objects that are 15m behind.
  it("lose what the objects are behind where that is more than the log is", () => {
    const entries = (pair().register?.props.assumptions ?? []) as readonly { term: string }[];
    const parts = edit(
      pair(),
      "register",
      "assumptions",
      entries.map((one) => (one.term === "backup-copy" ? { ...one, value: "1m" } : one)),
    );
    expect(losses(parts, "region")[`restore elsewhere, with ${assets} by serve elsewhere`]).toEqual([
      "15m 1s",
      "15m 1s",
    ]);
  });

  // 5m of log, 10m with one failed upload; then 1h to notice, 5m and 10m to decide, 30m until writes stop.
  it("lose to bad writes what the log is behind, and what is written until that is noticed and undone", () => {
    expect(losses(pair(), "corruption")).toEqual({
      [`restore in time, with ${assets} as it is`]: ["1h 50m", "1h 55m"],
      [`restore in time, with ${assets} by versions back`]: ["1h 50m", "1h 55m"],
    });
  });

  it("must go back together where the objects go back: a database that stays is newer than they are", () => {
    expect(losses(pair(), "corruption", assets)).toEqual({
      [`versions back, with ${database} as it is`]: Array(2).fill(torn),
      [`versions back, with ${database} by restore in time`]: ["1h 50m", "1h 55m"],
    });
  });

  // Just before Sunday 02:46 the newest copy of the objects is of Saturday 02:00, and the dump before it of 01:00.
  it("lose to hostile credentials the time between two locked copies of the objects, and since the dump before", () => {
    const after = 2 * 3_600 + 15 * 60;
    const way = `dump back, with ${assets} by copy back`;
    const [healthy, failed] = [25 * 3_600 + 46 * 60 + after, 49 * 3_600 + 46 * 60 + after];
    expect(losses(pair(), "compromise")).toEqual({ [way]: [healthy, failed].map((one) => formatBound(seconds(one))) });
  });

  // The dump of 02:00 is newer than the objects of 01:00: only that of the day before fits them.
  it("lose 22 hours more where the dump is taken after the objects", () => {
    const late = {
      ...pair(),
      dump: copying(database, "dump", "0 2 * * *", 30),
      copy: copying(assets, "copy", "0 1 * * *", 45),
    };
    const after = 2 * 3_600 + 15 * 60;
    const [healthy, failed] = [47 * 3_600 + 46 * 60 + after, 71 * 3_600 + 46 * 60 + after];
    expect(Object.values(losses(late, "compromise"))).toEqual([
      [healthy, failed].map((one) => formatBound(seconds(one))),
    ]);
  });
});

describe("a change of a group is told against the program before", () => {
  const told = (after: Parts) => {
    const [was, now] = [pair(), after].map((parts) => judge(declaredGraph(parts), asOf));
    if (was === undefined || now === undefined) throw new Error("nothing was judged");
    return compareJudgements(was, now, asOf)
      .promises.filter(({ noun }) => noun === "group")
      .map(line);
  };

  it.each<[string, Parts, string[]]>([
    [
      "removed",
      edit(edit(pair(), "databasePromise", "asset.group", undefined), "assetsPromise", "asset.group", undefined),
      [`weaker · group removed · ${group} · ${assets}, ${database} → `],
    ],
    [
      "with a member removed, which leaves none",
      edit(pair(), "databasePromise", "asset.group", undefined),
      [`weaker · group removed · ${group} · ${assets}, ${database} → `],
    ],
    [
      "that no longer says what refers to what",
      edit(pair(), "databasePromise", "asset.group.refersTo", []),
      [
        `other · members of the group changed · ${group} · ${assets}, ${database} with ${assets} → ${assets}, ${database}`,
      ],
    ],
    [
      "turned round",
      edit(edit(pair(), "databasePromise", "asset.group.refersTo", []), "assetsPromise", "asset.group.refersTo", [
        database,
      ]),
      [
        `other · members of the group changed · ${group} · ${assets}, ${database} with ${assets} → ${assets} with ${database}, ${database}`,
      ],
    ],
    ["left as it is", pair(), []],
  ])("%s", (_, after, lines) => {
    expect(told(after)).toEqual(lines);
  });
});
