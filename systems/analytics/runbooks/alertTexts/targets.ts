import { type Target, targets } from "../../alerts/targets";
import type { AnalyticsAlertText } from "./guide";

const looks: Readonly<Record<string, string>> = {
  AnalyticsErrors: "Which operation fails, since when, and what was released then?",
  AnalyticsUptime: "Which service answers with a status of 500 and above, and what does it stand on?",
  AnalyticsApiTail: "Which operations are slow? A few of many: their queries. All: processors, or the network.",
  AnalyticsApiMedian: "All requests are slower than they should be: the service is too small, or what it reads is.",
  AnalyticsEndToEnd: "Where do events wait: in Event Hubs (backlog), in a pipeline (batch), or in the query?",
};

/** Texts of the alerts on targets, one for each target and speed. */
export const targetTexts: Readonly<Record<string, AnalyticsAlertText>> = Object.fromEntries(
  targets.flatMap((target) => [
    [`${target.alert}BurnsFast`, fast(target)],
    [`${target.alert}BurnsSlowly`, slowly(target)],
    [`${target.alert}Leaks`, leaks(target)],
  ]),
);

function actOf({ alert }: Target, then: string): string[] {
  return [looks[alert] ?? "", then];
}

function fast(target: Target): AnalyticsAlertText {
  return {
    means: `${target.says}: so much is bad that the budget of the month is gone within two days.`,
    act: actOf(target, "A release of the last hours: take it back first."),
    stop: "It lasts an hour: page the owner of the service.",
  };
}

function slowly(target: Target): AnalyticsAlertText {
  return {
    means: `${target.says}: at this speed the budget of the month is gone within five days.`,
    act: actOf(target, "Mend it today: it is not yet what people call about."),
    stop: "It is still there tomorrow: releases stop until it is not.",
  };
}

function leaks(target: Target): AnalyticsAlertText {
  return {
    means: `${target.says}: over two days as much was bad as the target allows at most; nothing is left for an incident.`,
    act: actOf(target, "Write a ticket, and look at the workbook with the targets each day."),
    stop: "The budget on the workbook is below zero: releases stop, only what mends it is deployed.",
  };
}
