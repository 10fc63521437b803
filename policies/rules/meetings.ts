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

/** Where planned work that must keep away from the backups of an asset may run beside one of them, or may for all one knows. */
export function meetingsOf(work: MaintenanceRuns, points: RestorePoints, asOf: number): Violation[] {
  if (work.apartFrom?.includes(points.asset) !== true || work.suspended === true) return [];
  const base = { assets: [points.asset], source: { ...work.source, property: "spec.schedule" } };
  const own = spansOf(work, asOf);
  if (typeof own === "string") {
    return [{ ...base, message: `${work.name} must keep away from ${points.asset}: ${own}`, cannotProve: true }];
  }
  return points.series.flatMap((series): Violation[] => {
    if (series.suspended === true) return [];
    const others = spansOf(series, asOf);
    // What cannot be read of a backup is said by the rules on its schedule and its bounds.
    if (typeof others === "string") return [];
    const met = firstMeeting(own, others);
    if (met === undefined) return [];
    const told = ([from, to]: Span) => `of ${formatInstant(from)} may last ${formatSeconds(seconds(to - from))}`;
    const message = `${work.name} must not run beside ${series.name}: its run ${told(met[0])}, and that ${told(met[1])}`;
    return [{ ...base, message }];
  });
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
