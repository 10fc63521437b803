import { BadInput } from "./badInput";
import { badInput } from "./main";
import { answerTo } from "./scheduleAnswer";
import { scheduleJson } from "./scheduleJson";
import { answerLines } from "./scheduleLines";
import { exampleFor, questionOf, type ScheduleOptions } from "./scheduleQuestion";
import { scheduleText } from "./scheduleText";
import { colourful, type World, widthOf } from "./world";

/** Prints what a schedule comes to, or answers the schedules of standard input line by line; the answer is the exit code. */
export async function schedule(
  expression: string | undefined,
  options: ScheduleOptions,
  world: World,
): Promise<number> {
  if (options.jsonl) {
    if (expression !== undefined) {
      throw new BadInput("--jsonl reads schedules from standard input: leave the expression out, or leave out --jsonl");
    }
    return (await answerLines(world)) ? 0 : badInput;
  }
  if (expression === undefined) throw new BadInput(`an expression must be given; e.g. ${exampleFor("kubernetes")}`);
  const answer = answerTo(questionOf(expression, options), options.asOf ?? world.now());
  const look = { colour: colourful(world.stdout), width: widthOf(world.stdout) };
  world.stdout.write(options.json ? scheduleJson(answer) : scheduleText(answer, look));
  return 0;
}
