import { isUnknown } from "../../../../recovery/bound";
import type { Given } from "../../given";
import type { Program } from "../../program";
import type { Facts } from "../../read";
import { pointsTo } from "../arm";
import { blind, linesIn, type Watched } from "./lines";
import type { AzureAlert } from "./rule";

const greater = ["GreaterThan", "GreaterThanOrEqual"];
const metrics = "Microsoft.EventHub/namespaces";

/** What an alert watches of an asset: the lag of its namespaces, or whether lines still come in time. */
export function watchedBy(alert: AzureAlert, asset: string, given: readonly Given[], program: Program): Watched {
  const criteria = alert.settings.items("criteria.allOf");
  if (isUnknown(criteria)) return blind(criteria);
  const [one, ...others] = criteria ?? [];
  if (one === undefined || others.length > 0) return blind("it has not one condition, so what it fires on is not read");
  const replica = replicaIn(alert, asset, given, program);
  return alert.kind === "metric" ? lagOf(one, asset, replica) : linesIn(alert, one, asset, replica);
}

/** The lag of a replica, the largest there was; a metric that is not there makes no alert fire. */
function lagOf(one: Facts, asset: string, protection: string | undefined): Watched {
  const words = ["metricNamespace", "metricName", "operator", "timeAggregation"].map((key) => one.text(key));
  const threshold = one.whole("threshold");
  const unread = [...words, threshold].find(isUnknown);
  if (isUnknown(unread)) return blind(unread, protection);
  const [namespace = metrics, metric, operator, aggregation] = words;
  if (metric !== "ReplicationLagDuration" || namespace !== metrics)
    return blind(`no reader knows what ${namespace} ${metric ?? ""} tells of a copy`, protection);
  if (protection === undefined) return blind(`its scopes do not name every namespace of ${asset} that is replicated`);
  if (!greater.includes(String(operator)))
    return blind(`it does not fire on what is too old (operator ${operator ?? "not set"})`, protection);
  if (aggregation !== "Maximum")
    return blind(`it looks at the ${aggregation ?? "aggregation of nobody"}, and not at the Maximum`, protection);
  return { protection, coversAbsence: false, threshold: threshold ?? { unknown: "it names no threshold" } };
}

/** The replica of an asset whose every namespace is in the scopes of an alert. */
function replicaIn(alert: AzureAlert, asset: string, given: readonly Given[], { azure }: Program): string | undefined {
  return given.find(({ protection, resources }) => {
    if (protection.kind !== "replica" || protection.carries !== "data" || protection.asset !== asset) return false;
    const own = azure.namespaces.filter((one) => resources.some(({ urn }) => urn === one.resource.urn));
    return own.length > 0 && own.every((one) => pointsTo(alert.settings, "scopes", one) || inScopes(alert, one.name));
  })?.protection.id;
}

function inScopes({ settings }: AzureAlert, name: unknown): boolean {
  const scopes = settings.texts("scopes");
  return (
    Array.isArray(scopes) && typeof name === "string" && scopes.some((scope) => scope.endsWith(`/namespaces/${name}`))
  );
}
