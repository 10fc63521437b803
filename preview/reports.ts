import * as path from "node:path";
import { json, type Meta, markdown, sarif, terminal } from "../evidence";
import { rules } from "../policies/rules";
import type { Judgement } from "../recovery/finding";
import { writeAll } from "./evidenceFolder";
import { planJson } from "./planFile";
import { colourful, type World, widthOf } from "./world";

/** What to print. */
export type Format = "terminal" | "json" | "markdown";

/** How and where to tell a judgement. */
export interface Telling {
  format: Format;
  /** Folder of the evidence. */
  out?: string | undefined;
  /** `file:line` of resources by URN, where they are known. */
  positions?: ReadonlyMap<string, string>;
}

/** Writes the evidence where a folder is named, then prints one report of it. */
export function report(
  judgement: Judgement,
  meta: Meta,
  { format, out, positions = new Map() }: Telling,
  world: World,
): void {
  if (out !== undefined) {
    writeAll(path.resolve(out), {
      "evidence.json": json(judgement, meta),
      "evidence.md": markdown(judgement, meta),
      "evidence.sarif": sarif(judgement, meta, { rules, positions }),
      "plan.json": planJson(judgement),
    });
  }
  const look = { colour: colourful(world.stdout), width: widthOf(world.stdout) };
  const text = {
    terminal: () => terminal(judgement, { ...meta, seconds: performance.now() / 1000 }, look),
    json: () => json(judgement, meta),
    markdown: () => markdown(judgement, meta),
  }[format]();
  world.stdout.write(text);
}
