import { type Bound, isUnknown, type Maybe } from "../../../recovery/bound";
import { seconds } from "../../../recovery/duration";
import { cloudWatch } from "../../../recovery/facts";
import type { Term } from "../../../recovery/plan";
import { reckoned, spanFrom, termOf, times } from "../../../recovery/time/setting";
import { assumedTerm } from "../assumptions";
import type { Program } from "../program";
import { orDefault } from "../read";
import type { MetricAlarm } from "../resources/metricAlarm";

/**
 * From the fault to the notification: as many periods as must breach, the next evaluation, and what nobody bounds, how
 * long the metric takes to get there and the notification to somebody.
 */
export function detectTerms({ facts }: MetricAlarm, asset: string, { register }: Program): Term[] {
  const period = { value: spanOf(facts.whole("period")), source: facts.source("period") };
  const count = {
    value: orDefault(facts.whole("datapointsToAlarm"), facts.whole("evaluationPeriods")),
    source: facts.source("evaluationPeriods"),
    facts: [cloudWatch.datapoints.id],
  };
  const delivery = assumedTerm(register, { term: "alarm-delivery", asset }, "metric and notification arrive");
  return [
    reckoned("alarm holds", times(period.value, countOf(count.value), 1), [period, count]),
    termOf("evaluation", evaluationOf(period.value, facts.whole("evaluationPeriods"))),
    { ...delivery, facts: [cloudWatch.metricDelivery.id] },
  ];
}

function spanOf(read: Maybe<number> | undefined): Bound {
  if (read === undefined) return { unknown: "it names no period" };
  return isUnknown(read) ? read : seconds(read);
}

function countOf(read: Maybe<number> | undefined): Maybe<number> {
  return read === undefined ? { unknown: "it names no evaluationPeriods" } : read;
}

/** How often CloudWatch looks; no reader knows that of alarms on days together. */
function evaluationOf(period: Bound, periods: Maybe<number> | undefined) {
  const often = spanFrom(cloudWatch.evaluationInterval);
  const window = times(period, countOf(periods));
  if (typeof window !== "number") return { ...often, value: window };
  if (window > (cloudWatch.longestWindow.value ?? 0)) {
    return { ...often, value: { unknown: "how often CloudWatch evaluates an alarm on more than a day is not known" } };
  }
  return Number(period) < 60 ? spanFrom(cloudWatch.fastEvaluationInterval) : often;
}
