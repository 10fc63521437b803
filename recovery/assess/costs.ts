import { add, type Bound, compare, isBounded, isUnbounded, isUnknown, max, sum, sumOf } from "../bound";
import { formatSeconds, seconds } from "../duration";
import { unshippedTerms } from "../loss/archive";
import { baseAge } from "../loss/chains";
import type { Witness } from "../loss/joint";
import { keptTerm } from "../loss/keptCount";
import { noticedTerms, unreadTerm } from "../loss/noticed";
import { relayedAge } from "../loss/relay";
import { scheduleSource } from "../loss/restorePoints";
import { isDamaging } from "../loss/survive";
import { alertsOn } from "../loss/watched";
import type { Disruption } from "../objective";
import {
  type Alert,
  type Archive,
  type Copy,
  grades,
  type Path,
  type Protection,
  type Rebuild,
  type RestorePoints,
  type Series,
  type Term,
  type Versions,
} from "../plan";
import type { Candidate, Sum } from "./assessment";
import { type About, type Newest, type Session, totalOf, worstOf } from "./session";
import { nothingToWaitFor, termsAfter, type Waits } from "./waiting";

/** One way to recover: which run of the model, whose, by which path, from what. */
export interface Way {
  session: Session;
  about: About;
  path: Path;
  disruption: Disruption;
  /** What its steps wait for. @default nothing */
  waits?: Waits;
}

/** The copies that a way restores from; of an archive, those of its log and of what it is replayed upon. */
export interface Kept {
  copies: readonly Copy[];
  base?: readonly Copy[];
}

type Costs = Pick<Candidate, "rpo" | "window" | "witness" | "rests">;
type Window = NonNullable<Candidate["window"]>;
type Missed = 0 | 1;

/**
 * What a way to recover from a protection loses, and how far back it must reach: the best that can be read, and what may
 * be better and cannot.
 */
export function costsOf(way: Way, protection: Exclude<Protection, Rebuild>, kept: Kept): Costs[] {
  switch (protection.kind) {
    case "redundancy":
      return [always(protection.loss)];
    case "replica":
      return [always([protection.lag])];
    case "versions":
      return [versionCosts(way, protection)];
    case "restore-points":
      return pointCosts(way, protection, kept.copies);
    case "archive":
      return archiveCosts(way, protection, kept);
  }
}

function always(terms: Term[]): Costs {
  const loss = totalOf(terms);
  return { rpo: [loss, loss] };
}

/** What is written after damage until nothing is written any more is lost with it. */
function afterTerms({ session, about, path, disruption, waits }: Way): readonly Term[] {
  return termsAfter(session, about.asset, disruption, path, waits);
}

function versionCosts(way: Way, versions: Versions): Costs {
  const { source } = versions;
  const kept = keptThrough(versions, way.disruption);
  const window: Window = { needed: noticedAndRestored(way, undefined), available: kept.value };
  const none: Term = {
    name: "the version before the damage",
    value: seconds(0),
    grade: "guaranteed",
    source,
    part: "before",
  };
  return { ...always([none, ...afterTerms(way), ...expired(window, kept)]), window, rests: [kept] };
}

/** A copy that keeps so many points, as one that keeps them so long. */
function keptByTime(points: RestorePoints, copy: Copy, asOf: number): Copy {
  if (copy.newest === undefined) return copy;
  const { newest: _, ...kept } = copy;
  return { ...kept, keptFor: keptTerm(points, copy, asOf) };
}

/** Hostile credentials delete what is not locked any more, and what expires or is moved away is gone as well. */
function keptThrough(copy: Pick<Copy, "at" | "keptFor" | "lock">, disruption: Disruption): Term {
  const { keptFor, lock } = copy;
  return disruption === "compromise" && isReached(copy) ? shorterOf(lock.keptFor, keptFor) : keptFor;
}

/** The shorter of two spans; one that is not known may be the shorter. */
function shorterOf(a: Term, b: Term): Term {
  if (isUnknown(a.value)) return a;
  return isUnknown(b.value) || compare(b.value, a.value) < 0 ? b : a;
}

/** Whether credentials of this program reach a place. */
function isReached({ at }: Pick<Copy, "at">): boolean {
  return isUnknown(at) || at.deployed;
}

function pointCosts(way: Way, points: RestorePoints, copies: readonly Copy[]): Costs[] {
  const stocks = stocksOf(way, points, copies);
  const [first, ...others] = stocks.map((stock) => stockCosts(way, stock));
  if (first === undefined) {
    const never: Bound = { unbounded: "every schedule that takes restore points is suspended, or there is none" };
    return [always([{ name: "newest restore point", value: never, grade: "guaranteed", source: points.source }])];
  }
  return bestOf(first, [...others, ...stocks.flatMap((stock) => unreadCosts(way, stock))]);
}

