import { type Habits, hasClockTimes } from "../recovery/schedule";
import { type Answer, isOpen, type Term } from "./scheduleAnswer";
import { isoInstant } from "./scheduleDates";

/** The answer as one JSON object: spans in whole seconds, instants as RFC 3339 in the zone of the schedule. */
export function scheduleJson(answer: Answer): string {
  const { asked, was, change, gaps } = answer;
  const iso = (at: number) => isoInstant(at, asked.timeZone);
  const longest = gaps.maxGapSeconds.map((seconds, missedRuns) => {
    const after = gaps.maxGapAfter[missedRuns] ?? 0;
    return { missedRuns, seconds, after: iso(after), until: iso(after + seconds) };
  });
  const shortest =
    gaps.runs < 2
      ? null
      : {
          seconds: gaps.minGapSeconds,
          after: iso(gaps.minGapAfter),
          until: iso(gaps.minGapAfter + gaps.minGapSeconds),
        };
  const bounded = answer.open === undefined && !answer.terms.some(isOpen);
  const json = {
    schedule: asked,
    asOf: iso(answer.asOf),
    from: iso(answer.from),
    to: iso(answer.to),
    nextRuns: answer.nextRuns.map(iso),
    ...(hasClockTimes(asked) ? {} : { clockTimesKnown: false }),
    runs: gaps.runs,
    longestGaps: longest,
    shortestGap: shortest,
    terms: answer.terms.map(termJson),
    rpo: answer.losses
      .filter(({ missedRuns }) => missedRuns !== "change")
      .map(({ missedRuns, seconds }) => ({ missedRuns, seconds, bounded })),
    ...(was && change
      ? {
          change: {
            was: was.expression,
            seconds: change.seconds,
            lastRun: iso(change.lastRun),
            changedAt: iso(change.changedAt),
            firstRun: iso(change.firstRun),
            rpoSeconds: answer.losses.find(({ missedRuns }) => missedRuns === "change")?.seconds,
            bounded,
          },
        }
      : {}),
    habits: habitsJson(answer.habits),
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

function termJson({ name, seconds, given, assumed }: Term) {
  const open = typeof assumed?.bound === "object" ? { unbounded: assumed.bound.unbounded } : {};
  return { name, seconds, given, ...open, ...(assumed ? { source: assumed.source } : {}) };
}

function habitsJson({ subject: _subject, example: _example, ...statements }: Habits) {
  const said = Object.entries(statements).map(([name, { says, source }]) => [name, { says, source }]);
  return Object.fromEntries(said);
}
