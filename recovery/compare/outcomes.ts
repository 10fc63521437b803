import type { Assessment, Verdict } from "../assess/assessment";
import { type Bound, compare } from "../bound";
import { disruptions } from "../objective";
import type { Outcome, Side, Standing } from "./comparison";
import { keyOf } from "./keys";

/** Promises whose worst case or verdict changed, of those that are made before and after. */
export function outcomesOf(before: Side, after: Side): Outcome[] {
  const old = new Map(before.assessments.map((one) => [keyOf([one.asset, one.disruption]), one]));
  const both = after.assessments.flatMap((now): [Assessment, Assessment][] => {
    const was = old.get(keyOf([now.asset, now.disruption]));
    return was ? [[was, now]] : [];
  });
  return both
    .flatMap(([was, now]): Outcome[] => {
      const differences = [
        worst.indexOf(now.verdict) - worst.indexOf(was.verdict),
        compare(...pair(was, now, (one) => one.chosen?.rpo[1].total)),
        compare(...pair(was, now, (one) => one.chosen?.rto.total)),
      ];
      if (differences.every((one) => one === 0)) return [];
      const { asset, system, disruption } = now;
      const direction = differences.some((one) => one > 0) ? "worse" : "better";
      return [{ asset, system, disruption, direction, before: standing(was), after: standing(now) }];
    })
    .sort((a, b) => byText(a.asset, b.asset) || disruptions.indexOf(a.disruption) - disruptions.indexOf(b.disruption));
}

const worst: readonly Verdict[] = ["proven", "assumed", "cannot prove", "missed"];

/** Now and then, for a comparison that is positive where it is more now; without a way to recover it never ends. */
function pair(was: Assessment, now: Assessment, read: (one: Assessment) => Bound | undefined): [Bound, Bound] {
  const bound = (one: Assessment) => read(one) ?? { unbounded: "nothing brings it back" };
  return [bound(now), bound(was)];
}

function standing({ verdict, chosen, objective }: Assessment): Standing {
  return { verdict, objective, ...(chosen ? { rpo: chosen.rpo[1].total, rto: chosen.rto.total } : {}) };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
