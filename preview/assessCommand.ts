import { json, terminal } from "../evidence";
import { blocking, judgePlan } from "../policies/judge";
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
  const without = file.unstated.flatMap((section) => judgedBy[section].notRun);
  const judgement = judgePlan(
    { plan, problems: [...known, ...problems], asOf },
    file.observed?.resources ?? 0,
    without,
  );
  const meta = { stack: shown(options.plan), program: ".", asOf, engine: "offline" as const };
  const unjudged = file.unstated.map((section) => notAssessed(section, without));
  if (options.json) {
    world.stdout.write(json(judgement, meta));
    for (const line of unjudged) world.stderr.write(`${line}\n`);
  } else {
    const look = { colour: colourful(world.stdout), width: widthOf(world.stdout) };
    const report = terminal(judgement, { ...meta, seconds: performance.now() / 1000 }, look);
    world.stdout.write(
      `${ofPlan(report, file.observed === undefined)}${unjudged.map((line) => `  ${line}\n`).join("")}`,
    );
  }
  return blocking(judgement).length > 0 ? 1 : 0;
}

function notAssessed(section: Section, without: readonly string[]): string {
  const { notRun, inPart } = judgedBy[section];
  const partly = inPart.filter((rule) => !without.includes(rule));
  const part = partly.length === 0 ? "" : `; in part: ${partly.join(", ")}`;
  return `not assessed, since the plan states no ${section}: ${notRun.join(", ")}${part}`;
}

/** A report on a file names no folder of evidence and no command that asks a program, and counts no resources of one. */
function ofPlan(report: string, byHand: boolean): string {
  const whole = report.replace(/\n\n {2}Evidence: [^\n]*(\n {2}Why a number: [^\n]*)?\n$/, "\n");
  return byHand ? whole.replace(/^( {2})0 resources · /m, "$1") : whole;
}
