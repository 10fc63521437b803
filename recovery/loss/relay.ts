import { type Bound, isBounded, isUnknown, sum } from "../bound";
import { type Seconds, seconds } from "../duration";
import type { RestorePoints, Series } from "../plan";
import { countBelow, type Witness } from "./joint";
import type { Cadence } from "./restorePoints";
import { dueOf, dueOfAll, isWalkable, midnightOf, spanOf } from "./series";

/** An age, and the worst moment it is told from. */
export interface Relayed {
  age: Bound;
  witness?: Witness;
}

const known = new Map<string, Relayed>();

/**
 * Age in seconds of the newest point at a copy that a job of its own carries points to, with `missed` failed runs
 * (0 or 1) among both: a joint walk, or where runs overlap or are too many, the sum of both cycles.
 */
export function relayedAge(
  points: RestorePoints,
  cadence: Cadence,
  relay: Series,
  missed: 0 | 1,
  asOf: number,
): Relayed {
  if (relay.suspended === true) return { age: { unbounded: `${relay.name} is suspended: nothing carries points on` } };
  if (isUnknown(relay.suspended)) return { age: relay.suspended };
  const taken = [cadence.startSlack.value, cadence.run.value, points.transfer.value];
  const whole = sum([
    cadence.span[missed],
    ...taken,
    spanOf(relay, missed, asOf),
    relay.startSlack.value,
    relay.run.value,
  ]);
  const spans = [...taken, relay.startSlack.value, relay.run.value];
  if (!isBounded(whole) || !spans.every(isBounded)) return { age: whole };
  const from = midnightOf(asOf);
  const { sources } = cadence;
  if (![...sources, relay].every((one) => isWalkable(one, asOf))) return { age: whole };
  const key = JSON.stringify([from, sources.map(({ schedule }) => schedule), relay.schedule, spans, missed]);
  const answer =
    known.get(key) ??
    walk(
      dueOfAll(sources, from),
      taken.reduce<number>((all, span) => all + (isBounded(span) ? span : 0), 0),
      dueOf(relay, from),
      (isBounded(relay.startSlack.value) ? relay.startSlack.value : 0) +
        (isBounded(relay.run.value) ? relay.run.value : 0),
      missed,
      { source: cadence.name, relay: relay.name },
    );
  known.set(key, answer);
  return answer;
}

/** At worst a relay starts on time, just misses what becomes usable, and the next one ends as late as it may. */
function walk(
  due: readonly number[],
  usableAfter: number,
  relays: readonly number[],
  relayed: number,
  missed: 0 | 1,
  names: { source: string; relay: string },
): Relayed {
  let worst: Relayed & { age: Seconds } = { age: seconds(0) };
  for (let next = 1 + missed; next < relays.length; next++) {
    const strikes = (relays[next] ?? 0) + relayed;
    const carriedBy = (missing: number) => countBelow(due, (relays[next - 1 - missing] ?? 0) - usableAfter) - 1;
    const places: [number, string?][] =
      missed === 0
        ? [[carriedBy(0)]]
        : [
            [carriedBy(1), names.relay],
            [carriedBy(0) - 1, names.source],
          ];
    for (const [place, failed] of places) {
      const captured = due[place];
      if (captured === undefined || strikes - captured <= worst.age) continue;
      const witness = { at: strikes, captured: [{ name: names.source, at: captured }], ...(failed ? { failed } : {}) };
      worst = { age: seconds(strikes - captured), witness };
    }
  }
  return worst;
}
