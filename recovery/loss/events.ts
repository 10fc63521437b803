import { countBelow } from "./due";
import { lagsOf, newest, type Stream, usableAfter } from "./stream";

/** Instants that each come so many seconds after one of some others; and how many of those have been passed. */
export interface Events {
  due: readonly number[];
  delay: number;
  passed: number;
}

/**
 * Instants just before which a loss can be worst, in seconds since 1970: when something becomes usable at the latest, or
 * is at last sure not to be newer than what it refers to. One alone where any instant will do.
 */
export function eventsOf(streams: readonly Stream[]): Events[] {
  const lags = streams.flatMap(lagsOf);
  const found = streams.flatMap((stream): Events[] => {
    if (stream.kind === "runs")
      return after(stream.due, [usableAfter(stream), ...lags.map((lag) => newest(stream) + lag)]);
    if (stream.kind !== "carried") return [];
    const { points, due, slack, run } = stream;
    // What is due this second may still start before what must not be in it.
    const fit = lags.map((lag) => slack + lag - 1);
    return [
      ...after(due, [slack + run, ...fit]),
      ...after(
        points.due,
        lags.map((lag) => newest(points) + lag),
      ),
    ];
  });
  return found.length > 0 ? found : after([0], [0]);
}

function after(due: readonly number[], delays: readonly number[]): Events[] {
  return [...new Set(delays)].map((delay) => ({ due, delay, passed: 0 }));
}

/** The first event after an instant; undefined when there is none. Must be asked in the order of the instants. */
export function nextEvent(events: readonly Events[], instant: number): number | undefined {
  let next: number | undefined;
  for (const one of events) {
    one.passed = countBelow(one.due, instant - one.delay + 1, one.passed);
    const due = one.due[one.passed];
    if (due !== undefined && (next === undefined || due + one.delay < next)) next = due + one.delay;
  }
  return next;
}
