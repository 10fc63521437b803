import * as path from "node:path";
import type { Judgement } from "../recovery/finding";
import { BadInput } from "./badInput";
import { Progress } from "./progress";
import type { World } from "./world";

/** What every command that judges a program is told. */
export interface ProgramOptions {
  program: string;
  stack: string;
  asOf?: number;
  engine: "offline" | "pulumi";
}

/** A judgement with what only this run knows. */
export interface JudgedProgram {
  judgement: Judgement;
  asOf: number;
  /** `file:line` by URN, relative to the program's folder; empty where nothing knows it. */
  positions: ReadonlyMap<string, string>;
}

/** Runs a program and judges it; throws `BadInput` when there is nothing in it to judge. */
export async function judged(options: ProgramOptions, world: World): Promise<JudgedProgram> {
  const asOf = options.asOf ?? world.now();
  const progress = new Progress(world.stderr);
  progress.show(`reading ${options.program}`);
  try {
    const by = options.engine === "pulumi" ? judgedByEngine : judgedOffline;
    const { judgement, positions } = await quietly(() => by({ ...options, asOf }, progress));
    if (judgement.plan.assets.length === 0) throw nothingRecognised(options, judgement);
    return { judgement, asOf, positions };
  } finally {
    progress.done();
  }
}

type Judging = Promise<Omit<JudgedProgram, "asOf">>;

async function judgedOffline({ program, stack, asOf }: ProgramOptions & { asOf: number }, progress: Progress): Judging {
  const { loadGraph } = require("./offline") as typeof import("./offline");
  const loaded = await loadGraph({
    program,
    stack,
    onProgress: (resources) => progress.show(`${resources} resources`),
  });
  progress.show("judging");
  const { judge } = require("../policies/judge") as typeof import("../policies/judge");
  return { judgement: judge(loaded.graph, asOf), positions: loaded.positions };
}

/** The engine judges by itself, with the pack; it shows policies no positions. */
async function judgedByEngine(
  { program, stack, asOf }: ProgramOptions & { asOf: number },
  progress: Progress,
): Judging {
  const { judgedByPulumi } = require("./pulumiEngine") as typeof import("./pulumiEngine");
  const onProgress = (resources: number) => progress.show(`${resources} resources`);
  return { judgement: await judgedByPulumi({ program, stack, asOf, onProgress }), positions: new Map() };
}

function nothingRecognised({ program, stack }: ProgramOptions, { resources }: Judgement): BadInput {
  return new BadInput(
    `nothing was recognised: none of the ${resources} resources of stack ${stack} in ${path.normalize(program)} is an asset; ` +
      'annotate what must be recovered, e.g. holdfast.dev/asset: "shop/orders" (docs/links.md)',
  );
}

/** What a program prints goes to stderr: stdout is the report. */
export async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const write = process.stdout.write;
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof write;
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}
