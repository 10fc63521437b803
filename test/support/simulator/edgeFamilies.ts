import type { Plan } from "../../../recovery";
import { atOnceMatches } from "./atOnce";
import { claimed } from "./claim";
import { family, type Played } from "./family";
import { inRegion, losing, matchesOf, spansOf } from "./losing";
import { type Every, foughtAtAnyPhase } from "./phase";
import { planOf, worldOf } from "./subject";
import { oneOperator, sharingSome } from "./subjectAtOnce";
import { besidePlan, besideWorld, rarely, silencing } from "./subjectBeside";
import { copiedPlan, copiedWorld } from "./subjectCopies";
import { expiring } from "./subjectExpiring";
import { groupedPlan, groupedWorld } from "./subjectGroup";
import { everyIn, undatedGroups, undatedPoints, undatedRelay, undatedWorld } from "./subjectPhase";
import { alwaysReplaced, neverReplaced, sometimesReplaced } from "./subjectReplace";
import type { Match } from "./tally";
import type { World } from "./world";
import { mostLost, type Worst } from "./worst";

/** What is lost, and how long recoveries take, where runs, alerts and recoveries meet. */
export const edgeFamilies: Played[] = [
  ...(
    [
      ["runs that end before the next takes their place", neverReplaced, 300, true],
      ["runs that never end before that", alwaysReplaced, 100, true],
      ["runs that end before that on some days", sometimesReplaced, 200, false],
    ] as const
  ).map(([name, drawn, plans, exact]) =>
    losing({
      name,
      drawn,
      plans,
      exact,
      planOf: (subject) => planOf(subject, "region"),
      worldOf,
      spansOf,
      disruptionOf: inRegion,
    }),
  ),
  ...(
    [
      ["an alert beside other points", silencing, 200, true],
      ["an alert beside points as rare", rarely, 100, false],
    ] as const
  ).map(([name, drawn, plans, exact]) =>
    losing({
      name,
      drawn,
      plans,
      exact,
      planOf: besidePlan,
      worldOf: besideWorld,
      spansOf,
      disruptionOf: inRegion,
    }),
  ),
  ...(
    [
      ["recoveries that need one operator", oneOperator, 200, true],
      ["recoveries that share something", sharingSome, 400, false],
    ] as const
  ).map(([name, drawn, plans, exact]) => family({ name, drawn, plans, exact, compare: atOnceMatches })),
  losing({
    name: "a copy with a carrier, of points that are deleted",
    drawn: expiring,
    plans: 120,
    exact: false,
    planOf: copiedPlan,
    worldOf: copiedWorld,
    spansOf,
    disruptionOf: inRegion,
  }),
  ...(["region", "corruption"] as const).map((disruption) =>
    losing({
      name: `points at unknown clock times, ${disruption}`,
      drawn: undatedPoints,
      plans: 200,
      exact: true,
      sweeps: 0,
      planOf: (subject) => planOf(subject, disruption),
      worldOf: undatedWorld,
      spansOf,
      disruptionOf: () => disruption,
    }),
  ),
  family({
    name: "a copy with a carrier, at unknown clock times",
    drawn: undatedRelay,
    plans: 40,
    exact: true,
    compare: (subject, turn) => {
      const every = everyIn([...subject.takings, ...subject.copies.flatMap(({ relay }) => relay ?? [])]);
      return undatedMatches(copiedPlan(subject), copiedWorld(subject), every, 12, turn % 16 === 0);
    },
  }),
  family({
    name: "assets that must fit, at unknown clock times",
    drawn: undatedGroups,
    plans: 10,
    exact: false,
    compare: (subject) => {
      const every = everyIn(subject.members.flatMap(({ subject: { takings } }) => takings));
      return undatedMatches(groupedPlan(subject), groupedWorld(subject), every, 5, false);
    },
  }),
];

/** What the loss of the region costs when an adversary picks when in time the calendars are that nobody knows. */
function undatedMatches(
  plan: Plan,
  world: World,
  every: Every,
  phases: number,
  isThorough: boolean,
): Match[] | undefined {
  const claim = claimed(plan, "region");
  if (claim === undefined) return undefined;
  const enough: Worst = [claim.healthy, claim.failed];
  const effort = { sweeps: 1, ahead: 3, phases, ...(isThorough ? {} : { enough }) };
  return matchesOf(
    claim,
    foughtAtAnyPhase(world, every, effort, (held, scene) => mostLost(world, held, scene)),
  );
}
