import { type Bound, isUnknown, type Maybe } from "../../../../recovery/bound";
import { azureMonitor } from "../../../../recovery/facts";
import type { Term } from "../../../../recovery/plan";
import { reckoned, termOf, times } from "../../../../recovery/time/setting";
import { assumedTerm } from "../../assumptions";
import type { Program } from "../../program";
import { type Facts, orDefault } from "../../read";
import { type AzureAlert, isoSpan } from "./rule";

/**
 * From the fault to the notification: as many windows as must fail, the next evaluation, and what nobody bounds, how
 * long a metric or a line takes to arrive and the notification to reach somebody.
 */
export function detectTerms(alert: AzureAlert, asset: string, { register }: Program): Term[] {
  const { settings } = alert;
  const window = { value: known(settings, "windowSize"), source: settings.source("windowSize") };
  const count = { value: failingOf(alert), source: settings.source("criteria") };
  const frequency = { value: known(settings, "evaluationFrequency"), source: settings.source("evaluationFrequency") };
  const delivery = assumedTerm(register, { term: "alarm-delivery", asset }, "data and notification arrive");
  return [
    reckoned("alert holds", times(window.value, count.value, 1), [window, count]),
    termOf("evaluation", frequency),
    { ...delivery, facts: [azureMonitor.ingestion.id] },
  ];
}

function known(facts: Facts, property: string): Bound {
  return isoSpan(facts, property) ?? { unknown: `it names no ${property}` };
}

/** How many windows in a row count, of which enough must fail; one where nothing is said. */
function failingOf({ settings, kind }: AzureAlert): Maybe<number> {
  if (kind === "metric") return 1;
  const criteria = settings.items("criteria.allOf");
  if (criteria === undefined || isUnknown(criteria)) return criteria ?? { unknown: "it names no criteria" };
  const counts = criteria.map((one) => orDefault(one.whole("failingPeriods.numberOfEvaluationPeriods"), 1));
  return counts.find(isUnknown) ?? Math.max(1, ...counts.flatMap((one) => (isUnknown(one) ? [] : [one])));
}
