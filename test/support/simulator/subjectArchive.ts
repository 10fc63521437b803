import fc from "fast-check";
import type { Archive, Disruption, Plan } from "../../../recovery";
import { copy, source } from "../../recovery/build";
import { keeping, shorts, single } from "./pool";
import { calendarsOf, planOf, type Subject, span } from "./subject";
import type { World } from "./world";

/** A continuous log beside restore points; spans in seconds. */
export interface Archived extends Subject {
  ship: number;
  upload: number;
  logKept: number;
  disruption: Disruption;
}

/** The plan of a subject with a log: its path restores from the log. */
export function archivedPlan(subject: Archived): Plan {
  const plan = planOf(subject, subject.disruption);
  const archive: Archive = {
    kind: "archive",
    id: "log",
    asset: "s/data",
    label: "log",
    base: "points",
    ship: span("ship", subject.ship),
    upload: span("upload", subject.upload),
    copies: [
      copy({
        keptFor: span("log kept", subject.logKept),
        lock: { mode: "compliance", keptFor: span("log locked", subject.logKept) },
      }),
    ],
    source: source("log"),
  };
  return {
    ...plan,
    protections: [...plan.protections, archive],
    paths: plan.paths.map((one) => ({ ...one, protection: "log" })),
  };
}

/** A subject with a log as the simulator sees it. */
export function archivedWorld(subject: Archived): World {
  const calendars = calendarsOf(subject);
  const shipper = calendars.length;
  return {
    calendars: [
      ...calendars,
      {
        does: "ship",
        chain: 0,
        due: [],
        every: Math.max(1, subject.ship),
        slack: 0,
        run: subject.upload,
        transfer: 0,
        overlap: "allow",
        capture: "start",
      },
    ],
    keepers: [
      { keeps: "points", chain: 0, kept: subject.kept },
      { keeps: "log", shipper, bases: [0], kept: subject.logKept },
    ],
    members: [{ keepers: [1], refersTo: [] }],
  };
}

/** Subjects with a log that is shipped every few seconds to every hour. */
export const withLog: fc.Arbitrary<Archived> = fc
  .record({
    subject: single,
    ship: fc.constantFrom(1, 30, 60, 300, 900, 3_600),
    upload: fc.oneof(fc.nat(120), shorts),
    logKept: keeping,
    disruption: fc.constantFrom<Disruption>("region", "corruption"),
  })
  .map(({ subject, ...more }) => ({ ...subject, ...more }));
