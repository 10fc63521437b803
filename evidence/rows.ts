import type { Assessment } from "../recovery/assess/assessment";
import { type Bound, compare, isBounded } from "../recovery/bound";
import type { Judgement } from "../recovery/finding";
import { disruptions, type Limit } from "../recovery/objective";
import type { Group } from "../recovery/plan";
import { byText, rank, verdicts } from "./words";

/** All assessments of one system, and for each disruption the one of the asset furthest from its promise. */
export interface SystemRows {
  system: string;
  /** Assets with a promise. */
  assets: string[];
  rows: Assessment[];
  /** Groups of the plan: their members are named in the paths. */
  fitting: Group[];
}

/** One group of rows per system, in order of name. */
export function rowsOf({ assessments, plan }: Judgement): SystemRows[] {
  const systems = [...new Set(assessments.map((one) => one.system))].sort(byText);
  return systems.map((system) => {
    const own = assessments.filter((one) => one.system === system);
    return {
      system,
      assets: [...new Set(own.map((one) => one.asset))].sort(byText),
      rows: disruptions.flatMap((disruption) => {
        const worst = own.filter((one) => one.disruption === disruption).sort(furthestFirst)[0];
        return worst ? [worst] : [];
      }),
      fitting: plan.groups,
    };
  });
}

/** Assessments by asset and disruption, in the order of reports. */
export function inOrder(assessments: readonly Assessment[]): Assessment[] {
  return [...assessments].sort((a, b) => byText(a.asset, b.asset) || rank(a.disruption) - rank(b.disruption));
}

/** Orders assessments: worst verdict first, then the one that uses most of what its targets allow. */
export function furthestFirst(a: Assessment, b: Assessment): number {
  return (
    verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) ||
    compareUse(use(b), use(a)) ||
    byText(a.asset, b.asset) ||
    rank(a.disruption) - rank(b.disruption)
  );
}

function compareUse(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** The larger share of a target that is used up; infinite without a path or a bound. */
function use({ chosen, objective }: Assessment): number {
  if (chosen === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(share(chosen.rpo[1].total, objective.rpo), share(chosen.rto.total, objective.rto));
}

function share(bound: Bound, limit: Limit): number {
  if (!isBounded(bound)) return Number.POSITIVE_INFINITY;
  if (compare(bound, limit.seconds) === 0) return 1;
  return limit.seconds === 0 ? Number.POSITIVE_INFINITY : bound / limit.seconds;
}
