import { type Bound, formatBound, isBounded, isUnknown, max, sum, type Unbounded } from "../bound";
import type { Seconds } from "../duration";
import type { RestorePoints, Series } from "../plan";
import { heldFor, inTime, isChained, looksAt } from "./held";
import { type Joints, jointLoss, type Witness } from "./joint";
import type { Cadence } from "./restorePoints";
import { dueOf, isWalkable, midnightOf, spanOf } from "./series";
import type { Carried, Dense } from "./stream";
import { runsOf } from "./taken";

/** An age, and the worst moment it is told from. */
export interface Relayed {
  age: Bound;
  witness?: Witness;
}

const known = new Map<string, Joints>();

/**
 * Age in seconds of the newest point at a copy that a job of its own carries points to, with `missed` failed runs
 * (0 or 1) among both: a walk over both calendars, or where runs overlap, are too many or at unknown times, the sum of
 * both cycles. Points that their source may have deleted by then are not carried.
 */
export function relayedAge(
  points: RestorePoints,
  cadence: Cadence,
  relay: Series,
  missed: 0 | 1,
  asOf: number,
): Relayed {
  const age = cycles(points, cadence, relay, missed, asOf);
  if (!isBounded(age) || !isWalked(cadence, relay, asOf)) return { age };
  const spans = [cadence.startSlack, cadence.run, points.transfer, relay.startSlack, relay.run];
  const key = JSON.stringify([
    midnightOf(asOf),
    [...cadence.sources, relay].map(({ schedule }) => schedule),
    spans.map(({ value }) => value),
    heldFor(points, asOf),
  ]);
  const walk = (): Joints => {
    const stream = carriedOn(points, cadence, relay, asOf);
    if (!("kind" in stream)) return stream;
    return jointLoss([{ name: "source", carrier: "relay", stream, refersTo: [] }]);
  };
  const answer = known.get(key) ?? walk();
  known.set(key, answer);
  if (!Array.isArray(answer)) return { age: "torn" in answer ? age : answer };
  const { loss, witness } = answer[missed];
  if (witness === undefined) return { age: loss };
  const named = (name: string) => (name === "relay" ? relay.name : cadence.name);
  const captured = witness.captured.map((one) => ({ ...one, name: named(one.name) }));
  const failed = witness.failed === undefined ? {} : { failed: named(witness.failed) };
  return { age: loss, witness: { ...witness, captured, ...failed } };
}

/**
 * The moments that are at a copy to which a job of its own carries points, or why nothing bounds them. They are walked
 * only where what takes points is all that does.
 */
export function relayedStream(
  points: RestorePoints,
  cadence: Cadence,
  relay: Series,
  isAll: boolean,
  asOf: number,
): Carried | Dense | Exclude<Bound, Seconds> {
  const [healthy, failed] = [cycles(points, cadence, relay, 0, asOf), cycles(points, cadence, relay, 1, asOf)];
  if (!isBounded(healthy)) return healthy;
  if (!isBounded(failed)) return failed;
  if (isAll && isWalked(cadence, relay, asOf)) return carriedOn(points, cadence, relay, asOf);
  // What starts to be carried until some moment holds nothing newer, however long that takes.
  const run = Number(relay.run.value);
  return { kind: "dense", age: [healthy, failed], step: [healthy - run, failed - run] };
}

function carriedOn(points: RestorePoints, cadence: Cadence, relay: Series, asOf: number): Carried | Unbounded {
  const all: Carried = {
    kind: "carried",
    points: runsOf(points, cadence, asOf),
    due: dueOf(relay, midnightOf(asOf)),
    slack: Number(relay.startSlack.value),
    run: Number(relay.run.value),
  };
  const held = heldFor(points, asOf);
  if (held === undefined || !isBounded(held) || looksAt(points, cadence, relay, held, asOf) === 2) return all;
  return inTime(all, held) ?? tooLate(relay, held);
}

function tooLate({ name }: Series, held: Bound): Unbounded {
  return { unbounded: `${name} may come when the points that it carries on are gone: kept ${formatBound(held)}` };
}

function isWalked({ sources }: Cadence, relay: Series, asOf: number): boolean {
  return [...sources, relay].every((one) => isWalkable(one, asOf));
}

/** Both cycles one after the other, in seconds, with a failed run in either; or why nothing bounds what is carried on. */
function cycles(points: RestorePoints, cadence: Cadence, relay: Series, missed: 0 | 1, asOf: number): Bound {
  if (relay.suspended === true) return { unbounded: `${relay.name} is suspended: nothing carries points on` };
  if (isUnknown(relay.suspended)) return relay.suspended;
  const held = heldFor(points, asOf);
  if (held === undefined) return { unbounded: `there is no copy that ${relay.name} could carry points on from` };
  const both = (own: 0 | 1, carrier: 0 | 1) => {
    const taken = [cadence.span[own], cadence.startSlack.value, cadence.run.value, points.transfer.value];
    return sum([...taken, spanOf(relay, carrier, asOf), relay.startSlack.value, relay.run.value]);
  };
  const most = both(1, 1);
  if (!isBounded(most)) return most;
  if (isUnknown(held)) return held;
  const looks = looksAt(points, cadence, relay, held, asOf);
  if (looks < 2 && (isChained(points) || (looks === 0 && !isWalked(cadence, relay, asOf)))) return tooLate(relay, held);
  if (missed === 0) return both(0, 0);
  // What fails to carry points on takes those with it that are gone before its next run.
  return looks < 2 ? most : max(both(1, 0), both(0, 1));
}
