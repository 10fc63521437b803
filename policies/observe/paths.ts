import type { Disruption } from "../../recovery/objective";
import { disruptions } from "../../recovery/objective";
import type { Path } from "../../recovery/plan";

/** One way to recover from one disruption, before those that are alike become one path. */
export type Way = Omit<Path, "id" | "disruptions" | "excluded"> & {
  /** What registers and drill records call it: `restore-in-secondary`. */
  name: string;
  disruption: Disruption;
  excluded?: string;
};

/**
 * Makes one path of the ways that differ in nothing but the disruption. Its id is `<asset>/<name>`, with `@` and the
 * disruptions where one name needs several paths.
 */
export function mergeWays(ways: readonly Way[]): Path[] {
  const groups = new Map<string, Way[]>();
  for (const way of ways) {
    const { disruption: _, excluded: __, ...alike } = way;
    const key = JSON.stringify(alike);
    groups.set(key, [...(groups.get(key) ?? []), way]);
  }
  const all = [...groups.values()];
  return all.flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { name, disruption: _, excluded: __, ...common } = first;
    const covered = disruptions.filter((one) => group.some(({ disruption }) => disruption === one));
    const split = all.filter(([other]) => other?.asset === first.asset && other.name === name).length > 1;
    const id = `${first.asset}/${name}${split ? `@${covered.join("+")}` : ""}`;
    const excluded = Object.fromEntries(
      group.flatMap((way) => (way.excluded === undefined ? [] : [[way.disruption, way.excluded]])),
    );
    return [{ ...common, id, disruptions: covered, excluded }];
  });
}
