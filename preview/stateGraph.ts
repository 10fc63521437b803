import type { Resource, ResourceGraph } from "../policies/graph";
import { titleOf } from "../policies/observe/names";
import type { ReadProblem } from "../recovery/finding";
import { linked } from "./graph";
import type { PendingOperation, State, StateResource } from "./stateFile";
import { stackType } from "./urn";
import { decodeObject, kindKey, secretKind, unknownOnWire, type Wire } from "./wire";

/** What a state says is deployed, and what of it is in doubt. */
export interface StateGraph {
  graph: ResourceGraph;
  problems: ReadProblem[];
}

/**
 * The graph of what is deployed, as a program would declare it: of a resource the inputs its provider got, of a
 * component its outputs. What `ignoreChanges` names is known here: the inputs in the state are those in force. Secrets
 * that the state keeps encrypted are unknown.
 */
export function stateGraph({ resources, pending }: State): StateGraph {
  const standing = resources.filter(stands);
  const all = new Map(standing.map((one) => [one.urn, resourceOf(one)]));
  const providers = new Map(standing.map(({ urn, provider = "" }) => [urn, urnIn(provider)]));
  const graph = [...all.values()].map((one) => linked(one, all, providers.get(one.urn) ?? ""));
  return {
    graph: { resources: graph.sort((a, b) => (a.urn < b.urn ? -1 : 1)) },
    problems: [...pending.flatMap(interrupted), ...resources.filter(({ external }) => !external).flatMap(unfinished)],
  };
}

/** Left out: what is going, what is not there, what others look after, and what only shows another resource. */
function stands(one: StateResource): boolean {
  if (one.delete || one.external || one.pendingReplacement || one.viewOf) return false;
  return one.type !== "pulumi:pulumi:StackReference";
}

function resourceOf(one: StateResource): Resource {
  const { urn, type, custom, inputs = {}, outputs = {}, parent, protect = false } = one;
  return {
    urn,
    type,
    name: urn.split("::").slice(3).join("::"),
    props: decodeObject(onWire(custom ? inputs : outputs) as { [key: string]: Wire }),
    ...(parent ? { parent } : {}),
    dependencies: one.dependencies ?? [],
    propertyDependencies: Object.fromEntries(
      Object.entries(one.propertyDependencies ?? {}).map(([key, urns]) => [key, urns ?? []]),
    ),
    protect,
    ignoreChanges: [],
  };
}

const judgement =
  /^(sha256:[0-9a-f]{64}|not judged(: (the commit is not known|files differ from commit [0-9a-f]{40}))?)$/;

/** What the stack's output `evidence` says of the judgement before the deployment; anything else it holds is not ours. */
export function judgedBefore({ resources }: ResourceGraph): string | undefined {
  const said = resources.find(({ type }) => type === stackType)?.props.evidence;
  return typeof said === "string" && judgement.test(said) ? said : undefined;
}

/** A value of a state as the wire has it: there a secret has its value beside it, here it may be encrypted. */
function onWire(value: unknown): Wire {
  if (typeof value !== "object" || value === null) return value as Wire;
  if (Array.isArray(value)) return value.map(onWire);
  const map = value as Record<string, unknown>;
  if (map[kindKey] === secretKind) return revealed(map.plaintext);
  return Object.fromEntries(Object.entries(map).map(([key, part]) => [key, onWire(part)]));
}

/** A secret that `pulumi stack export --show-secrets` wrote, as JSON within the JSON. */
function revealed(plaintext: unknown): Wire {
  if (typeof plaintext !== "string") return unknownOnWire;
  try {
    return onWire(JSON.parse(plaintext));
  } catch {
    return unknownOnWire;
  }
}

/** The URN in `urn::id`. */
function urnIn(reference: string): string {
  return reference.slice(0, Math.max(0, reference.lastIndexOf("::")));
}

const refresh = "run pulumi cancel, then pulumi refresh --clear-pending-creates, and look whether it is there";

/** An operation that had begun when a run ended: nobody knows how far it came. */
function interrupted({ type, resource }: PendingOperation): ReadProblem[] {
  // Reading changes nothing.
  if (type === "reading") return [];
  return [problem(resource, (title) => `a run of Pulumi was interrupted while ${type} ${title}: ${refresh}`)];
}

function unfinished(one: StateResource): ReadProblem[] {
  if (one.delete) return [];
  if (one.pendingReplacement) {
    return [problem(one, (title) => `${title} was deleted and not made anew: run pulumi up to the end`)];
  }
  // What a provider says of it may hold values that are secret.
  if (one.initErrors === undefined || one.initErrors.length === 0) return [];
  return [problem(one, (title) => `${title} was made but never became ready: mend it, then run pulumi up again`)];
}

function problem(one: StateResource, message: (title: string) => string): ReadProblem {
  const title = titleOf(resourceOf(one));
  return { source: { resource: one.urn, name: title }, message: message(title), cannotProve: true };
}
