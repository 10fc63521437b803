import { isUnknown, type Maybe } from "../../../../recovery/bound";
import type { Program } from "../../program";
import type { ArmResource } from "../arm";
import type { AzureAlert } from "./rule";

/** Receivers of a group that tell somebody, or something that goes on to do so. */
const telling = [
  "emailReceivers",
  "smsReceivers",
  "voiceReceivers",
  "webhookReceivers",
  "logicAppReceivers",
  "azureFunctionReceivers",
  "itsmReceivers",
  "azureAppPushReceivers",
  "armRoleReceivers",
];

/** Why nobody is told of an alert, or why that is not known; nothing where somebody is. */
export function silenceOf(alert: AzureAlert, { azure }: Program): Maybe<string> | undefined {
  const { settings, resource, kind } = alert;
  const enabled = settings.flag("enabled");
  if (isUnknown(enabled)) return enabled;
  if (enabled === false) return "nobody is told: it is not enabled";
  const property = kind === "metric" ? "actions" : "actions.actionGroups";
  const actions = settings.items(property);
  if (isUnknown(actions)) return actions;
  if (actions === undefined || actions.length === 0) return "nobody is told: it has no actions";
  const written = actions.map((one) => one.text(kind === "metric" ? "actionGroupId" : ""));
  const upstream = resource.propertyDependencies.actions ?? [];
  const own = azure.actionGroups.filter(
    (group) => upstream.includes(group.resource.urn) || written.some((id) => isIdOf(id, group)),
  );
  if (own.length === 0) {
    return { unknown: "whether anybody is told is not known: its actions name no group that this program declares" };
  }
  const silences = own.map(emptinessOf);
  return silences.includes(undefined) ? undefined : (silences.find(isUnknown) ?? silences[0]);
}

/** Why a group tells nobody. */
function emptinessOf({ settings }: ArmResource): Maybe<string> | undefined {
  const enabled = settings.flag("enabled");
  if (isUnknown(enabled)) return enabled;
  if (enabled !== true) return "nobody is told: its action group is not enabled";
  const lists = telling.map((key) => settings.items(key));
  if (lists.some((list) => Array.isArray(list) && list.length > 0)) return undefined;
  return lists.find(isUnknown) ?? "nobody is told: its action group has no receiver";
}

function isIdOf(id: unknown, { name }: ArmResource): boolean {
  return (
    typeof id === "string" &&
    typeof name === "string" &&
    id.toLowerCase().endsWith(`/actiongroups/${name.toLowerCase()}`)
  );
}
