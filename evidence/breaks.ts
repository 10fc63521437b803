import type { Assessment, Counterexample } from "../recovery/assess/assessment";
import { formatBound, sum } from "../recovery/bound";
import { formatSeconds } from "../recovery/duration";
import { yearOf } from "./dates";
import { labelled, story } from "./story";
import { readFrom } from "./words";

const indent = "  ";

/** How a promise breaks, on a calendar and by which number, and what mends it. */
export function breakLines(one: Assessment, asOf: number, width: number): string[] {
  const parts: [string, string][] = one.fix
    ? [
        ["fix", one.fix.change],
        ["checked", one.fix.result],
      ]
    : [];
  return [
    ...(["rpo", "rto"] as const).flatMap((half) => halfLines(one, half, asOf, width)),
    ...labelled(parts, indent, width),
  ];
}

function halfLines(one: Assessment, half: "rpo" | "rto", asOf: number, width: number): string[] {
  const counterexample = one.counterexamples[half];
  const binding = one.bindings[half];
  const lines = counterexample ? story(counterexample, yearOf(asOf), indent, width) : [];
  if (binding === undefined) return lines;
  const { term, largest, least } = binding;
  const most = largest === undefined ? "no value of it alone would do" : `at most ${formatSeconds(largest)} would do`;
  const enough = least === undefined ? most : `at least ${formatSeconds(least)} would do`;
  const text = `${term.name} ${formatBound(term.value)} (${readFrom(term.source)}); ${enough}`;
  return [...lines, ...labelled([["binding", text]], indent, width)];
}

/** The dates from which a loss follows that is kept, where a walk over several calendars found it. */
export function worstMoment({ chosen, broken, disruption }: Assessment): Counterexample | undefined {
  const { witness } = chosen ?? {};
  if (chosen === undefined || witness === undefined || broken.includes("rpo")) return undefined;
  const lost = witness.at - Math.min(...witness.captured.map(({ at }) => at));
  // Damage that nobody notices at once moves the moment the walk found: then these are not the dates of the total.
  const before = chosen.rpo[1].terms.filter(({ part }) => part !== "after").map(({ value }) => value);
  if (sum(before) !== lost) return undefined;
  const moments = witness.captured
    .map(({ name, at }) => ({ at, what: `${name}: the moment that will be brought back` }))
    .sort((a, b) => a.at - b.at);
  const failed =
    witness.failed === undefined ? [] : [{ at: witness.at, what: `a run of ${witness.failed} since then has failed` }];
  return {
    events: [...moments, ...failed, { at: witness.at, what: `just before anything newer is usable: ${disruption}` }],
    conclusion: `lost ${formatSeconds(lost)}`,
  };
}
