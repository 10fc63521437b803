import {
  formatInstant,
  formatSeconds,
  isBounded,
  isUnknown,
  type MaintenanceRuns,
  type RestorePoints,
  runs,
  type Series,
  seconds,
  type Violation,
} from "../../recovery";

/** A year, with every change of the clocks. */
const HORIZON = 366 * 86_400;

/** From when a run is due to its last possible end, in epoch seconds. */
type Span = readonly [from: number, to: number];

/** The runs of the year to come of what is asked for, each reckoned once: a job meets many others. */
export type Calendar = (of: MaintenanceRuns | Series) => Span[] | string;

/** The year from an instant. */
export function calendarFrom(asOf: number): Calendar {
  const known = new Map<MaintenanceRuns | Series, Span[] | string>();
  return (of) => {
    const spans = known.get(of) ?? spansOf(of, asOf);
    known.set(of, spans);
    return spans;
  };
}

/** Where planned work on an asset may run beside one of its backups, or may for all one knows. */
export function besideBackups(work: MaintenanceRuns, points: RestorePoints, calendar: Calendar): Violation[] {
  if (work.apartFrom?.includes(points.asset) !== true || work.suspended === true) return [];
  const own = calendar(work);
  if (typeof own === "string") return [unread(work, points.asset, own)];
  return points.series.flatMap((series): Violation[] => {
    if (series.suspended === true) return [];
    const others = calendar(series);
    // What cannot be read of a backup is said by the rules on its schedule and its bounds.
    return typeof others === "string" ? [] : met(work, series, [points.asset], own, others);
  });
}

/** Where two kinds of planned work on one asset may run beside each other, or may for all one knows. */
export function besideWork(work: MaintenanceRuns, other: MaintenanceRuns, calendar: Calendar): Violation[] {
  const shared = work.apartFrom?.filter((asset) => other.apartFrom?.includes(asset)) ?? [];
  const [first] = shared;
  if (first === undefined || work.suspended === true || other.suspended === true) return [];
  const [own, others] = [calendar(work), calendar(other)];
  if (typeof own === "string") return [unread(work, first, own)];
  if (typeof others === "string") return [unread(other, first, others)];
  return met(work, other, shared, own, others);
}

function unread({ name, source }: MaintenanceRuns, asset: string, why: string): Violation {
  const message = `${name} must keep away from ${asset}: ${why}`;
  return { assets: [asset], source: scheduleIn(source), message, cannotProve: true };
}

function met(
  work: MaintenanceRuns,
  { name }: Series | MaintenanceRuns,
  assets: string[],
  own: readonly Span[],
  others: readonly Span[],
): Violation[] {
  const both = firstMeeting(own, others);
  if (both === undefined) return [];
  const told = ([from, to]: Span) => `of ${formatInstant(from)} may last ${formatSeconds(seconds(to - from))}`;
  const message = `${work.name} must not run beside ${name}: its run ${told(both[0])}, and that ${told(both[1])}`;
  return [{ assets, source: scheduleIn(work.source), message }];
}

/** Of a job its schedule; of what is no job, what says when it is. */
function scheduleIn(source: MaintenanceRuns["source"]): MaintenanceRuns["source"] {
  return { property: "spec.schedule", ...source };
}

/** The runs of the year to come, or why they cannot be told. */
function spansOf({ schedule, startSlack, run }: MaintenanceRuns | Series, asOf: number): Span[] | string {
  if (isUnknown(schedule)) return schedule.unknown;
  const [late, long] = [startSlack.value, run.value];
  if (!isBounded(late) || !isBounded(long)) return "a run may start or last however long";
  const starts = runs(schedule, asOf, asOf + HORIZON);
  if ("problem" in starts) return starts.problem;
  return starts.map((start) => [start, start + late + long]);
}

/** Both in their order, each as long as the others of its kind: the one that ends first meets nothing later. */
function firstMeeting(own: readonly Span[], others: readonly Span[]): [own: Span, other: Span] | undefined {
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [own[i], others[j]];
    if (a === undefined || b === undefined) return undefined;
    if (a[0] < b[1] && b[0] < a[1]) return [a, b];
    if (a[1] <= b[1]) i++;
    else j++;
  }
}
