import { type Bound, compare, isBounded, isUnbounded, isUnknown, max, sum } from "../bound";
import { formatSeconds, seconds } from "../duration";
import { unshippedTerms } from "../loss/archive";
import { baseAge, restoreTime } from "../loss/chains";
import type { Witness } from "../loss/joint";
import { noticedTerms } from "../loss/noticed";
import { relayedAge } from "../loss/relay";
import { scheduleSource } from "../loss/restorePoints";
import { copySurvives } from "../loss/survive";
import type { Disruption } from "../objective";
import type { Archive, Copy, Path, Protection, Rebuild, RestorePoints, Series, Term, Versions } from "../plan";
import type { Candidate, Sum } from "./assessment";
import { type About, type Newest, type Session, totalOf } from "./session";

/** One way to recover: which run of the model, whose, by which path, from what. */
export interface Way {
  session: Session;
  about: About;
  path: Path;
  disruption: Disruption;
}

type Costs = Pick<Candidate, "rpo" | "window" | "witness">;
type Window = NonNullable<Candidate["window"]>;
type Missed = 0 | 1;

/** What a way to recover from a protection loses, and how far back it must reach. */
export function costsOf(way: Way, protection: Exclude<Protection, Rebuild>, copies: readonly Copy[]): Costs {
  switch (protection.kind) {
    case "redundancy":
      return always(protection.loss);
    case "replica":
      return always([
        protection.carries === "data"
          ? protection.lag
          : { ...protection.lag, value: { unbounded: "it copies names and settings, and none of the data" } },
      ]);
    case "versions":
      return versionCosts(way, protection);
    case "restore-points":
      return pointCosts(way, protection, copies);
    case "archive":
      return archiveCosts(way, protection, copies);
  }
}

function always(terms: Term[]): Costs {
  const loss = totalOf(terms);
  return { rpo: [loss, loss] };
}

function isDamaging({ disruption }: Way): boolean {
  return disruption === "corruption" || disruption === "compromise";
}

/** What is written after damage until nothing is written any more is lost with it. */
function afterTerms({ session, path }: Way): readonly Term[] {
  return session.times(path).after;
}

function versionCosts(way: Way, versions: Versions): Costs {
  const { keptFor, lock, source } = versions;
  const kept = way.disruption === "compromise" && isReached(versions) ? lock.keptFor : keptFor;
  const window: Window = { needed: noticedAndRestored(way, undefined), available: kept.value };
  const none: Term = {
    name: "the version before the damage",
    value: seconds(0),
    grade: "guaranteed",
    source,
    part: "before",
  };
  return { ...always([none, ...afterTerms(way), ...expired(window, kept)]), window };
}

/** Whether credentials of this program reach a place. */
function isReached({ at }: Pick<Copy, "at">): boolean {
  return isUnknown(at) || at.deployed;
}

function pointCosts(way: Way, points: RestorePoints, copies: readonly Copy[]): Costs {
  const newest = way.session.newest(points);
  if (newest === undefined) {
    const never: Bound = { unbounded: "every schedule that takes restore points is suspended, or there is none" };
    return always([{ name: "newest restore point", value: never, grade: "guaranteed", source: points.source }]);
  }
  const direct = copies.filter(({ relay }) => relay === undefined);
  const relayed = copies.flatMap((copy) => (copy.relay === undefined ? [] : [{ copy, relay: copy.relay }]));
  const ways = [
    ...(direct.length > 0 ? [copyCosts(way, points, newest, direct)] : []),
    ...relayed.map(({ copy, relay }) => copyCosts(way, points, newest, [copy], relay)),
  ];
  const [best] = ways.sort((a, b) => compare(a.rpo[1].total, b.rpo[1].total));
  return best ?? always([]);
}

/** What is restored, how it comes to where it is kept, and for how long it is kept there. */
interface Stock {
  points: RestorePoints;
  newest: Newest;
  kept: Term;
  relay?: Series;
}

/** What restoring from copies loses that points come to in one way: directly, or through a relay. */
function copyCosts(way: Way, points: RestorePoints, newest: Newest, copies: readonly Copy[], relay?: Series): Costs {
  const stock = { points, newest, kept: longestKept(way, copies, points.transfer), ...(relay ? { relay } : {}) };
  const healthy = pointLoss(way, stock, 0);
  const failed = pointLoss(way, stock, 1);
  const { witness, window } = failed;
  return { rpo: [healthy.loss, failed.loss], window, ...(witness ? { witness } : {}) };
}

