import { formatSeconds } from "../../recovery/duration";
import { type Freshness, olderThan } from "./freshness";
import { type AlertRule, alertRule, type RuleContext, type Team } from "./rule";

const nouns = {
  Copy: { one: "copy", some: "A copy", all: "Copies" },
  Export: { one: "export", some: "An export", all: "Exports" },
} as const;

/** What the copies of a system are called, and what a page on their age is about. */
export interface CopyWords {
  /** `Export` gives the alerts `<title>ExportLate` and `<title>ExportStale`. */
  noun: keyof typeof nouns;
  /** Who mends a missed one. */
  team: Team;
  /** `A lost region`: what breaks the promise once copies have stopped. */
  breaks: string;
  /** The one kind of copy that counts, where others are taken beside the regular ones. @default every kind */
  role?: string;
}

/** Alerts on the age of the newest copy of an asset: one was missed, and they stopped. */
export function copyAlerts(
  context: RuleContext,
  { warn, page, credit }: Freshness,
  { noun, team, breaks, role }: CopyWords,
): AlertRule[] {
  const { asset, title } = context;
  const { one, some, all } = nouns[noun];
  return [
    alertRule(context, {
      alert: `${title}${noun}Late`,
      expr: olderThan(asset, warn, role),
      for: "0s",
      severity: "warning",
      team,
      guards: "freshness",
      summary: `${some} of ${asset} was missed`,
      description: `The newest ${one} is {{ $value | humanizeDuration }} old; healthy is at most ${formatSeconds(warn)}. ${credit ? "Rerun it now." : "The next run is the rerun."}`,
    }),
    alertRule(context, {
      alert: `${title}${noun}Stale`,
      expr: olderThan(asset, page, role),
      for: "0s",
      severity: "critical",
      team: "on-call",
      guards: "freshness",
      summary: `${all} of ${asset} stopped`,
      description: `The newest ${one} is {{ $value | humanizeDuration }} old; with one missed run it is at most ${formatSeconds(page)}. ${breaks} now breaks the promise.`,
    }),
  ];
}
