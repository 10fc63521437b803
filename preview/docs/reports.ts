import * as path from "node:path";
import { terminal } from "../../evidence";
import { judge } from "../../policies/judge";
import type { Judgement } from "../../recovery";
import { loadGraph } from "../offline";

/** The day the printed examples are judged at: fixed, so that they change only with what they show. */
export const printedOn = Date.UTC(2026, 10, 22) / 1_000;

/** The judgement of a program of this project, as of the day of the printed examples. */
export async function judgementOf(root: string, program: string, stack = "prod"): Promise<Judgement> {
  const { graph } = await loadGraph({ program: path.join(root, program), stack });
  return judge(graph, printedOn);
}

/** What the terminal shows of it. */
export function reportOf(judgement: Judgement, program: string, colour: boolean): string {
  const meta = { stack: "prod", program, asOf: printedOn, engine: "offline" as const };
  return terminal(judgement, meta, { colour, width: 120 });
}
