import { type Bound, isBounded, isUnknown, sum } from "../bound";
import type { Seconds } from "../duration";
import type { RestorePoints, Series } from "../plan";
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
 * (0 or 1) among both: a walk over both calendars, or where runs overlap or are too many, the sum of both cycles.
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
  ]);
  const stream = () => carriedOn(points, cadence, relay, asOf);
  const answer = known.get(key) ?? jointLoss([{ name: "source", carrier: "relay", stream: stream(), refersTo: [] }]);
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

function carriedOn(points: RestorePoints, cadence: Cadence, relay: Series, asOf: number): Carried {
  return {
    kind: "carried",
    points: runsOf(points, cadence, asOf),
    due: dueOf(relay, midnightOf(asOf)),
    slack: Number(relay.startSlack.value),
    run: Number(relay.run.value),
  };
}

function isWalked({ sources }: Cadence, relay: Series, asOf: number): boolean {
  return [...sources, relay].every((one) => isWalkable(one, asOf));
}

/** Both cycles one after the other, in seconds. */
function cycles(points: RestorePoints, cadence: Cadence, relay: Series, missed: 0 | 1, asOf: number): Bound {
  if (relay.suspended === true) return { unbounded: `${relay.name} is suspended: nothing carries points on` };
  if (isUnknown(relay.suspended)) return relay.suspended;
  const taken = [cadence.span[missed], cadence.startSlack.value, cadence.run.value, points.transfer.value];
  return sum([...taken, spanOf(relay, missed, asOf), relay.startSlack.value, relay.run.value]);
}
