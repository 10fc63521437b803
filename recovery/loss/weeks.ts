import { countBelow } from "./due";

const week = 7 * 86_400;

const known = new WeakMap<readonly number[], readonly number[]>();

/** The instants that are in a calendar but not a week after one of it, or the other way round; ascending. */
function breaksOf(due: readonly number[]): readonly number[] {
  const found = known.get(due);
  if (found !== undefined) return found;
  const breaks: number[] = [];
  let next = 0;
  for (const last of due) {
    const repeated = last + week;
    for (let one = due[next]; one !== undefined && one < repeated; one = due[++next]) breaks.push(one);
    if (due[next] === repeated) next++;
    else breaks.push(repeated);
  }
  known.set(due, breaks);
  return breaks;
}

/** A stretch of time, its ends left out, in which some calendars are the same week after week. */
export interface Stretch {
  calendars: { breaks: readonly number[]; passed: number }[];
  from: number;
  until: number;
  /** From here on all that matters lies in the stretch, or a week before it. */
  settled?: number;
}

/** Before all stretches of some calendars. */
export function stretchOf(calendars: readonly (readonly number[])[]): Stretch {
  const all = [...new Set(calendars)].map((due) => ({ breaks: breaksOf(due), passed: 0 }));
  return { calendars: all, from: 0, until: Number.NEGATIVE_INFINITY };
}

/**
 * The instant until which nothing can happen after `at` that has not been seen: the end of a stretch of which a whole
 * week has been; else `at` itself. `oldest` is what anything at `at` depends on. Must be asked in the order of instants.
 */
export function seenUntil(stretch: Stretch, at: number, oldest: number): number {
  if (at >= stretch.until) enter(stretch, at);
  if (stretch.settled === undefined) {
    if (oldest + week > stretch.from) stretch.settled = at;
    return at;
  }
  return at >= stretch.settled + week ? stretch.until - 1 : at;
}

function enter(stretch: Stretch, at: number): void {
  stretch.from = Number.NEGATIVE_INFINITY;
  stretch.until = Number.POSITIVE_INFINITY;
  delete stretch.settled;
  for (const one of stretch.calendars) {
    one.passed = countBelow(one.breaks, at + 1, one.passed);
    stretch.from = Math.max(stretch.from, one.breaks[one.passed - 1] ?? stretch.from);
    stretch.until = Math.min(stretch.until, one.breaks[one.passed] ?? stretch.until);
  }
}
