import { Script } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as recovery from "../../../recovery";
import { type Door, doors } from "./doors";

/** What only a mistake in the code can ask for is refused with a RangeError that names it. */
const refusing: readonly Door[] = ["duration", "factSeconds", "seconds", "stoppedArchive", "wholeDays"];

/** Answers of these may be below 0: an order, a day to come, instants before 1970. */
const signed: readonly Door[] = [
  ...(["compare", "daysSince", "gapOfChange", "gaps", "gapsOf", "instantOf", "next", "runs", "worstGaps"] as const),
];

/** What is asked of a whole plan. */
const planned: readonly Door[] = ["assess", "budgets", "fixOf", "mend", "termsOf"];

/** Every object that some values are made of. */
function partsOf(values: readonly unknown[]): Set<unknown> {
  const parts = new Set<unknown>();
  const open = [...values];
  for (let part = open.pop(); open.length > 0 || part !== undefined; part = open.pop()) {
    if (typeof part !== "object" || part === null || parts.has(part)) continue;
    parts.add(part);
    open.push(...Object.values(part));
  }
  return parts;
}

/** What no answer may hold; what was given may be given back. */
function faultIn(
  answer: unknown,
  given: ReadonlySet<unknown>,
  isSigned: boolean,
  where = "answer",
): string | undefined {
  if (typeof answer === "number" && Number.isNaN(answer)) return `${where} is not a number`;
  if (typeof answer === "number" && answer < 0 && !isSigned) return `${where} is ${answer}`;
  if (typeof answer !== "object" || answer === null || given.has(answer)) return undefined;
  for (const [key, part] of Object.entries(answer)) {
    const fault = faultIn(part, given, isSigned, `${where}.${key}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const bell = globalThis as { rung?: () => unknown };
const ring = new Script("rung()");

/** The answer, or an error for one that does not come within some seconds: only what hangs, however slow the machine. */
function within(seconds: number, ask: () => unknown): unknown {
  bell.rung = ask;
  return ring.runInThisContext({ timeout: seconds * 1_000 });
}

function answerOf(door: Door, args: unknown[]): unknown {
  const ask = functions.get(door) as (...some: unknown[]) => unknown;
  try {
    return within(200, () => ask(...args));
  } catch (error) {
    if (refusing.includes(door) && error instanceof RangeError) return undefined;
    throw error;
  }
}

const functions = new Map(Object.entries(recovery).filter(([, value]) => typeof value === "function"));

describe("bad input", () => {
  it("is tried at every function that recovery/index.ts exports", () => {
    expect(Object.keys(doors).sort()).toEqual([...functions.keys()].sort());
  });

  it.each(Object.keys(doors) as Door[])(
    "given to %s has an answer without NaN, a negative span or an exception",
    (door) => {
      fc.assert(
        fc.property(doors[door] as fc.Arbitrary<unknown[]>, (args) => {
          const given = partsOf(args);
          expect(faultIn(answerOf(door, args), given, signed.includes(door))).toBeUndefined();
        }),
        // A whole plan takes its time.
        { numRuns: planned.includes(door) ? 30 : 200, endOnFailure: true },
      );
    },
    600_000,
  );
});
