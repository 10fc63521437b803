import fc from "fast-check";
import type { Member, Runs } from "../../../recovery";
import { fateIn, slowest } from "./adversary";
import type { Calendar, Due, Fate } from "./calendar";
import { play } from "./course";
import type { Copies, World } from "./world";
import { mostLost, type Worst } from "./worst";

/** A job whose runs are due every few seconds, but for some longer gaps; spans in seconds. */
interface Job {
  phase: number;
  gaps: number[];
  slack: number;
  run: number;
}

/** Assets of which each refers to the one before it; where a job carries points on, only what that has brought counts. */
export interface SmallGroup {
  members: { takes: Job; transfer: number; capture: Runs["capture"]; carries?: Job | undefined }[];
}

/** How far apart runs are due before the gaps and after them, how many there are before, and until when. */
const quiet = 6;
const before = 12;
const end = 168;

/** Of what others carry on a few more runs are known than of the others. */
function dueOf({ phase, gaps }: Job, more: number): number[] {
  const due = Array.from({ length: before }, (_, turn) => phase + turn * quiet);
  const next = (gap: number) => due.push((due.at(-1) ?? 0) + gap);
  for (const gap of gaps) next(gap);
  while ((due.at(-1) ?? 0) < end + more * quiet) next(quiet);
  return due;
}

/** The group as a walk sees it. */
export function smallMembers({ members }: SmallGroup): Member[] {
  return members.map(({ takes, transfer, capture, carries }, place): Member => {
    const { slack, run } = takes;
    const points: Runs = {
      kind: "runs",
      due: dueOf(takes, carries === undefined ? 0 : 4),
      slack,
      run,
      transfer,
      capture,
    };
    const refersTo = place === 0 ? [] : [place - 1];
    if (carries === undefined) return { name: `${place}`, stream: points, refersTo };
    const carrier = { due: dueOf(carries, 0), slack: carries.slack, run: carries.run };
    return { name: `${place}`, stream: { kind: "carried", points, ...carrier }, refersTo };
  });
}

/** The group as the simulator sees it. */
export function smallWorld({ members }: SmallGroup): World {
  const kept = 1_000_000;
  const calendars = members.map(({ takes, transfer, capture, carries }, chain): Calendar => {
    const { slack, run } = takes;
    return {
      does: "full",
      chain,
      due: dueOf(takes, carries === undefined ? 0 : 4),
      slack,
      run,
      transfer,
      overlap: "allow",
      capture,
    };
  });
  const near = members.map((_, chain): Copies => ({ keeps: "points", chain, kept }));
  const far = members.map(({ carries }, chain): Copies => {
    if (carries === undefined) return { keeps: "points", chain, kept };
    const { slack, run } = carries;
    const due = dueOf(carries, 0);
    const does = "carry" as const;
    const place = calendars.push({ does, chain, due, slack, run, transfer: 0, overlap: "allow", capture: "start" });
    return { keeps: "points", chain, kept, carrier: place - 1 };
  });
  return {
    calendars,
    keepers: [...near, ...far],
    members: members.map((_, place) => ({
      keepers: [near.length + place],
      refersTo: place === 0 ? [] : [place - 1],
    })),
  };
}

/** What is claimed with no failed run or with one: a loss, and by member the moment that is brought back at worst. */
export interface Claimed {
  loss: number;
  moments: readonly number[];
}

/**
 * The most that a group loses at the hands of an adversary that is told which moments to aim at. Of each calendar the runs
 * until then are of one mood and those after it of another; then it changes the fate of one run after the other as long
 * as that makes nothing better, and starts again until it has what is claimed, or has tried so often.
 */
