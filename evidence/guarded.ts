import type { Assessment } from "../recovery/assess/assessment";
import { formatBound, isUnknown, sum } from "../recovery/bound";
import { formatSeconds } from "../recovery/duration";
import type { Judgement } from "../recovery/finding";
import type { Alert } from "../recovery/plan";
import { daysBetween, startOfDay } from "./dates";
import { guards, lastDrill, silent } from "./rehearsed";
import { count, readFrom } from "./words";

/** Alerts that guard a promise, one each: what it watches, how soon it tells. */
export function alertTexts(one: Assessment, { plan }: Judgement): string[] {
  const heard = guards(plan.alerts, one).map((alert) => {
    const severity = isUnknown(alert.severity) ? "severity unknown" : alert.severity;
    const within = formatBound(sum(alert.detect.map((term) => term.value)));
    return `${alert.name} (${alert.guards}, ${severity}) notifies within ${within} · ${readFrom(alert.source)}`;
  });
  return [...(heard.length === 0 ? ["no alert"] : heard), ...silentTexts(one, plan.alerts)];
}

function silentTexts(one: Assessment, alerts: readonly Alert[]): string[] {
  return silent(alerts, one).map(
    ({ alert, why }) => `NOT by ${alert.name} (${alert.guards}): ${why} · ${readFrom(alert.source)}`,
  );
}

/** The last drill of the path of a verdict, and what rehearses it by itself. */
export function drillTexts(one: Assessment, { plan, asOf }: Judgement): string[] {
  const drill = lastDrill(plan.register.drills, one.asset, one.chosen);
  const jobs = plan.rehearsals
    .filter((rehearsal) => rehearsal.asset === one.asset)
    .map(({ name, role, source }) => `by itself: ${name} (${role}) · ${readFrom(source)}`);
  const at = drill && startOfDay(drill.date);
  if (drill === undefined || at === undefined) return ["no drill of this path is on record", ...jobs];
  const age = count(daysBetween(at, asOf), "day");
  return [
    `${drill.date}, ${age} ago: took ${formatSeconds(drill.seconds)}, ${drill.verified ? "verified" : "NOT verified"} (${drill.id})`,
    ...jobs,
  ];
}
