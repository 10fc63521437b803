import fc from "fast-check";
import type { Disruption, Plan, Schedule } from "../../../recovery";
import { asset, cleanRoom, copy, here, path, plan, source, step } from "../../recovery/build";
import type { Calendar } from "./calendar";
import { dueOf, shortestGap } from "./decade";
import { restorePoints, seldom, seriesOn } from "./pool";
import { calendarsOf, restorePointsOf, type Subject, seriesOf, span, type Taking } from "./subject";
import type { Copies, World } from "./world";

/** Assets that must fit together, each with the places of those it refers to. */
export interface Grouped {
  members: GroupMember[];
  disruption: Disruption;
}

/** One of them; where a job carries its points on, only what that job has brought outlives the region. */
export interface GroupMember {
  subject: Subject;
  refersTo: number[];
  relay?: Taking;
}

/** The id of a member. */
export const idOf = (place: number) => `s/member-${place}`;

/** The plan of a group: an asset, its restore points and its path for each member. */
export function groupedPlan({ members, disruption }: Grouped): Plan {
  return plan({
    assets: members.map((_, place) => asset({ [disruption]: ["1h", "1h"] }, { id: idOf(place) })),
    protections: members.map(({ subject, relay }, place) => {
      const points = restorePointsOf(subject);
      const [far] = points.copies;
      const near = copy({ at: here, keptFor: span("kept", subject.kept) });
      const carried = far && relay ? [near, { ...far, relay: { ...seriesOf(relay), name: "relay" } }] : points.copies;
      return { ...points, copies: carried, id: `points-${place}`, asset: idOf(place) };
    }),
    paths: members.map(({ subject }, place) =>
      path({
        id: `restore-${place}`,
        asset: idOf(place),
        protection: `points-${place}`,
        detect: [span("notice", subject.detect)],
        decide: [span("decide", subject.decide)],
        steps: [
          step("stop", `${subject.stop}s`, { stopsWrites: true }),
          step("restore", `${subject.restore}s`, { restores: true, after: ["stop"] }),
        ],
        runsAt: cleanRoom,
      }),
    ),
    groups: [
      {
        id: "together",
        members: members.map(({ refersTo }, place) => ({ asset: idOf(place), refersTo: refersTo.map(idOf) })),
        source: source("together"),
      },
    ],
  });
}

/**
 * A group as the simulator sees it. A region is lost with all of them; damage to one, by its place, takes back that one
 * and those that refer to it, while the others serve on.
 */
export function groupedWorld({ members }: Grouped, damaged?: number): World {
  const back = new Set(damaged === undefined ? members.keys() : [damaged]);
  for (let size = 0; size < back.size; ) {
    size = back.size;
    for (const [place, { refersTo }] of members.entries())
      if (refersTo.some((other) => back.has(other))) back.add(place);
  }
  const places = [...back].sort((a, b) => a - b);
  const calendars = members.flatMap(({ subject }, place) => calendarsOf(subject, place));
  const near = members.map(({ subject }, place): Copies => ({ keeps: "points", chain: place, kept: subject.kept }));
  const far = near.map((one, place): Copies => {
    const relay = members[place]?.relay;
    return relay ? { ...one, carrier: calendars.push(carrierOf(relay, place)) - 1 } : one;
  });
  return {
    calendars,
    keepers: [...near, ...far],
    members: places.map((place) => ({
      keepers: [near.length + place],
      refersTo: (members[place]?.refersTo ?? []).flatMap((other) => (back.has(other) ? [places.indexOf(other)] : [])),
    })),
  };
}

function carrierOf({ schedule, slack, run, overlap }: Taking, chain: number): Calendar {
  return { does: "carry", chain, due: dueOf(schedule), slack, run, transfer: 0, overlap, capture: "start" };
}

/**
 * Two members of which the second refers to the first, each with one series; a job of its own carries on the points of
 * one of them or of both, and ends each run before the next is due.
 */
export function carriedGroups(schedules: fc.Arbitrary<Schedule>): fc.Arbitrary<Grouped> {
  const relay = seriesOn("full", schedules).map((one) => {
    const run = Math.min(one.run, shortestGap(dueOf(one.schedule)));
    return { ...one, run, slack: one.slack % 900, overlap: "forbid" as const };
  });
  return fc
    .record({
      group: groups("region", schedules, 2),
      relays: fc.tuple(relay, relay),
      which: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ group, relays, which }) => ({
      ...group,
      members: group.members.map((member, place): GroupMember => {
        const carrier = (which >> place) & 1 ? relays[place] : undefined;
        return { ...member, refersTo: place === 1 ? [0] : [], ...(carrier ? { relay: carrier } : {}) };
      }),
    }));
}

/**
 * Two or three members, each with one series, of which the later refer to some of those before them; all are noticed and
 * restored alike.
 */
export function groups(disruption: Disruption, schedules = seldom, most: 2 | 3 = 3): fc.Arbitrary<Grouped> {
  const member = restorePoints(seriesOn("full", schedules).map((one) => [one]));
  return fc
    .record({ subjects: fc.array(member, { minLength: 2, maxLength: most }), refers: fc.integer({ min: 1, max: 7 }) })
    .map(({ subjects, refers }) => ({
      members: subjects.map((subject, place) => ({
        subject: { ...subject, kept: 20 * 366 * 86_400, ...spansOf(subjects[0] ?? subject) },
        refersTo: referred(place, refers),
      })),
      disruption,
    }));
}

const spansOf = ({ detect, decide, stop, restore }: Subject) => ({ detect, decide, stop, restore });

/** By bit: whether the second refers to the first, the third to the first, the third to the second. */
function referred(place: number, refers: number): number[] {
  if (place === 1) return (refers & 1) === 1 ? [0] : [];
  return place === 2 ? [1, 2].flatMap((bit) => ((refers >> bit) & 1 ? [bit - 1] : [])) : [];
}
