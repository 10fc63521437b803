import * as path from "node:path";
import { commitOf } from "./commit";
import { checkWritable, writeAll } from "./evidenceFolder";
import { judged, type ProgramOptions } from "./judged";
import { shown } from "./project";
import { colourful, type World, widthOf } from "./world";

/** Options of `holdfast preview`. */
export interface PreviewOptions extends ProgramOptions {
  out?: string;
  format: "terminal" | "json" | "markdown";
}

/** Judges a program, prints the report and writes the evidence; the answer is the exit code. */
export async function preview(options: PreviewOptions, world: World): Promise<number> {
  const out = options.out ?? path.join(".holdfast", options.stack);
  checkWritable(path.resolve(out));
  const committed = commitOf(options.program);
  const { judgement, asOf } = await judged(options, world);
  const commit = await committed;
  const { json, markdown, terminal } = require("../evidence") as typeof import("../evidence");
  const meta = {
    stack: options.stack,
    program: shown(path.resolve(options.program)),
    asOf,
    engine: options.engine,
    out: `${shown(path.resolve(out))}/`,
    ...(commit === undefined ? {} : { commit }),
  };
  const { planJson } = require("./planFile") as typeof import("./planFile");
  const files = {
    "evidence.json": json(judgement, meta),
    "evidence.md": markdown(judgement, meta),
    "plan.json": planJson(judgement),
  };
  const seconds = performance.now() / 1000;
  const look = { colour: colourful(world.stdout), width: widthOf(world.stdout) };
  const report = {
    terminal: () => terminal(judgement, { ...meta, seconds }, look),
    json: () => files["evidence.json"],
    markdown: () => files["evidence.md"],
  }[options.format]();
  writeAll(path.resolve(out), files);
  world.stdout.write(report);
  const { blocking } = require("../policies/judge") as typeof import("../policies/judge");
  return blocking(judgement).length > 0 ? 1 : 0;
}
