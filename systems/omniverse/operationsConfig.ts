import { z } from "zod";
import { duration, formatSeconds, seconds } from "../../recovery/duration";
import { formatInstant, isProblem, runs } from "../../recovery/schedule";
import type { ConfigProblem } from "../config/problems";
import * as is from "../config/settings";

/**
 * When the runbook's daily, weekly and monthly work runs. Sunday's lies in its window from 02:00 to 06:00, behind the dump,
 * whose last run has ended by 02:50, and before the next at 06:00.
 */
export const choresSchema = z
  .strictObject({
    /** The runbook's every 60 seconds. */
    metrics: is.timing("* * * * *", "30s", "50s"),
    health: is.timing("0 8 * * *", "30m", "15m"),
    sessions: is.timing("15 * * * *", "5m", "5m"),
    /** Ends before the window of RDS begins. */
    maintenance: is.timing("0 3 * * 0", "5m", "75m"),
    storage: is.timing("25 4 * * 0", "5m", "60m"),
    /** Between two copies of the assets, and before the work on the database that it asks. */
    orphans: is.timing("5 2 * * 0", "5m", "20m"),
    updates: is.timing("0 7 * * 1", "1h", "15m"),
    report: is.timing("30 7 * * 1", "1h", "15m"),
    capacity: is.timing("0 7 1 * *", "1h", "30m"),
    audit: is.timing("0 10 1 * *", "1h", "2h"),
  })
  .prefault({});

/** What a stack can say about the daily work. */
export const operationsSchema = z
  .strictObject({
    chores: choresSchema,
    /** Answers queries on what is measured. */
    prometheus: is
      .words("http://prometheus-operated.monitoring.svc:9090")
      .default("http://prometheus-operated.monitoring.svc:9090"),
    /** How long nobody may have touched a session before it is closed. */
    idleSessions: is.span().default("2h"),
    /** Users who did not log in for so long are named in the audit. */
    inactiveUsers: is.days().default("30d"),
    /** Ports that may be open at the name that clients use; another one is a finding of the audit. */
    openPorts: is.some(is.whole(1, 65_535, 443), "[80, 443]").default([80, 443]),
    /** Where the vendor tells of new versions. */
    updates: is.words("https://api.nvidia.com/omniverse/updates").default("https://api.nvidia.com/omniverse/updates"),
  })
  .prefault({});

/** What a stack says about the daily work, with what it left out filled in. */
export type Operations = z.output<typeof operationsSchema>;

/** A job's schedule, and how long a run may last from when it is due. */
interface Timed {
  schedule: string;
  timeZone: string;
  startWithin: string;
  deadline: string;
}

/** 1 January 2026, and two years: what is refused must not depend on the day of a deployment. */
const [FROM, TO] = [1_767_225_600, 1_830_297_600];

/** The weekly work on the database waits for what a dump has locked, and a dump for it: neither may begin beside the other. */
export function collisions(maintenance: Timed, dump: Timed): ConfigProblem[] {
  const [own, dumps] = [spansOf(maintenance), spansOf(dump)];
  let next = 0;
  for (const [from, to] of own) {
    // Both in their order, and all dumps are as long: what has ended by now meets nothing later.
    while ((dumps[next]?.[1] ?? Number.POSITIVE_INFINITY) <= from) next++;
    const beside = dumps[next];
    if (!beside || beside[0] >= to) continue;
    const [at, other] = [formatInstant(from), formatInstant(beside[0])];
    return [
      {
        key: "operations.chores.maintenance",
        message: `must not run beside a dump: the run of ${at} may last ${formatSeconds(seconds(to - from))}, and the dump of ${other} ${formatSeconds(seconds(beside[1] - beside[0]))}`,
      },
    ];
  }
  return [];
}

/** From when a run is due to its last possible end, in seconds; what cannot be read is refused elsewhere. */
function spansOf({ schedule, timeZone, startWithin, deadline }: Timed): [from: number, to: number][] {
  const starts = runs({ scheduler: "kubernetes", expression: schedule, timeZone }, FROM, TO);
  if (isProblem(starts)) return [];
  const most = duration(startWithin) + duration(deadline);
  return starts.map((start) => [start, start + most]);
}
