import fc from "fast-check";
import type { Disruption, Plan } from "../../../recovery";
import { asset, cleanRoom, copy, here, path, plan, points, source, step } from "../../recovery/build";
import { span } from "./subject";

/** A step of a recovery, in seconds, after some of those before it, by place. */
interface Doing {
  takes: number;
  after: number[];
  uses: string[];
}

/** A way to recover: until its steps begin, the steps, of which one stops writes, and until clients follow; in seconds. */
interface Recovery {
  notice: number;
  doing: Doing[];
  stops: number;
  redirect: number;
}

/** Assets of which each recovers by one of its ways, and depends on some of those before it, by place; some are far away. */
export interface AtOnce {
  assets: { ways: Recovery[]; dependsOn: number[]; isFar: boolean }[];
  /** Places of those that must fit together, each of which refers to those before it. */
  set: number[];
  disruption: Disruption;
  /** Which part of its time each thing takes, in halves, where something is quicker than it may be. */
  hurry: number[];
}

const farAway = { ...here, region: "us-east-1" };
/** The id of an asset. */
export const idOf = (place: number) => `s/asset-${place}`;
/** The id of the path of a way. */
export const wayId = (place: number, way: number) => `${idOf(place)}/way-${way}`;

/** The plan of such assets. */
export function atOncePlan({ assets, set, disruption }: AtOnce): Plan {
  const kept = copy({ at: cleanRoom, keptFor: span("kept", 20 * 366 * 86_400) });
  return plan({
    assets: assets.map(({ dependsOn, isFar }, place) => {
      const waits = dependsOn.length > 0 ? { dependsOn: dependsOn.map(idOf) } : {};
      return asset({ [disruption]: ["300h", "300h"] }, { id: idOf(place), at: isFar ? farAway : here, ...waits });
    }),
    protections: assets.map((_, place) => points({ id: `points-${place}`, asset: idOf(place), copies: [kept] })),
    paths: assets.flatMap(({ ways }, place) =>
      ways.map(({ notice, doing, stops, redirect }, way) =>
        path({
          id: wayId(place, way),
          asset: idOf(place),
          protection: `points-${place}`,
          detect: [span("notice", notice)],
          steps: doing.map(({ takes, after, uses }, turn) =>
            step(`s${turn}`, `${takes}s`, {
              after: after.map((one) => `s${one}`),
              uses,
              ...(turn === stops ? { stopsWrites: true } : {}),
            }),
          ),
          redirect: [span("redirect", redirect)],
          runsAt: cleanRoom,
        }),
      ),
    ),
    groups:
      set.length === 0
        ? []
        : [
            {
              id: "together",
              members: set.map((place, at) => ({ asset: idOf(place), refersTo: set.slice(0, at).map(idOf) })),
              source: source("together"),
            },
          ],
  });
}

function recoveries(uses: fc.Arbitrary<string[]>, most: number, notice: fc.Arbitrary<number>): fc.Arbitrary<Recovery> {
  return fc
    .record({
      notice,
      steps: fc.array(fc.record({ takes: fc.nat(60), after: fc.nat(3), uses }), { minLength: 1, maxLength: most }),
      stops: fc.nat(2),
      redirect: fc.constantFrom(0, 0, 5, 60),
    })
    .map(({ notice, steps, stops, redirect }) => ({
      notice,
      doing: steps.map(({ takes, after, uses }, turn) => ({
        takes,
        after: [0, 1].filter((one) => one < turn && (after >> one) % 2 === 1),
        uses,
      })),
      stops: stops % steps.length,
      redirect,
    }));
}

/** Assets whose every step needs the one operator, all noticed alike, that wait for nothing else. */
export const oneOperator: fc.Arbitrary<AtOnce> = fc
  .record({ size: fc.constantFrom(2, 3), notice: fc.nat(90) })
  .chain(({ size, notice }) => {
    const ways = recoveries(fc.constant(["operator"]), 2, fc.constant(notice)).map((way) => [way]);
    const alone = ways.map((ways): AtOnce["assets"][number] => ({ ways, dependsOn: [], isFar: false }));
    return fc.record({
      assets: fc.array(alone, { minLength: size, maxLength: size }),
      set: fc.constantFrom<number[]>([], [0, 1]),
      disruption: fc.constant<Disruption>("region"),
      hurry: fc.constant<number[]>([2]),
    });
  });

const things = fc.subarray(["operator", "link"]);

/** Assets that need the operator or the link here and there, depend on each other, must fit, or have two ways to recover. */
export const sharingSome: fc.Arbitrary<AtOnce> = fc
  .record({
    assets: fc.array(
      fc.record({
        ways: fc.array(recoveries(things, 2, fc.oneof(fc.constant(30), fc.nat(90))), { minLength: 1, maxLength: 2 }),
        depends: fc.constantFrom(0, 0, 0, 1, 2, 3),
        isFar: fc.constantFrom(false, false, false, true),
      }),
      { minLength: 2, maxLength: 3 },
    ),
    set: fc.constantFrom<number[]>([], [], [0, 1], [1, 0]),
    disruption: fc.constantFrom<Disruption>("region", "region", "compromise", "compromise", "corruption"),
    hurry: fc.array(fc.constantFrom(0, 1, 2), { minLength: 1, maxLength: 7 }),
  })
  .map(({ assets, set, ...more }) => ({
    ...more,
    set,
    // Which of several ways those take that must fit, no answer tells.
    assets: assets.map(({ ways, depends, isFar }, place) => ({
      isFar,
      ways: set.length > 0 ? ways.slice(0, 1) : ways,
      dependsOn: [0, 1].filter((other) => other < place && (depends >> other) % 2 === 1),
    })),
  }));
