import { duration, type Seconds, seconds } from "../../recovery/duration";
import { type commandsIn, shell } from "./commands";
import { table } from "./page";

/** What one step of a recovery does, and what its failure means. */
export interface StepText {
  does: string;
  /** What its page says besides. @default nothing */
  more?: string;
  /** @default its log names what is missing */
  fails?: string;
}

/** One step as its page shows it and starts it. */
export interface ShownStep {
  step: string;
  /** Name of its CronJob. */
  job: string;
  deadline: string;
  /** What it waits for, each a name or a link. */
  waitsFor: readonly string[];
  text: StepText;
}

/** All steps of a page at a glance. */
export function stepTable(shown: readonly ShownStep[]): string {
  return table(
    ["step", "waits for", "at most", "does"],
    shown.map(({ step, waitsFor, deadline, text }) => [step, waitsFor.join(", ") || "nothing", deadline, text.does]),
  );
}

/** A heading for each step, with the commands that start it and wait for it. */
export function stepBlocks(
  shown: readonly ShownStep[],
  { runJob }: Pick<ReturnType<typeof commandsIn>, "runJob">,
): string[] {
  return shown.map(({ step, job, deadline, text: { does, more, fails } }) =>
    [
      `### ${step} (at most ${deadline})`,
      does,
      ...(more === undefined ? [] : [more]),
      shell(runJob(job, deadline)),
      `Fails: ${fails ?? "its log names what is missing; mend that and start the step again."}`,
    ].join("\n\n"),
  );
}

/** How long the longest chain of steps that wait for each other takes at most. */
export function longestChain(steps: Readonly<Record<string, { after: readonly string[]; deadline: string }>>): Seconds {
  const ends = new Map<string, number>();
  for (const [step, { after, deadline }] of Object.entries(steps))
    ends.set(step, Math.max(0, ...after.map((other) => ends.get(other) ?? 0)) + duration(deadline));
  return seconds(Math.max(0, ...ends.values()));
}
