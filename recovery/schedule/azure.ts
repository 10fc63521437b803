import { isProblem, type Problem } from "../duration";
import { intervalsCalendar } from "./azureIntervals";
import { recurrenceCalendar } from "./azureRecurrence";
import type { Calendar } from "./calendar";
import { ianaOfWindows } from "./windowsZones";
import { type Zone, zoneOf } from "./zone";

const examples =
  'for example {"frequency":"Day","interval":1,"schedule":{"hours":[2],"minutes":[0]}} or R/2026-01-01T02:00:00+00:00/P1D';

/**
 * The calendar of an Azure schedule, or what is wrong with the expression or the zone. The expression is the JSON of a
 * recurrence (Logic Apps, Data Factory), a repeating interval (Azure Backup), or the JSON array of several of those.
 */
export function azureCalendar(expression: string, timeZone: string): Calendar | Problem {
  const text = expression.trim();
  const zone = azureZone(timeZone);
  const calendar = isProblem(zone) ? readable(text) : read(text, zone);
  const problems = [calendar, zone].filter(isProblem).map(({ problem }) => problem);
  return problems.length > 0 || isProblem(calendar) || calendar === undefined
    ? { problem: problems.join("; ") }
    : calendar;
}

function azureZone(name: string): Zone | Problem {
  const iana = ianaOfWindows(name);
  if (iana === undefined || name === "UTC") return zoneOf(name);
  return {
    problem: `timeZone must be a name of the IANA time zone database, got "${name}" of Windows; write "${iana}"`,
  };
}

/** What is wrong with the text alone. */
function readable(text: string): Problem | undefined {
  const utc = zoneOf("Etc/UTC");
  const calendar = isProblem(utc) ? utc : read(text, utc);
  return isProblem(calendar) ? calendar : undefined;
}

function read(text: string, zone: Zone): Calendar | Problem {
  if (text.startsWith("R/")) return intervalsCalendar([text], zone);
  const refuse = (why: string): Problem => ({ problem: `schedule ${why}; ${examples}` });
  if (!text.startsWith("{") && !text.startsWith("[")) {
    return refuse(`must be the JSON of a recurrence or a repeating interval, got "${text}"`);
  }
  const json = parsed(text);
  if (json === undefined) return refuse(`must be JSON, got ${text}`);
  if (!Array.isArray(json)) return recurrenceCalendar(json as Readonly<Record<string, unknown>>, zone);
  const texts = json.filter((one) => typeof one === "string");
  if (texts.length < json.length || texts.length === 0) {
    return refuse(`must be an array of repeating intervals, got ${text}`);
  }
  return intervalsCalendar(texts, zone);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
