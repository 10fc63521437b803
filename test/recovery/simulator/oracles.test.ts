import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fought } from "../../support/simulator/battle";
import { decade } from "../../support/simulator/decade";
import { fitting } from "../../support/simulator/loss";
import type { Point } from "../../support/simulator/point";
import { single } from "../../support/simulator/pool";
import { slowestDeath } from "../../support/simulator/probe";
import { slowestNotice } from "../../support/simulator/prometheus";
import { sceneAt, streamAt } from "../../support/simulator/scene";
import { alwaysLeaves, fractions } from "../../support/simulator/shares";
import { anything, kubernetes, type Subject, type Taking, worldOf } from "../../support/simulator/subject";
import { watchedWorld } from "../../support/simulator/subjectAlarm";
import { archivedWorld } from "../../support/simulator/subjectArchive";
import { copiedWorld } from "../../support/simulator/subjectCopies";
import { groupedWorld } from "../../support/simulator/subjectGroup";
import { streamedWorld } from "../../support/simulator/subjectStream";
import { slowestTurns, type Turn } from "../../support/simulator/turns";
import type { World } from "../../support/simulator/world";
import { mostDamaged, scenesOf, worstLoss, worstOf } from "../../support/simulator/worst";

const minute = 60;
const hour = 3_600;
const day = 24 * hour;
const always = 20 * 366 * day;

const full = (expression: string, slack = 0, run = 0): Taking => ({
  role: "full",
  schedule: kubernetes(expression),
  slack,
  run,
  overlap: "forbid",
});
const taken = (...takings: Taking[]): Subject => ({ ...anything, takings, kept: always });

/** Sunday, 6 December 2026, 00:00 UTC: two weeks into the ten years. */
const sunday = decade.from + 15 * day;

function lossesIn(world: World, starts: readonly number[], tried: number) {
  const scenes = starts.flatMap((start) => sceneAt(world, start, tried) ?? []);
  return worstLoss(world, scenes);
}

describe("a copy that a job of its own fills", () => {
  const relayed = (run: number): World =>
    copiedWorld({
      ...taken(full("0 2 * * *", 0, 90 * minute)),
      copies: [
        { at: "near", kept: always, lock: "none", locked: always },
        { at: "far", kept: always, lock: "none", locked: always, relay: full("0 3 * * *", 0, run) },
      ],
      disruption: "region",
    });

  it.each([0, 20 * minute, hour])(
    "loses 49 h and the run of the job, daily at 03:00 after a backup of 90 minutes at 02:00: %i s",
    (run) => {
      expect(lossesIn(relayed(run), [sunday], 4)).toEqual([49 * hour + run, 73 * hour + run]);
    },
  );
});

describe("a log", () => {
  const logged = (edit: Partial<Parameters<typeof archivedWorld>[0]> = {}): World =>
    archivedWorld({
      ...taken(full("0 2 * * *", 0, hour)),
      ship: 60,
      upload: 30,
      logKept: always,
      disruption: "region",
      ...edit,
    });
  const lossesAt = (world: World, at: number) =>
    worstLoss(
      world,
      [streamAt(world, at, 3)].flatMap((scene) => scene ?? []),
    );

  it("loses one span and its upload, and one span more when a shipment fails and goes with the next", () => {
    expect(lossesAt(logged(), sunday)).toEqual([90, 150]);
  });

  it("brings back nothing where it does not reach back to the newest base", () => {
    expect(lossesAt(logged({ logKept: 23 * hour }), sunday + 3 * hour - 60)[0]).toBe(Number.POSITIVE_INFINITY);
    expect(lossesAt(logged({ logKept: 25 * hour }), sunday + 3 * hour - 60)).toEqual([90, Number.POSITIVE_INFINITY]);
  });

  it("brings back nothing where no base is kept until the next", () => {
    const short = logged({ kept: 23 * hour, logKept: 23 * hour });
    expect(lossesAt(short, sunday + 3 * hour - 60)[0]).toBe(Number.POSITIVE_INFINITY);
  });

  it("has every moment up to the damage once that is shipped", () => {
    const world = logged({ disruption: "corruption" });
    const scene = streamAt(world, sunday, 3);
    const costs = (decided: number) =>
      scene && worstOf(world, [scene], (held, one) => mostDamaged(world, held, one, [{ decided, stopped: 0 }]));
    expect([costs(0), costs(60), costs(90), costs(hour)]).toEqual([
      [90, 150],
      [90, 150],
      [90, 150],
      [hour, hour],
    ]);
  });
});

