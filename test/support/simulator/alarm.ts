import type { Due, Fate, Run } from "./calendar";
import type { Alarm, World } from "./world";

/**
 * The runs of a chain and the reruns that its alarm brings about. A job that a person starts by hand runs beside the
 * schedule: the controller counts only the jobs it started itself (kubernetes/kubernetes,
 * pkg/controller/cronjob/cronjob_controllerv2.go, syncCronJob: `UnexpectedJob`).
 */
export function alarmed(
  world: World,
  alarm: Alarm,
  scheduled: readonly Run[],
  beside: readonly Run[],
  dues: readonly Due[][],
  fateOf: (due: Due) => Fate,
): Run[] {
  const calendar = world.calendars[alarm.reruns];
  const reach = Math.max(...world.calendars.map(({ slack, run, transfer }) => slack + run + transfer));
  // What fires after the last run that is played may still be noticed before the end of what is looked at.
  const last = Math.max(...dues.flat().map(({ at }) => at)) + alarm.threshold + 2 * reach;
  const runs = [...scheduled];
  if (calendar === undefined) return runs;
  const counted = [...scheduled, ...beside].filter(({ does }) => alarm.counts === undefined || does === alarm.counts);
  const told = (run: Run) => (alarm.ageFrom === "completion" || run.capture === "end" ? run.end : run.start);
  let from = scheduled[0]?.end ?? last;
  for (let turn = 0; from < last; turn++) {
    const due = { calendar: alarm.reruns, index: turn, at: firesAt(counted, from, told, alarm.threshold) };
    if (due.at > last) break;
    const { late, takes, transfers, fails } = fateOf(due);
    const start = due.at + late;
    from = start + takes;
    // A run that finished meanwhile has ended the alert.
    const fresh = counted.some((run) => !run.fails && run.end <= start && start - told(run) < alarm.threshold);
    if (fresh) from = start;
    else {
      const rerun = {
        does: calendar.does,
        capture: calendar.capture,
        start,
        end: from,
        usable: from + transfers,
        fails,
      };
      runs.push(rerun);
      counted.push(rerun);
    }
    if (from <= due.at) from = due.at + 1;
  }
  return runs.sort((a, b) => a.start - b.start);
}

/** The first instant from `from` on at which the newest finished run is as old as the threshold allows. */
function firesAt(runs: readonly Run[], from: number, told: (run: Run) => number, threshold: number): number {
  const ended = runs.filter(({ fails }) => !fails).sort((a, b) => a.end - b.end);
  let newest = Number.NEGATIVE_INFINITY;
  for (const [place, run] of ended.entries()) {
    newest = Math.max(newest, told(run));
    const until = ended[place + 1]?.end ?? Number.POSITIVE_INFINITY;
    const at = Math.max(newest + threshold, run.end, from);
    if (at < until) return at;
  }
  return Number.POSITIVE_INFINITY;
}
