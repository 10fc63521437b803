import fc from "fast-check";
import type { Plan } from "../../../recovery";
import { copy, here, points } from "../../recovery/build";
import { dense, nightly, seldom, seriesOn } from "./pool";
import { anything, calendarsOf, seriesOf, type Taking } from "./subject";
import { type Watched, watched, watchedPlan, watchedWorld } from "./subjectAlarm";
import type { World } from "./world";

/** Watched restore points, and beside them others of the same asset, which are lost with it. */
export interface Beside extends Watched {
  others: Taking[];
  suspended: boolean;
  /** The one kind of points that the alert counts. */
  role?: Taking["role"] | undefined;
}

/** The plan of such an asset: it is restored from the watched points. */
export function besidePlan(subject: Beside): Plan {
  const plan = watchedPlan(subject);
  const { others, suspended, role } = subject;
  const series = others.map((one, place) => ({ ...seriesOf(one, place), suspended }));
  const snapshots = points({ id: "snapshots", label: "snapshots", series, copies: [copy({ at: here })] });
  return {
    ...plan,
    protections: [...plan.protections, snapshots],
    alerts: plan.alerts.map((one) => ({ ...one, ...(role === undefined ? {} : { role }) })),
  };
}

/** Such an asset as the simulator sees it. */
export function besideWorld(subject: Beside): World {
  const world = watchedWorld(subject);
  const { others, suspended, role } = subject;
  if (world.alarm === undefined || suspended) return world;
  return {
    ...world,
    calendars: [...world.calendars, ...calendarsOf({ ...anything, takings: others }, 1)],
    alarm: { ...world.alarm, beside: [1], ...(role === undefined ? {} : { counts: role }) },
  };
}

const both = { watched: watched("capture", 0, nightly), suspended: fc.constantFrom(false, false, false, true) };

/** Every few hours, in half an hour each. */
const brief = (role: Taking["role"]) =>
  seriesOn(role, dense).map((one) => ({ ...one, slack: one.slack % 1_800, run: one.run % 1_800 }));

const fulls = fc.record({
  others: brief("full").map((one) => [one]),
  role: fc.constant(undefined),
});

const increments = fc.record({
  others: brief("incremental").map((one) => [one]),
  role: fc.constantFrom(undefined, "full" as const),
});

/** Others so frequent that an alert which counts them stays silent for good, or of a kind that it does not count. */
export const silencing: fc.Arbitrary<Beside> = fc
  .record({ ...both, more: fc.oneof(fulls, increments) })
  .map(({ watched, suspended, more }) => ({ ...watched, suspended, ...more }));

/** Others as rare as the watched ones, which keep an alert silent at times. */
export const rarely: fc.Arbitrary<Beside> = fc
  .record({
    ...both,
    others: fc.oneof(
      seriesOn("full", seldom).map((one) => [one]),
      fc.tuple(seriesOn("full", seldom), brief("incremental")),
    ),
    role: fc.constantFrom(undefined, "full" as const),
  })
  .map(({ watched, ...more }) => ({ ...watched, ...more }));