describe("a mirror whose lag is enforced, and earlier versions", () => {
  const streamed = { lag: 40, carries: "data", kept: 3 * day, detect: 0, decide: 0, stop: 0, restore: 0 } as const;

  it("loses the lag", () => {
    const world = streamedWorld({ ...streamed, keeps: "mirror", undoes: [], disruption: "region" });
    expect(
      worstLoss(
        world,
        [streamAt(world, sunday, 5)].flatMap((scene) => scene ?? []),
      ),
    ).toEqual([40, 40]);
  });

  it.each([
    ["undo all damage that is found within their time", ["overwrite", "delete"], 3 * day, 3 * day],
    ["undo none that is found later", ["overwrite", "delete"], 3 * day + 1, Number.POSITIVE_INFINITY],
    ["do not undo what was written over when only deletion is soft", ["delete"], hour, Number.POSITIVE_INFINITY],
  ] as const)("%s", (_, undoes, decided, lost) => {
    const world = streamedWorld({ ...streamed, keeps: "versions", undoes: [...undoes], disruption: "corruption" });
    const scene = { dues: [], tried: [], from: sunday, to: sunday + day };
    const held = [[{ start: sunday, end: sunday, captured: 0, holdsUntil: 0, usable: sunday, root: sunday, links: 0 }]];
    expect(mostDamaged(world, held, scene, [{ decided, stopped: 0 }])).toBe(lost);
  });
});

describe("assets that must fit", () => {
  const together = (assets: Taking, database: Taking): World =>
    groupedWorld({
      members: [
        { subject: taken(assets), refersTo: [] },
        { subject: taken(database), refersTo: [0] },
      ],
      disruption: "region",
    });

  it.each([
    ["12: assets on Sundays at 01:00, the database daily at 02:00", "0 1 * * 0", "0 2 * * *", 0, 191 * hour],
    [
      "assets on Mondays and Tuesdays, the database on Tuesdays at the same minute",
      "0 1 * * 1,2",
      "0 1 * * 2",
      0,
      168 * hour,
    ],
    ["both daily at the same time, up to a minute late", "0 2 * * *", "0 2 * * *", minute, 48 * hour + minute],
    ["both daily at the same time, never late", "0 2 * * *", "0 2 * * *", 0, 24 * hour],
  ])("lose what a calendar tells: %s", (_, assets, database, slack, lost) => {
    const world = together(full(assets, slack), full(database, slack));
    expect(
      lossesIn(
        world,
        [0, 1, 2, 3, 4, 5, 6].map((one) => sunday + one * day),
        6,
      )[0],
    ).toBe(lost);
  });
});

describe("shares", () => {
  it("24: of six over seven members, four of which suffice, one loss degrades 6 of 7 and three make 4 of 7 unreadable", () => {
    const code = { total: 6, needed: 4 };
    expect([1, 2, 3].map((down) => fractions(code, 7, down))).toEqual([
      { objects: 7, degraded: 6, unreadable: 0 },
      { objects: 7, degraded: 7, unreadable: 0 },
      { objects: 7, degraded: 7, unreadable: 4 },
    ]);
  });

  it("25: with two in a rack outlive one rack and not two", () => {
    const racks = { total: 6, needed: 4, together: { zone: 2 }, away: 0 };
    expect([1, 2].map((lost) => alwaysLeaves(racks, "zone", lost))).toEqual([true, false]);
  });

  it.each([
    [
      "three of three nodes outlive one when two suffice",
      { total: 3, needed: 2, together: { node: 1 }, away: 0 },
      "node",
      true,
    ],
    ["but not while planned work has another", { total: 3, needed: 2, together: { node: 1 }, away: 1 }, "node", false],
    [
      "nor a zone that nothing keeps them apart in",
      { total: 3, needed: 2, together: { node: 1 }, away: 0 },
      "zone",
      false,
    ],
    [
      "a node takes as many as its zone where it is not named",
      { total: 4, needed: 2, together: { zone: 2 }, away: 0 },
      "node",
      true,
    ],
    ["and no fewer", { total: 4, needed: 3, together: { zone: 2 }, away: 0 }, "node", false],
  ] as const)("stand or fall as one counts: %s", (_, spread, lost, survives) => {
    expect(alwaysLeaves(spread, lost)).toBe(survives);
  });
});

describe("notice", () => {
  it.each([
    [
      "16: 30 s, 10 s, 30 s, for 60 s, group wait 30 s",
      { scrape: 30, timeout: 10, evaluation: 30, holds: 60, groupWait: 30 },
      160,
    ],
    [
      "16: the group has been told of before",
      { scrape: 30, timeout: 10, evaluation: 30, holds: 60, groupWait: 30, groupInterval: 300 },
      430,
    ],
    [
      "17: a wait of 20 s counts as 30 at 15 s",
      { scrape: 15, timeout: 10, evaluation: 15, holds: 20, groupWait: 30 },
      100,
    ],
  ])("takes what facts.md 11.6 says: %s", (_, watch, span) => {
    expect(slowestNotice(watch)).toBe(span);
  });

  it.each([
    ["every 10 s, three failures, answered within 1 s", { initialDelay: 0, period: 10, timeout: 1, failures: 3 }, 31],
    ["right after a start with a delay", { initialDelay: 60, period: 10, timeout: 1, failures: 3 }, 91],
    ["slower than their period", { initialDelay: 0, period: 5, timeout: 8, failures: 2 }, 24],
  ])("of a hang by probes takes the period for each failure and the last timeout: %s", (_, probe, span) => {
    expect(slowestDeath(probe)).toBe(span);
  });
});

