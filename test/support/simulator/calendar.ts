/**
 * What the runs of a calendar do: take restore points that stand by themselves or continue a chain, carry the newest
 * point to another copy, ship a piece of a log, or bring one write to a mirror.
 */
export type Work = "full" | "incremental" | "carry" | "ship" | "write";

/** A schedule as the simulator knows it: when runs are due, and how late and how long each may be, in seconds. */
export interface Calendar {
  does: Work;
  /** The chain that its points belong to. */
  chain: number;
  /** Every instant at which a run is due, ascending, in epoch seconds. */
  due: readonly number[];
  /** Of a log or a mirror, which has no such instants: how many seconds may pass from one to the next. */
  every?: number;
  slack: number;
  run: number;
  /** From the end of a run until what it made is usable elsewhere. */
  transfer: number;
  overlap: "allow" | "forbid" | "replace";
  capture: "start" | "end" | "fuzzy";
}

/** What happens to one run, in seconds: how late it starts, how long it takes and how long its transfer takes. */
export interface Fate {
  late: number;
  takes: number;
  transfers: number;
  fails: boolean;
}

/** A run that is due: which calendar, and which of its instants. */
export interface Due {
  calendar: number;
  index: number;
  at: number;
}

/** A run that started. */
export interface Run {
  does: Work;
  capture: Calendar["capture"];
  start: number;
  end: number;
  usable: number;
  fails: boolean;
}

/** The runs of one calendar that are due in a span, in order. */
export function dueWithin(calendars: readonly Calendar[], calendar: number, from: number, to: number): Due[] {
  const due = calendars[calendar]?.due ?? [];
  const found: Due[] = [];
  for (let index = firstFrom(due, from); index < due.length; index++) {
    const at = due[index] ?? 0;
    if (at > to) break;
    found.push({ calendar, index, at });
  }
  return found;
}

/** The place of the first of ascending instants that is not before `from`; their number when all are. */
export function firstFrom(due: readonly number[], from: number): number {
  let [low, high] = [0, due.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((due[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What the scheduler makes of due runs: under `forbid` one that is due during another waits, as long as its slack lasts;
 * under `replace` one that starts during another ends that, which leaves nothing.
 */
export function runsOf(calendar: Calendar, dues: readonly Due[], fateOf: (due: Due) => Fate): Run[] {
  const { does, capture } = calendar;
  const runs: Run[] = [];
  let free = Number.NEGATIVE_INFINITY;
  for (const [place, due] of dues.entries()) {
    const { late, takes, transfers, fails } = fateOf(due);
    let start = due.at + late;
    if (calendar.overlap === "forbid" && start < free) {
      const next = dues[place + 1];
      // Of several runs that wait, the controller starts the latest one only.
      if (free > due.at + calendar.slack || (next !== undefined && next.at <= free)) continue;
      start = free;
    }
    const before = runs.at(-1);
    if (calendar.overlap === "replace" && before !== undefined && start < before.end) before.fails = true;
    free = start + takes;
    runs.push({ does, capture, start, end: free, usable: free + transfers, fails });
  }
  return runs;
}
