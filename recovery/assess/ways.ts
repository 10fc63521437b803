import { isUnknown } from "../bound";
import { seconds } from "../duration";
import {
  copySurvives,
  inOtherZone,
  isDamaging,
  needsSurvive,
  placeSurvives,
  redundancySurvives,
  type Strike,
  type Survival,
} from "../loss/survive";
import type { Disruption } from "../objective";
import type { Archive, Asset, Copy, Path, Plan, Protection, Rebuild, Replica, RestorePoints, Term } from "../plan";

import { actingTerms, noticingTerms } from "../time/criticalPath";
import type { Candidate, Dropped } from "./assessment";
import { costsOf, type Kept, type Way } from "./costs";
import { inGroup } from "./groups";
import { atBestOf, inDoubt } from "./hidden";
import { rebuilt } from "./rebuilt";
import { restingOn } from "./rests";

import { type About, once, type Session, sessionOf, totalOf } from "./session";
import { type Waits, waitTerms } from "./waiting";

/** Ways to recover one asset from one disruption: those that survive it with their costs, and those dropped with the reason. */
export interface Ways {
  candidates: Candidate[];
  dropped: Dropped[];
}

/** Why a way does not count. */
export type Drop = Pick<Dropped, "reason" | "unknown">;

/** Survival first: every path and protection of an asset against one disruption. */
export function waysOf(plan: Plan, asset: Asset, disruption: Disruption, asOf: number): Ways {
  return waysIn(sessionOf(plan, asOf), asset, disruption);
}

/** The same within one run of the model, with the members of its group and what it waits for. */
export function waysIn(session: Session, asset: Asset, disruption: Disruption): Ways {
  const about = session.about(asset.id);
  if (about === undefined) return { candidates: [], dropped: [] };
  const { group } = about;
  if (group === undefined) return ownWays(session, asset, disruption);
  const answer = once(session.memory(asset.id).whole, disruption, () =>
    inGroup(session, group, asset, disruption, ownWays(session, asset, disruption)),
  );
  return typeof answer === "string" ? looped(asset) : answer;
}

/** The ways of an asset by itself, whatever group it belongs to. */
export function ownWays(session: Session, asset: Asset, disruption: Disruption): Ways {
  const about = session.about(asset.id);
  if (about === undefined) return { candidates: [], dropped: [] };
  // What no other asset asks for is asked for once.
  if (!about.shared) return reckon(session, about, disruption);
  const answer = once(session.memory(asset.id).own, disruption, () => reckon(session, about, disruption));
  return typeof answer === "string" ? looped(asset) : answer;
}

/** The ways of another asset that one waits for, or is made from: with its group, unless both belong to it. */
export function waysBeside(session: Session, other: Asset, { id }: Asset, disruption: Disruption): Ways {
  const isTogether = session.about(other.id)?.group?.members.some(({ asset }) => asset === id) === true;
  return isTogether ? ownWays(session, other, disruption) : waysIn(session, other, disruption);
}

function looped({ id }: Asset): Ways {
  const reason = `the recovery of ${id} waits for itself`;
  return { candidates: [], dropped: [{ path: id, label: id, reason, unknown: true, declared: true }] };
}

function reckon(session: Session, about: About, disruption: Disruption): Ways {
  if (about.circular) return looped(about.asset);
  const memory = session.memory(about.asset.id);
  const last = memory.ways ?? nowhere;
  let candidates = nowhere.candidates;
  let dropped = nowhere.dropped;
  for (const path of about.paths) {
    if (!path.disruptions.includes(disruption)) continue;
    const answer = wayOf(session, about, path, disruption);
    if ("candidates" in answer) {
      candidates = candidates.length === 0 ? answer.candidates : candidates.concat(answer.candidates);
      if (answer.dropped.length > 0) dropped = dropped.concat(answer.dropped);
      continue;
    }
    const drop = droppedAs(last.dropped[dropped.length], path, answer, true);
    // Whatever it loses, it takes no less than its own steps.
    const atBest = answer.unknown ? [{ rpo: seconds(0), rto: session.times(path).whole.total }] : undefined;
    dropped = dropped.concat(atBest === undefined ? drop : { ...drop, atBest });
  }
  for (const protection of about.protections) {
    if (isUsed(about, protection, disruption)) continue;
    const outlives = outlived(session, about, protection, disruption);
    const why = "reason" in outlives ? outlives : unused;
    dropped = dropped.concat(droppedAs(last.dropped[dropped.length], protection, why, false));
  }
  // Most lose nothing to the smaller disruptions: the same lists then say the same.
  memory.ways = {
    candidates: areSame(last.candidates, candidates) ? last.candidates : candidates,
    dropped: areSame(last.dropped, dropped) ? last.dropped : dropped,
  };
  return memory.ways;
}

