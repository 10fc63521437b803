import * as path from "node:path";
import type { Meta } from "../evidence";
import { blocking, judgePlan } from "../policies/judge";
import { observe } from "../policies/observe";
import type { Judgement, NotAssessed } from "../recovery/finding";
import { currentPlan, type Section } from "../recovery/plan/file";
import { BadInput } from "./badInput";
import { checkWritable } from "./evidenceFolder";
import { loadPlan } from "./planFile";
import { shown } from "./project";
import { type Format, report } from "./reports";
import { loadState, stateName } from "./stateFile";
import { judgedBefore, stateGraph } from "./stateGraph";
import type { World } from "./world";

/** Options of `holdfast assess`: a plan or a state. */
export interface AssessOptions {
  plan?: string;
  state?: string;
  json: boolean;
  format: Format;
  out?: string;
  asOf?: number;
}

/** Rules that judge a section which a plan may leave out: not run where it does, or run on what else they judge. */
export const judgedBy: Record<Section, { notRun: string[]; inPart: string[] }> = {
  alerts: { notRun: ["each-objective-has-an-alert"], inPart: [] },
  rehearsals: {
    notRun: ["verification-comes-before-expiry"],
    inPart: ["recovery-is-rehearsed", "schedules-run", "each-objective-has-an-alert"],
  },
  stores: { notRun: ["volumes-hold-their-data"], inPart: ["data-stores-have-objectives"] },
};

/** Judges a plan or a state from a file and prints the report; the answer is the exit code. */
export async function assessFile(options: AssessOptions, world: World): Promise<number> {
  const { out } = options;
  if (out !== undefined) checkWritable(path.resolve(out));
  const asOf = options.asOf ?? world.now();
  const { judgement, meta } = await judgedFile(options, asOf, world);
  const format = options.json ? "json" : options.format;
  const written = out === undefined ? {} : { out: `${shown(path.resolve(out))}/` };
  report(judgement, { ...meta, ...written }, { format, out }, world);
  if (format === "terminal") world.stdout.write(judgement.notAssessed.map(lineOf).join(""));
  return blocking(judgement).length > 0 ? 1 : 0;
}

interface JudgedFile {
  judgement: Judgement;
  meta: Meta;
}

function judgedFile({ plan, state }: AssessOptions, asOf: number, world: World): JudgedFile | Promise<JudgedFile> {
  if (state !== undefined) return judgedState(state, asOf, world);
  if (plan !== undefined) return judgedPlan(plan, asOf);
  throw new BadInput("assess takes a plan or a state, e.g. --plan .holdfast/prod/plan.json or --state state.json");
}

function judgedPlan(name: string, asOf: number): JudgedFile {
  const file = loadPlan(name);
  const { plan, problems } = currentPlan(file, asOf);
  const known = file.observed?.problems ?? [];
  const judgement = judgePlan(
    { plan, problems: [...known, ...problems], asOf },
    file.observed?.resources ?? 0,
    notAssessed(file.unstated),
  );
  return { judgement, meta: { stack: shown(name), program: ".", asOf, engine: "offline", subject: "file" } };
}

async function judgedState(file: string, asOf: number, world: World): Promise<JudgedFile> {
  const state = await loadState(file, world);
  const { graph, problems } = stateGraph(state);
  const { plan, problems: read } = observe(graph, asOf);
  const name = stateName(file);
  if (plan.assets.length === 0) {
    throw new BadInput(
      `nothing was recognised: none of the ${graph.resources.length} resources of stack ${state.stack} in ${name} is an asset; ` +
        'annotate what must be recovered, e.g. holdfast.dev/asset: "shop/orders" (docs/links.md)',
    );
  }
  const judgement = judgePlan({ plan, problems: [...read, ...problems], asOf }, graph.resources.length);
  const judgedBy = judgedBefore(graph);
  const meta: Meta = { stack: state.stack, program: name, asOf, engine: "state", subject: "file" };
  return { judgement, meta: { ...meta, ...(judgedBy === undefined ? {} : { judgedBy }) } };
}

/** A rule that one section keeps from running at all is not run in part for want of another. */
function notAssessed(unstated: readonly Section[]): NotAssessed[] {
  const without = unstated.flatMap((section) => judgedBy[section].notRun);
  return unstated.map((section) => {
    const { notRun, inPart } = judgedBy[section];
    return { section, notRun, inPart: inPart.filter((rule) => !without.includes(rule)) };
  });
}

function lineOf({ section, notRun, inPart }: NotAssessed): string {
  const part = inPart.length === 0 ? "" : `; in part: ${inPart.join(", ")}`;
  return `  not assessed, since the plan states no ${section}: ${notRun.join(", ")}${part}\n`;
}
