import * as path from "node:path";
import type { Against } from "../evidence";
import type { Judgement } from "../recovery/finding";
import { commitOf } from "./commit";
import { checkWritable } from "./evidenceFolder";
import { judged, type ProgramOptions, quietly } from "./judged";
import { shown } from "./project";
import type { Format } from "./reports";
import type { World } from "./world";

/** Options of `holdfast preview`. */
export interface PreviewOptions extends ProgramOptions {
  against?: string;
  out?: string;
  format: Format;
}

/** Judges a program, prints the report and writes the evidence; the answer is the exit code. */
export async function preview(options: PreviewOptions, world: World): Promise<number> {
  const out = options.out ?? path.join(".holdfast", options.stack);
  checkWritable(path.resolve(out));
  // Before the program runs: what a process prints meanwhile can be lost.
  const commit = await commitOf(options.program);
  const { judgement, asOf, positions } = await judged(options, world);
  const against = options.against === undefined ? undefined : await comparison(options.against, options, judgement);
  const meta = {
    stack: options.stack,
    program: shown(path.resolve(options.program)),
    asOf,
    engine: options.engine,
    out: `${shown(path.resolve(out))}/`,
    ...(commit === undefined ? {} : { commit }),
    ...(against === undefined ? {} : { against }),
  };
  const { report } = require("./reports") as typeof import("./reports");
  report(judgement, meta, { format: options.format, out, positions }, world);
  const { blocking } = require("../policies/judge") as typeof import("../policies/judge");
  return blocking(judgement).length > 0 ? 1 : 0;
}

/** What the program was before is run as the program itself is: what it prints is no report. */
function comparison(against: string, { program, stack }: PreviewOptions, judgement: Judgement): Promise<Against> {
  const { comparedWith } = require("./against") as typeof import("./against");
  return quietly(() => comparedWith(against, { program, stack, asOf: judgement.asOf }, judgement));
}