/** A loss, how far back it must reach, and the worst moment if a walk found it. */
interface Loss {
  loss: Sum;
  window: Window;
  witness?: Witness;
}

function pointLoss(way: Way, { points, newest, kept, relay }: Stock, missed: Missed): Loss {
  const { cadence, ages } = newest;
  const all = ages[missed];
  const carried = relay && relayedAge(points, cadence, relay, missed, way.session.asOf);
  const carry = relay && carried ? [carryTerm(all, relay, carried.age)] : [];
  const damaging = isDamaging(way);
  const age = damaging
    ? damageAge(way, points, all, carry)
    : (noticed(way, points, newest, missed, carry) ?? [...all, ...carry]);
  const window = windowOf(way, points, { age, run: cadence.run, kept: kept.value, ...(relay ? { relay } : {}) });
  const after = damaging ? afterTerms(way) : [];
  const loss = totalOf([...age, ...after, ...expired(window, kept)]);
  return { loss, window, ...(carried?.witness ? { witness: carried.witness } : {}) };
}

/** How long the copy that keeps points longest does so: under hostile credentials as long as its lock. */
function longestKept({ disruption }: Way, copies: readonly Copy[], otherwise: Term): Term {
  const kept = copies.map((copy) =>
    disruption === "compromise" && isReached(copy) ? copy.lock.keptFor : copy.keptFor,
  );
  return kept.sort((a, b) => compare(b.value, a.value))[0] ?? { ...otherwise, value: seconds(0) };
}

/** What carrying points on adds to their age. */
function carryTerm(age: readonly Term[], relay: Series, carried: Bound): Term {
  const own = sum(age.map(({ value }) => value));
  const value =
    isBounded(carried) && isBounded(own)
      ? seconds(Math.max(0, carried - own))
      : isBounded(carried)
        ? seconds(0)
        : carried;
  return {
    name: `carried on by ${relay.name}`,
    value,
    grade: "guaranteed",
    source: scheduleSource(relay),
  };
}

/** With one failed run, an alert that notices it in time may leave less to lose than the next run on schedule. */
function noticed(
  { about, session }: Way,
  points: RestorePoints,
  { cadence, ages: [healthy, failed] }: Newest,
  missed: Missed,
  carry: readonly Term[],
): Term[] | undefined {
  if (missed === 0 || carry.length > 0) return undefined;
  const terms = noticedTerms(about.alerts, points, cadence, totalOf(healthy).total, session.asOf);
  if (terms === undefined) return undefined;
  return compare(totalOf(terms).total, totalOf(failed).total) < 0 ? terms : undefined;
}

function archiveCosts(way: Way, archive: Archive, copies: readonly Copy[]): Costs {
  const { about, session } = way;
  const base = about.protections.find(
    (one): one is RestorePoints => one.id === archive.base && one.kind === "restore-points",
  );
  const newest = base && session.newest(base);
  if (base === undefined || newest === undefined) {
    const never: Bound = { unbounded: "no restore points are taken for it to be replayed upon" };
    return always([{ name: "base of the log", value: never, grade: "guaranteed", source: archive.source }]);
  }
  const strike = { at: about.asset.at, disruption: way.disruption, asOf: session.asOf };
  const baseCopies = base.copies.filter((copy) => copySurvives(copy, strike).survives === true);
  const keptBase = longestKept(way, baseCopies, base.transfer);
  const keptLog = longestKept(way, copies, archive.upload);
  const kept = compare(keptBase.value, keptLog.value) <= 0 ? keptBase : keptLog;
  const relay = baseCopies.some((copy) => copy.relay === undefined) ? undefined : baseCopies[0]?.relay;
  const stock = { points: base, newest, kept, ...(relay ? { relay } : {}) };
  const healthy = logLoss(way, archive, stock, 0);
  const failed = logLoss(way, archive, stock, 1);
  return { rpo: [healthy.loss, failed.loss], window: failed.window };
}

