import { type Bound, isBounded, sumOf } from "../bound";
import { type Seconds, seconds } from "../duration";
import { unshippedTerms } from "../loss/archive";
import { relayedStream } from "../loss/relay";
import { isWalkable } from "../loss/series";
import type { Stream } from "../loss/stream";
import { runsOf } from "../loss/taken";
import type { Protection, RestorePoints, Series } from "../plan";
import { type Session, worstOf } from "./session";

/** What brings an asset back: a protection, and the job that carries its points on where they are taken from such a copy. */
export interface Origin {
  protection: Protection;
  relay?: Series;
}

/** Why nothing bounds how old a moment is. */
export type Endless = Exclude<Bound, Seconds>;

/** The moments that can be brought back; without an origin, that of the asset as it is. */
export function streamOf(session: Session, origin: Origin | undefined): Stream | Endless {
  const protection = origin?.protection;
  switch (protection?.kind) {
    case undefined:
      return { kind: "mirror", lag: 0 };
    case "redundancy":
      return mirror(sumOf(protection.loss));
    case "replica":
      return protection.carries === "data" ? mirror(protection.lag.value) : { unbounded: "it copies none of the data" };
    case "versions":
      return { kind: "log", behind: [0, 0] };
    case "archive": {
      const behind = ([0, 1] as const).map((missed) => sumOf(unshippedTerms(protection, missed)));
      const [healthy = seconds(0), failed = seconds(0)] = behind;
      if (!isBounded(healthy)) return healthy;
      return isBounded(failed) ? { kind: "log", behind: [healthy, failed] } : failed;
    }
    case "rebuild":
      return { unknown: "no walk knows when derived data was made" };
    case "restore-points":
      return pointsStream(session, protection, origin?.relay);
  }
}

const places = new Map<string, number>();
const known = new WeakMap<object, number>();

/** A number for all that the moments of an origin depend on: the same for those that are alike. */
export function placeOf(origin: Origin | undefined): string {
  if (origin === undefined) return "-";
  const { protection, relay } = origin;
  const own = placed(protection, () => partsOf(protection));
  return relay === undefined ? `${own}` : `${own}/${placed(relay, () => [relay.name, ...seriesParts(relay)])}`;
}

function placed(one: object, parts: () => unknown): number {
  const found = known.get(one);
  if (found !== undefined) return found;
  const text = JSON.stringify(parts());
  const place = places.get(text) ?? places.size;
  places.set(text, place);
  known.set(one, place);
  return place;
}

function partsOf(protection: Protection): unknown {
  const { kind } = protection;
  switch (kind) {
    case "restore-points":
      return [kind, protection.capture, protection.transfer.value, protection.series.map(seriesParts)];
    case "archive":
      return [kind, protection.ship.value, protection.upload.value];
    case "replica":
      return [kind, protection.carries, protection.lag.value];
    case "redundancy":
      return [kind, protection.loss.map(({ value }) => value)];
    default:
      return kind;
  }
}

function seriesParts({ role, schedule, suspended, overlap, startSlack, run }: Series): unknown[] {
  return [role, schedule, suspended, overlap, startSlack.value, run.value];
}

function mirror(lag: Bound): Stream | Endless {
  return isBounded(lag) ? { kind: "mirror", lag } : lag;
}

function pointsStream(session: Session, points: RestorePoints, relay: Series | undefined): Stream | Endless {
  const all = session.stream(points).newest;
  const [newest] = all;
  if (newest === undefined) return { unbounded: "nothing takes restore points" };
  const { cadence } = newest;
  const [healthy, failed] = [worstOf(newest.ages[0]).total, worstOf(newest.ages[1]).total];
  if (!isBounded(healthy)) return healthy;
  if (!isBounded(failed)) return failed;
  if (relay !== undefined) {
    // It carries the newest point of any series, which may be too new to fit.
    const running = points.series.filter(({ suspended }) => suspended !== true);
    const whole = all.find((one) => one.cadence.sources.length === running.length);
    return relayedStream(points, whole?.cadence ?? cadence, relay, whole !== undefined, session.asOf);
  }
  if (cadence.sources.every((one) => isWalkable(one, session.asOf))) return runsOf(points, cadence, session.asOf);
  const latest = Number(cadence.startSlack.value) + (points.capture === "start" ? 0 : Number(cadence.run.value));
  const step = [Number(cadence.span[0]) + latest, Number(cadence.span[1]) + latest] as const;
  return { kind: "dense", age: [healthy, failed], step };
}
