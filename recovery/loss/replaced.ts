/** How many ticks are looked at in all before giving up, some hundredths of a second. */
const mostLooks = 10_000_000;

/**
 * The longest span in seconds over `missed` + 1 gaps between runs that end, of those that each replace the one before
 * them: what is as late and long as it may be is met by the next, which must be less late for that, until one ends.
 * Undefined where none does for the rest of ten years, or that takes too long to tell.
 */
export function spanOfReplaced(
  ticks: readonly number[],
  slack: number,
  run: number,
  missed: 0 | 1,
): number | undefined {
  const ends = endsFrom(ticks, slack, run);
  if (ends === undefined) return undefined;
  const never = ticks.length;
  let span = 0;
  let open: number | undefined;
  for (const [place, tick] of ticks.entries()) {
    const first = ends[place + 1] ?? never;
    const at = ticks[missed === 0 ? first : (ends[first + 1] ?? never)];
    if (at === undefined) open ??= tick;
    else span = Math.max(span, at - tick);
  }
  // Ten years end in the midst of one; a longer one has no end that is known.
  const isOver = open === undefined || (ticks.at(-1) ?? open) - open <= span;
  return span > 0 && isOver ? span : undefined;
}

/** For each tick the place of the first from it on whose run ends whatever is done, their number where there is none. */
function endsFrom(ticks: readonly number[], slack: number, run: number): number[] | undefined {
  const ends: number[] = ticks.map(() => ticks.length);
  // A tick that is as late as the next is due is dropped for it, however short its run.
  const busy = Math.max(1, run);
  let left = mostLooks;
  for (let place = ticks.length - 2; place >= 0; place--) {
    let late = slack;
    for (let at = place; at + 1 < ticks.length; at++) {
      if (left-- === 0) return undefined;
      const gap = (ticks[at + 1] ?? 0) - (ticks[at] ?? 0);
      if (late + busy <= gap) {
        ends[place] = at;
        break;
      }
      // It is met by a run that starts a second before it would have ended, at the latest.
      late = Math.min(slack, late + busy - gap - 1);
      if (late < slack) continue;
      ends[place] = ends[at + 1] ?? ticks.length;
      break;
    }
  }
  return ends;
}
