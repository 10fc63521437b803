import type { Assessment, Candidate } from "../recovery/assess/assessment";
import { isBounded, isUnknown, sum } from "../recovery/bound";
import type { Judgement } from "../recovery/finding";
import type { Alert, DrillRecord } from "../recovery/plan";
import { next } from "../recovery/schedule";
import { drillLifeDays, drillsByPath, newestDrill } from "../recovery/time";
import { day, daysBetween, startOfDay } from "./dates";
import { byText } from "./words";

/** A drill that must happen by a day. */
export interface DueDrill {
  what: string;
  days: number;
}

/** The drill that is due first: one that is scheduled, a record that grows too old, or an assumption to be replaced. */
export function nextDrill({ plan, assessments, asOf }: Judgement): DueDrill | undefined {
  const used = new Set(assessments.flatMap((one) => one.assumptions));
  const dated = [
    ...plan.rehearsals.flatMap(({ role, name, schedule, suspended }) => {
      if (role !== "drill" || suspended !== false || isUnknown(schedule)) return [];
      const run = next(schedule, asOf);
      return typeof run === "number" ? [{ what: name, by: run }] : [];
    }),
    ...latestDrills(plan.register.drills).map((drill) => ({
      what: `${drill.asset} ${shortPath(drill.path, drill.asset)}`,
      by: (startOfDay(drill.date) ?? Number.NaN) + drillLifeDays * day,
    })),
    ...plan.register.assumptions
      .filter((entry) => used.has(entry.id) && entry.drill !== "")
      .map((entry) => ({ what: entry.drill, by: startOfDay(entry.expires) ?? Number.NaN })),
  ];
  const first = dated.filter(({ by }) => !Number.isNaN(by)).sort((a, b) => a.by - b.by || byText(a.what, b.what))[0];
  return first && { what: first.what, days: daysBetween(asOf, first.by) };
}

/** The latest drill of the path a verdict rests on. */
export function lastDrill(
  drills: readonly DrillRecord[],
  asset: string,
  chosen: Candidate | undefined,
): DrillRecord | undefined {
  if (chosen === undefined) return undefined;
  return latestDrills(drills).find((drill) => drill.asset === asset && isPath(drill.path, chosen));
}

/** Alerts that guard one promise, of this asset, for this disruption or for any, and that somebody hears. */
export function guards(alerts: readonly Alert[], one: Assessment): Alert[] {
  return alertsOf(alerts, one).filter((alert) => deafTo(alert) === undefined);
}

/** Alerts that say they guard a promise, and why they do not, or why nobody knows. */
export function silent(alerts: readonly Alert[], one: Assessment): { alert: Alert; why: string }[] {
  return alertsOf(alerts, one).flatMap((alert) => {
    const why = deafTo(alert);
    return why === undefined ? [] : [{ alert, why }];
  });
}

function alertsOf(alerts: readonly Alert[], { asset, disruption }: Assessment): Alert[] {
  return alerts
    .filter((alert) => alert.asset === asset)
    .filter((alert) => alert.disruptions.length === 0 || alert.disruptions.includes(disruption))
    .sort((a, b) => byText(a.name, b.name));
}

/** Why nobody is told when what an alert guards happens. */
function deafTo({ flaw, detect }: Alert): string | undefined {
  const total = sum(detect.map((term) => term.value));
  if (flaw !== undefined) return isUnknown(flaw) ? flaw.unknown : flaw;
  if (isBounded(total)) return undefined;
  return isUnknown(total) ? total.unknown : total.unbounded;
}

function latestDrills(drills: readonly DrillRecord[]): DrillRecord[] {
  const inOrder = [...drills].sort((a, b) => byText(a.id, b.id));
  return drillsByPath(inOrder).flatMap((own) => newestDrill(own) ?? []);
}

/** Records name a path as its resources do; plans may put the asset before it. */
function isPath(name: string, { path, label }: Candidate): boolean {
  return path === name || label === name || path.endsWith(`/${name}`) || path.endsWith(`:${name}`);
}

function shortPath(path: string, asset: string): string {
  return path.startsWith(asset) ? path.slice(asset.length).replace(/^[/:]/, "") : path;
}
