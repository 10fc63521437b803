import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Assessment,
  type Asset,
  assess,
  type Disruption,
  formatBound,
  type Plan,
  type Verdict,
} from "../../../recovery";
import { cron, taken } from "../answers";
import { asOf, asset, cleanRoom, copy, here, path, plan, series, source, step, term } from "../build";

/** A way to recover a member: points on a schedule with runs of half an hour, restored within a bound. */
interface Way {
  every: string;
  restore: string;
}

interface Member {
  promise: Parameters<typeof asset>[0];
  ways: Record<string, Way>;
  refersTo?: string[];
  asset?: Partial<Asset>;
}

const always = [
  copy({ at: cleanRoom, keptFor: term("kept", "4000d"), lock: { mode: "none", keptFor: term("locked", "0s") } }),
];

/** Assets that must fit together, each with its ways. */
function setOf(members: Record<string, Member>): Plan {
  const all = Object.entries(members);
  const each = all.flatMap(([id, { ways }]) => Object.entries(ways).map(([name, way]) => ({ id, name, ...way })));
  return plan({
    assets: all.map(([id, one]) => asset(one.promise, { id, ...one.asset })),
    protections: each.map(({ id, name, every }) => ({
      ...taken(),
      id: `${id}/${name}`,
      asset: id,
      capture: "start",
      copies: always,
      series: [
        series({
          name: `${name} of ${id}`,
          schedule: cron(every),
          startSlack: term("slack", "0s"),
          run: term("run", "30m"),
        }),
      ],
    })),
    paths: each.map(({ id, name, restore }) =>
      path({
        id: `${id}/by-${name}`,
        asset: id,
        protection: `${id}/${name}`,
        label: name,
        detect: [term("noticed", "10m")],
        steps: [step("restore", restore)],
        runsAt: cleanRoom,
      }),
    ),
    groups: [
      {
        id: "set",
        members: all.map(([id, { refersTo = [] }]) => ({ asset: id, refersTo })),
        source: source("set"),
      },
    ],
  });
}

function judged(one: Plan, disruption: Disruption = "region"): Record<string, Assessment> {
  const found = assess(one, asOf).filter((answer) => answer.disruption === disruption);
  return Object.fromEntries(found.map((answer) => [answer.asset, answer]));
}

const verdicts = (one: Plan, disruption?: Disruption) =>
  Object.fromEntries(Object.entries(judged(one, disruption)).map(([id, { verdict }]) => [id, verdict]));

/** Loses little and takes long, and the other way round. */
const fresh: Way = { every: "0 * * * *", restore: "10h" };
const quick: Way = { every: "0 2 * * *", restore: "1h" };

describe("a set comes back by one way, whichever of its promises is asked for:", () => {
  const little: [string, string] = ["3h", "20h"];
  const soon: [string, string] = ["60h", "4h"];
  const two = (ways: Record<string, Way>) =>
    setOf({
      "s/b": { promise: { region: little }, ways },
      "s/f": { promise: { region: soon }, ways: { hourly: { every: "0 * * * *", restore: "1h" } }, refersTo: ["s/b"] },
    });

  it("of two promises that each another way keeps one is broken", () => {
    expect(verdicts(two({ fresh, quick }))).toEqual({ "s/b": "missed", "s/f": "proven" });
    expect(verdicts(two({ fresh }))).toEqual({ "s/b": "proven", "s/f": "missed" });
    expect(verdicts(two({ quick }))).toEqual({ "s/b": "missed", "s/f": "proven" });
  });

  it("the counterexample says which way is taken for both, and which would keep this promise alone", () => {
    const { "s/b": answer } = judged(two({ fresh, quick }));
    expect(answer?.chosen?.label).toBe("quick, with s/f by hourly");
    expect(answer?.others.map(({ label, spoils }) => [label, spoils])).toEqual([
      ["fresh, with s/f by hourly", ["s/f"]],
    ]);
    expect(answer?.counterexamples.rpo?.conclusion).toBe(
      "lost 48h 30m, 24h 30m with every run succeeding; RPO is 3h; fresh, with s/f by hourly would keep it, but less of what is promised of s/f",
    );
  });

  it("a way that keeps both is taken though each of the others is better for one", () => {
    const both: Way = { every: "0 * * * *", restore: "2h" };
    const answers = judged(two({ fresh, quick, both }));
    expect(Object.values(answers).map(({ verdict, chosen }) => [verdict, chosen?.label])).toEqual([
      ["proven", "both, with s/f by hourly"],
      ["proven", "hourly, with s/b by both"],
    ]);
  });

  it("of three promises that each another way keeps two are broken", () => {
    const once: Record<string, Way> = { only: { every: "0 * * * *", restore: "1h" } };
    const ways: Record<string, Way> = { fresh, quick, between: { every: "0 */8 * * *", restore: "4h" } };
    const three = setOf({
      "s/a": { promise: { region: ["3h", "20h"] }, ways: once },
      "s/b": { promise: { region: ["17h", "5h"] }, ways },
      "s/c": { promise: { region: ["60h", "2h"] }, ways: once },
    });
    const broken = Object.values(verdicts(three)).filter((verdict) => verdict === "missed");
    expect(broken).toHaveLength(2);
  });
});

