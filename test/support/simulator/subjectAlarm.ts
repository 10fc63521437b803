import fc from "fast-check";
import type { Plan, Schedule } from "../../../recovery";
import { worstGaps } from "../../../recovery";
import { isProblem } from "../../../recovery/schedule";
import { alert, asOf } from "../../recovery/build";
import { pooled, restorePoints, seriesOn, shorts } from "./pool";
import { calendarsOf, planOf, type Subject, span } from "./subject";
import type { World } from "./world";

/** Restore points whose age somebody watches, and runs a failed run again; spans in seconds. */
export interface Watched extends Subject {
  threshold: number;
  ageFrom: "capture" | "completion";
  notice: number;
  react: number;
}

/** The plan of such a subject. */
export function watchedPlan(subject: Watched): Plan {
  const plan = planOf(subject, "region");
  const watch = alert({
    threshold: span("threshold", subject.threshold).value as never,
    ageFrom: subject.ageFrom,
    detect: [span("evaluation", subject.notice)],
    rerun: [span("acknowledge", subject.react)],
  });
  return { ...plan, alerts: [watch] };
}

/** Such a subject as the simulator sees it. */
export function watchedWorld(subject: Watched): World {
  const calendars = calendarsOf(subject);
  const [first] = calendars;
  if (first === undefined) throw new Error("nothing is watched");
  return {
    calendars: [...calendars, { ...first, due: [], slack: subject.notice + subject.react, overlap: "allow" }],
    keepers: [{ keeps: "points", chain: 0, kept: subject.kept }],
    members: [{ keepers: [0], refersTo: [] }],
    alarm: {
      chain: 0,
      threshold: subject.threshold,
      ageFrom: subject.ageFrom,
      reruns: calendars.length,
    },
  };
}

/** The longest time between two runs of a subject's first series, as the model reads the ten years. */
function longestGap({ takings }: Subject): number {
  const schedule = takings[0]?.schedule;
  const gaps = schedule && worstGaps(schedule, asOf);
  return gaps === undefined || isProblem(gaps) ? 0 : (gaps.maxGapSeconds[0] ?? 0);
}

/**
 * Subjects whose alert fires some minutes to days after the last moment at which a healthy run is done, or up to an hour
 * before that.
 */
export function watched(
  ageFrom: Watched["ageFrom"],
  earliest: number,
  schedules: fc.Arbitrary<Schedule> = pooled,
): fc.Arbitrary<Watched> {
  return fc
    .record({
      subject: restorePoints(seriesOn("full", schedules).map((one) => [one])),
      margin: fc.oneof(fc.nat(3_600), fc.nat(3_600), fc.nat(2 * 86_400), fc.integer({ min: -earliest, max: 0 })),
      notice: shorts,
      react: shorts,
    })
    .map(({ subject, margin, ...more }) => {
      const [taking] = subject.takings;
      const healthy = longestGap(subject) + (taking?.slack ?? 0) + (taking?.run ?? 0) + subject.transfer;
      return { ...subject, kept: 20 * 366 * 86_400, ...more, ageFrom, threshold: Math.max(1, healthy + margin) };
    });
}
