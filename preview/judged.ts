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

/** Loads a program and judges it; throws `BadInput` when there is nothing in it to judge. */
export async function judged(options: ProgramOptions, world: World): Promise<{ judgement: Judgement; asOf: number }> {
  if (options.engine === "pulumi") {
    throw new BadInput(
      "--engine pulumi is not there yet; the real engine judges with: pulumi preview --policy-pack policies",
    );
  }
  const asOf = options.asOf ?? world.now();
  const progress = new Progress(world.stderr);
  progress.show(`reading ${options.program}`);
  try {
    const { loadGraph } = require("./offline") as typeof import("./offline");
    const loaded = await quietly(() =>
      loadGraph({
        program: options.program,
        stack: options.stack,
        onProgress: (resources) => progress.show(`${resources} resources`),
      }),
    );
    progress.show("judging");
    const { judge } = require("../policies/judge") as typeof import("../policies/judge");
    const judgement = judge(loaded.graph, asOf);
    if (judgement.plan.assets.length === 0) throw nothingRecognised(options, judgement);
    return { judgement, asOf };
  } finally {
    progress.done();
  }
}

function nothingRecognised({ program, stack }: ProgramOptions, { resources }: Judgement): BadInput {
  return new BadInput(
    `nothing was recognised: none of the ${resources} resources of stack ${stack} in ${path.normalize(program)} is an asset; ` +
      'annotate what must be recovered, e.g. holdfast.dev/asset: "shop/orders" (docs/links.md)',
  );
}

/** What a program prints goes to stderr: stdout is the report. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const write = process.stdout.write;
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof write;
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}
