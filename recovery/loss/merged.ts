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
      for (const [missed, from] of [newest, second].entries()) {
        const longest = gaps[missed]?.[place];
        if (longest === undefined || from === undefined || next - from <= longest.span) continue;
        longest.span = next - from;
        longest.from = from;
      }
    }
  }
  const most = (all: readonly Longest[]) => seconds(Math.max(...all.map(({ span }) => span)));
  return { spans: [most(gaps[0]), most(gaps[1])], gaps };
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
  for (const [place, { due, usableAfter }] of series.entries()) {
    let count = there[place] ?? 0;
    while ((due[count] ?? Number.POSITIVE_INFINITY) + usableAfter < instant) count++;
    there[place] = count;
    for (const at of [due[count - 1], due[count - 2]]) {
      if (at === undefined) continue;
      if (newest === undefined || at > newest) [newest, second] = [at, newest];
      else if (second === undefined || at > second) second = at;
    }
  }
  return [newest, second];
}
