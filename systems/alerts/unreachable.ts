import type { Duration } from "../../recovery/duration";
import { type AlertArgs, type AlertRule, alertRule, type RuleContext, series } from "./rule";

/** What a probe from the other site asks for in vain. */
export interface UnreachableArgs extends Pick<AlertArgs, "alert" | "summary" | "description" | "disruptions"> {
  /** Value of the `job` label of the probe. */
  job: string;
  /** How long every probe must fail before it counts as lost. */
  lostFor: Duration;
}

/** An alert that something does not answer from the other site, or that nobody asks any more. */
export function unreachable(context: RuleContext, { job, lostFor, ...said }: UnreachableArgs): AlertRule {
  const answers = series("probe_success", { job });
  return alertRule(context, {
    ...said,
    expr: `max by (job) (${answers}) == 0 or absent(${answers})`,
    for: lostFor,
    severity: "critical",
    team: "on-call",
    guards: "detection",
  });
}
