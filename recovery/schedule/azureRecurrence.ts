import { isProblem, type Problem } from "../duration";
import { daysOf } from "./azureDays";
import { type Recurrence, readRecurrence } from "./azureJson";
import { within } from "./bounded";
import type { Calendar } from "./calendar";
import { secondsPerDay } from "./civil";
import { firstInstant, type LocalTime } from "./localTime";
import { steadyCalendar } from "./steady";
import { type Passage, runsBetween, type WallTimes, wallTimesCalendar } from "./wallTimes";
import { ianaOfWindows } from "./windowsZones";
import { type Transition, Zone, zoneOf } from "./zone";

const periods = new Map([
  ["Second", 1],
  ["Minute", 60],
  ["Hour", 3_600],
]);

/**
 * The calendar of a recurrence of Logic Apps or Data Factory, or what is wrong with it.
 *
 * Seconds, minutes and hours count elapsed time from the start; days, weeks and months follow the clock on the wall: "Daylight
 * saving adjustment only happens for a trigger with the recurrence set to Days or above" (Data Factory,
 * MicrosoftDocs/azure-docs articles/data-factory/how-to-create-schedule-trigger.md).
 */
export function recurrenceCalendar(json: Readonly<Record<string, unknown>>, zone: Zone): Calendar | Problem {
  const recurrence = readRecurrence(json);
  if (isProblem(recurrence)) return { problem: `schedule: ${recurrence.problem}` };
  const { startTime, endTime } = recurrence;
  const start = startTime && instant(startTime, zone);
  const end = endTime && instant(endTime, zone);
  const calendar = zoneProblem(recurrence, zone) ?? calendarFrom(recurrence, zone, start);
  if (isProblem(calendar)) return { problem: `schedule: ${calendar.problem}` };
  return within(calendar, start ?? Number.NEGATIVE_INFINITY, end ?? Number.POSITIVE_INFINITY);
}

function instant({ wall, offset }: LocalTime, zone: Zone): number {
  return offset === undefined ? firstInstant(wall, zone) : wall - offset;
}

function calendarFrom(recurrence: Recurrence, zone: Zone, start: number | undefined): Calendar | Problem {
  const { frequency, interval, startTime } = recurrence;
  const period = periods.get(frequency);
  if (period !== undefined) {
    const daily = ["hours", "minutes", "weekDays", "monthDays", "monthlyOccurrences"].some((key) => key in recurrence);
    if (daily)
      return { problem: `schedule must be left out with frequency "${frequency}"; with "Day" it is documented` };
    if (start === undefined) {
      return {
        problem: `startTime must be set with frequency "${frequency}": without it each run counts from the last, and drifts`,
      };
    }
    return steadyCalendar(interval * period, start);
  }
  const local =
    startTime &&
    startTime.wall + (startTime.offset === undefined ? 0 : zone.offsetAt(instant(startTime, zone)) - startTime.offset);
  const onDay = daysOf(recurrence, local === undefined ? undefined : Math.floor(local / secondsPerDay));
  const times = timesOf(recurrence, local);
  const problems = [onDay, times].filter(isProblem).map(({ problem }) => problem);
  if (isProblem(onDay) || isProblem(times)) return { problem: problems.join("; ") };
  const asked = { onDay, times };
  return wallTimesCalendar(asked, zone, (change) => passage(asked, change));
}

/** "The hours or minutes of the first execution are used as defaults" (Data Factory, concepts-pipeline-execution-triggers.md). */
function timesOf({ hours, minutes }: Recurrence, start: number | undefined): readonly number[] | Problem {
  if (minutes && !hours) {
    return {
      problem:
        "schedule.hours must be set with schedule.minutes: Microsoft documents both the hour of the first run and every hour",
    };
  }
  if (start === undefined && !(hours && minutes)) {
    return {
      problem: "startTime must be set, or both schedule.hours and schedule.minutes: they say when a day's runs start",
    };
  }
  const time = (((start ?? 0) % secondsPerDay) + secondsPerDay) % secondsPerDay;
  const inHour = minutes?.map((minute) => minute * 60) ?? [time % 3_600];
  const starts = hours?.map((hour) => hour * 3_600) ?? [time - (time % 3_600)];
  const all = starts.flatMap((hour) => inHour.map((part) => hour + part));
  return [...new Set(all)].sort((a, b) => a - b);
}

/**
 * A time that the clocks skip runs an hour later, at the instant it would have had without the change, and a time
 * that happens twice runs the first time (Logic Apps, MicrosoftDocs/azure-docs
 * articles/logic-apps/concepts-schedule-automated-recurring-tasks-workflows.md, tables of 03/10/2019 and 11/03/2019).
 */
function passage(asked: WallTimes, { at, before, after }: Transition): Passage {
  const until = at + Math.abs(after - before);
  if (after < before) return { runs: [], until };
  const runs = [before, after].flatMap((offset) => [...runsBetween(asked, offset, at, until)]);
  const starts = runs.flatMap(({ first, offsets }) => offsets.map((offset) => first + offset));
  return { runs: [...new Set(starts)].sort((a, b) => a - b), until };
}

const utc = new Zone("Etc/UTC", () => 0);

/** Whether two zones show the same time, as far as anybody plans: the next decades and the last years. */
function haveSameClock(a: Zone, b: Zone): boolean {
  if (a.name === b.name) return true;
  const shown = (zone: Zone) => [
    zone.offsetAt(recent),
    ...zone.transitions(recent, distant).flatMap(({ at, after }) => [at, after]),
  ];
  return shown(a).join() === shown(b).join();
}

const recent = Date.UTC(2025, 0, 1) / 1000;
const distant = Date.UTC(2045, 0, 1) / 1000;

/** What is wrong with the zone that a recurrence names, or with a start time that has an offset of its own. */
function zoneProblem({ timeZone, startTime, frequency }: Recurrence, zone: Zone): Problem | undefined {
  const named = timeZone === undefined ? zone : zoneOf(ianaOfWindows(timeZone) ?? timeZone);
  if (isProblem(named)) return named;
  if (!haveSameClock(named, zone)) {
    return {
      problem: `timeZone "${timeZone}" is ${named.name}, but the schedule is read in ${zone.name}; name the same zone`,
    };
  }
  const ownOffset = startTime?.offset !== undefined && !periods.has(frequency);
  if (ownOffset && !haveSameClock(zone, utc)) {
    return {
      problem: `startTime must have no offset in the zone ${zone.name}: Logic Apps would ignore the zone for it; write for example "2026-01-01T02:00:00"`,
    };
  }
  return undefined;
}
