import { disruptions } from "../recovery/objective";
import { BadInput } from "./badInput";
import { judged, type ProgramOptions } from "./judged";
import { colourful, type World, widthOf } from "./world";

/** Prints where the numbers of an asset come from, for one disruption or for all; the answer is the exit code. */
export async function explainAsset(
  asset: string,
  disruption: string | undefined,
  options: ProgramOptions,
  world: World,
): Promise<number> {
  // Before the program runs: a slip of the keys should not cost seconds.
  if (disruption !== undefined && !disruptions.some((one) => one === disruption)) {
    throw new BadInput(
      `the disruption must be one of ${disruptions.join(", ")}, got "${disruption}"; e.g. holdfast explain ${asset} region`,
    );
  }
  const { judgement } = await judged(options, world);
  const { explain } = require("../evidence") as typeof import("../evidence");
  const look = { colour: colourful(world.stdout), width: widthOf(world.stdout) };
  world.stdout.write(explain(judgement, asset, disruption, look));
  return 0;
}
