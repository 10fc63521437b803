import { type Bound, checked, compare, isBounded, isUnknown, sum } from "../bound";
import { type Seconds, seconds } from "../duration";
import type { ReadRate, RestorePoints, Series } from "../plan";
import { gapsOf, spansOf } from "./series";

/** The series that starts new chains soonest; undefined where none does. */
export function base(points: RestorePoints, asOf: number): Series | undefined {
  const fulls = points.series.filter((series) => series.role === "full" && series.suspended !== true);
  if (fulls.length < 2) return fulls[0];
  return fulls.sort((a, b) => compare(cycle(points, a, asOf), cycle(points, b, asOf)))[0];
}

/**
 * From the start of a full until the next one is usable, though one in between failed: how old a chain's base can be.
 * A job that carries points on adds its own gap, lateness and run.
 */
function cycle(points: RestorePoints, full: Series, asOf: number, relay?: Series): Bound {
  const carried = relay ? [spansOf(relay, asOf)[1], relay.startSlack.value, relay.run.value] : [];
  return sum([spansOf(full, asOf)[1], full.startSlack.value, full.run.value, points.transfer.value, ...carried]);
}

/** How much older than its point, in seconds, the base of a chain can be; 0 where every point is a full. */
export function baseAge(points: RestorePoints, asOf: number, relay?: Series): Bound {
  const chained = points.series.some((series) => series.role === "incremental" && series.suspended !== true);
  if (!chained) return seconds(0);
  const full = base(points, asOf);
  return full ? cycle(points, full, asOf, relay) : { unbounded: "no full backup ever starts a new chain" };
}

/** How far back, in seconds, every moment can be restored when points are kept for `kept`: chains need their base, one full may fail. */
export function reachBack(points: RestorePoints, kept: Bound, asOf: number, relay?: Series): Bound {
  const full = base(points, asOf);
  if (full === undefined) return seconds(0);
  if (!isBounded(kept)) return checked(kept);
  const lost = cycle(points, full, asOf, relay);
  if (!isBounded(lost)) return "unbounded" in lost ? seconds(0) : lost;
  return seconds(Math.max(0, kept - lost));
}

/** Most incrementals a chain can have before its next base is usable, one failed full included. */
export function longestChain(points: RestorePoints, asOf: number): Bound {
  const life = baseAge(points, asOf);
  if (!isBounded(life)) return life;
  const increments = points.series.filter((series) => series.role === "incremental" && series.suspended !== true);
  return sum(
    increments.map((series): Bound => {
      const gaps = gapsOf(series, asOf);
      if (isUnknown(gaps)) return gaps;
      if (gaps.runs < 2) return { unbounded: "its schedule never runs twice" };
      // One that was due before the base ended may start after it.
      const late = series.startSlack.value;
      return isBounded(late) ? seconds(Math.ceil((life + late) / gaps.minGapSeconds)) : late;
    }),
  );
}

/** Seconds that restoring the longest chain takes by the rates of the register; undefined when no rate is declared. */
export function restoreTime(points: RestorePoints, asOf: number): Bound | undefined {
  const rate = points.restoreRate;
  if (rate === undefined) return undefined;
  const links = longestChain(points, asOf);
  if (!isBounded(links)) return links;
  const perLink = rate.perLink.value;
  if (!isBounded(perLink)) return checked(perLink);
  const whole = readTime({ bytes: rate.baseBytes, bytesPerSecond: rate.bytesPerSecond });
  return isBounded(whole) ? checked((whole + links * perLink) as Seconds) : whole;
}

/** Seconds that a recovery reads at a rate; unknown where the rate is none. */
export function readTime({ bytes, bytesPerSecond }: ReadRate): Bound {
  if (!(bytesPerSecond > 0)) return { unknown: `its rate must be more than 0 bytes a second, got ${bytesPerSecond}` };
  return checked(Math.ceil(bytes / bytesPerSecond) as Seconds);
}