function logLoss(way: Way, archive: Archive, { points, newest, kept, relay }: Stock, missed: Missed): Loss {
  const { asOf } = way.session;
  const damaging = isDamaging(way);
  const all = unshippedTerms(archive, missed);
  const age = damaging ? stillShipped(way, all) : all;
  // The base was taken before the moment to restore: as old as points get, its own base included.
  const oldest = relay ? relayedAge(points, newest.cadence, relay, 1, asOf).age : totalOf(newest.ages[1]).total;
  const based = sum([oldest, baseAge(points, asOf, relay)]);
  const needed = sum([totalOf(age).total, noticedAndRestored(way, restoreTime(points, asOf))]);
  const window = { needed, available: less(kept.value, based) };
  const after = damaging ? afterTerms(way) : [];
  return { loss: totalOf([...age, ...after, ...expired(window, kept)]), window };
}

/** Log up to the damage is shipped after it as well, unless hostile credentials stop that. */
function stillShipped(way: Way, terms: readonly Term[]): Term[] {
  const [first] = terms;
  if (way.disruption === "compromise" || first === undefined) return terms.map(way.session.before);
  const value = beyond(sum(terms.map((term) => term.value)), timeToNotice(way));
  return [{ ...first, name: "log not shipped by the time the damage is noticed", value, part: "before" }];
}

/** With no point old enough left, everything is lost. */
function expired({ needed, available }: Window, kept: Term): Term[] {
  if (!isBounded(needed) || !isBounded(available) || needed <= available) return [];
  const unbounded = `points reach ${formatSeconds(available)} back, and ${formatSeconds(needed)} are needed`;
  return [{ ...kept, name: "restore points are still kept", value: { unbounded } }];
}

/** How old the point to restore can be when its restore ends, against how long it and its base are kept. */
function windowOf(
  way: Way,
  points: RestorePoints,
  { age, run, kept, relay }: { age: readonly Term[]; run: Term; kept: Bound; relay?: Series },
): Window {
  const needed = sum([
    ...age.map(({ value }) => value),
    // Expiry counts from when a point is written; the state it holds may be as much younger as its run is long.
    points.capture === "end" ? run.value : seconds(0),
    noticedAndRestored(way, restoreTime(points, way.session.asOf)),
  ]);
  return { needed, available: less(kept, baseAge(points, way.session.asOf, relay)) };
}

/** From damage until what is restored is read no more: noticing, deciding, and the longer of the steps and the restore. */
function noticedAndRestored(way: Way, restore: Bound | undefined): Bound {
  const { noticing, steps } = way.session.times(way.path);
  // A restore without a bound is a violation of its own: restores-fit-their-deadline.
  return sum([noticing, restore === undefined || !isBounded(restore) ? steps : max(steps, restore)]);
}

function timeToNotice({ session, path }: Way): Bound {
  return session.times(path).noticing;
}

/** What is left of a span that is kept after another; nothing where that has no end. */
function less(kept: Bound, span: Bound): Bound {
  if (!isBounded(kept) || isUnknown(span)) return isUnknown(span) ? span : kept;
  return seconds(isBounded(span) ? Math.max(0, kept - span) : 0);
}

/**
 * Age of the newest clean point when damage strikes. A point captured at its start is clean whatever it held later; one
 * captured at its end, or along the way, only if its run ended before. What is still in flight when the damage is
 * noticed does not help; hostile credentials stop what is in flight when they strike.
 */
function damageAge(
  way: Way,
  points: RestorePoints,
  [gap, slack, run, transfer]: readonly Term[],
  carry: readonly Term[],
): Term[] {
  if (!gap || !slack || !run || !transfer) return [];
  const atStart = points.capture === "start";
  const inFlight: Term = {
    ...transfer,
    name: atStart ? "run and transfer beyond the time to notice" : "transfer beyond the time to notice",
    value: beyond(atStart ? sum([run.value, transfer.value]) : transfer.value, timeToNotice(way)),
  };
  const noticing = atStart ? [gap, slack, { ...inFlight, source: run.source }] : [gap, slack, run, inFlight];
  const terms = way.disruption === "compromise" || carry.length > 0 ? [gap, slack, run, transfer, ...carry] : noticing;
  return terms.map(way.session.before);
}

/** What of a span is left after another. */
function beyond(span: Bound, passed: Bound): Bound {
  if (isBounded(span) && isBounded(passed)) return seconds(Math.max(0, span - passed));
  return isUnbounded(passed) ? seconds(0) : isBounded(span) ? passed : span;
}
