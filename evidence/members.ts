import type { Assessment } from "../recovery/assess/assessment";
import type { Group } from "../recovery/plan";
import { displayWidth } from "./text";
import { count, listed, pathName } from "./words";

/** Most members of a group that are named where space is short, and the columns that their names may take. */
const mostNamed = 3;
const widestNames = 40;

/** A way to recover a member of a group: its own path, and how each other member comes back. */
export interface Parts {
  own: string;
  /** `omniverse/assets by asset copy`, `omniverse/users as it is`. */
  others: string[];
}

/** The label of a verdict's path, taken apart at the names of the other members. */
export function partsOf(one: Pick<Assessment, "asset" | "chosen" | "verdict">, groups: readonly Group[]): Parts {
  const label = pathName(one);
  const starts = othersOf(one.asset, groups)
    .map((other) => label.indexOf(`${joint}${other} `))
    .filter((at) => at >= 0)
    .sort((a, b) => a - b);
  const [first = label.length] = starts;
  return {
    own: label.slice(0, first),
    others: starts.map((at, place) => label.slice(at + joint.length, starts[place + 1])),
  };
}

/** The same for a table: the names of the members that come back as well, or how many they are. */
export function shortPath(one: Assessment, groups: readonly Group[]): string {
  const { own, others } = partsOf(one, groups);
  const names = othersOf(one.asset, groups)
    .filter((other) => others.some((text) => text.startsWith(`${other} by `)))
    .map((other) => (other.startsWith(`${one.system}/`) ? other.slice(one.system.length + 1) : other));
  if (names.length === 0) return own;
  const all = listed(names);
  const fit = names.length <= mostNamed && displayWidth(all) <= widestNames;
  return `${own}, with ${fit ? all : count(names.length, "more asset")}`;
}

/** What the model puts between the members in a label. */
const joint = ", with ";

function othersOf(asset: string, groups: readonly Group[]): string[] {
  const group = groups.find(({ members }) => members.some((one) => one.asset === asset));
  return (group?.members ?? []).map((one) => one.asset).filter((other) => other !== asset);
}
