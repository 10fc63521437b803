import { paints } from "../evidence/paint";
import { type Column, table } from "../evidence/table";
import { clean, hang, narrowest, proseWidth, wrap } from "../evidence/text";
import { formatSeconds } from "../recovery/duration";
import { hasClockTimes } from "../recovery/schedule";
import { type Answer, isOpen, type Loss, type Term } from "./scheduleAnswer";
import { onTheWall } from "./scheduleDates";

/** How a terminal shows things: with colours or not, and how wide it is. */
export interface Look {
  colour: boolean;
  width: number;
}

const label = 18;

/** The answer as a terminal shows it. */
export function scheduleText(answer: Answer, look: Look): string {
  const width = proseWidth(Math.max(look.width, narrowest));
  const { habits } = answer;
  const paint = paints(look.colour);
  const say = (name: string, text: string) => hang(`  ${name.padEnd(label - 2)}`, text, width, label);
  const blocks = [
    headline(answer, width, paint.title),
    [...nextRuns(answer, say), ...adrift(answer, say)],
    gapTable(answer, width, paint.faint),
    changeLines(answer, say),
    lossTable(answer, width, paint.faint),
    assumptions(answer).flatMap(({ name, text, open }) => say(name, text).map(open ? paint.warn : (line) => line)),
    [
      ["starts", habits.startSlack.says],
      ["ends", habits.longestRun.says],
      ["missed runs", habits.missedRuns.says],
      ["overlap", habits.overlap.says],
      ["clocks forward", habits.skippedHour.says],
      ["clocks back", habits.repeatedHour.says],
      ["no zone given", habits.defaultTimeZone.says],
    ].flatMap(([name = "", text = ""]) => say(name, text)),
  ];
  const shown = blocks.filter((block) => block.length > 0).map((block) => block.join("\n"));
  return `${shown.join("\n\n")}\n`;
}

function headline({ asked, habits }: Answer, width: number, title: (text: string) => string): string[] {
  const what = clean(asked.expression);
  const how = ` · ${clean(asked.timeZone)} · as ${habits.subject} runs it`;
  const lines = wrap(what + how, width);
  return lines.length === 1 ? [title(what) + how] : lines;
}

type Say = (name: string, text: string) => string[];

function nextRuns({ nextRuns: runs, asked }: Answer, say: Say): string[] {
  if (runs.length === 0) return say("next runs", "none");
  return runs.flatMap((run, place) => say(place === 0 ? "next runs" : "", onTheWall(run, asked.timeZone)));
}

/** Only the distance of the runs is known: an answer that is right about gaps must not be read as one about hours. */
function adrift({ asked }: Answer, say: Say): string[] {
  if (hasClockTimes(asked)) return [];
  return say(
    "",
    "clock times are not known from the expression: these count from a made-up start, and only the gaps hold",
  );
}

const few = "too few runs in the next ten years";

/** The spans over ten years and where they lie. */
function gapTable({ asked, gaps }: Answer, width: number, faint: (text: string) => string): string[] {
  const row = (name: string, span: { seconds: number; after: number } | undefined) =>
    span === undefined
      ? [{ text: `  ${name}` }, { text: few, spans: true }]
      : [
          { text: `  ${name}` },
          { text: formatSeconds(span.seconds) },
          { text: onTheWall(span.after, asked.timeZone) },
          { text: onTheWall(span.after + span.seconds, asked.timeZone) },
        ];
  const longest = (missed: number) => {
    const seconds = gaps.maxGapSeconds[missed];
    return seconds === undefined ? undefined : { seconds, after: gaps.maxGapAfter[missed] ?? 0 };
  };
  const shortest = gaps.runs < 2 ? undefined : { seconds: gaps.minGapSeconds, after: gaps.minGapAfter };
  const columns: Column[] = [
    { title: "  in 10 years", align: "left" },
    { title: "gap", align: "right" },
    { title: "from", align: "left", least: 14 },
    { title: "to", align: "left", least: 14 },
  ];
  const rows = [
    row("longest", longest(0)),
    row("1 missed", longest(1)),
    row("2 missed", longest(2)),
    row("shortest", shortest),
  ];
  return table(columns, rows, width, faint) ?? [];
}

function changeLines({ asked, was, change }: Answer, say: Say): string[] {
  if (!was || !change) return [];
  const at = (instant: number) => onTheWall(instant, asked.timeZone);
  return [
    ...say("change", `${formatSeconds(change.seconds)} without a run at worst, when it replaces ${was.expression}`),
    ...say("", `${at(change.lastRun)}  last old run`),
    ...say("", `${at(change.changedAt + 1)}  changed just before the next one`),
    ...say("", `${at(change.firstRun)}  first new run`),
  ];
}

/** Gap and terms, added up. */
function lossTable({ losses, terms, open }: Answer, width: number, faint: (text: string) => string): string[] {
  if (losses.length === 0) return [];
  const columns: Column[] = [
    { title: "  RPO", align: "left" },
    { title: "gap", align: "right" },
    ...terms.map(({ name }): Column => ({ title: `+ ${name}`, align: "right" })),
    { title: open !== undefined || terms.some(isOpen) ? "= at least" : "= worst loss", align: "right" },
  ];
  const rows = losses.map((loss) =>
    [caseName(loss), ...[loss.gap, ...terms.map(({ seconds }) => seconds), loss.seconds].map(formatSeconds)].map(
      (text) => ({ text }),
    ),
  );
  return table(columns, rows, width, faint) ?? [];
}

function caseName({ missedRuns }: Loss): string {
  const names: Record<string, string> = { 0: "every run", 1: "1 missed", 2: "2 missed", change: "change" };
  return `  ${names[missedRuns] ?? ""}`;
}

/** What was taken for the terms that were not given. */
function assumptions({ terms, open }: Answer): { name: string; text: string; open: boolean }[] {
  const gap = open === undefined ? [] : [{ name: "gap", text: `unbounded: ${open}`, open: true }];
  const counted = terms
    .filter(({ given }) => !given)
    .map((term) => ({ name: term.name, text: assumption(term), open: isOpen(term) }));
  return [...gap, ...counted];
}

function assumption({ name, seconds, assumed }: Term): string {
  const counted = `counted as ${formatSeconds(seconds)}`;
  if (assumed === undefined) return `${counted}, as if made outside the failed domain; else give --${name}`;
  if (typeof assumed.bound === "number") return `${counted}, the scheduler's default; else give --${name}`;
  return assumed.setting === undefined
    ? `${counted}, but nothing bounds it; give --${name}`
    : `${counted}, but unbounded until ${assumed.setting} is set; give --${name}`;
}
