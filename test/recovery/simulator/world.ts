/** A schedule as the simulator knows it: when runs are due, and how late and how long each may be, in seconds. */
export interface Calendar {
  role: "full" | "incremental";
  /** Every instant at which a run is due, ascending, in epoch seconds. */
  due: readonly number[];
  slack: number;
  run: number;
  overlap: "allow" | "forbid";
}

/** What takes restore points of one asset. */
export interface World {
  capture: "start" | "end" | "fuzzy";
  transfer: number;
  calendars: readonly Calendar[];
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
  role: Calendar["role"];
  start: number;
  end: number;
  transfers: number;
  fails: boolean;
}

/** A restore point; instants in epoch seconds. */
export interface Point {
  role: Calendar["role"];
  start: number;
  end: number;
  /** Everything written before this instant is in it. */
  captured: number;
  /** Nothing written after this instant is in it. */
  holdsUntil: number;
  usable: number;
  /** Start of the full that its chain hangs on; its own for a full. */
  root: number;
  /** How many incrementals its chain has. */
  links: number;
}

/** The runs of one calendar that are due in a span, in order. */
export function dueWithin({ calendars }: World, calendar: number, from: number, to: number): Due[] {
  const found: Due[] = [];
  const due = calendars[calendar]?.due ?? [];
  for (let index = 0; index < due.length; index++) {
    const at = due[index] ?? 0;
    if (at > to) break;
    if (at >= from) found.push({ calendar, index, at });
  }
  return found;
}