describe("a failed run that an alert notices", () => {
  const watched = (threshold: number): World =>
    watchedWorld({
      ...taken(full("0 2 * * *", 600, hour)),
      transfer: 300,
      threshold,
      ageFrom: "capture",
      notice: 120,
      react: 900,
    });
  const once = hour + 300;

  it("costs the threshold, notice, reaction and a run", () => {
    expect(lossesIn(watched(26 * hour), [sunday], 4)).toEqual([24 * hour + 600 + once, 26 * hour + 1_020 + once]);
  });

  it("costs no more than two gaps where the alert comes late", () => {
    expect(lossesIn(watched(48 * hour), [sunday], 4)[1]).toBe(48 * hour + 600 + once);
  });
});

describe("damage", () => {
  const daily = worldOf({ ...taken(full("0 2 * * *", 0, 30 * minute)), transfer: 600 });
  const costs = (decided: number) => {
    const scene = sceneAt(daily, sunday, 3);
    return scene && worstOf(daily, [scene], (held, one) => mostDamaged(daily, held, one, [{ decided, stopped: 0 }]))[0];
  };

  it.each([
    ["20: 24 h before it and 73 h after it, noticed after three days and decided in an hour", 73 * hour, 97 * hour],
    [
      "22: 24 h 30 min before it, noticed after 10 minutes of the 40 that a copy takes",
      10 * minute,
      24 * hour + 40 * minute,
    ],
  ])("costs %s", (_, decided, lost) => {
    expect(costs(decided)).toBe(lost);
  });
});

describe("steps that take turns", () => {
  const turn = (name: string, takes: number, after: string[], uses: string[]): Turn => ({ name, takes, after, uses });

  it("add up over one link, and not over two", () => {
    expect(slowestTurns([turn("a", 1_000, [], ["link"]), turn("b", 1_000, [], ["link"])])).toBe(2_000);
    expect(slowestTurns([turn("a", 1_000, [], ["link 1"]), turn("b", 1_000, [], ["link 2"])])).toBe(1_000);
  });

  it("take longer in the worse order", () => {
    const steps = [
      turn("long", 10, [], ["operator"]),
      turn("short", 1, [], ["operator"]),
      turn("then", 9, ["short"], []),
    ];
    expect(slowestTurns(steps)).toBe(20);
  });
});

describe("the adversary and what it searches", () => {
  it("finds with few courses what it finds by trying all of them, for one series", () => {
    fc.assert(
      fc.property(single, (subject) => {
        const world = worldOf({ ...subject, kept: always });
        const all = worstLoss(world, scenesOf(world, 3));
        expect(fought(world, { tried: 3, sweeps: 0, days: [] })).toEqual(all);
      }),
      { numRuns: 20 },
    );
  });

  const point = (captured: number, blur: number) => ({
    start: captured,
    end: captured,
    captured,
    holdsUntil: captured + blur,
    usable: 0,
    root: captured,
    links: 0,
  });
  const points = fc.array(fc.tuple(fc.nat(20), fc.nat(3)), { minLength: 1, maxLength: 4 });

  it("makes members fit as well as any choice of their points does", () => {
    fc.assert(
      fc.property(fc.tuple(points, points, points), fc.array(fc.nat(2), { maxLength: 4 }), (drawn, refers) => {
        const held = drawn.map((some) => some.map(([captured, blur]) => point(captured, blur)));
        const members = held.map((_, place) => ({
          keepers: [place],
          refersTo: refers.flatMap((to, turn) => (turn % 3 === place && to !== place ? [to] : [])),
        }));
        const world: World = {
          calendars: [],
          keepers: held.map((_, chain) => ({ keeps: "points", chain, kept: always })),
          members,
        };
        const fits = (chosen: readonly Point[]) =>
          members.every(({ refersTo }, place) =>
            refersTo.every((to) => (chosen[place]?.holdsUntil ?? 0) <= (chosen[to]?.captured ?? 0)),
          );
        let best = Number.NEGATIVE_INFINITY;
        for (const a of held[0] ?? []) {
          for (const b of held[1] ?? []) {
            for (const c of held[2] ?? []) {
              if (fits([a, b, c])) best = Math.max(best, Math.min(a.captured, b.captured, c.captured));
            }
          }
        }
        const found = fitting(world, held, { now: { instant: 30, side: "at" } });
        expect(Math.min(...found)).toBe(best);
      }),
    );
  });
});
