import { isProblem, type Problem } from "../duration";
import { united, within } from "./bounded";
import type { Calendar } from "./calendar";
import { instantOf } from "./localTime";
import { steadyCalendar } from "./steady";
import type { Zone } from "./zone";

/** Most intervals that one schedule may list here; a policy has a few. */
const mostIntervals = 100;

/**
 * The calendar of repeating intervals as Azure Backup holds them in `repeatingTimeIntervals`, or what is wrong with
 * them. A day is 24 hours: "Does the backup policy consider Daylight Saving Time (DST)? No." (Azure Backup, FAQ on
 * virtual machines, MicrosoftDocs/azure-docs articles/backup/backup-azure-vm-backup-faq.yml). A start without an
 * offset is read in the zone.
 */
export function intervalsCalendar(texts: readonly string[], zone: Zone): Calendar | Problem {
  if (texts.length > mostIntervals) {
    return { problem: `schedule must have at most ${mostIntervals} repeating intervals, got ${texts.length}` };
  }
  const calendars = texts.map((text) => intervalCalendar(text, zone));
  const problems = calendars.filter(isProblem).map(({ problem }) => problem);
  return problems.length > 0
    ? { problem: problems.join("; ") }
    : united(calendars.flatMap((calendar) => (isProblem(calendar) ? [] : [calendar])));
}

function intervalCalendar(text: string, zone: Zone): Calendar | Problem {
  const [repeat, startText = "", periodText = "", ...rest] = text.split("/");
  const start = instantOf(startText, zone);
  const period = periodOf(periodText);
  if (repeat !== "R" || rest.length > 0 || start === undefined || period === undefined) {
    return {
      problem: `schedule must be R/, a start and a period of weeks, days, hours or minutes, got "${text}"; for example R/2026-01-01T02:00:00+00:00/P1D, .../PT4H or .../P1W`,
    };
  }
  return within(steadyCalendar(period, start), start, Number.POSITIVE_INFINITY);
}

/** Seconds of a period such as `P1D`, `P1W`, `PT4H`, `P1DT12H`; months and years have no fixed length. */
function periodOf(text: string): number | undefined {
  const weeks = /^P(\d{1,4})W$/.exec(text);
  const parts = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?)?$/.exec(text);
  const [days, hours, minutes] = [1, 2, 3].map((place) => Number(parts?.[place] ?? 0));
  const seconds = weeks
    ? Number(weeks[1]) * 604_800
    : (days ?? 0) * 86_400 + (hours ?? 0) * 3_600 + (minutes ?? 0) * 60;
  return seconds > 0 ? seconds : undefined;
}
