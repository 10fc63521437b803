import type { Change } from "../recovery/compare";
import type { Finding } from "../recovery/finding";
import { causesOf } from "./causes";
import { byText } from "./words";

/** One change to several things, told once: what happened to them, and the assets that it concerns. */
export interface ChangeCause extends Omit<Change, "name" | "asset"> {
  names: string[];
  assets: string[];
}

/** Changes grouped by what happened, in the order in which each first comes. */
export function changeCauses(changes: readonly Change[]): ChangeCause[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const { name: _, asset: __, ...same } = change;
    const key = JSON.stringify(same);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].flatMap((group): ChangeCause[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { name: _, asset: __, ...same } = first;
    const names = each(group.map(({ name }) => name));
    const assets = each(group.flatMap(({ asset }) => asset ?? []));
    return [{ ...same, names, assets }];
  });
}

/** A change in a line: `RPO relaxed · omendb/data · region: under 15m → 1h`. */
export function changeText({ what, names, assets, disruptions = [], before, after }: ChangeCause): string {
  const untold = assets.filter((asset) => !names.some((name) => tells(name, asset)));
  const about = [names, untold, disruptions].filter((list) => list.length > 0).map((list) => list.join(", "));
  const head = [what, ...about].join(" · ");
  if (before !== undefined && after !== undefined) return `${head}: ${before} → ${after}`;
  if (after !== undefined) return `${head}: ${what.endsWith(" added") ? "" : "now "}${after}`;
  return before === undefined ? head : `${head}: was ${before}`;
}

/** Findings that came or went in lines, those with one cause in one. */
export function findingTexts(what: string, findings: readonly Finding[]): string[] {
  return causesOf(findings).map(({ finding: { rule, message }, assets, disruptions }) => {
    const about = [assets.filter((asset) => !tells(message, asset)), disruptions].filter((list) => list.length > 0);
    return `${[what, ...about.map((list) => list.join(", "))].join(" · ")}: ${message} (${rule})`;
  });
}

/** Whether a text names an asset, alone or before the name of something of it. */
function tells(text: string, asset: string): boolean {
  return text.split(/[\s,:]+/).some((word) => word === asset || word.startsWith(`${asset}/`));
}

function each(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort(byText);
}
