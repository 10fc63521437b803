import { formatSeconds } from "../recovery/duration";
import { isProblem, next, type Schedule, worstGaps, zoneOf } from "../recovery/schedule";
import { BadInput } from "./badInput";
import type { World } from "./world";

/** Prints when a Kubernetes CronJob runs, and how long it can be between two runs. */
export function schedule(expression: string, options: { timeZone: string; asOf?: number }, world: World): number {
  const asOf = options.asOf ?? world.now();
  const asked: Schedule = { scheduler: "kubernetes", expression, timeZone: options.timeZone };
  const gaps = worstGaps(asked, asOf);
  if (isProblem(gaps)) {
    throw new BadInput(`${gaps.problem}; e.g. holdfast schedule "0 2 * * 0" --time-zone Etc/UTC`);
  }
  const line = (label: string, text: string) => `  ${label.padEnd(24)}${text}\n`;
  const gap = (missed: number) => {
    const span = gaps.maxGapSeconds[missed];
    if (span === undefined) return "too few runs in the next ten years";
    return `${formatSeconds(span)}, from ${instant(gaps.maxGapAfter[missed] ?? 0, options.timeZone)}`;
  };
  const upcoming = nextRuns(asked, asOf, 5).map((at) => instant(at, options.timeZone));
  world.stdout.write(
    [
      `${expression} · ${options.timeZone} · as a Kubernetes CronJob runs it\n\n`,
      ...(upcoming.length === 0 ? [line("next runs", "none")] : []),
      ...upcoming.map((text, at) => line(at === 0 ? "next runs" : "", text)),
      "\n",
      line("longest gap", gap(0)),
      line("with one missed run", gap(1)),
      line(
        "shortest gap",
        gaps.runs < 2
          ? "too few runs in the next ten years"
          : `${formatSeconds(gaps.minGapSeconds)}, from ${instant(gaps.minGapAfter, options.timeZone)}`,
      ),
    ].join(""),
  );
  return 0;
}

function nextRuns(asked: Schedule, asOf: number, count: number): number[] {
  const found: number[] = [];
  for (let at = next(asked, asOf); typeof at === "number" && found.length < count; at = next(asked, at)) found.push(at);
  return found;
}

/** `Sun 2026-11-22 01:00 UTC (02:00 +01:00)`: what a calendar says, and the clock on the wall. */
function instant(at: number, timeZone: string): string {
  const zone = zoneOf(timeZone);
  const offset = isProblem(zone) ? 0 : zone.offsetAt(at);
  const weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][new Date(at * 1000).getUTCDay()];
  const utc = `${weekday} ${clock(at)} UTC`;
  if (offset === 0) return utc;
  const sign = offset < 0 ? "-" : "+";
  const minutes = Math.abs(offset) / 60;
  const two = (value: number) => String(value).padStart(2, "0");
  const local = clock(at + offset).slice("yyyy-mm-dd ".length);
  return `${utc} (${local} ${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)})`;
}

function clock(at: number): string {
  return new Date(at * 1000).toISOString().slice(0, "yyyy-mm-ddThh:mm".length).replace("T", " ");
}
