import { type Duration, duration, formatSeconds, isProblem } from "../../../recovery/duration";
import { keeps, type ObjectivesArgs, parseLimit } from "../../../recovery/objective";

/** A row of the document's escalation matrix. */
export interface SeverityPlan {
  /** Number that Azure Monitor knows it by. */
  azure: 0 | 1 | 2 | 3;
  /** Within which somebody answers: the acknowledgement term of every RTO that its alerts guard. */
  response: Duration;
  escalation: string;
  authority: string;
}

/** The document's escalation matrix. */
export const severities = {
  critical: { azure: 0, response: "15m", escalation: "Immediate page", authority: "Can stop production" },
  high: { azure: 1, response: "1h", escalation: "Team notification", authority: "Can modify config" },
  medium: { azure: 2, response: "4h", escalation: "Next business day", authority: "Can restart services" },
  low: { azure: 3, response: "24h", escalation: "Weekly review", authority: "Can update docs" },
} as const satisfies Record<string, SeverityPlan>;

/** How soon somebody must answer. */
export type IncidentSeverity = keyof typeof severities;

/** All severities, the fastest first. */
export const incidentSeverities = Object.keys(severities) as IncidentSeverity[];

/**
 * The document's three levels of alerts, and ours on its targets, in the severities of its matrix, which it leaves open. A
 * warning is high where it eats into a promise within the hour, else medium. Information alerts by its absence: what is
 * late is a warning, and what has stopped is critical.
 */
export const levels = {
  critical: ["critical"],
  warning: ["high", "medium"],
  information: ["critical", "high", "medium", "low"],
  target: ["critical", "high", "medium", "low"],
} as const satisfies Record<string, readonly IncidentSeverity[]>;

/** A level of alerts as the document writes it, or `target`. */
export type Level = keyof typeof levels;

/** What of an alert decides whether it comes in time. */
interface Guarding {
  alert: string;
  asset: string;
  guards: "freshness" | "health" | "capacity";
  severity: IncidentSeverity;
}

/**
 * Alerts whose severity answers no sooner than what they guard must be back, each in a sentence: one hour cannot guard
 * half an hour. Of capacity nothing is lost while it waits.
 */
export function tooSlow(alerts: readonly Guarding[], objectives: Readonly<Record<string, ObjectivesArgs>>): string[] {
  return alerts.flatMap(({ alert, asset, guards, severity }) => {
    const own = objectives[asset];
    if (own === undefined) return [`${alert}: asset must be one that objectives are promised for, got ${asset}`];
    if (guards === "capacity") return [];
    const response = duration(severities[severity].response);
    return Object.entries(own).flatMap(([disruption, { rto }]) => {
      const limit = parseLimit(rto);
      // As much as the response alone leaves no time to do anything.
      const kept = isProblem(limit) ? "unknown" : keeps(response, { ...limit, strict: true });
      if (kept === "yes") return [];
      return [
        `${alert}: severity must answer within less than the RTO of ${asset} · ${disruption}, ${rto}, got ${severity} (${formatSeconds(response)}): declare it critical, or shorten the response`,
      ];
    });
  });
}
