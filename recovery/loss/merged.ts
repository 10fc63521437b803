import { type Seconds, seconds } from "../duration";

/** Runs of one series: when they are due, ascending, and how long after that a point is there at the latest. */
export interface Taken {
  due: readonly number[];
  usableAfter: number;
}

/** The longest spans of several series together, in seconds. */
export interface MergedGaps {
  /** Over one gap and over two, whichever series takes the runs. */
  spans: [healthy: Seconds, failed: Seconds];
  /** By series: the longest span from the newest point there is to a run of it that is not there yet. */
  gaps: [healthy: Longest[], failed: Longest[]];
}

/** A longest span in seconds, 0 where there is none, and the run it starts at, in seconds since 1970. */
export interface Longest {
  span: number;
  from: number;
}

/**
 * A walk over the instants just before a point is there at the latest: the newest of any series that must be there by
 * then is what is left, and with one failed run the newest but that one.
 */
export function mergedGaps(series: readonly Taken[]): MergedGaps {
  const none = () => series.map((): Longest => ({ span: 0, from: 0 }));
  const gaps: MergedGaps["gaps"] = [none(), none()];
  for (const [place, { due, usableAfter }] of series.entries()) {
    const there = series.map(() => 0);
    for (const next of due) {
      const [newest, second] = newestAt(series, there, next + usableAfter);
      lengthen(gaps[0][place], newest, next);
      lengthen(gaps[1][place], second, next);
    }
  }
  const most = (all: readonly Longest[]) => seconds(Math.max(...all.map(({ span }) => span)));
  return { spans: [most(gaps[0]), most(gaps[1])], gaps };
}

function lengthen(longest: Longest | undefined, from: number | undefined, next: number): void {
  if (longest === undefined || from === undefined || next - from <= longest.span) return;
  longest.span = next - from;
  longest.from = from;
}

/**
 * When the newest points that are there before an instant were due, and the newest once one of those runs has failed;
 * `there` counts the points of each series that are, and only ever grows.
 */
function newestAt(
  series: readonly Taken[],
  there: number[],
  instant: number,
): [number | undefined, number | undefined] {
  let [newest, second]: [number | undefined, number | undefined] = [undefined, undefined];
  for (const [which, { due, usableAfter }] of series.entries()) {
    let count = there[which] ?? 0;
    while ((due[count] ?? Number.POSITIVE_INFINITY) + usableAfter < instant) count++;
    there[which] = count;
    for (let place = count - 1; place >= 0 && place >= count - 2; place--) {
      const at = due[place];
      if (at === undefined) continue;
      if (newest === undefined || at > newest) {
        second = newest;
        newest = at;
      } else if (second === undefined || at > second) second = at;
    }
  }
  return [newest, second];
}