export function smallLoss(world: World, seed: number, claims: readonly [Claimed, Claimed], starts: number): Worst {
  const chance = chanceFrom(seed);
  const below = (most: number) => Math.floor(chance() * (most + 1));
  const dues = world.calendars.map(({ due }, calendar) => due.map((at, index): Due => ({ calendar, index, at })));
  const scene = { dues, tried: [], from: (before - 1) * quiet, to: end };
  const worst: Worst = [0, 0];
  for (const missed of [0, 1] as const) {
    const { loss, moments } = claims[missed];
    const oldest = Math.min(...moments);
    const tried = dues.flat().filter(({ at }) => at >= oldest && at <= oldest + loss);
    for (let start = 0; start < starts && worst[missed] < loss; start++) {
      const turns = world.calendars.map(({ does, chain }, place) => {
        const aim = moments[chain] ?? 0;
        const ahead = tried.filter(({ calendar, at }) => calendar === place && at >= aim);
        return does === "carry" ? (ahead[below(ahead.length - 1)]?.at ?? aim) : aim;
      });
      const limitOf = (place: number) => {
        const { chain = 0, slack = 0, run = 0 } = world.calendars[place] ?? {};
        return (moments[chain - 1] ?? 0) - below(slack + run + 1);
      };
      const fates = new Map(
        dues.flatMap((all, place) => moody(world.calendars[place], all, [turns[place] ?? 0, limitOf(place)], below)),
      );
      const unlucky = below(turns.length - 1);
      const victim = missed === 1 ? dues[unlucky]?.find(({ at }) => at > (turns[unlucky] ?? 0)) : undefined;
      if (victim) fates.set(victim, { ...slowest(world.calendars[victim.calendar]), fails: true });
      const judge = () => mostLost(world, play(world, dues, fateIn(world, fates)), scene);
      let lost = judge();
      for (let turn = 0; turn < tried.length && lost < loss; turn++) {
        const due = tried[below(tried.length - 1)];
        const known = due && fates.get(due);
        if (due === undefined || known === undefined || due === victim) continue;
        const { slack = 0, run = 0, transfer = 0 } = world.calendars[due.calendar] ?? {};
        const some = (span: number) => [0, span, below(span)][below(2)] ?? 0;
        fates.set(due, { late: below(slack), takes: some(run), transfers: below(1) * transfer, fails: false });
        const other = judge();
        if (other >= lost) lost = other;
        else fates.set(due, known);
      }
      worst[missed] = Math.max(worst[missed], lost);
    }
  }
  // A run that may fail need not.
  return [worst[0], Math.max(...worst)];
}

/** Runs of one mood until some moment, mostly on time, of another until what they refer to, and then mostly late. */
function moody(
  { slack, run, transfer }: Pick<Calendar, "slack" | "run" | "transfer"> = { slack: 0, run: 0, transfer: 0 },
  dues: readonly Due[],
  [turn, limit]: [turn: number, limit: number],
  below: (most: number) => number,
): [Due, Fate][] {
  const mood = (late: boolean): Fate => {
    const slow = below(1);
    return { late: late ? slack : 0, takes: slow * run, transfers: slow * transfer, fails: false };
  };
  const [first, second, third] = [mood(below(3) === 0), mood(below(1) > 0), mood(below(3) > 0)];
  return dues.map((due) => [due, due.at <= turn ? first : due.at <= limit ? second : third]);
}

/** Numbers from 0 to 1 that nobody can foresee and everybody can repeat. */
function chanceFrom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const job = fc.record({
  phase: fc.nat(quiet - 1),
  gaps: fc.array(fc.integer({ min: quiet, max: 24 }), { minLength: 0, maxLength: 2 }).map((gaps) => [24, ...gaps]),
  slack: fc.nat(quiet - 1),
  run: fc.nat(quiet),
});

/** So many assets of which each refers to the one before it, each carried on or not. */
export const smallGroups = (size: 1 | 2 | 3): fc.Arbitrary<SmallGroup> =>
  fc.record({
    members: fc.array(
      fc.record({
        takes: job,
        transfer: fc.nat(quiet),
        capture: fc.constantFrom("start" as const, "end" as const, "fuzzy" as const),
        carries: fc.option(job, { freq: 3, nil: undefined }),
      }),
      { minLength: size, maxLength: size },
    ),
  });
