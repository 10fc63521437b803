import { add, type Bound, compare, isBounded, isUnbounded, isUnknown, max, sum, sumOf } from "../bound";
import { formatSeconds, seconds } from "../duration";
import { unshippedTerms } from "../loss/archive";
import { baseAge } from "../loss/chains";
import type { Witness } from "../loss/joint";
import { keptTerm, outlastsCount } from "../loss/keptCount";
import { noticedTerms, unreadTerm } from "../loss/noticed";
import { relayedAge } from "../loss/relay";
import { scheduleSource } from "../loss/restorePoints";
import { isDamaging, placeSurvives } from "../loss/survive";
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

type Costs = Pick<Candidate, "rpo" | "window" | "short" | "witness" | "rests">;
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
  const kept = keptThrough(way, versions);
  const window: Window = { needed: noticedAndRestored(way, undefined), available: kept.value };
  const none: Term = {
    name: "the version before the damage",
    value: seconds(0),
    grade: "guaranteed",
    source,
    part: "before",
  };
  const losing = always([none, ...afterTerms(way), ...expired(window, kept)]);
  return { ...losing, window, ...shortOf(window, kept, seconds(0)), rests: [kept] };
}

/** A copy that keeps so many points, as one that keeps them so long. */
function keptByTime(points: RestorePoints, copy: Copy, asOf: number): Copy {
  if (copy.newest === undefined) return copy;
  const { newest: _, ...kept } = copy;
  return { ...kept, keptFor: keptTerm(points, copy, asOf) };
}

/** A copy whose count deletes nothing that is restored after a loss, as one without; a set may have to go further back. */
function keptUntilRestored(way: Way, points: RestorePoints, copy: Copy): Copy {
  const { session, about, disruption } = way;
  const { newest, relay, ...kept } = copy;
  if (newest === undefined || relay !== undefined || isDamaging(disruption) || about.group !== undefined) return copy;
  const restored = noticedAndRestored(way, session.stream(points).restore);
  return outlastsCount(points, newest, restored, session.asOf) ? kept : copy;
}

/** Hostile credentials delete what is not locked any more, and what expires or is moved away is gone as well. */
function keptThrough({ about, disruption }: Way, { at, keptFor, lock }: Pick<Copy, "at" | "keptFor" | "lock">): Term {
  if (disruption !== "compromise") return keptFor;
  const isOutOfReach = placeSurvives(at, { at: about.asset.at, disruption }).survives === true;
  return isOutOfReach ? keptFor : shorterOf(lock.keptFor, keptFor);
}

/** The shorter of two spans; one that is not known may be the shorter. */
function shorterOf(a: Term, b: Term): Term {
  if (isUnknown(a.value)) return a;
  return isUnknown(b.value) || compare(b.value, a.value) < 0 ? b : a;
}

function pointCosts(way: Way, points: RestorePoints, copies: readonly Copy[]): Costs[] {
  const isCounted = copies.some(({ newest }) => newest !== undefined);
  const reaching = isCounted ? copies.map((copy) => keptUntilRestored(way, points, copy)) : copies;
  const stocks = stocksOf(way, points, reaching);
  if (stocks.length === 0) {
    const never: Bound = { unbounded: "every schedule that takes restore points is suspended, or there is none" };
    return [always([{ name: "newest restore point", value: never, grade: "guaranteed", source: points.source }])];
  }
  const costs = stocks.map((stock) => stockCosts(way, stock));
  if (way.about.alerts.length === 0) return bestOf(costs);
  return bestOf(costs.concat(stocks.flatMap((stock) => unreadCosts(way, stock))));
}