/** What is told of a way that does not count; the same again where it has been told at this place before. */
function droppedAs(
  known: Dropped | undefined,
  { id, label }: Path | Protection,
  { reason, unknown }: Drop,
  declared: boolean,
): Dropped {
  const isOf = known?.path === id && known.label === label && known.declared === declared;
  const isKnown = isOf && known.reason === reason && known.unknown === unknown && known.atBest === undefined;
  return isKnown ? known : { path: id, label, reason, unknown, declared };
}

/** No way at all. */
const nowhere: Ways = { candidates: [], dropped: [] };

function isUsed({ paths }: About, { id }: Protection, disruption: Disruption): boolean {
  for (const { protection, disruptions } of paths)
    if (protection === id && disruptions.includes(disruption)) return true;
  return false;
}

function areSame<T>(some: readonly T[], others: readonly T[]): boolean {
  return some === others || (some.length === others.length && some.every((one, place) => one === others[place]));
}

const unused: Drop = { reason: "no recovery path uses it", unknown: false };

function wayOf(session: Session, about: About, path: Path, disruption: Disruption): Ways | Drop {
  const excluded = path.excluded[disruption];
  if (excluded !== undefined) return { reason: excluded, unknown: false };
  const protection = protectionOf(about, path.protection);
  if (protection === undefined) return { reason: "the protection it uses does not exist", unknown: false };
  const outlives = outlived(session, about, protection, disruption);
  if ("reason" in outlives) return outlives;
  const strike = { at: about.asset.at, disruption };
  const runner = placeSurvives(path.runsAt, strike);
  if (runner.survives !== true) {
    return { reason: `what runs it is lost too: ${runner.reason}`, unknown: runner.survives === "unknown" };
  }
  const needed = needsSurvive(path.needs, strike);
  if (needed.survives !== true) return dropOf(needed);
  const { asset } = about;
  const way: Way = { session, about, path, disruption };
  if (protection.kind === "rebuild") return rebuilt(session, asset, path, protection, disruption);
  if (asset.dependsOn === undefined)
    return { candidates: candidatesOf(way, protection, outlives), dropped: nowhere.dropped };
  const waits = waitTerms(session, asset, disruption, path);
  const within = (some: Waits) => candidatesOf({ ...way, waits: some }, protection, outlives);
  return { candidates: within(waits), dropped: waitsInDoubt(path, waits, within) };
}

/** What a way costs if what it waits for is back by a way of which nobody can tell. */
function waitsInDoubt(path: Path, waits: Waits, within: (waits: Waits) => readonly Candidate[]): Dropped[] {
  const { sooner, ...known } = waits;
  if (sooner === undefined) return [];
  return [inDoubt(path, sooner, within({ ...known, others: sooner.others }).map(atBestOf))];
}

function protectionOf({ protections }: About, id: string): Protection | undefined {
  for (const one of protections) if (one.id === id) return one;
  return undefined;
}

/** The best way there is; and what would be another if what cannot be read of its copies were known. */
function candidatesOf(way: Way, protection: Exclude<Protection, Rebuild>, outlives: Outlived): Candidate[] {
  const { copies, base, unsure } = outlives;
  const sure = candidatesFrom(way, protection, outlives);
  if (unsure === undefined) return sure;
  const more = (of: Unsure["of"]) => unsure.flatMap((one) => (one.of === of ? [one.copy] : []));
  const all = candidatesFrom(way, protection, {
    copies: [...copies, ...more("itself")],
    ...(base ? { base: [...base, ...more("its base")] } : {}),
  });
  return numbersOf(all) === numbersOf(sure) ? sure : [...sure, ...all.map((one) => unsurely(one, unsure))];
}

