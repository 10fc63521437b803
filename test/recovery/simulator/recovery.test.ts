import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assess } from "../../../recovery";
import { lossesOf, secondsOf } from "../../support/simulator/claim";
import { ends, type Task } from "../../support/simulator/steps";
import { asOf, asset, path, plan, redundancy, step, term } from "../build";

interface Recovery {
  detect: number[];
  decide: number[];
  tasks: Task[];
  redirect: number[];
  stops: string;
}

const spans = fc.array(fc.nat(3_600), { maxLength: 3 });

/** Up to six steps, each after any of those before it, told in any order. */
const recoveries: fc.Arbitrary<Recovery> = fc
  .array(fc.record({ takes: fc.nat(7_200), after: fc.nat(63) }), { minLength: 1, maxLength: 6 })
  .map((drawn) =>
    drawn.map(({ takes, after }, place) => ({
      name: `s${place}`,
      takes,
      after: drawn.flatMap((_, other) => (other < place && (after >> other) % 2 === 1 ? [`s${other}`] : [])),
    })),
  )
  .chain((tasks) =>
    fc.record({
      detect: spans,
      decide: spans,
      tasks: fc.shuffledSubarray(tasks, { minLength: tasks.length }),
      redirect: spans,
      stops: fc.constantFrom(...tasks.map(({ name }) => name)),
    }),
  );

const total = (spans: readonly number[]) => spans.reduce((all, span) => all + span, 0);

function timeOf({ detect, decide, tasks, redirect }: Recovery): number {
  return total(detect) + total(decide) + Math.max(...ends(tasks).values()) + total(redirect);
}

/** The same recovery with each part taking as much of its time as told. */
function hurried(recovery: Recovery, parts: readonly number[]): Recovery {
  let turn = 0;
  const some = (span: number) => Math.floor((span * (parts[turn++ % parts.length] ?? 4)) / 4);
  return {
    ...recovery,
    detect: recovery.detect.map(some),
    decide: recovery.decide.map(some),
    tasks: recovery.tasks.map((task) => ({ ...task, takes: some(task.takes) })),
    redirect: recovery.redirect.map(some),
  };
}

const terms = (name: string, spans: readonly number[]) => spans.map((span, i) => term(`${name} ${i}`, `${span}s`));

function pathOf({ detect, decide, tasks, redirect, stops }: Recovery, protection = "points") {
  return path({
    protection,
    detect: terms("detect", detect),
    decide: terms("decide", decide),
    steps: tasks.map(({ name, takes, after }) =>
      step(name, `${takes}s`, { after: [...after], ...(name === stops ? { stopsWrites: true } : {}) }),
    ),
    redirect: terms("redirect", redirect),
  });
}

const parts = fc.array(fc.nat(4), { minLength: 1, maxLength: 9 });

describe("a recovery played through step by step", () => {
  it("takes exactly the claim when each part takes all of its time, and never longer", () => {
    fc.assert(
      fc.property(recoveries, parts, (recovery, some) => {
        const one = plan({
          assets: [asset({ zone: ["1h", "1h"] })],
          protections: [redundancy()],
          paths: [pathOf(recovery, "storage")],
        });
        const claim = secondsOf(assess(one, asOf)[0]?.chosen?.rto.total ?? { unbounded: "no way" });
        expect(timeOf(recovery)).toBe(claim);
        expect(timeOf(hurried(recovery, some))).toBeLessThanOrEqual(claim);
      }),
    );
  });

  it("lets writes go on exactly as long as the claim says", () => {
    fc.assert(
      fc.property(recoveries, (recovery) => {
        const one = plan({ assets: [asset({ corruption: ["1h", "1h"] })], paths: [pathOf(recovery)] });
        const sum = assess(one, asOf)[0]?.chosen?.rpo[0];
        const after = (sum?.terms ?? []).filter(({ part }) => part === "after").map(({ value }) => secondsOf(value));
        const stopped = ends(recovery.tasks).get(recovery.stops) ?? 0;
        expect(total(after)).toBe(total(recovery.detect) + total(recovery.decide) + stopped);
      }),
    );
  });
});

describe("redundant storage", () => {
  it("loses what was acknowledged in the time it takes to become durable, and no more", () => {
    fc.assert(
      fc.property(spans, fc.array(fc.nat(20_000), { minLength: 1, maxLength: 9 }), (lags, writes) => {
        const one = plan({
          assets: [asset({ zone: ["1h", "1h"] })],
          protections: [redundancy({ loss: terms("lag", lags) })],
          paths: [path({ protection: "storage" })],
        });
        const chosen = assess(one, asOf)[0]?.chosen;
        if (chosen === undefined) throw new Error("nothing was chosen");
        const lag = total(lags);
        // Each write becomes durable at last; the zone is lost just before the first of those still under way does.
        const strike = Math.min(...writes) + lag;
        const oldest = Math.min(...writes.filter((at) => at + lag >= strike));
        expect([strike - oldest, strike - oldest]).toEqual(lossesOf(chosen));
      }),
    );
  });
});
