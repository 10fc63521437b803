import type { Disruption } from "../objective";
import type { Alert, Asset, Group, Path, Plan, Protection } from "../plan";
import type { Ways } from "./ways";

/** What a plan says of one asset. */
export interface About {
  asset: Asset;
  paths: Path[];
  protections: Protection[];
  alerts: Alert[];
  group?: Group;
}

/** One run of the model: a plan by asset, a date in seconds since 1970, and what has been reckoned so far. */
export interface Session {
  plan: Plan;
  asOf: number;
  about(asset: string): About | undefined;
  /** The ways of assets to recover, by asset and disruption; `undefined` while they are being reckoned. */
  own: Map<string, Ways | undefined>;
  whole: Map<string, Ways | undefined>;
}

const known = new WeakMap<Plan, Map<string, About>>();

/** A run of the model over a plan; the plan must not change while it lasts. */
export function sessionOf(plan: Plan, asOf: number): Session {
  const found = known.get(plan) ?? byAsset(plan);
  known.set(plan, found);
  return { plan, asOf, about: (asset) => found.get(asset), own: new Map(), whole: new Map() };
}

/** Reckons something once, or says that it is being reckoned: what depends on itself has no answer. */
export function once<T>(
  answers: Map<string, T | undefined>,
  { id }: Asset,
  disruption: Disruption,
  reckon: () => T,
): T | "depends on itself" {
  const key = `${disruption} ${id}`;
  const answer = answers.get(key);
  if (answer !== undefined) return answer;
  if (answers.has(key)) return "depends on itself";
  answers.set(key, undefined);
  const reckoned = reckon();
  answers.set(key, reckoned);
  return reckoned;
}

function byAsset({ assets, paths, protections, alerts, groups }: Plan): Map<string, About> {
  const found = new Map<string, About>();
  for (const asset of assets) found.set(asset.id, { asset, paths: [], protections: [], alerts: [] });
  for (const path of paths) found.get(path.asset)?.paths.push(path);
  for (const protection of protections) found.get(protection.asset)?.protections.push(protection);
  for (const alert of alerts) found.get(alert.asset)?.alerts.push(alert);
  for (const group of groups) {
    for (const member of group.members) {
      const about = found.get(member.asset);
      if (about) about.group = group;
    }
  }
  return found;
}