/** What it would lose if an alert noticed a failed run in time, of which that cannot be read. */
function unreadCosts(way: Way, stock: Stock): Costs[] {
  const { points, newest, relay } = stock;
  const alerts = isDamaging(way.disruption) || relay !== undefined ? [] : alertsFor(way, points);
  if (alerts.length === 0) return [];
  const [healthy, failed] = newest.ages;
  const ages: [Bound, Bound] = [sumOf(worstOf(healthy)), sumOf(worstOf(failed))];
  const unread = unreadTerm(alerts, points, ages, way.session.asOf);
  const costs = unread && stockCosts(way, stock);
  return costs ? [{ ...costs, rpo: [costs.rpo[0], totalOf([unread])] }] : [];
}

/**
 * The best that can be read of several; and the best of those of which the loss cannot be read, or how far back they
 * reach, or both: any of these may be better.
 */
function bestOf(first: Costs, others: readonly Costs[]): Costs[] {
  if (others.length === 0) return [first];
  const alike = new Map([0, 1, 2, 3].map((unread): [number, Costs[]] => [unread, []]));
  for (const one of [first, ...others]) alike.get(unreadIn(one))?.push(one);
  return [...alike.values()].flatMap(([one, ...more]) => (one === undefined ? [] : [more.reduce(better, one)]));
}

/** Whether its loss cannot be read, and whether its window cannot. */
function unreadIn({ rpo, window }: Costs): number {
  return (isUnknown(rpo[1].total) ? 1 : 0) + ([window?.needed, window?.available].some(isUnknown) ? 2 : 0);
}

/** What is restored, how it comes to where it is kept, and for how long it is kept there. */
interface Stock {
  points: RestorePoints;
  newest: Newest;
  kept: Term;
  relay?: Series;
}

/** Every stream of points in every place that it comes to in a way of its own: directly, or through a relay. */
function stocksOf(way: Way, points: RestorePoints, all: readonly Copy[]): Stock[] {
  const copies = all.map((copy) => keptByTime(points, copy, way.session.asOf));
  const direct = copies.filter(({ relay }) => relay === undefined);
  const stocks: Stock[] = [];
  for (const newest of way.session.stream(points).newest) {
    if (direct.length > 0) stocks.push({ points, newest, kept: longestKept(way, direct, points.transfer) });
    for (const copy of copies) {
      if (copy.relay === undefined) continue;
      stocks.push({ points, newest, kept: keptThrough(copy, way.disruption), relay: copy.relay });
    }
  }
  return stocks;
}

function stockCosts(way: Way, stock: Stock): Costs {
  const healthy = pointLoss(way, stock, 0);
  const failed = pointLoss(way, stock, 1);
  const { witness, window } = failed;
  const rests = restsOf(stock);
  const costs: Costs = { rpo: [healthy.loss, failed.loss], window, rests };
  return witness === undefined ? costs : { ...costs, witness };
}

/** What decides whether a loss holds and is not in its sum: how long points are kept, how late and long any run is. */
function restsOf({ points, kept, relay }: Stock): Term[] {
  const rests = [kept, points.transfer];
  for (const { startSlack, run } of points.series) rests.push(startSlack, run);
  if (relay !== undefined) rests.push(relay.startSlack, relay.run);
  return rests;
}

/** Of two ways that points come by: the one that loses less, with room to spare; and better founded where they are alike. */
function better(a: Costs, b: Costs): Costs {
  const order =
    compare(a.rpo[1].total, b.rpo[1].total) ||
    compare(a.rpo[0].total, b.rpo[0].total) ||
    roomOf(b) - roomOf(a) ||
    gradeOf(a) - gradeOf(b) ||
    (saidOf(a) <= saidOf(b) ? 0 : 1);
  return order > 0 ? b : a;
}

function roomOf({ window }: Costs): number {
  return window === undefined ? most : room(window);
}

/** In words, so that of two ways without end the same is told whatever their order. */
function saidOf({ rpo, window }: Costs): string {
  return JSON.stringify([rpo.map(({ total }) => total), window]);
}

function gradeOf({ rpo, rests = [] }: Costs): number {
  return Math.max(...[...rpo[1].terms, ...rests].map(({ grade }) => grades.indexOf(grade)));
}

/** A loss, how far back it must reach, and the worst moment if a walk found it. */
interface Loss {
  loss: Sum;
  window: Window;
  witness?: Witness;
}

