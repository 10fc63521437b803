import { isUnknown, sum } from "../bound";
import { type Seconds, seconds } from "../duration";
import { keeps } from "../objective";
import type { RestorePoints, Series } from "../plan";
import { gapOfChange, isProblem, type Schedule, worstGaps } from "../schedule";
import type { Side, Turn } from "./comparison";
import { keyOf } from "./keys";

/** How far ahead a change is looked for, in days: a month and a change of the clocks. */
const lookedAt = 35;

/** The days on which schedules change: with every run succeeding, what they cost at worst. */
export function turnsOf(before: Side, after: Side, asOf: number): Turn[] {
  const points = after.plan.protections.filter((one): one is RestorePoints => one.kind === "restore-points");
  const taken = points.flatMap((now) => {
    const was = before.plan.protections.find(
      (one) => one.kind === now.kind && one.id === now.id && one.asset === now.asset,
    );
    return was?.kind === "restore-points" ? turnsOfPoints(was, now, after, asOf) : [];
  });
  const rehearsed = after.plan.rehearsals.flatMap((now) => {
    const was = before.plan.rehearsals.find(
      (one) => one.name === now.name && one.role === now.role && one.asset === now.asset,
    );
    return was ? turnOf(was, now, asOf).map((turn): Turn => ({ ...turn, asset: now.asset, breaks: [] })) : [];
  });
  return [...taken, ...rehearsed].sort((a, b) => (`${a.asset} ${a.name}` < `${b.asset} ${b.name}` ? -1 : 1));
}

function turnsOfPoints(was: RestorePoints, now: RestorePoints, { assessments }: Side, asOf: number): Turn[] {
  const running = now.series.filter(({ suspended }) => suspended !== true);
  const turns = new Map(
    running.flatMap((series) => {
      const old = was.series.find(({ name }) => name === series.name);
      return old ? turnOf(old, series, asOf).map((turn) => [series, turn] as const) : [];
    }),
  );
  // What another series takes meanwhile is not lost.
  const gaps = running.map((series) => turns.get(series)?.gap ?? usualGap(series.schedule, asOf));
  const shortest = Math.min(...gaps.map((gap) => gap ?? Number.POSITIVE_INFINITY));
  return [...turns].map(([series, turn]) => {
    const gap = seconds(Math.min(shortest, turn.gap));
    const loss = sum([gap, series.startSlack.value, series.run.value, now.transfer.value]);
    const breaks = assessments
      .filter(
        ({ asset, chosen, broken }) => asset === now.asset && chosen?.protection === now.id && !broken.includes("rpo"),
      )
      // A day that is no worse than those of either schedule breaks nothing that they keep.
      .filter(({ objective }) => turn.gap > turn.usual && keeps(loss, objective.rpo) === "no")
      .map(({ disruption, objective }) => ({ disruption, limit: objective.rpo }));
    return { ...turn, asset: now.asset, loss, breaks };
  });
}

type Run = Pick<Series, "name" | "schedule" | "suspended">;

/** None where the schedule stays, where one of them is not known, and where nothing ran before or runs after. */
function turnOf(was: Run, now: Run, asOf: number): Omit<Turn, "asset" | "breaks">[] {
  const [before, after] = [was.schedule, now.schedule];
  if (isUnknown(before) || isUnknown(after) || was.suspended === true || now.suspended === true) return [];
  if (keyOf(before) === keyOf(after)) return [];
  const [old, next] = [usualGap(before, asOf), usualGap(after, asOf)];
  if (old === undefined || next === undefined) return [];
  const change = gapOfChange(before, after, { from: asOf, to: asOf + lookedAt * 86_400 + old });
  if (isProblem(change)) return [];
  const { seconds: gap, lastRun, changedAt, firstRun } = change;
  return [{ name: now.name, before, after, gap, usual: Math.max(old, next), lastRun, changedAt, firstRun }];
}

function usualGap(schedule: Series["schedule"], asOf: number): Seconds | undefined {
  if (isUnknown(schedule)) return undefined;
  const gaps = worstGaps(schedule as Schedule, asOf);
  const longest = isProblem(gaps) ? undefined : gaps.maxGapSeconds[0];
  return longest === undefined ? undefined : seconds(longest);
}