/** What it would lose if an alert noticed a failed run in time, of which that cannot be read. */
function unreadCosts(way: Way, stock: Stock): Costs[] {
  const { points, newest, relay } = stock;
  const alerts = isDamaging(way.disruption) || relay !== undefined ? [] : alertsFor(way, points);
  if (alerts.length === 0) return [];
  const [healthy, failed] = newest.ages;
  const ages: [Bound, Bound] = [worstOf(healthy).total, worstOf(failed).total];
  const unread = unreadTerm(alerts, ages);
  const costs = unread && stockCosts(way, stock);
  return costs ? [{ ...costs, rpo: [costs.rpo[0], totalOf([unread])] }] : [];
}

/**
 * The best that can be read of several; and the best of those of which the loss cannot be read, or how far back they
 * reach, or both: any of these may be better.
 */
function bestOf(all: Costs[]): Costs[] {
  if (all.length === 1) return all;
  if (all.every((one) => unreadIn(one) === 0)) return [all.reduce(better)];
  return [0, 1, 2, 3].flatMap((unread) => {
    const alike = all.filter((one) => unreadIn(one) === unread);
    return alike.length === 0 ? [] : [alike.reduce(better)];
  });
}

/** Whether its loss cannot be read, and whether its window cannot. */
function unreadIn({ rpo, window }: Costs): number {
  const isWindowUnread = window !== undefined && (isUnknown(window.needed) || isUnknown(window.available));
  return (isUnknown(rpo[1].total) ? 1 : 0) + (isWindowUnread ? 2 : 0);
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
  const { asOf } = way.session;
  const copies = all.some(({ newest }) => newest !== undefined)
    ? all.map((copy) => keptByTime(points, copy, asOf))
    : all;
  const direct = copies.filter(({ relay }) => relay === undefined);
  const kept = longestKept(way, direct, points.transfer);
  const stocks: Stock[] = [];
  for (const newest of way.session.stream(points).newest) {
    if (direct.length > 0) stocks.push({ points, newest, kept });
    if (direct.length === copies.length) continue;
    for (const copy of copies) {
      if (copy.relay === undefined) continue;
      stocks.push({ points, newest, kept: keptThrough(way, copy), relay: copy.relay });
    }
  }
  return stocks;
}

function stockCosts(way: Way, stock: Stock): Costs {
  const healthy = pointLoss(way, stock, 0);
  const failed = pointLoss(way, stock, 1);
  const { witness, window, short } = failed;
  const costs: Costs = { rpo: [healthy.loss, failed.loss], window, rests: restsOf(way, stock) };
  if (short !== undefined) costs.short = short;
  if (witness !== undefined) costs.witness = witness;
  return costs;
}

/** What decides whether a loss holds and is not in its sum: how long points are kept, how late and long any run is. */
function restsOf(way: Way, { points, kept, relay }: Stock): Term[] {
  const { spans } = way.session.stream(points);
  return relay === undefined ? [kept, ...spans] : [kept, ...spans, relay.startSlack, relay.run];
}

/** Of two ways that points come by: the one that loses less, with room to spare; and better founded where they are alike. */
function better(a: Costs, b: Costs): Costs {
  const order =
    compare(a.rpo[1].total, b.rpo[1].total) ||
    compare(a.rpo[0].total, b.rpo[0].total) ||
    roomOf(b) - roomOf(a) ||
    gradeOf(a) - gradeOf(b) ||
    (areAlike(a, b) || saidOf(a) <= saidOf(b) ? 0 : 1);
  return order > 0 ? b : a;
}

