import { distance } from "fastest-levenshtein";
import { show } from "../recovery/duration";
import {
  formatInstant,
  gaps,
  instantOf,
  isOver,
  isProblem,
  type Problem,
  type Schedule,
  schedulers,
  type Zone,
  zoneOf,
} from "../recovery/schedule";
import { isoInstant } from "./scheduleDates";
import { schedulerNamed } from "./scheduleQuestion";
import type { World } from "./world";

/** The gaps of one schedule in a time, as the answer to a line; 0 for a span that the time has too few runs for. */
interface Line {
  runs: number;
  maxGapSeconds: number[];
  minGapSeconds: number;
  /** The run at which the first longest gap starts. */
  maxGapAfter: string | null;
}

const missed = 2;
const keys = ["schedule", "timeZone", "scheduler", "from", "to"];

/**
 * Answers each line of standing input with a line: a JSON object with `schedule`, `scheduler`, and if wanted `timeZone`
 * (else UTC), for the runs after `from` and before `to`. The answer is whether every line could be read.
 */
export async function answerLines({ stdin, stdout }: Pick<World, "stdin" | "stdout">): Promise<boolean> {
  let isGood = true;
  let answered = 0;
  const answer = (text: string) => {
    answered++;
    const line = answerLine(text);
    if (isProblem(line)) isGood = false;
    stdout.write(`${JSON.stringify(isProblem(line) ? { problem: `line ${answered}: ${line.problem}` } : line)}\n`);
  };
  let number = 0;
  for await (const text of linesOf(stdin)) {
    number++;
    // An empty line has its answer only where other lines follow: a file may end with some.
    if (text.trim() === "") continue;
    while (answered < number - 1) answer("");
    answer(text);
  }
  return isGood;
}

async function* linesOf(stdin: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stdin) {
    const lines = `${rest}${typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true })}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  yield `${rest}${decoder.decode()}`;
}

function answerLine(text: string): Line | Problem {
  const json = parsed(text);
  if (isProblem(json)) return json;
  const { schedule: expression, timeZone = "Etc/UTC", scheduler: name } = json;
  const problems = Object.keys(json).flatMap(unknownField);
  const scheduler = typeof name === "string" ? schedulerNamed(name) : undefined;
  if (scheduler === undefined) problems.push(`scheduler must be ${schedulers.join(", ")}, got ${show(name)}`);
  if (typeof expression !== "string") problems.push(`schedule must be an expression, got ${show(expression)}`);
  if (typeof timeZone !== "string") problems.push(`timeZone must be a name such as "Etc/UTC", got ${show(timeZone)}`);
  const zone = zoneOf(String(timeZone));
  // The calendar finds the same fault in a zone, and says it in the words of its scheduler.
  const [from, to] = isProblem(zone) ? [0, 1] : [instant(json.from, zone), instant(json.to, zone)];
  for (const [key, at] of Object.entries({ from, to })) {
    if (at !== undefined) continue;
    problems.push(`${key} must be a day such as "2025-01-01" or a time, got ${show(json[key])}`);
  }
  if (from !== undefined && to !== undefined && from >= to) problems.push("to must be after from");
  if (problems.length > 0 || scheduler === undefined || typeof expression !== "string") {
    return { problem: problems.join("; ") };
  }
  return answerOf({ scheduler, expression, timeZone: String(timeZone) }, from ?? 0, to ?? 0);
}

function answerOf(asked: Schedule, from: number, to: number): Line | Problem {
  const found = gaps(asked, { from, to, missed });
  if (isProblem(found)) return found;
  if (found.runs === 0 && isOver(asked, from)) {
    return { problem: `schedule ${JSON.stringify(asked.expression)} never runs after ${formatInstant(from)}` };
  }
  const [after] = found.maxGapAfter;
  return {
    runs: found.runs,
    maxGapSeconds: Array.from({ length: missed + 1 }, (_, place) => found.maxGapSeconds[place] ?? 0),
    minGapSeconds: found.minGapSeconds,
    maxGapAfter: after === undefined ? null : isoInstant(after, asked.timeZone),
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> | Problem {
  const example =
    '{"schedule":"0 2 * * *","timeZone":"Etc/UTC","scheduler":"kubernetes","from":"2025-01-01","to":"2035-01-01"}';
  const wrong = { problem: `must be a JSON object such as ${example}, got ${show(text)}` };
  try {
    const json: unknown = JSON.parse(text);
    const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
    return isObject ? (json as Readonly<Record<string, unknown>>) : wrong;
  } catch {
    return wrong;
  }
}

function unknownField(key: string): string[] {
  if (keys.includes(key)) return [];
  const near = keys.find((one) => distance(one.toLowerCase(), key.toLowerCase()) < 2);
  return [
    `${show(key)} is not a field; ${near === undefined ? `there is ${keys.join(", ")}` : `did you mean "${near}"?`}`,
  ];
}

/** The local midnight that starts a day, or a time as ISO 8601 writes it, in epoch seconds. */
function instant(value: unknown, zone: Zone): number | undefined {
  if (typeof value !== "string") return undefined;
  return instantOf(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00` : value, zone);
}
