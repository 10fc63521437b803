import { claimed } from "./claim";
import { family, type Played } from "./family";
import { asDrawn, atOnce, costOf, damagesOf, dayOf, fitting, inRegion, losing, matchesOf, spansOf } from "./losing";
import { damageLossAt, lossAt } from "./loss";
import { chained, single, steady } from "./pool";
import { planOf, worldOf } from "./subject";
import { watched, watchedPlan, watchedWorld } from "./subjectAlarm";
import { archivedPlan, archivedWorld, withLog } from "./subjectArchive";
import { copiedPlan, copiedWorld, withCopies, withRelay } from "./subjectCopies";
import { carriedGroups, groups } from "./subjectGroup";
import { logged, loggedPlan, loggedWorld } from "./subjectLogged";
import { derived, derivedBack, derivedId, derivedPlan } from "./subjectRebuild";
import { shared, sharedLoss, sharedPlan } from "./subjectShares";
import { streamedPlan, streamedWorld, withMirror, withVersions } from "./subjectStream";

const always = 20 * 366 * 86_400;

/** What is lost: every kind of protection. */
export const lossFamilies: Played[] = [
  losing({
    name: "restore points, region",
    drawn: single,
    plans: 4_000,
    exact: true,
    sweeps: 0,
    planOf: (subject) => planOf(subject, "region"),
    worldOf,
    spansOf,
    disruptionOf: inRegion,
  }),
  losing({
    name: "restore points, corruption",
    drawn: single,
    plans: 2_000,
    exact: true,
    sweeps: 0,
    planOf: (subject) => planOf(subject, "corruption"),
    worldOf,
    spansOf,
    disruptionOf: () => "corruption",
  }),
  ...(["region", "corruption"] as const).flatMap((disruption) =>
    (["for good", "for a while"] as const).map((kept) =>
      losing({
        name: `fulls and increments kept ${kept}, ${disruption}`,
        drawn: kept === "for good" ? chained.map((subject) => ({ ...subject, kept: always })) : chained,
        plans: 200,
        exact: kept === "for good" && disruption === "region",
        planOf: (subject) => planOf(subject, disruption),
        worldOf,
        spansOf,
        disruptionOf: () => disruption,
      }),
    ),
  ),
  losing({
    name: "several copies",
    drawn: withCopies,
    plans: 1_000,
    exact: true,
    planOf: copiedPlan,
    worldOf: copiedWorld,
    spansOf,
    disruptionOf: asDrawn,
  }),
  ...(
    [
      ["a copy with a carrier", "until the next", 200],
      ["a copy with a carrier that may overrun", "as drawn", 40],
    ] as const
  ).map(([name, longest, plans]) =>
    losing({
      name,
      drawn: withRelay(longest),
      plans,
      exact: false,
      planOf: copiedPlan,
      worldOf: copiedWorld,
      spansOf,
      disruptionOf: asDrawn,
    }),
  ),
  losing({
    name: "a log",
    drawn: withLog.map((subject) => ({ ...subject, kept: always, logKept: always })),
    plans: 300,
    exact: true,
    planOf: archivedPlan,
    worldOf: archivedWorld,
    spansOf,
    disruptionOf: asDrawn,
  }),
  losing({
    name: "a log that is kept for a while",
    drawn: withLog,
    plans: 300,
    exact: true,
    planOf: archivedPlan,
    worldOf: archivedWorld,
    spansOf,
    disruptionOf: asDrawn,
  }),
  losing({
    name: "a mirror",
    drawn: withMirror,
    plans: 2_000,
    exact: true,
    planOf: streamedPlan,
    worldOf: streamedWorld,
    spansOf,
    disruptionOf: asDrawn,
  }),
  fitting("assets that must fit, two in UTC", groups("region", steady, 2), 60, true),
  fitting("assets that must fit", groups("region"), 30, false),
  fitting("assets that must fit, corruption", groups("corruption"), 10, false),
  fitting("assets that must fit, carried on", carriedGroups(steady), 12, false),
  losing({
    name: "a log that must fit restore points",
    drawn: logged,
    plans: 10,
    exact: false,
    planOf: loggedPlan,
    worldOf: loggedWorld,
    spansOf: () => atOnce,
    disruptionOf: inRegion,
  }),
  losing({
    name: "an alert on the age of what a point holds",
    drawn: watched("capture", 0),
    plans: 500,
    exact: true,
    planOf: watchedPlan,
    worldOf: watchedWorld,
    spansOf,
    disruptionOf: inRegion,
  }),
  losing({
    name: "an alert on the time since a run ended",
    drawn: watched("completion", 0),
    plans: 400,
    exact: false,
    planOf: watchedPlan,
    worldOf: watchedWorld,
    spansOf,
    disruptionOf: inRegion,
  }),
  losing({
    name: "an alert that fires on healthy days",
    drawn: watched("capture", 3_600),
    plans: 400,
    exact: false,
    planOf: watchedPlan,
    worldOf: watchedWorld,
    spansOf,
    disruptionOf: inRegion,
  }),
  family({
    name: "earlier versions",
    drawn: withVersions,
    plans: 2_000,
    exact: true,
    compare: (subject) => {
      const { disruption } = subject;
      const claim = claimed(streamedPlan(subject), disruption);
      if (claim === undefined) return undefined;
      const world = streamedWorld(subject);
      const moment = { instant: 0, side: "before" as const };
      const lost =
        disruption === "region"
          ? lossAt(world, [[]], moment)
          : Math.max(...damagesOf(subject, disruption).map((damage) => damageLossAt(world, [[]], moment, damage)));
      return matchesOf(claim, [lost, lost]);
    },
  }),
  family({
    name: "shares",
    drawn: shared,
    plans: 3_000,
    exact: true,
    compare: (subject) => {
      const claim = claimed(sharedPlan(subject), subject.lost);
      if (claim === undefined) return undefined;
      const played = sharedLoss(subject);
      return [
        { claim: claim.healthy, played },
        { claim: claim.failed, played },
      ];
    },
  }),
  family({
    name: "made anew",
    drawn: derived,
    plans: 500,
    exact: true,
    compare: (subject, turn) => {
      const plan = derivedPlan(subject);
      const claim = claimed(plan, "region", derivedId);
      if (claim === undefined) return undefined;
      const lost = costOf(worldOf(subject), subject, "region", { tried: 3, sweeps: 0, days: [dayOf(turn)] });
      return [...matchesOf(claim, lost), { claim: claim.recovery, played: derivedBack(subject) }];
    },
  }),
];
