import { assess, type Candidate, type Disruption, type Plan, type RestorePoints, type Series } from "../../../recovery";
import type { Schedule } from "../../../recovery/schedule";
import { asOf, asset, cleanRoom, copy, path, plan, points, series, step, term } from "../../recovery/build";
import type { Calendar } from "./calendar";
import { dueOf } from "./decade";
import type { World } from "./world";

/** One series in seconds, for the plan and for the simulator alike. */
export interface Taking {
  role: "full" | "incremental";
  schedule: Schedule;
  slack: number;
  run: number;
  overlap: Calendar["overlap"];
}

/** One asset with restore points, and the path that recovers it; spans in seconds. */
export interface Subject {
  takings: Taking[];
  capture: RestorePoints["capture"];
  transfer: number;
  kept: number;
  detect: number;
  decide: number;
  stop: number;
  restore: number;
}

/** A subject to take as it is but for what a test is about: noticed and restored at once, kept 30 days. */
export const anything: Subject = {
  takings: [],
  capture: "start",
  transfer: 0,
  kept: 30 * 86_400,
  detect: 0,
  decide: 0,
  stop: 0,
  restore: 0,
};

/** The subject as the simulator sees it. */
export function worldOf(subject: Subject): World {
  return {
    calendars: calendarsOf(subject),
    keepers: [{ keeps: "points", chain: 0, kept: subject.kept }],
    members: [{ keepers: [0], refersTo: [] }],
  };
}

/** The calendars of a chain of restore points. */
export function calendarsOf({ takings, capture, transfer }: Subject, chain = 0): Calendar[] {
  return takings.map(({ role, schedule, slack, run, overlap }) => ({
    does: role,
    chain,
    due: dueOf(schedule),
    slack,
    run,
    transfer,
    overlap,
    capture,
  }));
}

/** A term of so many seconds. */
export const span = (name: string, seconds: number) => term(name, `${seconds}s`);

/** The subject's restore points as the model reads them. */
export function restorePointsOf(subject: Subject): RestorePoints {
  return points({
    capture: subject.capture,
    series: subject.takings.map(seriesOf),
    transfer: span("transfer", subject.transfer),
    copies: [
      copy({
        keptFor: span("kept", subject.kept),
        lock: { mode: "compliance", keptFor: span("locked", subject.kept) },
      }),
    ],
  });
}

/** A series as the model reads it. */
export function seriesOf({ role, schedule, slack, run, overlap }: Taking, place = 0): Series {
  return series({
    name: `${role} ${place}`,
    role,
    schedule,
    overlap,
    startSlack: span("start slack", slack),
    run: span("run", run),
  });
}

/** The subject as a plan with one path, recovering from one disruption. */
export function planOf(subject: Subject, disruption: Disruption): Plan {
  return plan({
    assets: [asset({ [disruption]: ["1h", "1h"] })],
    protections: [restorePointsOf(subject)],
    paths: [
      path({
        detect: [span("notice", subject.detect)],
        decide: [span("decide", subject.decide)],
        steps: [
          step("stop", `${subject.stop}s`, { stopsWrites: true }),
          step("restore", `${subject.restore}s`, { restores: true, after: ["stop"] }),
        ],
        runsAt: cleanRoom,
      }),
    ],
  });
}

/** What the model claims of a subject. */
export function claimOf(subject: Subject, disruption: Disruption): Candidate {
  const chosen = assess(planOf(subject, disruption), asOf)[0]?.chosen;
  if (chosen === undefined) throw new Error("the model chose no way to recover");
  return chosen;
}

/** A Kubernetes schedule. */
export function kubernetes(expression: string, timeZone = "Etc/UTC"): Schedule {
  return { scheduler: "kubernetes", expression, timeZone };
}