function numbersOf(candidates: readonly Candidate[]): string {
  return JSON.stringify(candidates.map(({ rpo, window }) => [rpo.map(({ total }) => total), window]));
}

function unsurely(candidate: Candidate, unsure: readonly Unsure[]): Candidate {
  const doubts = unsure.map(
    ({ copy: { source }, reason }): Term => ({
      name: `${source.name} outlives it`,
      value: { unknown: reason },
      grade: "guaranteed",
      source,
    }),
  );
  const [healthy, failed] = candidate.rpo;
  return { ...candidate, rpo: [totalOf([...healthy.terms, ...doubts]), totalOf([...failed.terms, ...doubts])] };
}

/**
 * A way that survives, with its costs and all that its verdict rests on; and with it what may be better, if it could be
 * read. Of two disruptions that damage nothing and leave the same copies it is the same.
 */
export function candidatesFrom(way: Way, protection: Exclude<Protection, Rebuild>, kept: Kept): Candidate[] {
  const { session, about, path, disruption } = way;
  if (about.asset.dependsOn !== undefined || about.takesTurns) return costed(way, protection, kept);
  const { last } = session.memory(about.asset.id);
  const damage = isDamaging(disruption) ? disruption : undefined;
  const known = last.get(path);
  const isSame =
    known?.protection === protection &&
    known.damage === damage &&
    areSame(known.kept.copies, kept.copies) &&
    (known.kept.base === kept.base || areSame(known.kept.base ?? [], kept.base ?? []));
  if (isSame) return known.candidates;
  const candidates = costed(way, protection, kept);
  last.set(path, { protection, kept, damage, candidates });
  return candidates;
}

function costed(way: Way, protection: Exclude<Protection, Rebuild>, kept: Kept): Candidate[] {
  const { session, about, path, disruption, waits = waitTerms(session, about.asset, disruption, path) } = way;
  const rto =
    waits.others.length + waits.turns.length > 0
      ? totalOf([...noticingTerms(path), ...waits.others, ...waits.turns, ...actingTerms(path)])
      : session.times(path).whole;
  const reprotect = path.reprotect === undefined ? undefined : totalOf(path.reprotect);
  const steps = path.steps.map(({ bound }) => bound);
  return costsOf({ session, about, path, disruption, waits }, protection, kept).map((costs) => {
    const { rpo, window, short, witness } = costs;
    const candidate: Candidate = { path: path.id, protection: protection.id, label: path.label, rpo, rto };
    if (window !== undefined) candidate.window = window;
    if (short !== undefined) candidate.short = short;
    if (witness !== undefined) candidate.witness = witness;
    if (reprotect !== undefined) candidate.reprotect = reprotect;
    const beside = costs.rests === undefined ? [steps] : [costs.rests, steps];
    const { rests } = restingOn(beside, [rpo[1].terms, rto.terms], waits.rests);
    if (rests !== undefined) candidate.rests = rests;
    return candidate;
  });
}

function dropOf(answer: Survival): Drop {
  return { reason: "reason" in answer ? answer.reason : "", unknown: answer.survives === "unknown" };
}

/** A copy of which nobody can tell whether it outlives a disruption. */
interface Unsure {
  of: "itself" | "its base";
  copy: Copy;
  reason: string;
}

/** The copies of a protection that outlive a disruption, none for one that keeps none; and those that may. */
interface Outlived extends Kept {
  unsure?: Unsure[];
}

