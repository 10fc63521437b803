import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Plan } from "../../../recovery";
import { type Comparison, compareJudgements, isSame, type Side } from "../../../recovery/compare";
import { plans } from "../arbitraries";
import { asOf } from "../build";
import { line } from "./sides";

const runs = { numRuns: 40, endOnFailure: true };

/** A plan that nobody judged: what is told of it does not depend on verdicts. */
const unjudged = (one: Plan): Side => ({ plan: one, assessments: [], findings: [] });

/** Every list of a plan the other way round. */
function turned<T>(part: T): T {
  if (Array.isArray(part)) return part.map(turned).reverse() as T;
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, turned(one)])) as T;
}

/** Where everything was read, renamed: another file, another stack. */
function readElsewhere<T>(part: T): T {
  if (Array.isArray(part)) return part.map(readElsewhere) as T;
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, one]) => [key, key === "resource" ? `elsewhere:${one}` : readElsewhere(one)]),
  ) as T;
}

const shape = ({ outcomes, promises, protections, findings }: Comparison) => ({
  outcomes,
  promises: promises.map(line).sort(),
  protections: protections.map(line).sort(),
  added: findings.added.length,
  gone: findings.gone.length,
});

const undone = { weaker: "stronger", stronger: "weaker", other: "other" } as const;

describe("two judgements", () => {
  test("that say the same have nothing between them, wherever they were read", () => {
    fc.assert(
      fc.property(plans({ odd: 1 }), (one) => {
        const same = compareJudgements(unjudged(one), unjudged(readElsewhere(structuredClone(one))), asOf);
        expect([shape(same), same.turns, isSame(same)]).toEqual([
          { outcomes: [], promises: [], protections: [], added: 0, gone: 0 },
          [],
          true,
        ]);
      }),
      runs,
    );
  });

  test("are compared alike in whatever order their lists are", () => {
    fc.assert(
      fc.property(plans(), plans(), (one, other) => {
        const straight = compareJudgements(unjudged(one), unjudged(other), asOf);
        const shuffled = compareJudgements(unjudged(one), unjudged(turned(other)), asOf);
        expect(shape(shuffled)).toEqual(shape(straight));
        expect(shuffled.turns).toEqual(straight.turns);
      }),
      runs,
    );
  });

  test("exchanged have the same changes undone", () => {
    fc.assert(
      fc.property(plans(), plans(), (one, other) => {
        const there = compareJudgements(unjudged(one), unjudged(other), asOf);
        const back = compareJudgements(unjudged(other), unjudged(one), asOf);
        const undoing = ({ promises, protections }: Comparison) =>
          [...promises, ...protections].map(({ direction, name, before, after, disruptions }) =>
            JSON.stringify([undone[direction], name, after, before, disruptions]),
          );
        const doing = ({ promises, protections }: Comparison) =>
          [...promises, ...protections].map(({ direction, name, before, after, disruptions }) =>
            JSON.stringify([direction, name, before, after, disruptions]),
          );
        expect(doing(back).sort()).toEqual(undoing(there).sort());
      }),
      runs,
    );
  });

  test("that differ in any value have something between them", () => {
    // Of a number its name, of anything where it was read and why it is not known: none of it is a value.
    const names = ["name", "unknown", "unbounded", "resource", "property", "part", "facts"];
    fc.assert(
      fc.property(plans(), fc.nat(), (one, choice) => {
        const places = leaves(one).filter((keys) => !names.includes(String(keys.at(-1))) && !isIdle(one, keys));
        const keys = places[choice % places.length] ?? [];
        const other = edited(one, keys) as Plan;
        const comparison = compareJudgements(unjudged(one), unjudged(other), asOf);
        expect([keys.join("."), isSame(comparison)]).toEqual([keys.join("."), false]);
      }),
      { numRuns: 400, endOnFailure: true },
    );
  });
});

type Keys = (string | number)[];

/** Why a path does not hold for a disruption that it says nothing of makes no difference. */
function isIdle({ paths }: Plan, [list, place, part, disruption]: Keys): boolean {
  const covered: readonly string[] = paths[Number(place)]?.disruptions ?? [];
  return list === "paths" && part === "excluded" && !covered.includes(String(disruption));
}

function leaves(part: unknown, at: Keys = []): Keys[] {
  if (typeof part !== "object" || part === null) return [at];
  return Object.entries(part).flatMap(([key, one]) => leaves(one, [...at, Array.isArray(part) ? Number(key) : key]));
}

/** Another value of the same type at one place. */
function edited(part: unknown, [key, ...rest]: Keys): unknown {
  if (key === undefined) {
    if (typeof part === "number") return part + 1;
    return typeof part === "boolean" ? !part : `${part}x`;
  }
  if (Array.isArray(part)) return part.map((one, place) => (place === key ? edited(one, rest) : one));
  const map = part as Record<string, unknown>;
  return { ...map, [key]: edited(map[key], rest) };
}
