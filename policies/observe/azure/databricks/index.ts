import type { Asset } from "../../../../recovery/plan";
import type { Given } from "../../given";
import type { Program } from "../../program";
import { clonesOf } from "./clones";
import { timeTravel } from "./tables";

/** What Databricks keeps of an asset beside where it is written: versions of tables, and clones of them elsewhere. */
export function readDatabricks(asset: Asset, program: Program): Given[] {
  return [...timeTravel(asset, program), ...clonesOf(asset, program)];
}