/** What of a protection outlives a disruption; or why it does not. */
export function outlived(
  session: Session,
  about: About,
  protection: Protection,
  disruption: Disruption,
): Outlived | Drop {
  const strike: Strike = { at: about.asset.at, disruption, asOf: session.asOf };
  const damaging = isDamaging(disruption);
  switch (protection.kind) {
    case "redundancy":
      return whole(redundancySurvives(protection, disruption));
    case "replica":
      if (disruption === "corruption") return { reason: "copies the corruption", unknown: false };
      if (disruption === "compromise") return { reason: "copies what hostile credentials write", unknown: false };
      if (protection.carries === "metadata") {
        return { reason: "it copies names and settings, and none of the data", unknown: false };
      }
      return whole(replicaSurvives(protection, strike));
    case "versions":
      if (!damaging) return { reason: "keeps earlier versions beside the data, no second copy", unknown: false };
      if (!protection.undoes.includes("overwrite")) {
        return { reason: "brings back what is deleted, not what is overwritten", unknown: false };
      }
      return whole(copySurvives(protection, strike));
    case "restore-points":
      return copiesOutlived(protection, strike);
    case "archive": {
      if (protection.base === undefined) return copiesOutlived(protection, strike);
      const base = about.protections.find((one): one is RestorePoints => one.id === protection.base && isPoints(one));
      if (base === undefined) return { reason: "the restore points it is replayed upon do not exist", unknown: false };
      const based = copiesOutlived(base, strike);
      if ("reason" in based) return { ...based, reason: `the restore points it is replayed upon: ${based.reason}` };
      const own = copiesOutlived(protection, strike);
      if ("reason" in own) return own;
      if (own.unsure === undefined && based.unsure === undefined) return { copies: own.copies, base: based.copies };
      const unsure = [
        ...(own.unsure ?? []),
        ...(based.unsure ?? []).map((one) => ({ ...one, of: "its base" as const })),
      ];
      return { copies: own.copies, base: based.copies, unsure };
    }
    case "rebuild":
      return withoutCopies;
  }
}

function isPoints({ kind }: Protection): boolean {
  return kind === "restore-points";
}

function replicaSurvives({ at, needs = [] }: Replica, strike: Strike): Survival {
  const itself = placeSurvives(at, strike);
  return itself.survives === true ? needsSurvive(needs, strike) : itself;
}

/** What keeps no copies outlives a disruption, or does not. */
function whole(answer: Survival): Outlived | Drop {
  return answer.survives === true ? withoutCopies : dropOf(answer);
}

const withoutCopies: Outlived = { copies: [] };

/** Why nobody can tell what of a log a copy holds: a job brings it there at times of its own, or a count deletes pieces. */
function untoldOf({ relay, newest }: Copy): string | undefined {
  if (relay !== undefined) return `how much of a log ${relay.name} has carried on by then cannot be told`;
  return newest === undefined ? undefined : `how far back its newest ${newest} pieces of a log reach cannot be told`;
}

function copiesOutlived({ kind, copies }: Archive | RestorePoints, strike: Strike): Outlived | Drop {
  const isTold = (copy: Copy) => kind !== "archive" || untoldOf(copy) === undefined;
  // Most often all do.
  if (copies.length > 0 && copies.every((copy) => copySurvives(copy, strike).survives === true && isTold(copy)))
    return { copies };
  const surviving: Copy[] = [];
  const lost: (Unsure & { unknown: boolean })[] = [];
  for (const copy of copies) {
    const answer = copySurvives(copy, strike);
    const untold = kind === "archive" ? untoldOf(copy) : undefined;
    if (answer.survives !== true) {
      lost.push({ of: "itself", copy, reason: answer.reason, unknown: answer.survives === "unknown" });
    } else if (untold === undefined) surviving.push(copy);
    else lost.push({ of: "itself", copy, reason: untold, unknown: true });
  }
  const unsure = lost.filter(({ unknown }) => unknown);
  if (surviving.length > 0) return unsure.length === 0 ? { copies: surviving } : { copies: surviving, unsure };
  const reasons = lost.map(({ copy, reason }) => `${copy.source.name}: ${reason}`);
  return {
    reason: reasons.length > 0 ? reasons.join("; ") : "its restore points are kept nowhere",
    unknown: unsure.length > 0,
  };
}

/** Whether a disruption of one asset strikes another as well: a process or a bad write is one asset's own. */
export function strikesToo(other: Asset, struck: Asset, disruption: Disruption): boolean {
  if (disruption === "process" || disruption === "corruption") return false;
  if (disruption === "compromise" || isUnknown(other.at) || isUnknown(struck.at)) return true;
  if (disruption !== "region" && inOtherZone(other.at, struck.at)) return false;
  return other.at.cloud === struck.at.cloud && other.at.region === struck.at.region;
}