function areAlike(a: Costs, b: Costs): boolean {
  return (
    a.rpo.every(({ total }, missed) => total === b.rpo[missed]?.total) &&
    a.window?.needed === b.window?.needed &&
    a.window?.available === b.window?.available
  );
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

/**
 * A loss; how old the point to restore can be when its restore ends, against how long it and its base are kept; and the
 * worst moment if a walk found it.
 */
interface Loss extends Pick<Candidate, "short"> {
  loss: Sum;
  window: Window;
  witness?: Witness;
}

const nothing: readonly Term[] = [];

/** The worst loss over the series that take points: whichever is the next to be there when everything is lost. */
function pointLoss(way: Way, stock: Stock, missed: Missed): Loss {
  const { points, newest, relay } = stock;
  if (relay !== undefined) {
    const worst = worstOf(newest.ages[missed]);
    const carried = relayedAge(points, newest.cadence, relay, missed, way.session.asOf);
    const loss = lossAfter(way, stock, worst, [carryTerm(worst, relay, carried.age)]);
    return { ...loss, ...(carried.witness ? { witness: carried.witness } : {}) };
  }
  const rerun = missed === 1 && !isDamaging(way.disruption) ? noticed(way, points, newest) : undefined;
  if (rerun !== undefined) return lossAfter(way, stock, rerun, nothing);
  const ages = newest.ages[missed];
  if (ages.length < 2) return lossAfter(way, stock, worstOf(ages), nothing);
  return ages.map((age) => lossAfter(way, stock, age, nothing)).reduce(worse);
}

/** The larger loss with the shorter room; of equal losses that of the one with less room. */
function worse(a: Loss, b: Loss): Loss {
  const less = room(b.window) < room(a.window);
  const larger = compare(b.loss.total, a.loss.total);
  const { window, short } = less ? b : a;
  const { short: _, ...loss } = larger > 0 || (larger === 0 && less) ? b : a;
  return { ...loss, window, ...(short === undefined ? {} : { short }) };
}

/** More than any span. */
const most = Number.MAX_SAFE_INTEGER;

/** What is left of how far back points reach; a need or a reach that nobody knows leaves nothing. */
function room({ needed, available }: Window): number {
  if (isUnbounded(available)) return most;
  if (isUnknown(available) || !isBounded(needed)) return -most;
  return available - needed;
}

function lossAfter(way: Way, { points, kept, relay }: Stock, all: Sum, carry: readonly Term[]): Loss {
  const damaging = isDamaging(way.disruption);
  const age = damaging ? totalOf(damageAge(way, points, all.terms, carry)) : withMore(all, carry);
  const based = baseOf(way, points, relay);
  const window: Window = {
    needed: add(age.total, noticedAndRestored(way, way.session.stream(points).restore)),
    available: less(kept.value, based),
  };
  const gone = expired(window, kept);
  const loss = damaging ? totalOf(age.terms.concat(afterTerms(way), gone)) : withMore(age, gone);
  return { loss, window, ...shortOf(window, kept, based) };
}

function withMore(sum: Sum, more: readonly Term[]): Sum {
  return more.length === 0 ? sum : totalOf(sum.terms.concat(more));
}

/** How long the copy that keeps points longest does so. */
function longestKept(way: Way, copies: readonly Copy[], otherwise: Term): Term {
  let longest: Term | undefined;
  for (const copy of copies) {
    const kept = keptThrough(way, copy);
    longest = longest === undefined ? kept : longer(longest, kept);
  }
  return longest ?? { ...otherwise, value: seconds(0) };
}

/** The longer span; the better founded of equal ones. */
function longer(a: Term, b: Term): Term {
  return (compare(a.value, b.value) || grades.indexOf(b.grade) - grades.indexOf(a.grade)) < 0 ? b : a;
}

/** What carrying points on adds to their age. */
function carryTerm({ total: own }: Sum, relay: Series, carried: Bound): Term {
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
function noticed(way: Way, points: RestorePoints, { cadence, ages: [healthy, failed] }: Newest): Sum | undefined {
  const terms = noticedTerms(alertsFor(way, points), points, cadence, worstOf(healthy).total);
  if (terms === undefined) return undefined;
  const sum = totalOf(terms);
  return compare(sum.total, worstOf(failed).total) < 0 ? sum : undefined;
}

function alertsFor({ session, about }: Way, points: RestorePoints): readonly Alert[] {
  if (about.alerts.length === 0) return about.alerts;
  const answered = about.alerts.filter(({ rerun }) => rerun !== undefined);
  return alertsOn(points, answered, about.protections, session.asOf);
}

function archiveCosts(way: Way, archive: Archive, kept: Kept): Costs[] {
  const { about } = way;
  const keptLog = longestKept(way, kept.copies, archive.upload);
  if (archive.base === undefined) return [wholeLogCosts(way, archive, keptLog)];
  const base = about.protections.find(
    (one): one is RestorePoints => one.id === archive.base && one.kind === "restore-points",
  );
  const stocks = base ? stocksOf(way, base, kept.base ?? []) : [];
  if (stocks.length > 0) return bestOf(stocks.map((stock) => logCosts(way, archive, keptLog, stock)));
  const never: Bound = { unbounded: "no restore points are taken for it to be replayed upon" };
  return [always([{ name: "base of the log", value: never, grade: "guaranteed", source: archive.source }])];
}

/** A service that takes bases of its own brings back every moment that the log reaches back to. */
function wholeLogCosts(way: Way, archive: Archive, kept: Term): Costs {
  const over = (missed: Missed) => logLossOver(way, archive, missed, { kept, based: seconds(0), restore: undefined });
  const { loss, ...failed } = over(1);
  const rests = [kept, archive.ship, archive.upload];
  return { rpo: [over(0).loss, loss], ...failed, rests };
}

function logCosts(way: Way, archive: Archive, keptLog: Term, base: Stock): Costs {
  const stock = { ...base, kept: shorterOf(base.kept, keptLog) };
  const healthy = logLoss(way, archive, stock, 0);
  const { loss, ...failed } = logLoss(way, archive, stock, 1);
  const rests = [...restsOf(way, base), keptLog, archive.ship, archive.upload];
  return { rpo: [healthy.loss, loss], ...failed, rests };
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
        .map(({ total, terms }) => (damaging ? sumOf(damageAge(way, points, terms, nothing)) : total))
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
  return { loss: totalOf(age.concat(after, expired(window, kept))), window, ...shortOf(window, kept, based) };
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

/** How long it would have to be kept instead: for as long as it is needed, and its base for as long as that is older. */
function shortOf({ needed, available }: Window, kept: Term, based: Bound): Pick<Candidate, "short"> {
  if (!isBounded(needed) || !isBounded(available) || needed <= available || !isBounded(based)) return {};
  return { short: { kept, least: needed + based } };
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
  const begun = add(add(noticing, sumOf(others)), sumOf(turns));
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
function damageAge(way: Way, points: RestorePoints, age: readonly Term[], carry: readonly Term[]): Term[] {
  const { session, disruption } = way;
  const [gap, slack, run, transfer] = age;
  if (!gap || !slack || !run || !transfer) return [];
  // No other points have this gap, so nobody else asks for it as a part.
  const due: Term = { ...gap, part: "before" };
  const late = session.part("before", slack);
  if (disruption === "compromise" || carry.length > 0) {
    return [due, late, session.part("before", run), session.part("before", transfer), ...allBefore(way, carry)];
  }
  const atStart = points.capture === "start";
  const inFlight: Term = {
    ...transfer,
    name: atStart ? "run and transfer beyond the time to notice" : "transfer beyond the time to notice",
    value: beyond(atStart ? add(run.value, transfer.value) : transfer.value, timeToNotice(way)),
    part: "before",
    source: atStart ? run.source : transfer.source,
  };
  return atStart ? [due, late, inFlight] : [due, late, session.part("before", run), inFlight];
}

function allBefore({ session }: Way, terms: readonly Term[]): Term[] {
  return terms.map((term) => session.part("before", term));
}

/** What of a span is left after another. */
function beyond(span: Bound, passed: Bound): Bound {
  if (isBounded(span) && isBounded(passed)) return seconds(Math.max(0, span - passed));
  return isUnbounded(passed) ? seconds(0) : isBounded(span) ? passed : span;
}