/** The worst loss over the series that take points: whichever is the next to be there when everything is lost. */
function pointLoss(way: Way, stock: Stock, missed: Missed): Loss {
  const { points, newest, relay } = stock;
  const worst = worstOf(newest.ages[missed]);
  const carried = relay && relayedAge(points, newest.cadence, relay, missed, way.session.asOf);
  if (relay && carried) {
    const loss = lossAfter(way, stock, worst, [carryTerm(worst, relay, carried.age)]);
    return { ...loss, ...(carried.witness ? { witness: carried.witness } : {}) };
  }
  const rerun = missed === 1 && !isDamaging(way.disruption) ? noticed(way, points, newest) : undefined;
  const ages = rerun ? [rerun] : newest.ages[missed];
  if (ages.length < 2) return lossAfter(way, stock, ages[0] ?? worst, []);
  return ages.map((age) => lossAfter(way, stock, age, [])).reduce(worse);
}

/** The larger loss with the shorter room; of equal losses that of the one with less room. */
function worse(a: Loss, b: Loss): Loss {
  const less = room(b.window) < room(a.window);
  const larger = compare(b.loss.total, a.loss.total);
  return { ...(larger > 0 || (larger === 0 && less) ? b : a), window: less ? b.window : a.window };
}

/** More than any span. */
const most = Number.MAX_SAFE_INTEGER;

/** What is left of how far back points reach; a need or a reach that nobody knows leaves nothing. */
function room({ needed, available }: Window): number {
  if (isUnbounded(available)) return most;
  if (isUnknown(available) || !isBounded(needed)) return -most;
  return available - needed;
}

function lossAfter(way: Way, { points, kept, relay }: Stock, all: Term[], carry: readonly Term[]): Loss {
  const damaging = isDamaging(way.disruption);
  const age = damaging ? damageAge(way, points, all, carry) : carry.length === 0 ? all : [...all, ...carry];
  const window = windowOf(way, points, { age, kept: kept.value, ...(relay ? { relay } : {}) });
  const gone = expired(window, kept);
  if (damaging) return { loss: totalOf(age.concat(afterTerms(way), gone)), window };
  return { loss: totalOf(gone.length === 0 ? age : age.concat(gone)), window };
}

/** How long the copy that keeps points longest does so. */
function longestKept({ disruption }: Way, copies: readonly Copy[], otherwise: Term): Term {
  const [first, ...others] = copies.map((copy) => keptThrough(copy, disruption));
  return first === undefined ? { ...otherwise, value: seconds(0) } : others.reduce(longer, first);
}

/** The longer span; the better founded of equal ones. */
function longer(a: Term, b: Term): Term {
  return (compare(a.value, b.value) || grades.indexOf(b.grade) - grades.indexOf(a.grade)) < 0 ? b : a;
}

