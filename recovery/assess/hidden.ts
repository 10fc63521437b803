import { add, type Bound, compare, isUnknown, max } from "../bound";
import { seconds } from "../duration";
import type { Disruption } from "../objective";
import type { Asset, Path } from "../plan";
import type { AtBest, Candidate, Dropped } from "./assessment";
import { judged } from "./judge";
import type { Session } from "./session";
import { ownWays, strikesToo, type Ways } from "./ways";

const nothing: AtBest = { rpo: seconds(0), rto: seconds(0) };

/** The least that a way in doubt may cost, by each of the ways that it may be. */
export function leastOf({ atBest = [nothing] }: Dropped): readonly AtBest[] {
  return atBest;
}

/** What a way costs, as the least that one like it may. */
export function atBestOf({ rpo, rto }: Candidate): AtBest {
  return { rpo: rpo[1].total, rto: rto.total };
}

/** A way by which an asset may be back sooner than by the one that is reckoned with, and the least time that it takes. */
export interface Sooner {
  label: string;
  reason: string;
  rto: Bound;
}

/** The soonest of the ways of an asset of which nobody can tell; undefined where none is sooner than the one it takes. */
export function soonerWay(
  session: Session,
  asset: Asset,
  { candidates, dropped }: Ways,
  disruption: Disruption,
  taken: Candidate,
): Sooner | undefined {
  const unread = dropped.filter(({ unknown }) => unknown);
  const objective = asset.objectives[disruption];
  const others = candidates.length < 2 ? [] : candidates.filter((one) => one !== taken);
  const hidden = [
    ...unread.map((one): Sooner => ({ label: one.label, reason: one.reason, rto: leastTime(leastOf(one)) })),
    ...others.flatMap((one) => unreadTime(one)),
    // What may keep its own promise as well would be taken if it is quicker.
    ...(objective && others.length > 0 ? judged(session, asset, others, objective) : []).flatMap(
      ({ candidate, verdict }) => (verdict === "cannot prove" ? unreadLoss(candidate) : []),
    ),
  ];
  const [soonest] = hidden.sort((a, b) => compare(a.rto, b.rto) || (a.label < b.label ? -1 : 1));
  return soonest && compare(soonest.rto, taken.rto.total) < 0 ? soonest : undefined;
}

/** The least time of several ways; one that nobody knows may take none. */
function leastTime(ways: readonly AtBest[]): Bound {
  const [first = nothing.rto, ...others] = ways.map(({ rto }) => (isUnknown(rto) ? nothing.rto : rto));
  return others.reduce((a, b) => (compare(b, a) < 0 ? b : a), first);
}

function unreadTime({ label, rto: { total } }: Candidate): Sooner[] {
  return isUnknown(total) ? [{ label, reason: total.unknown, rto: nothing.rto }] : [];
}

function unreadLoss({ label, rpo, rto, window }: Candidate): Sooner[] {
  const unread = [rpo[1].total, window?.needed, window?.available].find(isUnknown);
  return unread ? [{ label, reason: unread.unknown, rto: rto.total }] : [];
}

/** A way that may be better than is reckoned because of what it waits for, in doubt. */
export function inDoubt(
  { id, label }: Path,
  { label: by, reason }: Pick<Sooner, "label" | "reason">,
  atBest: readonly AtBest[],
): Dropped {
  return { path: id, label: `${label}, ${by}`, reason, unknown: true, declared: true, atBest };
}

/** Ways to make something anew from an asset that may come back by ways of which nobody can tell. */
export function originsInDoubt(
  path: Path,
  from: string,
  dropped: readonly Dropped[],
  { begun, acting }: { begun: Bound; acting: Bound },
): Dropped[] {
  return dropped
    .filter(({ unknown }) => unknown)
    .map((one) => {
      const atBest = leastOf(one).map(({ rpo, rto }): AtBest => ({ rpo, rto: add(max(rto, begun), acting) }));
      return inDoubt(path, { label: `after ${one.label} of ${from}`, reason: one.reason }, atBest);
    });
}

/** A way of a member that nobody can tell. */
export function hiddenWay(session: Session, id: string, disruption: Disruption): Dropped | undefined {
  const other = session.about(id)?.asset;
  return other && ownWays(session, other, disruption).dropped.find(({ unknown }) => unknown);
}

/** A set takes no less time than the quickest way of any of its members that is struck. */
export function noSooner(
  session: Session,
  id: string,
  struck: Asset,
  disruption: Disruption,
  all: readonly AtBest[],
): readonly AtBest[] {
  const asset = session.about(id)?.asset;
  if (asset === undefined || !strikesToo(asset, struck, disruption)) return all;
  const { candidates, dropped } = ownWays(session, asset, disruption);
  const least = leastTime([...candidates.map(atBestOf), ...dropped.filter((one) => one.unknown).flatMap(leastOf)]);
  return all.map(({ rpo, rto }) => ({ rpo, rto: max(rto, least) }));
}
