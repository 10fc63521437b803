import type { Asset } from "../../recovery/plan";
import { registerSource } from "./names";
import type { Way } from "./paths";
import type { Program } from "./program";

/** Waivers and drill records of what nothing declares: a name that was changed on one side only protects nothing. */
export function noteDangling(assets: readonly Asset[], ways: readonly Way[], { register, problems }: Program): void {
  const known = (id: string) => assets.some((asset) => asset.id === id);
  for (const { rule, asset } of register.waivers.filter((waiver) => !known(waiver.asset))) {
    problems.add(registerSource(`waiver of ${rule}`), `waiver of ${rule} is for ${asset}, which nothing promises`);
  }
  for (const { id, asset, path } of register.drills) {
    const source = registerSource(id);
    if (!known(asset)) problems.add(source, `drill record ${id} is of ${asset}, which nothing promises`);
    else if (!ways.some((way) => way.asset === asset && way.name === path)) {
      problems.add(source, `drill record ${id} is of path ${path}, by which nothing recovers ${asset}`, asset);
    }
  }
}
