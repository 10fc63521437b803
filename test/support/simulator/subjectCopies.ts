import fc from "fast-check";
import type { Copy, Disruption, Lock, Plan } from "../../../recovery";
import { asOf, cleanRoom, copy, here, there } from "../../recovery/build";
import { dueOf, shortestGap } from "./decade";
import { leftOf } from "./fault";
import { frequent, keeping, seriesOn, single } from "./pool";
import { calendarsOf, planOf, type Subject, seriesOf, span, type Taking } from "./subject";
import type { World } from "./world";

/** One copy, in seconds: where it is, how long it keeps points and locks them, and the job that carries them there. */
export interface Kept {
  at: "near" | "far" | "elsewhere";
  kept: number;
  lock: "none" | "governance" | "compliance" | "compliance in grace";
  locked: number;
  relay?: Taking;
}

/** Restore points with several copies. */
export interface Copied extends Subject {
  copies: Kept[];
  disruption: Disruption;
}

const places = { near: here, far: there, elsewhere: cleanRoom };

function copyOf({ at, kept, lock, locked, relay }: Kept): Copy {
  const mode: Lock["mode"] = lock === "compliance in grace" ? "compliance" : lock;
  return copy({
    at: places[at],
    keptFor: span("kept", kept),
    lock: { mode, keptFor: span("locked", locked), ...(mode === lock ? {} : { graceUntil: asOf + 86_400 }) },
    ...(relay === undefined ? {} : { relay: { ...seriesOf(relay), name: "relay" } }),
  });
}

/** The plan of a subject with copies. */
export function copiedPlan(subject: Copied): Plan {
  const plan = planOf(subject, subject.disruption);
  const [points] = plan.protections;
  if (points?.kind !== "restore-points") return plan;
  return { ...plan, protections: [{ ...points, copies: subject.copies.map(copyOf) }] };
}

/** A subject with copies as the simulator sees it: what the disruption leaves of each. */
export function copiedWorld(subject: Copied): World {
  const calendars = calendarsOf(subject);
  const keepers = subject.copies.map((one) => {
    const { relay, kept } = one;
    if (relay === undefined) return { keeps: "points" as const, chain: 0, kept };
    const { schedule, slack, run, overlap } = relay;
    const carrier = calendars.length;
    calendars.push({
      does: "carry",
      chain: 0,
      due: dueOf(schedule),
      slack,
      run,
      transfer: 0,
      overlap,
      capture: "start",
    });
    const sources = subject.copies.flatMap(({ relay: other }, place) => (other === undefined ? [place] : []));
    return { keeps: "points" as const, chain: 0, kept, carrier, sources };
  });
  const left = subject.copies.map((one) => leftOf(copyOf(one), one.kept, one.locked, here, subject.disruption));
  return {
    calendars,
    // What carries points on takes them from copies that may not outlive the disruption.
    keepers: [...keepers, ...keepers.map((one, place) => ({ ...one, kept: left[place] ?? 0 }))],
    members: [{ keepers: left.flatMap((kept, place) => (kept > 0 ? [keepers.length + place] : [])), refersTo: [] }],
  };
}

const copies: fc.Arbitrary<Kept> = fc.record({
  at: fc.constantFrom("near" as const, "far" as const, "far" as const, "elsewhere" as const),
  kept: keeping,
  lock: fc.constantFrom("none", "governance", "compliance", "compliance", "compliance in grace"),
  locked: keeping,
});

/** A copy with a carrier, of which a run that starts on time ends before the next is due, or may be under way for long. */
function carried(longest: "until the next" | "as drawn"): fc.Arbitrary<Kept> {
  return fc.record({ copy: copies, relay: seriesOn("full", frequent) }).map(({ copy, relay }) => {
    const run = longest === "as drawn" ? relay.run : Math.min(relay.run, shortestGap(dueOf(relay.schedule)));
    return { ...copy, relay: { ...relay, run, overlap: "forbid" as const, slack: relay.slack % 900 } };
  });
}

/** Subjects with one to three copies, of which none has a carrier of its own. */
export const withCopies: fc.Arbitrary<Copied> = fc
  .record({
    subject: single,
    copies: fc.array(copies, { minLength: 1, maxLength: 3 }),
    disruption: fc.constantFrom<Disruption>("region", "corruption", "compromise"),
  })
  .map(({ subject, ...more }) => ({ ...subject, ...more }));

/** Subjects whose second copy has a carrier of its own, and alone outlives the region. */
export const withRelay = (longest: "until the next" | "as drawn"): fc.Arbitrary<Copied> =>
  fc.record({ subject: single, first: copies, second: carried(longest) }).map(({ subject, first, second }) => ({
    ...subject,
    copies: [
      { ...first, at: "near", kept: 20 * 366 * 86_400 },
      { ...second, at: "far" },
    ],
    disruption: "region",
  }));
