import { json, terminal } from "../evidence";
import { blocking, judgePlan } from "../policies/judge";
import type { NotAssessed } from "../recovery/finding";
import { currentPlan, type Section } from "../recovery/plan/file";
import { loadPlan } from "./planFile";
import { shown } from "./project";
import { colourful, type World, widthOf } from "./world";

/** Options of `holdfast assess`. */
export interface AssessOptions {
  plan: string;
  json: boolean;
  asOf?: number;
}

/** Rules that judge a section which a plan may leave out: not run where it does, or run on what else they judge. */
export const judgedBy: Record<Section, { notRun: string[]; inPart: string[] }> = {
  alerts: { notRun: ["each-objective-has-an-alert"], inPart: [] },
  rehearsals: {
    notRun: ["recovery-is-rehearsed", "verification-comes-before-expiry"],
    inPart: ["schedules-run", "each-objective-has-an-alert"],
  },
  stores: { notRun: ["volumes-hold-their-data"], inPart: ["data-stores-have-objectives"] },
};

/** Judges a plan file, prints the report; the answer is the exit code. */
export function assessPlan(options: AssessOptions, world: World): number {
  const asOf = options.asOf ?? world.now();
  const file = loadPlan(options.plan);
  const { plan, problems } = currentPlan(file, asOf);
  const known = file.observed?.problems ?? [];
  const judgement = judgePlan(
    { plan, problems: [...known, ...problems], asOf },
    file.observed?.resources ?? 0,
    notAssessed(file.unstated),
  );
  const meta = { stack: shown(options.plan), program: ".", asOf, engine: "offline" as const };
  if (options.json) {
    world.stdout.write(json(judgement, meta));
  } else {
    const look = { colour: colourful(world.stdout), width: widthOf(world.stdout) };
    const report = terminal(judgement, { ...meta, seconds: performance.now() / 1000 }, look);
    world.stdout.write(`${ofPlan(report, file.observed === undefined)}${judgement.notAssessed.map(lineOf).join("")}`);
  }
  return blocking(judgement).length > 0 ? 1 : 0;
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

/** A report on a file names no folder of evidence and no command that asks a program, and counts no resources of one. */
function ofPlan(report: string, byHand: boolean): string {
  const whole = report.replace(/\n\n {2}Evidence: [^\n]*(\n {2}Why a number: [^\n]*)?\n$/, "\n");
  return byHand ? whole.replace(/^( {2})0 resources · /m, "$1") : whole;
}
