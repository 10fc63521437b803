import { isUnknown } from "../bound";
import {
  copySurvives,
  isDamaging,
  needsSurvive,
  placeSurvives,
  redundancySurvives,
  type Strike,
  type Survival,
} from "../loss/survive";
import type { Disruption } from "../objective";
import type { Asset, Copy, Path, Plan, Protection, Rebuild, RestorePoints, Term } from "../plan";
import { actingTerms, noticingTerms } from "../time/criticalPath";
import type { Candidate, Dropped } from "./assessment";
import { costsOf, type Kept, type Way } from "./costs";
import { inGroup } from "./groups";
import { rebuilt } from "./rebuilt";
import { restingOn } from "./rests";
import { type About, type Memory, once, type Session, sessionOf, totalOf } from "./session";
import { waitTerms } from "./waiting";

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
  const answer = once(session.memory(asset.id).whole, about, disruption, () => {
    const own = ownWays(session, asset, disruption);
    return about.group === undefined ? own : inGroup(session, about.group, asset, disruption, own);
  });
  return typeof answer === "string" ? looped(asset) : answer;
}

/** The ways of an asset by itself, whatever group it belongs to. */
export function ownWays(session: Session, asset: Asset, disruption: Disruption): Ways {
  const about = session.about(asset.id);
  if (about === undefined) return { candidates: [], dropped: [] };
  const answer = once(session.memory(asset.id).own, about, disruption, () => reckon(session, about, disruption));
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
  const candidates: Candidate[] = [];
  const dropped: Dropped[] = [];
  for (const path of about.paths) {
    if (!path.disruptions.includes(disruption)) continue;
    const answer = wayOf(session, about, path, disruption);
    if (Array.isArray(answer)) candidates.push(...answer);
    else
      dropped.push({
        path: path.id,
        label: path.label,
        reason: answer.reason,
        unknown: answer.unknown,
        declared: true,
      });
  }
  for (const protection of about.protections) {
    const { id } = protection;
    if (about.paths.some((path) => path.protection === id && path.disruptions.includes(disruption))) continue;
    const outlives = outlived(session, about, protection, disruption);
    const { reason, unknown } = "reason" in outlives ? outlives : unused;
    dropped.push({ path: protection.id, label: protection.label, reason, unknown, declared: false });
  }
  return asBefore(session.memory(about.asset.id), { candidates, dropped });
}

/** The same lists as for another disruption of the asset where they say the same: most lose nothing to the smaller ones. */
function asBefore(memory: Memory, ways: Ways): Ways {
  const { ways: last } = memory;
  // A list that has grown has room for many more.
  const isSame = last !== undefined && areAlike(last.candidates, ways.candidates, isEqual);
  const candidates = isSame ? last.candidates : ways.candidates.slice();
  const dropped =
    last !== undefined && areAlike(last.dropped, ways.dropped, isSameDrop) ? last.dropped : ways.dropped.slice();
  memory.ways = { candidates, dropped };
  return memory.ways;
}

function areAlike<T>(some: readonly T[], others: readonly T[], alike: (a: T, b: T) => boolean): boolean {
  return (
    some.length === others.length &&
    some.every((one, place) => {
      const other = others[place];
      return other !== undefined && alike(one, other);
    })
  );
}

function isEqual<T>(a: T, b: T): boolean {
  return a === b;
}

function isSameDrop(a: Dropped, b: Dropped): boolean {
  return a.path === b.path && a.reason === b.reason && a.unknown === b.unknown && a.declared === b.declared;
}

const unused: Drop = { reason: "no recovery path uses it", unknown: false };

function wayOf(session: Session, about: About, path: Path, disruption: Disruption): Candidate[] | Drop {
  const excluded = path.excluded[disruption];
  if (excluded !== undefined) return { reason: excluded, unknown: false };
  const protection = about.protections.find((one) => one.id === path.protection);
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
  if (protection.kind === "rebuild") return rebuilt(session, about.asset, path, protection, disruption);
  return candidatesOf({ session, about, path, disruption }, protection, outlives);
}

/** The best way there is; and what would be another if what cannot be read of its copies were known. */
function candidatesOf(way: Way, protection: Exclude<Protection, Rebuild>, { unsure, ...kept }: Outlived): Candidate[] {
  const sure = candidatesFrom(way, protection, kept);
  if (unsure === undefined) return sure;
  const { copies, base } = kept;
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
    areAlike(known.kept.copies, kept.copies, isEqual) &&
    areAlike(known.kept.base ?? [], kept.base ?? [], isEqual);
  if (isSame) return known.candidates;
  const candidates = costed(way, protection, kept);
  last.set(path, { protection, kept, damage, candidates });
  return candidates;
}

function costed(way: Way, protection: Exclude<Protection, Rebuild>, kept: Kept): Candidate[] {
  const { session, about, path, disruption } = way;
  const waits = waitTerms(session, about.asset, disruption, path);
  const rto =
    waits.others.length + waits.turns.length > 0
      ? totalOf([...noticingTerms(path), ...waits.others, ...waits.turns, ...actingTerms(path)])
      : session.times(path).whole;
  const reprotect = path.reprotect === undefined ? undefined : totalOf(path.reprotect);
  return costsOf({ ...way, waits }, protection, kept).map(({ rpo, window, witness, rests: beside = [] }) => {
    const candidate: Candidate = { path: path.id, protection: protection.id, label: path.label, rpo, rto };
    if (window !== undefined) candidate.window = window;
    if (witness !== undefined) candidate.witness = witness;
    if (reprotect !== undefined) candidate.reprotect = reprotect;
    for (const { bound } of path.steps) beside.push(bound);
    const { rests } = restingOn(beside, rpo[1].terms.concat(rto.terms), waits.rests);
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
      if (protection.carries === "metadata") {
        return { reason: "it copies names and settings, and none of the data", unknown: false };
      }
      return whole(copySurvives({ ...protection, lock: unlocked(protection) }, strike));
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
      const unsure = [
        ...(own.unsure ?? []),
        ...(based.unsure ?? []).map((one) => ({ ...one, of: "its base" as const })),
      ];
      return { copies: own.copies, base: based.copies, ...(unsure.length > 0 ? { unsure } : {}) };
    }
    case "rebuild":
      return { copies: [] };
  }
}

function isPoints({ kind }: Protection): boolean {
  return kind === "restore-points";
}

/** Nothing keeps hostile credentials from deleting a replica that they reach. */
function unlocked({ lag }: { lag: Copy["keptFor"] }): Copy["lock"] {
  return { mode: "none", keptFor: lag };
}

function whole(answer: Survival): Outlived | Drop {
  return answer.survives === true ? { copies: [] } : dropOf(answer);
}

function copiesOutlived({ copies }: { copies: readonly Copy[] }, strike: Strike): Outlived | Drop {
  const surviving: Copy[] = [];
  const lost: (Unsure & { unknown: boolean })[] = [];
  for (const copy of copies) {
    const answer = copySurvives(copy, strike);
    if (answer.survives === true) surviving.push(copy);
    else lost.push({ of: "itself", copy, reason: answer.reason, unknown: answer.survives === "unknown" });
  }
  if (lost.length === 0 && surviving.length > 0) return { copies: surviving };
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
  return other.at.cloud === struck.at.cloud && other.at.region === struck.at.region;
}