/** What carrying points on adds to their age. */
function carryTerm(age: readonly Term[], relay: Series, carried: Bound): Term {
  const own = sumOf(age);
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
function noticed(way: Way, points: RestorePoints, { cadence, ages: [healthy, failed] }: Newest): Term[] | undefined {
  const terms = noticedTerms(alertsFor(way, points), points, cadence, sumOf(worstOf(healthy)), way.session.asOf);
  if (terms === undefined) return undefined;
  return compare(sumOf(terms), sumOf(worstOf(failed))) < 0 ? terms : undefined;
}

function alertsFor({ about }: Way, points: RestorePoints): readonly Alert[] {
  return alertsOn(points, about.alerts, about.protections);
}

function archiveCosts(way: Way, archive: Archive, kept: Kept): Costs[] {
  const { about } = way;
  const keptLog = longestKept(way, kept.copies, archive.upload);
  if (archive.base === undefined) return [wholeLogCosts(way, archive, keptLog)];
  const base = about.protections.find(
    (one): one is RestorePoints => one.id === archive.base && one.kind === "restore-points",
  );
  const stocks = base ? stocksOf(way, base, kept.base ?? []) : [];
  const [first, ...others] = stocks.map((stock) => logCosts(way, archive, keptLog, stock));
  if (first !== undefined) return bestOf(first, others);
  const never: Bound = { unbounded: "no restore points are taken for it to be replayed upon" };
  return [always([{ name: "base of the log", value: never, grade: "guaranteed", source: archive.source }])];
}

/** A service that takes bases of its own brings back every moment that the log reaches back to. */
function wholeLogCosts(way: Way, archive: Archive, kept: Term): Costs {
  const over = (missed: Missed) => logLossOver(way, archive, missed, { kept, based: seconds(0), restore: undefined });
  const failed = over(1);
  const rests = [kept, archive.ship, archive.upload];
  return { rpo: [over(0).loss, failed.loss], window: failed.window, rests };
}

function logCosts(way: Way, archive: Archive, keptLog: Term, base: Stock): Costs {
  const stock = { ...base, kept: shorterOf(base.kept, keptLog) };
  const healthy = logLoss(way, archive, stock, 0);
  const failed = logLoss(way, archive, stock, 1);
  const rests = [...restsOf(base), keptLog, archive.ship, archive.upload];
  return { rpo: [healthy.loss, failed.loss], window: failed.window, rests };
}

/** With one failed run either a shipment failed or a base. */
function logLoss(way: Way, archive: Archive, stock: Stock, missed: Missed): Loss {
  const shipment = logLossWith(way, archive, stock, missed, 0);
  return missed === 0 ? shipment : worse(shipment, logLossWith(way, archive, stock, 0, 1));
}

function logLossWith(
  way: Way,
  archive: Archive,
  { points, newest, kept, relay }: Stock,
  shipsMissed: Missed,
  basesMissed: Missed,
): Loss {
  const { asOf } = way.session;
  const damaging = isDamaging(way.disruption);
  // The base was taken before the moment to restore: as old as points get, its own base included.
  const oldest = relay
    ? relayedAge(points, newest.cadence, relay, basesMissed, asOf).age
    : newest.ages[basesMissed]
        .map((bases) => totalOf(damaging ? damageAge(way, points, bases, []) : bases).total)
        .reduce(max, seconds(0));
  const based = sum([oldest, baseOf(way, points, relay)]);
  const { restore } = way.session.stream(points);
  return logLossOver(way, archive, shipsMissed, { kept, based, restore });
}

/** How long a log is kept, how much older than a moment its base can be, and how long restoring that takes. */
interface Reach {
  kept: Term;
  based: Bound;
  restore: Bound | undefined;
}

function logLossOver(way: Way, archive: Archive, missed: Missed, { kept, based, restore }: Reach): Loss {
  const damaging = isDamaging(way.disruption);
  const all = unshippedTerms(archive, missed);
  const age = damaging ? stillShipped(way, all) : all;
  const needed = add(sumOf(age), noticedAndRestored(way, restore));
  const window = { needed, available: less(kept.value, based) };
  const after = damaging ? afterTerms(way) : [];
  return { loss: totalOf(age.concat(after, expired(window, kept))), window };
}

/** Log up to the damage is shipped after it as well, unless hostile credentials stop that. */
function stillShipped(way: Way, terms: readonly Term[]): Term[] {
  const [first] = terms;
  if (way.disruption === "compromise" || first === undefined) return allBefore(way, terms);
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
  { age, kept, relay }: { age: readonly Term[]; kept: Bound; relay?: Series },
): Window {
  const needed = add(sumOf(age), noticedAndRestored(way, way.session.stream(points).restore));
  return { needed, available: less(kept, baseOf(way, points, relay)) };
}

/** How old the base of a chain can be; a job that carries points on makes it older. */
function baseOf({ session }: Way, points: RestorePoints, relay: Series | undefined): Bound {
  return relay === undefined ? session.stream(points).baseAge : baseAge(points, session.asOf, relay);
}

/**
 * From damage until what is restored is read no more: noticing, deciding, waiting for other assets, and the longer of the
 * steps and the restore.
 */
function noticedAndRestored(way: Way, restore: Bound | undefined): Bound {
  const { noticing, steps } = way.session.times(way.path);
  const { others, turns } = way.waits ?? nothingToWaitFor;
  const begun = add(noticing, sumOf([...others, ...turns]));
  // A restore without a bound is a violation of its own: restores-fit-their-deadline.
  return add(begun, restore === undefined || !isBounded(restore) ? steps : max(steps, restore));
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
  if (way.disruption === "compromise" || carry.length > 0) {
    return allBefore(way, [gap, slack, run, transfer, ...carry]);
  }
  const atStart = points.capture === "start";
  const inFlight: Term = {
    ...transfer,
    name: atStart ? "run and transfer beyond the time to notice" : "transfer beyond the time to notice",
    value: beyond(atStart ? sum([run.value, transfer.value]) : transfer.value, timeToNotice(way)),
    part: "before",
    ...(atStart ? { source: run.source } : {}),
  };
  const earlier = allBefore(way, atStart ? [gap, slack] : [gap, slack, run]);
  return earlier.concat(inFlight);
}

function allBefore({ session }: Way, terms: readonly Term[]): Term[] {
  return terms.map((term) => session.part("before", term));
}

/** What of a span is left after another. */
function beyond(span: Bound, passed: Bound): Bound {
  if (isBounded(span) && isBounded(passed)) return seconds(Math.max(0, span - passed));
  return isUnbounded(passed) ? seconds(0) : isBounded(span) ? passed : span;
}
