import { type Assessment, assess } from "../../../recovery";
import { asOf } from "../../recovery/build";
import { secondsOf } from "./claim";
import { type AtOnce, atOncePlan, idOf, wayId } from "./subjectAtOnce";
import type { Match } from "./tally";
import { slowestTurns, type Turn } from "./turns";

/** What is claimed of each asset, and what was played: until it is back, and until nothing damaged is written any more. */
export function atOnceMatches(subject: AtOnce): Match[] {
  const { assets, set, disruption, hurry } = subject;
  const answers = assess(atOncePlan(subject), asOf);
  const ways = assets.map((_, place) => wayOf(answers, place));
  return assets.flatMap((one, place) => {
    const chosen = answers.find(({ asset: id }) => id === idOf(place))?.chosen;
    const struck = struckWith(subject, place);
    const recovering = recoveringWith(subject, struck);
    const back = waitedFor(subject, place, recovering);
    const rivals = choicesOf(assets.map((other, at) => (back.has(at) ? [ways[at] ?? 0] : [...other.ways.keys()])));
    const tries = rivals.flatMap((choice) => triesOf({ ...subject, recovering }, choice, place, hurry));
    const most = (until: (turns: readonly Turn[]) => string[]) =>
      Math.max(...tries.map((turns) => slowestTurns(turns, until(turns))));
    const together = set.includes(place) ? set.filter((at) => recovering.includes(at)) : [place];
    const recovery = {
      claim: secondsOf(chosen?.rto.total ?? { unbounded: "no way" }),
      played: most(() => together.map((at) => `${at} redirect`)),
    };
    if (disruption === "region") return [recovery];
    const after = chosen?.rpo[0].terms.filter(({ part }) => part === "after") ?? [];
    const stops = one.ways[ways[place] ?? 0]?.stops ?? 0;
    const written = {
      claim: after.reduce((sum, { value }) => sum + secondsOf(value), 0),
      played: most(() => [`${place} s${stops}`]),
    };
    return [recovery, written];
  });
}

function wayOf(answers: readonly Assessment[], place: number): number {
  const taken = answers.find(({ asset: id }) => id === idOf(place))?.chosen?.path;
  return taken === wayId(place, 1) ? 1 : 0;
}

/** What strikes an asset strikes these as well. */
function struckWith({ assets, disruption }: AtOnce, place: number): number[] {
  if (disruption === "corruption") return [place];
  const far = assets[place]?.isFar;
  return [...assets.keys()].filter((other) => disruption === "compromise" || assets[other]?.isFar === far);
}

/** What is not struck goes back too where it would be newer than what it refers to. */
function recoveringWith({ assets, set }: AtOnce, struck: readonly number[]): number[] {
  const first = set.findIndex((place) => struck.includes(place));
  return [...assets.keys()].filter((place) => struck.includes(place) || (first >= 0 && set.indexOf(place) > first));
}

/** An asset with all that its recovery waits for, which come back as they are said to; and those that must fit it. */
function waitedFor({ assets, set }: AtOnce, place: number, recovering: readonly number[]): Set<number> {
  const found = new Set([place, ...(set.includes(place) ? set : [])]);
  for (const one of found) for (const other of directly({ assets, set, recovering }, one)) found.add(other);
  return found;
}

/** Of the assets some recover. */
type Recovering = Pick<AtOnce, "assets" | "set"> & { recovering: readonly number[] };

/** What is back before the steps of an asset begin; one that must fit others is back when they are. */
function directly({ assets, set, recovering }: Recovering, place: number): number[] {
  const others = (assets[place]?.dependsOn ?? []).filter((other) => recovering.includes(other));
  return others.flatMap((other) =>
    set.includes(other) && !set.includes(place) ? set.filter((one) => recovering.includes(one)) : [other],
  );
}

/** Every choice of one of each list. */
function choicesOf(lists: readonly number[][]): number[][] {
  return lists.reduce<number[][]>(
    (choices, list) => choices.flatMap((some) => list.map((one) => [...some, one])),
    [[]],
  );
}

/**
 * All that happens as late as it may, and as an adversary of one asset would have it: others are noticed no later than
 * that one, and do in no time what is not in its way; or all hurry as was drawn.
 */
function triesOf(subject: Recovering, choice: readonly number[], place: number, hurry: readonly number[]): Turn[][] {
  const { assets } = subject;
  const own = assets[place]?.ways[choice[place] ?? 0];
  const needed = new Set(own?.doing.flatMap(({ uses }) => uses));
  const at = own?.notice ?? 0;
  const slow = (span: number) => span;
  let turn = 0;
  const drawn = (span: number) => (span * (hurry[turn++ % hurry.length] ?? 2)) >> 1;
  return [
    turnsOf(subject, choice, slow, (_, takes) => takes),
    turnsOf(
      subject,
      choice,
      (notice) => Math.min(notice, at),
      (_, takes) => takes,
    ),
    turnsOf(
      subject,
      choice,
      (notice) => Math.min(notice, at),
      ({ uses, of }, takes) => (of === place || uses.some((one) => needed.has(one)) ? takes : 0),
    ),
    turnsOf(subject, choice, drawn, (_, takes) => drawn(takes)),
  ];
}

/** Every asset's recovery as steps that take turns. */
function turnsOf(
  subject: Recovering,
  choice: readonly number[],
  noticed: (notice: number) => number,
  taken: (one: { uses: readonly string[]; of: number }, takes: number) => number,
): Turn[] {
  const { assets, recovering } = subject;
  return assets.flatMap(({ ways }, place): Turn[] => {
    const way = ways[choice[place] ?? 0];
    if (way === undefined || !recovering.includes(place)) return [];
    const begins = [`${place} notice`, ...directly(subject, place).map((other) => `${other} redirect`)];
    const steps = way.doing.map(({ takes, after, uses }, turn) => ({
      name: `${place} s${turn}`,
      takes: taken({ uses, of: place }, takes),
      after: [...begins, ...after.map((one) => `${place} s${one}`)],
      uses,
    }));
    return [
      { name: `${place} notice`, takes: noticed(way.notice), after: [], uses: [] },
      ...steps,
      { name: `${place} redirect`, takes: way.redirect, after: steps.map(({ name }) => name), uses: [] },
    ];
  });
}