describe("an asset in all zones, with one in a zone and one in another,", () => {
  const inZone = (zone: string): Partial<Asset> => ({ at: { ...here, zones: [zone] } });
  const set = (rpo: string) =>
    setOf({
      "s/a": { promise: { zone: [rpo, "4h"] }, ways: { quick }, asset: inZone("a") },
      "s/b": { promise: { zone: [rpo, "4h"] }, ways: { quick } },
      "s/c": { promise: {}, ways: { quick }, refersTo: ["s/a"], asset: inZone("b") },
    });

  it("also loses what the one that serves on has written until it goes back to fit: 48h 30m + 10m + 1h", () => {
    const losses = (rpo: string) =>
      Object.values(judged(set(rpo), "zone")).map(({ verdict, chosen }) => [
        verdict,
        formatBound(chosen?.rpo[1].total ?? { unknown: "no way" }),
      ]);
    expect(losses("49h40m")).toEqual([
      ["proven", "49h 40m"],
      ["proven", "49h 40m"],
    ]);
    expect(losses("49h39m")).toEqual([
      ["missed", "49h 40m"],
      ["missed", "49h 40m"],
    ]);
  });
});

describe("sets of all kinds, each combination of whose ways is tried as the only one,", () => {
  /** Kept by what loses little, by what is soon back, by what lies between, by all of these. */
  const promised = fc.constantFrom<[string, string]>(["14h", "12h"], ["60h", "2h"], ["22h", "5h"], ["60h", "12h"]);
  const between: Way = { every: "0 */8 * * *", restore: "4h" };
  const best: Way = { every: "0 * * * *", restore: "30m" };
  const waysOf = (least: number) =>
    fc.shuffledSubarray([fresh, quick, between, { every: "0 3 * * 1-5", restore: "30m" }], {
      minLength: least,
      maxLength: 3,
    });
  const abroad = { ...here, region: "us-east-1" };
  const places = [here, abroad];
  const mostlyBest = fc.oneof(
    { weight: 3, arbitrary: fc.constant<Way[]>([best]) },
    { weight: 1, arbitrary: waysOf(1) },
  );
  const memberOf = (at: readonly Asset["at"][], ways: fc.Arbitrary<Way[]>) =>
    fc.record({
      promise: fc.option(promised, { freq: 7 }),
      ways,
      refers: fc.boolean(),
      at: fc.constantFrom(...at),
    });
  const sets = (disruption: Disruption, at: readonly Asset["at"][]) =>
    fc
      .tuple(memberOf(at, waysOf(2)), memberOf(at, mostlyBest), fc.option(memberOf(at, mostlyBest)))
      .map((drawn) => drawn.filter((one) => one !== null))
      .map((members) =>
        Object.fromEntries(
          members.map(({ promise, ways, refers, at: place }, i): [string, Member] => [
            `s/${i}`,
            {
              promise: promise === null ? {} : { [disruption]: promise },
              ways: Object.fromEntries(ways.map((one, j) => [`way-${j}`, one])),
              refersTo: refers && i > 0 ? [`s/${i - 1}`] : [],
              asset: { at: place },
            },
          ]),
        ),
      );

  /** The same with one way for each, in every combination. */
  function alone(members: Record<string, Member>): Record<string, Member>[] {
    return Object.entries(members).reduce<Record<string, Member>[]>(
      (all, [id, member]) =>
        all.flatMap((some) =>
          Object.entries(member.ways).map(([name, one]) => ({ ...some, [id]: { ...member, ways: { [name]: one } } })),
        ),
      [{}],
    );
  }

  const isBroken = (verdict: Verdict) => verdict === "missed" || verdict === "cannot prove";
  const brokenIn = (all: Record<string, Verdict>) => Object.values(all).filter(isBroken).length;

  it.each(["region", "compromise"] as const)(
    "break as few promises as any of them does, all at once: %s",
    (disruption) => {
      let torn = 0;
      fc.assert(
        fc.property(sets(disruption, [here]), (members) => {
          const told = verdicts(setOf(members), disruption);
          const each = alone(members).map((one) => verdicts(setOf(one), disruption));
          expect(each).toContainEqual(told);
          expect(brokenIn(told)).toBe(Math.min(...each.map(brokenIn)));
          const alike = Object.keys(told).every((id) => each.some((one) => one[id] && !isBroken(one[id])));
          if (alike && brokenIn(told) > 0) torn++;
        }),
        { numRuns: 250, seed: 20_261_121 },
      );
      // Sets of which each promise could be kept, but not all of them.
      expect(torn).toBeGreaterThan(10);
    },
  );

  it("break as few in each of several regions as any of them does, all at once", () => {
    fc.assert(
      fc.property(sets("region", places), (members) => {
        const regionOf = (id: string) => (members[id]?.asset?.at === abroad ? "abroad" : "here");
        const told = verdicts(setOf(members));
        const each = alone(members).map((one) => verdicts(setOf(one)));
        for (const region of ["here", "abroad"]) {
          const struck = (all: Record<string, Verdict>) =>
            Object.fromEntries(Object.entries(all).filter(([id]) => regionOf(id) === region));
          expect(each.map(struck)).toContainEqual(struck(told));
          expect(brokenIn(struck(told))).toBe(Math.min(...each.map((one) => brokenIn(struck(one)))));
        }
      }),
      { numRuns: 250, seed: 20_261_121 },
    );
  });
});
