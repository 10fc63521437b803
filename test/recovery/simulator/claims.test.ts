import { describe, expect, it } from "vitest";
import type { Disruption, Plan } from "../../../recovery";
import { fought } from "../../support/simulator/battle";
import { claimed } from "../../support/simulator/claim";
import { anything, kubernetes, type Subject, type Taking } from "../../support/simulator/subject";
import { watchedPlan, watchedWorld } from "../../support/simulator/subjectAlarm";
import { archivedPlan, archivedWorld } from "../../support/simulator/subjectArchive";
import { type Copied, copiedPlan, copiedWorld } from "../../support/simulator/subjectCopies";
import { groupedPlan, groupedWorld } from "../../support/simulator/subjectGroup";
import type { World } from "../../support/simulator/world";
import { mostDamaged, mostLost, type Worst } from "../../support/simulator/worst";

const minute = 60;
const hour = 3_600;
const always = 20 * 366 * 24 * hour;

const full = (expression: string, edit: Partial<Taking> & { zone?: string } = {}): Taking => ({
  role: "full",
  schedule: kubernetes(expression, edit.zone),
  slack: 0,
  run: 0,
  overlap: "forbid",
  ...edit,
});
const points = (taking: Taking, edit: Partial<Subject> = {}): Subject => ({
  ...anything,
  kept: always,
  takings: [taking],
  ...edit,
});

interface Case {
  plan: Plan;
  world: World;
  disruption?: Disruption;
}

function together(referent: Subject, referrer: Subject): Case {
  const members = [
    { subject: referent, refersTo: [] },
    { subject: referrer, refersTo: [0] },
  ];
  const group = { members, disruption: "region" as const };
  return { plan: groupedPlan(group), world: groupedWorld(group) };
}

function copied(subject: Copied): Case {
  return { plan: copiedPlan(subject), world: copiedWorld(subject), disruption: subject.disruption };
}

const relayed = copied({
  ...points(full("0 2 * * *", { run: 90 * minute })),
  copies: [
    { at: "near", kept: always, lock: "none", locked: always },
    { at: "far", kept: always, lock: "none", locked: always, relay: full("0 3 * * *", { run: 20 * minute }) },
  ],
  disruption: "region",
});

const expiring = copied({
  ...points(full("0 2 * * *")),
  copies: [{ at: "near", kept: 6 * hour, lock: "compliance", locked: always }],
  disruption: "compromise",
});

const archive = {
  ...points(full("0 2 * * *", { run: hour })),
  ship: 60,
  upload: 30,
  logKept: always,
  disruption: "region" as const,
};
const alarm = {
  ...points(full("0 2 * * *", { slack: 600, run: hour }), { transfer: 300 }),
  threshold: 26 * hour,
  ageFrom: "capture" as const,
  notice: 120,
  react: 900,
};

const hourlyOverlapping = full("0 * * * *", { run: hour + 1, overlap: "allow" });

const cases: [name: string, one: Case, losses: Worst][] = [
  [
    "a copy filled daily at 03:00 in 20 minutes, from backups of 90 minutes at 02:00",
    relayed,
    [49 * hour + 20 * minute, 73 * hour + 20 * minute],
  ],
  [
    "a log shipped every minute in half a minute",
    { plan: archivedPlan(archive), world: archivedWorld(archive) },
    [90, 150],
  ],
  [
    "an alert at 26 h, noticed in 2 and acted upon in 15 minutes, runs of an hour that are away in 5 minutes",
    { plan: watchedPlan(alarm), world: watchedWorld(alarm) },
    [25 * hour + 900, 27 * hour + 1_320],
  ],
  [
    "assets on Sundays at 01:00 and the database daily at 02:00",
    together(points(full("0 1 * * 0")), points(full("0 2 * * *"))),
    [191 * hour, 359 * hour],
  ],
  [
    "assets on Mondays and Tuesdays and the database on Tuesdays, all at 01:00",
    together(points(full("0 1 * * 1,2")), points(full("0 1 * * 2"))),
    [168 * hour, 336 * hour],
  ],
  [
    "both daily at 02:00 and up to a minute late",
    together(points(full("0 2 * * *", { slack: minute })), points(full("0 2 * * *", { slack: minute }))),
    [48 * hour + minute, 72 * hour + minute],
  ],
  [
    // The database ends at 02:00 one day and at 03:00 the next, for which only the assets of 03:00 will do, there at 04:00:01.
    "a database daily at 02:00 in an hour, captured at its end, and assets every hour in a second more than that",
    together(points(hourlyOverlapping), points(full("0 2 * * *", { run: hour }), { capture: "end" })),
    [26 * hour + 1, 50 * hour + 1],
  ],
  [
    // The week in which the clocks go back, and then the assets of that Tuesday, there at 03:00:01.
    "a database on Tuesdays and assets daily at 02:00 in an hour and a second, in Berlin",
    together(
      points(full("0 2 * * *", { zone: "Europe/Berlin", run: hour + 1, overlap: "allow" })),
      points(full("0 2 * * 2", { zone: "Europe/Berlin" })),
    ),
    [170 * hour + 1, 338 * hour + 1],
  ],
  [
    "locked for good, but moved after six hours to where a restore waits",
    expiring,
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ],
];

describe("what is lost at worst, reckoned by hand", () => {
  it.each(cases)("is what is played: %s", (_, { world, disruption = "region" }, losses) => {
    const terms = { tried: 4, sweeps: 2, days: [15] };
    const damage = { decided: 0, stopped: 0, hostile: true };
    const played = fought(world, terms, (held, scene) =>
      disruption === "region" ? mostLost(world, held, scene) : mostDamaged(world, held, scene, [damage]),
    );
    expect(played).toEqual(losses);
  });

  it.each(cases)("is what the model claims: %s", (_, { plan, disruption = "region" }, losses) => {
    const { healthy, failed, reaches } = claimed(plan, disruption) ?? { healthy: 0, failed: 0, reaches: true };
    const none = Number.POSITIVE_INFINITY;
    expect(reaches ? [healthy, failed] : [none, none]).toEqual(losses);
  });
});
