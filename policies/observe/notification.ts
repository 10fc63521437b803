import { compare } from "../../recovery/bound";
import type { Source } from "../../recovery/plan";
import { alwaysFires } from "./expression";
import { sourceOf, titleOf } from "./names";
import type { Program } from "./program";
import type { AlertRule, PrometheusRule } from "./resources/prometheusRule";
import { firstTold, type Told } from "./routes";

/**
 * When somebody is first told of an alert: by the configurations of its namespace, as the operator matches each with
 * the alert's label `namespace`.
 */
export function notificationOf(one: AlertRule, rule: PrometheusRule, program: Program): Told {
  const source = sourceOf(rule.resource, one.facts.at("labels").property);
  const { namespace } = one.labels;
  const near = program.alertmanagerConfigs.filter(({ cluster }) => cluster === rule.cluster);
  if (near.length === 0) {
    return cannot(`no AlertmanagerConfig in the cluster of ${titleOf(rule.resource)} sends alerts to anyone`, source);
  }
  if (namespace === undefined) {
    const why = `alert ${one.name} of ${titleOf(rule.resource)} has no label namespace, by which an AlertmanagerConfig gets its alerts`;
    return cannot(why, source);
  }
  const always = program.prometheusRules
    .filter(({ cluster }) => cluster === rule.cluster)
    .flatMap(({ alerts }) => alerts.filter(({ expression }) => alwaysFires(expression)).map(({ labels }) => labels));
  return first(
    near
      .filter((config) => config.namespace === namespace)
      .flatMap((config) => firstTold(config, one.labels, always) ?? []),
    cannot(`no AlertmanagerConfig of namespace ${namespace} there certainly sends alert ${one.name} to anyone`, source),
  );
}

function first(told: readonly Told[], otherwise: Told): Told {
  const [soonest] = [...told].sort((a, b) => compare(a.value, b.value));
  return soonest === undefined ? otherwise : { ...soonest, webhook: told.some(({ webhook }) => webhook) };
}

function cannot(unknown: string, source: Source): Told {
  return { value: { unknown }, source, webhook: false };
}
